//! A carrier's row: the name, and the bars of its loads.

use super::{
    bar::bar_view,
    chart::{Bar, Row, UNASSIGNED},
    plan::Plan,
    view_port::tracks_height,
};
use crate::domain::{id::LoadId, time::Timestamp};
use leptos::{html, prelude::*};
use std::sync::Arc;
use uuid::Uuid;

/// How much beyond what is shown bars are kept, as a part of it, so that dragging shows no gap.
const MARGIN: i64 = 10;

pub fn row_view(plan: Plan, key: Uuid) -> AnyView {
    let at = Memo::new(move |_| plan.with_chart(|chart| chart.rows.iter().position(|row| row.key == key)));
    let row = Memo::new(move |shown: Option<&Option<Arc<Row>>>| {
        let row = plan.with_chart(|chart| at.get().and_then(|at| chart.rows.get(at).cloned()));
        // A row that is about to leave keeps what it showed.
        row.or_else(|| shown.cloned().flatten())
    });
    let of_row = move |look: fn(&Row) -> String| move || row.with(|row| row.as_deref().map(look));
    let bars = Memo::new(move |_| {
        let Some(row) = row.get() else { return Vec::new() };
        let (offset, end) = plan.offsets.with(|offsets| {
            let offset = at.get().and_then(|at| offsets.get(at).copied()).unwrap_or_default();
            (offset, offsets.last().copied().unwrap_or_default())
        });
        let (scale, port, stop) = (plan.scale.get(), plan.port.get(), plan.tab_stop.get());
        let margin = scale.zoom.span() / MARGIN;
        let (from, to) = (scale.from.plus(-margin), scale.end().plus(margin));
        let is_kept = |bar: &&Bar| (bar.meets(from, to) && port.keeps(bar, offset, end)) || stop == Some(bar.load);
        row.bars.iter().filter(is_kept).map(|bar| bar.load).collect::<Vec<LoadId>>()
    });
    let height = Memo::new(move |_| {
        let tracks = plan.tracks.with(|tracks| at.get().and_then(|at| tracks.get(at).copied()));
        tracks_height(tracks.unwrap_or_default())
    });
    let height = move || height.get().to_string();
    let in_view = move || {
        let scale = plan.scale.get();
        row.with(|row| row.as_deref().map(|row| count(row, scale.from, scale.end())))
    };
    let bar_of = move |load: LoadId| {
        let bar = move |row: &Option<Arc<Row>>| row.as_ref()?.bars.iter().find(|bar| bar.load == load).copied();
        bar_view(plan, load, Memo::new(move |_| row.with(bar)))
    };
    let node = NodeRef::<html::Li>::new();
    // Through the style object, since the page's policy forbids style attributes. By its top, not by a shift: the name
    // sticks where the layout says that its row is.
    Effect::new(move |_| {
        let (Some(node), Some(at)) = (node.get(), at.get()) else { return };
        let top = plan.offsets.with(|offsets| offsets.get(at).copied().unwrap_or_default());
        let _ = web_sys::HtmlElement::style(&node).set_property("top", &format!("{top}px"));
    });
    view! {
        <li class="row" node_ref=node data-row=key.to_string() data-unassigned=(key == UNASSIGNED).then_some("")>
            <div class="timeline-row-name">
                <div class="timeline-row-label">
                    <span class="timeline-row-carrier" title=of_row(|row| row.name.clone())>{of_row(|row| row.name.clone())}</span>
                    <span class="timeline-row-count">{in_view}</span>
                </div>
            </div>
            <svg
                class="timeline-row-tracks"
                role="group"
                aria-label=of_row(|row| format!("Loads of {}", row.name))
                width="100%"
                height=height
            >
                <For each=move || bars.get() key=|load| *load children=bar_of />
            </svg>
        </li>
    }
    .into_any()
}

/// `5 loads`, or `2 of 5 loads` where the others lie before or after what is shown.
fn count(row: &Row, from: Timestamp, to: Timestamp) -> String {
    let all = row.bars.len();
    let shown = row.bars.iter().filter(|bar| bar.meets(from, to)).count();
    let loads = if all == 1 { "load" } else { "loads" };
    if shown == all { format!("{all} {loads}") } else { format!("{shown} of {all} {loads}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, id};
    use crate::domain::time::HOUR;

    #[test]
    fn a_row_says_how_many_of_its_loads_are_out_of_view() {
        let bar = |number, hour: i64| Bar {
            load: id(number),
            start: NOW.plus(hour * HOUR),
            end: NOW.plus((hour + 2) * HOUR),
            track: 0,
        };
        let row = Row { key: UNASSIGNED, name: "Unassigned".into(), tracks: 1, bars: vec![bar(1, 0), bar(2, 5)] };
        assert_eq!(count(&row, NOW, NOW.plus(9 * HOUR)), "2 loads");
        assert_eq!(count(&row, NOW, NOW.plus(4 * HOUR)), "1 of 2 loads");
        assert_eq!(count(&row, NOW.plus(30 * HOUR), NOW.plus(40 * HOUR)), "0 of 2 loads");
    }
}
