//! The stops of the form, in the order of the trip.

use super::{
    desk::{FormDesk, focus},
    reading::stop_field,
    stop_card::stop_card,
};
use crate::domain::bounds::STOPS;
use leptos::prelude::*;

#[component]
pub fn Stops(desk: FormDesk) -> impl IntoView {
    let keys = Memo::new(move |_| desk.draft.with(|draft| draft.stops.iter().map(|stop| stop.key).collect::<Vec<_>>()));
    let problem = desk.problem("stops");
    let add = move |_| {
        let key = desk.draft.try_update(|draft| draft.add_stop());
        if let Some(key) = key {
            focus(&stop_field(key, "facility"));
        }
    };
    let is_full = move || keys.with(|keys| keys.len() >= *STOPS.end());
    let note = move || {
        if desk.free.get() {
            "Times are on the clock of each facility. Alt with the arrows moves a stop.".to_owned()
        } else {
            let status = desk.load.with(|load| load.as_ref().map(|load| load.card.status.label()).unwrap_or_default());
            format!("The load is {status}: only the windows can change now. Times are on the clock of each facility.")
        }
    };
    view! {
        <section class="form-part" aria-labelledby="stops-title">
            <header class="form-part-head">
                <h2 id="stops-title">"Stops"</h2>
                <p class="form-part-note">{note}</p>
            </header>
            <p id="stops" class="form-problem" tabindex="-1" hidden=move || problem.with(Option::is_none)>
                {move || problem.get()}
            </p>
            <ol class="form-stops">
                <For each=move || keys.get() key=|key| *key children=move |key| stop_card(desk, key) />
            </ol>
            <Show when=move || desk.free.get()>
                <button
                    type="button"
                    id="add-stop"
                    class="button"
                    disabled=is_full
                    title=move || is_full().then(|| format!("A load has at most {} stops", STOPS.end()))
                    on:click=add
                >
                    "Add a stop"
                </button>
            </Show>
        </section>
    }
    .into_any()
}
