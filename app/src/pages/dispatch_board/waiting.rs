//! The board before it is there.

use crate::domain::status::Lane;
use leptos::prelude::*;

/// Lanes and cards of their final size, empty.
#[component]
pub fn Skeleton() -> impl IntoView {
    let lane = |lane: Lane| {
        let cards = (0..4).map(|_| view! { <div class="card card-skeleton"></div> }).collect_view();
        view! {
            <div class="lane" data-shown=(lane == Lane::Unassigned).then_some("")>
                <div class="lane-head">
                    <span class="lane-title">{lane.label()}</span>
                </div>
                <div class="lane-body lane-skeleton">{cards}</div>
            </div>
        }
        .into_any()
    };
    let lanes = Lane::ALL.map(lane).into_iter().collect_view();
    view! {
        <div class="filter-bar" aria-hidden="true"></div>
        <div class="strip" aria-hidden="true">
            {lanes}
        </div>
        <p class="sr-only" role="status">
            "Loading the board"
        </p>
    }
}
