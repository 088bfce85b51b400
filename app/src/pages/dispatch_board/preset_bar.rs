//! The views that everybody has at hand, with how many loads each would show now.

use super::{
    desk::Desk,
    filter_offers::tally,
    presets::{BUILT_IN, BuiltIn},
};
use crate::domain::load_filter::LoadFilter;
use leptos::prelude::*;
use std::time::Duration;

/// Counts follow the loads after this time at most: not every event of hundreds a second.
const COUNTS_FOLLOW: Duration = Duration::from_millis(500);

type Counts = [usize; BUILT_IN.len()];

#[component]
pub fn PresetBar(desk: Desk) -> impl IntoView {
    let counts = counts(desk);
    let buttons = BUILT_IN
        .into_iter()
        .enumerate()
        .filter(|(_, preset)| desk.viewer.role.is_staff() || !preset.of_staff)
        .map(|(index, preset)| preset_button(desk, preset, Signal::derive(move || counts.get()[index])));
    view! {
        <div class="presets" role="group" aria-label="Presets">
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}

fn preset_button(desk: Desk, preset: BuiltIn, count: Signal<usize>) -> AnyView {
    let tools = desk.tools;
    let filter = StoredValue::new(preset.filter());
    let is_shown = Memo::new(move |_| tools.view.with(|view| filter.with_value(|filter| view.filter == *filter)));
    // A second press shows all loads again.
    let press = move |_| {
        let wanted = if is_shown.get_untracked() { LoadFilter::default() } else { filter.get_value() };
        tools.look(|view| view.filter = wanted);
    };
    view! {
        <button
            type="button"
            class="preset"
            title=preset.meaning
            aria-pressed=move || if is_shown.get() { "true" } else { "false" }
            on:click=press
        >
            <span>{preset.name}</span>
            <span class="preset-count">{move || count.get()} <span class="sr-only">" loads"</span></span>
        </button>
    }
    .into_any()
}

/// How many loads each would show. A paused board keeps what it said.
fn counts(desk: Desk) -> Memo<Counts> {
    let model = desk.model();
    let beat = RwSignal::new(0_u32);
    let waits = StoredValue::new(false);
    let followed = model.clone();
    Effect::new(move |before: Option<()>| {
        followed.changes();
        if before.is_some() && !waits.get_value() {
            waits.set_value(true);
            let tick = move || {
                // The board may have been left meanwhile.
                let _ = waits.try_update_value(|waits| *waits = false);
                let _ = beat.try_update(|beat| *beat = beat.wrapping_add(1));
            };
            set_timeout(tick, COUNTS_FOLLOW);
        }
    });
    let filters = BUILT_IN.map(BuiltIn::filter);
    Memo::new(move |known: Option<&Counts>| {
        beat.track();
        let now = model.clock().now();
        match known {
            Some(known) if desk.tools.paused.get() => *known,
            _ => {
                let found = tally(&filters, desk.viewer.id, now, &|see| model.survey(see));
                found.try_into().unwrap_or_default()
            }
        }
    })
}
