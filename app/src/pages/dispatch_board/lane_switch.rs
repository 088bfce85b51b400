//! The lanes as buttons with counts: on a narrow screen, which shows one lane at a time.

use super::desk::Desk;
use crate::domain::status::Lane;
use leptos::prelude::*;

#[component]
pub fn LaneSwitch(desk: Desk) -> impl IntoView {
    let buttons = Lane::ALL.map(|lane| {
        let order = desk.lanes[lane as usize];
        let pressed = move || if desk.tools.shown.get() == lane { "true" } else { "false" };
        view! {
            <button
                type="button"
                class="lane-tab"
                data-lane-tab=lane.code()
                aria-pressed=pressed
                on:click=move |_| desk.tools.shown.set(lane)
            >
                <span>{lane.label()}</span>
                <span class="lane-tab-count">{move || order.with(|order| order.count())}</span>
            </button>
        }
        .into_any()
    });
    view! {
        <div class="lane-switch" role="group" aria-label="Lane shown">
            {buttons.into_iter().collect_view()}
        </div>
    }
}
