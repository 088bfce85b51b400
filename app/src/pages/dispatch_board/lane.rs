//! A lane of the board: its name and count, its cards, and what a drop on it would do.

use super::{card::Card, desk::Desk, judgement::Landing, lane_sort::LaneSort};
use crate::{
    components::{
        sentence::sentence,
        virtual_list::{Heads, RowView, Rows, VirtualList},
    },
    domain::status::{Lane, LoadStatus},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What an empty lane would hold, and how it comes there.
const fn when_empty(lane: Lane) -> &'static str {
    match lane {
        Lane::Unassigned => "Nothing waits for a carrier. New loads appear here.",
        Lane::Tendered => "No tender is open. Move a load here to offer it to a carrier.",
        Lane::Dispatched => "Nothing is accepted or dispatched. Accepted tenders come here.",
        Lane::InTransit => "No truck is under way. Dispatched loads come here at pickup.",
        Lane::Delivered => "Nothing waits to be completed. Delivered loads come here.",
        Lane::Completed => "Nothing was completed in the last seven days.",
    }
}

#[component]
pub fn LaneColumn(desk: Desk, lane: Lane) -> impl IntoView {
    let order = desk.lanes[lane as usize];
    let tab_stop = desk.tab_stops[lane as usize];
    let rows: Signal<Rows> = Signal::derive(move || order.with(|order| Arc::clone(&order.ids)));
    let heads: Signal<Heads> = Signal::derive(move || order.with(|order| Arc::clone(&order.heads)));
    let row: RowView = Arc::new(move |row| view! { <Card desk lane row /> }.into_any());
    let landing = Memo::new(move |_| {
        desk.carried.with(|carried| {
            let carried = carried.as_ref()?;
            Some((carried.landings[lane as usize], carried.over == Some(lane)))
        })
    });
    let drop = move || {
        landing.get().map(|(landing, _)| match landing {
            Landing::Home => "home",
            Landing::Open { .. } => "open",
            Landing::Closed(_) => "closed",
        })
    };
    let over = move || landing.get().is_some_and(|(_, over)| over).then_some("");
    let hint = move || landing.get().filter(|(_, over)| *over).and_then(|(landing, _)| hint(landing));
    view! {
        <section
            class="lane"
            aria-label=format!("{} lane", lane.label())
            data-lane=lane.code()
            data-shown=move || (desk.tools.shown.get() == lane).then_some("")
            data-drop=drop
            data-over=over
        >
            <header class="lane-head">
                <h2 class="lane-title">{lane.label()}</h2>
                <span class="lane-count">
                    {move || order.with(|order| order.count())} <span class="sr-only">" loads"</span>
                </span>
                <LaneSort tools=desk.tools lane />
            </header>
            <div class="lane-body">
                <VirtualList
                    label=format!("{} loads", lane.label())
                    rows
                    heads
                    low=desk.tools.dense
                    keep=tab_stop
                    open=desk.expanded
                    row
                />
                {move || empty_note(order.with(|order| (order.ids.len(), order.total)), lane)}
                {move || hint().map(|text| view! { <p class="lane-hint">{text}</p> })}
            </div>
        </section>
    }
}

fn empty_note((shown, total): (usize, usize), lane: Lane) -> AnyView {
    let text = match (shown, total) {
        (0, 0) => when_empty(lane).to_owned(),
        (0, _) => format!("None of {total} matches the filter."),
        _ => return ().into_any(),
    };
    view! { <p class="lane-empty">{text}</p> }.into_any()
}

fn hint(landing: Landing) -> Option<String> {
    match landing {
        Landing::Home => None,
        Landing::Open { to: LoadStatus::Tendered, asks: true } => Some("Choose a carrier to tender it to".into()),
        Landing::Open { to, asks: false } => Some(format!("Move to {to}")),
        Landing::Open { to, asks: true } => Some(format!("Move to {to}; you will be asked first")),
        Landing::Closed(refusal) => Some(sentence(&refusal.to_string())),
    }
}
