//! A long list of rows of one height, under heads of another, of which only what is in view is in the document. Rows
//! that are open are as high as what they show.
//!
//! The server renders the first rows in the flow. In the browser rows are placed by transform, set through the style
//! object since the page's policy forbids style attributes; so any row can stay mounted out of view, such as the one
//! that has the focus.

mod kept_focus;
mod measure;
#[cfg(any(feature = "hydrate", test))]
mod pace;
mod placing;
mod row;
mod shape;
mod taking_turns;

pub use placing::Head;
pub use row::Row;

use kept_focus::KeptFocus;
use leptos::{html, prelude::*};
use measure::{measure_what_is_new, watch_size};
use shape::Shape;
use std::{collections::BTreeSet, sync::Arc};
use taking_turns::Turns;
use uuid::Uuid;

/// Rows that are rendered before the list knows its height: of ordinary ones, and of low ones.
const FIRST_ROWS: usize = 12;
const FIRST_LOW_ROWS: usize = 36;

/// The ids of all rows, in order.
pub type Rows = Arc<Vec<Uuid>>;
/// What stands between the rows.
pub type Heads = Arc<Vec<Head>>;
/// Makes what a row shows.
pub type RowView = Arc<dyn Fn(Row) -> AnyView + Send + Sync>;

/// What is mounted. Rows are told apart by their ids, heads by their keys.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Head { key: String, name: String },
    Row(usize, Uuid),
}

impl Item {
    #[cfg(feature = "hydrate")]
    fn row(&self) -> Option<(usize, Uuid)> {
        match self {
            Item::Row(index, id) => Some((*index, *id)),
            Item::Head { .. } => None,
        }
    }

    fn key(&self) -> (Option<String>, Uuid) {
        match self {
            Item::Head { key, .. } => (Some(key.clone()), Uuid::nil()),
            Item::Row(_, id) => (None, *id),
        }
    }
}

/// Renders the rows as a list. The row `keep` stays mounted wherever the list is scrolled to.
#[component]
pub fn VirtualList(
    #[prop(into)] label: String,
    #[prop(into)] rows: Signal<Rows>,
    /// What stands between the rows.
    #[prop(optional, into)]
    heads: Signal<Heads>,
    /// Rows are low now: more of them are rendered at first, and when it changes they are measured anew.
    #[prop(optional, into)]
    low: Signal<bool>,
    #[prop(into)] keep: Signal<Option<Uuid>>,
    /// Rows that show more than the others, each as high as that takes.
    #[prop(optional, into)]
    open: Signal<BTreeSet<Uuid>>,
    row: RowView,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ul>::new();
    let shape = Shape::new(rows, heads, open);
    let range = Memo::new(move |_| {
        let at_first = if low.get() { FIRST_LOW_ROWS } else { FIRST_ROWS };
        shape.read(|plan| plan.in_view(shape.top.get(), shape.height.get(), at_first))
    });
    let turns = Turns::take();
    let mounted = Memo::new(move |before: Option<&Vec<Item>>| {
        let range = range.get();
        let items: Vec<Item> = rows.with(|rows| {
            let kept = keep.get().and_then(|id| rows.iter().position(|row| *row == id));
            let before = kept.filter(|index| *index < range.start);
            let after = kept.filter(|index| *index >= range.end);
            let mut items = Vec::with_capacity(range.len() + 8);
            items.extend(before.and_then(|index| Some(Item::Row(index, *rows.get(index)?))));
            heads.with(|heads| {
                let mut next = heads.partition_point(|head| head.first < range.start);
                for index in range.clone() {
                    if let Some(head) = heads.get(next).filter(|head| head.first == index) {
                        items.push(Item::Head { key: head.key.clone(), name: head.name.clone() });
                        next += 1;
                    }
                    items.extend(rows.get(index).map(|id| Item::Row(index, *id)));
                }
            });
            items.extend(after.and_then(|index| Some(Item::Row(index, *rows.get(index)?))));
            items
        });
        // Where nothing was measured, what the server rendered is taken over, or what is there is to be measured.
        let Some(before) = before.filter(|_| shape.heights.get_untracked().row > 0.0) else { return items };
        let in_view = untrack(|| shape.read(|plan| plan.in_sight(shape.top.get(), shape.height.get())));
        turns.thin(items, before, &in_view, keep.get_untracked())
    });
    watch_size(scroller, list, shape);
    let focus = KeptFocus::through(move || mounted.track());
    let has_closed = Memo::new(move |_| {
        let is_closed = |item: &Item| matches!(item, Item::Row(_, id) if open.with(|open| !open.contains(id)));
        mounted.with(|mounted| mounted.iter().any(is_closed))
    });
    measure_what_is_new(list, shape, low, has_closed);
    Effect::new(move |_| {
        let height = shape.read(|plan| plan.total());
        if let Some(list) = list.get() {
            let _ = web_sys::HtmlElement::style(&list).set_property("height", &format!("{height}px"));
        }
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            shape.top.set(f64::from(scroller.scroll_top()));
        }
    };
    let children = move |item: Item| match item {
        Item::Row(_, id) => {
            let index = Memo::new(move |_| {
                mounted.with(|mounted| {
                    mounted.iter().find_map(|item| match item {
                        Item::Row(index, row) if *row == id => Some(*index),
                        _ => None,
                    })
                })
            });
            let place = Row::new(id, shape);
            row_view(shape, place, index, row(place))
        }
        Item::Head { key, name } => head_view(shape, key, name),
    };
    view! {
        <div class="vlist" node_ref=scroller on:scroll=on_scroll>
            <ul
                class="vlist-rows"
                role="list"
                aria-label=label
                node_ref=list
                on:focusin=move |event| focus.came(&event)
                on:focusout=move |event| focus.went(&event)
                data-placed=move || (shape.heights.get().row > 0.0).then_some("")
            >
                <For each=move || mounted.get() key=Item::key children=children />
            </ul>
        </div>
    }
}

/// A row knows its place among the rows: heads do not count.
fn row_view(shape: Shape, row: Row, index: Memo<Option<usize>>, content: AnyView) -> AnyView {
    place_at(row.node, Memo::new(move |_| shape.read(|plan| plan.row_top(index.get().unwrap_or(0)))));
    view! {
        <li
            class="vlist-row"
            node_ref=row.node
            data-open=move || row.is_open.get().then_some("")
            aria-posinset=move || (index.get().unwrap_or(0) + 1).to_string()
            aria-setsize=move || shape.count.get().to_string()
        >
            {content}
        </li>
    }
    .into_any()
}

fn head_view(shape: Shape, key: String, name: String) -> AnyView {
    let node = NodeRef::<html::Li>::new();
    let place = Memo::new(move |_| {
        shape.heads.with(|heads| {
            let place = heads.iter().position(|head| head.key == key)?;
            Some((place, heads.get(place)?.count))
        })
    });
    place_at(node, Memo::new(move |_| shape.read(|plan| plan.head_top(place.get().map_or(0, |(place, _)| place)))));
    view! {
        <li class="vlist-head" node_ref=node data-group=name.clone()>
            <span class="vlist-head-name" title=name.clone()>{name.clone()}</span>
            <span class="vlist-head-count">
                {move || place.get().map_or(0, |(_, count)| count)} <span class="sr-only">" loads"</span>
            </span>
        </li>
    }
    .into_any()
}

fn place_at(node: NodeRef<html::Li>, top: Memo<f64>) {
    Effect::new(move |_| {
        if let Some(node) = node.get() {
            let shift = format!("translateY({}px)", top.get());
            let _ = web_sys::HtmlElement::style(&node).set_property("transform", &shift);
        }
    });
}
