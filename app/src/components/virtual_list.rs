//! A long list of rows of one height, under heads of another, of which only what is in view is in the document.
//!
//! The server renders the first rows in the flow. In the browser rows are placed by transform, set through the style
//! object since the page's policy forbids style attributes; so any row can stay mounted out of view, such as the one
//! that has the focus.

mod kept_focus;
#[cfg(any(feature = "hydrate", test))]
mod pace;
mod placing;
mod taking_turns;

pub use placing::Head;

use kept_focus::KeptFocus;
use leptos::{html, prelude::*};
use placing::Heights;
use std::sync::Arc;
use taking_turns::Turns;
use uuid::Uuid;

/// Rows that are rendered before the list knows its height: of ordinary ones, and of low ones.
const FIRST_ROWS: usize = 12;
const FIRST_LOW_ROWS: usize = 36;

/// The ids of all rows, in order.
pub type Rows = Arc<Vec<Uuid>>;
/// What stands between the rows.
pub type Heads = Arc<Vec<Head>>;
/// Makes the content of the row with this id.
pub type RowView = Arc<dyn Fn(Uuid) -> AnyView + Send + Sync>;

/// Where the list is scrolled to and how large it and what is in it are, in pixels; zero until measured.
#[derive(Clone, Copy)]
struct Measures {
    top: RwSignal<f64>,
    height: RwSignal<f64>,
    heights: RwSignal<Heights>,
}

/// What is mounted. Rows are told apart by their ids, heads by their names.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Head(usize, String),
    Row(usize, Uuid),
}

impl Item {
    #[cfg(feature = "hydrate")]
    fn row(&self) -> Option<(usize, Uuid)> {
        match self {
            Item::Row(index, id) => Some((*index, *id)),
            Item::Head(..) => None,
        }
    }

    fn key(&self) -> (Option<String>, Uuid) {
        match self {
            Item::Head(_, name) => (Some(name.clone()), Uuid::nil()),
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
    row: RowView,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ul>::new();
    let heights = RwSignal::new(Heights::default());
    let measures = Measures { top: RwSignal::new(0.0), height: RwSignal::new(0.0), heights };
    let count = Memo::new(move |_| rows.with(|rows| rows.len()));
    let range = Memo::new(move |_| {
        let at_first = if low.get() { FIRST_LOW_ROWS } else { FIRST_ROWS };
        heads.with(|heads| {
            heights.get().in_view(measures.top.get(), measures.height.get(), count.get(), heads, at_first)
        })
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
                        items.push(Item::Head(next, head.name.clone()));
                        next += 1;
                    }
                    items.extend(rows.get(index).map(|id| Item::Row(index, *id)));
                }
            });
            items.extend(after.and_then(|index| Some(Item::Row(index, *rows.get(index)?))));
            items
        });
        // Where nothing was measured, what the server rendered is taken over, or what is there is to be measured.
        let Some(before) = before.filter(|_| heights.get_untracked().row > 0.0) else { return items };
        let in_view = heads.with_untracked(|heads| {
            heights.get_untracked().in_sight(
                measures.top.get_untracked(),
                measures.height.get_untracked(),
                count.get_untracked(),
                heads,
            )
        });
        turns.thin(items, before, &in_view, keep.get_untracked())
    });
    watch_size(scroller, list, measures);
    let focus = KeptFocus::through(move || mounted.track());
    measure_what_is_new(list, measures, low, count, heads);
    Effect::new(move |_| {
        let height = heads.with(|heads| heights.get().total(count.get(), heads));
        if let Some(list) = list.get() {
            let _ = web_sys::HtmlElement::style(&list).set_property("height", &format!("{height}px"));
        }
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            measures.top.set(f64::from(scroller.scroll_top()));
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
            let top = Memo::new(move |_| heads.with(|heads| heights.get().row_top(index.get().unwrap_or(0), heads)));
            row_view(index, count, top, row(id))
        }
        Item::Head(_, name) => head_view(heads, heights, name),
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
                data-placed=move || (heights.get().row > 0.0).then_some("")
            >
                <For each=move || mounted.get() key=Item::key children=children />
            </ul>
        </div>
    }
}

/// A row knows its place among the rows: heads do not count.
fn row_view(index: Memo<Option<usize>>, count: Memo<usize>, top: Memo<f64>, content: AnyView) -> AnyView {
    let node = NodeRef::<html::Li>::new();
    place_at(node, top);
    view! {
        <li
            class="vlist-row"
            node_ref=node
            aria-posinset=move || (index.get().unwrap_or(0) + 1).to_string()
            aria-setsize=move || count.get().to_string()
        >
            {content}
        </li>
    }
    .into_any()
}

fn head_view(heads: Signal<Heads>, heights: RwSignal<Heights>, name: String) -> AnyView {
    let node = NodeRef::<html::Li>::new();
    let own = name.clone();
    let place = Memo::new(move |_| {
        heads.with(|heads| {
            let place = heads.iter().position(|head| head.name == own)?;
            Some((place, heads.get(place)?.count))
        })
    });
    place_at(
        node,
        Memo::new(move |_| {
            heads.with(|heads| heights.get().head_top(place.get().map_or(0, |(place, _)| place), heads))
        }),
    );
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

/// What appears for the first time, or is of another height now, is measured: at once where it is laid out already,
/// and in the next frame, where it is for certain.
fn measure_what_is_new(
    list: NodeRef<html::Ul>,
    measures: Measures,
    low: Signal<bool>,
    count: Memo<usize>,
    heads: Signal<Heads>,
) {
    let has = Memo::new(move |_| (count.get() > 0, heads.with(|heads| !heads.is_empty())));
    Effect::new(move |_| {
        low.track();
        has.track();
        let measure = move || {
            // In the next frame the list may be gone.
            if let Some(list) = list.try_get_untracked().flatten() {
                measure_rows(&list, measures);
            }
        };
        if list.get().is_some() {
            measure();
            request_animation_frame(measure);
        }
    });
}

fn measure_rows(list: &web_sys::HtmlUListElement, measures: Measures) {
    let height_of = |selector: &str| {
        let element = list.query_selector(selector).ok().flatten();
        element.map(|element| element.get_bounding_client_rect().height()).filter(|height| *height > 0.0)
    };
    let Some(known) = measures.heights.try_get_untracked() else { return };
    let row = height_of(".vlist-row").unwrap_or(known.row);
    let head = height_of(".vlist-head").unwrap_or(known.head);
    let found = Heights { row, head };
    if found != known {
        measures.heights.set(found);
    }
}

/// Follows the size of the scroller: the window's, a lane's that is shown, the text's.
#[cfg(feature = "hydrate")]
fn watch_size(scroller: NodeRef<html::Div>, list: NodeRef<html::Ul>, measures: Measures) {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    use send_wrapper::SendWrapper;
    Effect::new(move |_| {
        let (Some(scroller), Some(list)) = (scroller.get(), list.get()) else { return };
        let measured = scroller.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let height = f64::from(measured.client_height());
            if measures.height.try_get_untracked().is_some_and(|known| known != height) {
                measures.height.set(height);
            }
            measure_rows(&list, measures);
        });
        let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) else { return };
        observer.observe(&scroller);
        let kept = SendWrapper::new((observer, measure));
        on_cleanup(move || kept.0.disconnect());
    });
}

#[cfg(not(feature = "hydrate"))]
fn watch_size(_: NodeRef<html::Div>, _: NodeRef<html::Ul>, _: Measures) {}
