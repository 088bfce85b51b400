//! The timeline: who drives what when. A row for each carrier, a bar for each load, from pickup to delivery.
//!
//! `scale` divides time, `chart` stacks loads in rows, `view_port` says what is in view, `shape` how a bar is drawn; none
//! of them knows a browser. `plan` holds them together; `head`, `row` and `bar` draw, in SVG, since places in percent
//! are right on the server as well, and the page's policy forbids style attributes.

mod bar;
mod chart;
mod hands;
mod head;
mod measure;
mod plan;
mod row;
mod scale;
mod shape;
mod view_port;

use super::desk::Desk;
use crate::domain::status::LoadStatus;
use hands::Drag;
use leptos::{ev::MouseEvent, html, prelude::*};
use plan::Plan;
use uuid::Uuid;

#[component]
pub fn Timeline(desk: Desk) -> impl IntoView {
    let plan = Plan::new(desk);
    let drag = Drag::new(plan);
    let list = NodeRef::<html::Ul>::new();
    measure::follow(plan, list);
    let rows = Memo::new(move |_| {
        let range = plan.port.with(|port| plan.offsets.with(|offsets| port.rows(offsets)));
        let stop = plan.tab_stop.get();
        plan.with_chart(|chart| {
            let kept = stop.and_then(|load| chart.find(load)).map(|(row, _)| row).filter(|row| !range.contains(row));
            let indices = kept.filter(|row| *row < range.start).into_iter().chain(range.clone());
            let indices = indices.chain(kept.filter(|row| *row >= range.end));
            indices.filter_map(|row| Some(chart.rows.get(row)?.key)).collect::<Vec<Uuid>>()
        })
    });
    let is_placed = Memo::new(move |_| plan.port.with(|port| port.height > 0.0));
    Effect::new(move |_| {
        let Some(list) = list.get() else { return };
        let height = plan.offsets.with(|offsets| offsets.last().copied().unwrap_or_default());
        let _ = web_sys::HtmlElement::style(&list).set_property("height", &format!("{height}px"));
    });
    let is_empty = move || plan.with_chart(|chart| chart.rows.is_empty());
    let (behind, above) = head::lines(plan);
    view! {
        <section class="timeline" aria-label="Timeline by carrier">
            {head::tools(plan)}
            <div
                class="timeline-scroll"
                node_ref=plan.scroller
                tabindex="0"
                role="group"
                aria-label="Loads by carrier. Arrow keys move through time, or from load to load."
                on:scroll=move |_| measure::scrolled(plan)
                on:wheel=move |event| hands::on_wheel(plan, &event)
                on:pointerdown=move |event| drag.press(&event)
                on:pointermove=move |event| drag.follow(&event)
                on:pointerup=move |_| drag.release()
                on:pointercancel=move |_| drag.release()
                on:click=move |event| press(desk, drag, &event)
                on:keydown=move |event| hands::on_key(plan, &event)
            >
                {head::axis(plan)}
                <div class="timeline-rows">
                    {behind}
                    <ul class="rows" role="list" node_ref=list data-placed=move || is_placed.get().then_some("")>
                        <For each=move || rows.get() key=|key| *key children=move |key| row::row_view(plan, key) />
                    </ul>
                    {above}
                </div>
                {move || is_empty().then(nothing)}
            </div>
            {hatches()}
        </section>
    }
}

/// The press that ends a drag is none.
fn press(desk: Desk, drag: Drag, event: &MouseEvent) {
    let bar = super::strip::element_of(event).and_then(|target| super::strip::card_of(&target));
    if let Some((_, load)) = bar.filter(|_| !drag.has_dragged()) {
        desk.press(load, event);
    }
}

fn nothing() -> AnyView {
    view! { <p class="timeline-empty">"No load to show. New loads appear here, those without a carrier first."</p> }
        .into_any()
}

/// What plans are drawn with: stripes in the colour of each status. Bars name them by their ids.
fn hatches() -> AnyView {
    let hatch = |status: LoadStatus| {
        view! {
            <pattern
                id=format!("hatch-{}", status.code())
                class=bar::status_name(status)
                width="7"
                height="7"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
            >
                <line class="hatch" x1="0" x2="0" y1="0" y2="7"></line>
            </pattern>
        }
        .into_any()
    };
    view! {
        <svg class="hatches" width="0" height="0" aria-hidden="true">
            <defs>{LoadStatus::ALL.map(hatch).into_iter().collect_view()}</defs>
        </svg>
    }
    .into_any()
}
