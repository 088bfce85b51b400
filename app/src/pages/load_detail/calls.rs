//! The check calls of a load, newest first.

use super::{
    load_desk::{LoadDesk, Overlay},
    part::{behind, part, show_older},
    shelf::{Listed, Shelf},
    whereabouts::{coordinates, whereabouts},
};
use crate::{
    api::positions::CheckCall,
    components::{
        clock::Clock,
        relative_time::{absolute, ago, from_now},
    },
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn calls(desk: LoadDesk, shelf: Shelf<CheckCall>) -> AnyView {
    let retry = Callback::new(move |()| shelf.retry());
    let ready = Arc::new(move || Box::pin(shelf.ready()) as _);
    let list = part("The check calls", ready, retry, move || list(desk, shelf));
    view! { {note_button(desk)} {list} }.into_any()
}

fn note_button(desk: LoadDesk) -> AnyView {
    let may = move || desk.may_report() && desk.gone.with(Option::is_none);
    let open = move |_| desk.open_with(Overlay::CheckCall);
    view! {
        <Show when=may>
            <div class="part-tools">
                <button type="button" class="button button-small" on:click=open>
                    "Note a check call"
                </button>
            </div>
        </Show>
    }
    .into_any()
}

fn list(desk: LoadDesk, shelf: Shelf<CheckCall>) -> AnyView {
    let clock = desk.clock();
    let is_shown = StoredValue::new(false);
    Effect::new(move |_| is_shown.set_value(true));
    let children = move |call: CheckCall| one(desk, &call, is_shown.get_value(), clock.clone());
    let again = Callback::new(move |()| shelf.refresh());
    let older = Callback::new(move |()| shelf.older());
    let more = Signal::derive(move || shelf.next.with(Option::is_some));
    let empty = move || shelf.entries.with(Vec::is_empty);
    view! {
        <div class="part-scroll" tabindex="0" role="region" aria-label="Check calls">
            {behind(shelf.error.into(), again)}
            <Show when=empty>
                <p class="part-empty">"No check call yet. What the driver says of place and arrival will stand here."</p>
            </Show>
            <ol class="calls">
                <For each=move || shelf.entries.get() key=|call| call.id() children=children />
            </ol>
            {show_older(more, shelf.fetching.into(), older)}
        </div>
    }
    .into_any()
}

fn one(desk: LoadDesk, call: &CheckCall, is_new: bool, clock: Clock) -> AnyView {
    let at = call.received_at;
    let place = desk.stops.with_untracked(|stops| whereabouts(call.location, stops));
    let (heard, heard_at) = (clock.clone(), clock.clone());
    let eta = call.eta.map(|eta| {
        let title = clock.clone();
        view! {
            <p class="call-eta" title=move || absolute(eta, title.viewer())>
                {move || format!("ETA then: {}", from_now(eta.since(clock.now())))}
            </p>
        }
    });
    view! {
        <li class="call" data-call=call.id.to_string() data-glow=is_new.then_some("a")>
            <div class="call-head">
                <strong title=coordinates(call.location)>{place}</strong>
                <time
                    class="load-quiet"
                    datetime=at.to_string()
                    title=move || absolute(at, heard_at.viewer())
                >
                    {move || ago(heard.now().since(at))}
                </time>
            </div>
            <p class="call-notes">{call.notes.clone()}</p>
            {eta}
        </li>
    }
    .into_any()
}
