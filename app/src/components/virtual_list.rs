//! A long list of rows of one height, of which only those in view are in the document.
//!
//! The server renders the first rows in the flow. In the browser rows are placed by transform, set through the style
//! object since the page's policy forbids style attributes; so any row can stay mounted out of view, such as the one
//! that has the focus.

use leptos::{html, prelude::*};
use std::{ops::Range, sync::Arc};
use uuid::Uuid;

/// Rows that are rendered before the list knows its height.
const FIRST_ROWS: usize = 12;
/// Rows mounted above and below those in view, so that scrolling shows no gap.
const OVERSCAN: usize = 6;

/// The ids of all rows, in order.
pub type Rows = Arc<Vec<Uuid>>;
/// Makes the content of the row with this id.
pub type RowView = Arc<dyn Fn(Uuid) -> AnyView + Send + Sync>;

/// Which rows to mount for a list scrolled to `top`, showing `height` pixels of rows `row` pixels high.
pub fn rows_in_view(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    if height <= 0.0 || row <= 0.0 {
        return 0..FIRST_ROWS.min(count);
    }
    // A list that just got shorter is scrolled beyond its end until the browser has noticed.
    let top = top.clamp(0.0, (count as f64 * row - height).max(0.0));
    let first = ((top / row) as usize).saturating_sub(OVERSCAN);
    let last = (((top + height) / row).ceil() as usize).saturating_add(OVERSCAN).min(count);
    first.min(last)..last
}

/// Where the list is scrolled to and how large it and its rows are, in pixels; zero until measured.
#[derive(Clone, Copy)]
struct Measures {
    top: RwSignal<f64>,
    height: RwSignal<f64>,
    row: RwSignal<f64>,
}

/// Renders the rows as a list. The row `keep` stays mounted wherever the list is scrolled to.
#[component]
pub fn VirtualList(
    #[prop(into)] label: String,
    #[prop(into)] rows: Signal<Rows>,
    #[prop(into)] keep: Signal<Option<Uuid>>,
    row: RowView,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ul>::new();
    let measures = Measures { top: RwSignal::new(0.0), height: RwSignal::new(0.0), row: RwSignal::new(0.0) };
    let count = Memo::new(move |_| rows.with(|rows| rows.len()));
    let range =
        Memo::new(move |_| rows_in_view(measures.top.get(), measures.height.get(), measures.row.get(), count.get()));
    let mounted = Memo::new(move |_| {
        rows.with(|rows| {
            let range = range.get();
            let kept = keep.get().and_then(|id| rows.iter().position(|row| *row == id));
            let before = kept.filter(|index| *index < range.start);
            let after = kept.filter(|index| *index >= range.end);
            before.into_iter().chain(range).chain(after).filter_map(|i| Some((i, *rows.get(i)?))).collect::<Vec<_>>()
        })
    });
    watch_size(scroller, list, measures);
    Effect::new(move |_| {
        let Some(list) = list.get() else { return };
        // Rows that appear in a list that was empty are its first chance to be measured.
        if measures.row.get() == 0.0 && count.get() > 0 {
            measure_row(&list, measures);
        }
        let height = count.get() as f64 * measures.row.get();
        let _ = web_sys::HtmlElement::style(&list).set_property("height", &format!("{height}px"));
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            measures.top.set(f64::from(scroller.scroll_top()));
        }
    };
    let children = move |(_, id): (usize, Uuid)| {
        let index = Memo::new(move |_| {
            mounted.with(|mounted| mounted.iter().find(|(_, row)| *row == id).map_or(0, |(index, _)| *index))
        });
        row_view(index, count, measures.row, row(id))
    };
    view! {
        <div class="vlist" node_ref=scroller on:scroll=on_scroll>
            <ul
                class="vlist-rows"
                role="list"
                aria-label=label
                node_ref=list
                data-placed=move || (measures.row.get() > 0.0).then_some("")
            >
                <For each=move || mounted.get() key=|(_, id)| *id children=children />
            </ul>
        </div>
    }
}

fn row_view(index: Memo<usize>, count: Memo<usize>, height: RwSignal<f64>, content: AnyView) -> AnyView {
    let node = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if let Some(node) = node.get() {
            let offset = index.get() as f64 * height.get();
            let _ = web_sys::HtmlElement::style(&node).set_property("transform", &format!("translateY({offset}px)"));
        }
    });
    view! {
        <li
            class="vlist-row"
            node_ref=node
            aria-posinset=move || (index.get() + 1).to_string()
            aria-setsize=move || count.get().to_string()
        >
            {content}
        </li>
    }
    .into_any()
}

fn measure_row(list: &web_sys::HtmlUListElement, measures: Measures) {
    let height = list.first_element_child().map_or(0.0, |row| row.get_bounding_client_rect().height());
    if height > 0.0 && height != measures.row.get_untracked() {
        measures.row.set(height);
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
            measure_row(&list, measures);
        });
        let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) else { return };
        observer.observe(&scroller);
        let kept = SendWrapper::new((observer, measure));
        on_cleanup(move || kept.0.disconnect());
    });
}

#[cfg(not(feature = "hydrate"))]
fn watch_size(_: NodeRef<html::Div>, _: NodeRef<html::Ul>, _: Measures) {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_rows_are_rendered_before_anything_is_measured() {
        assert_eq!((rows_in_view(0.0, 0.0, 0.0, 500), rows_in_view(0.0, 0.0, 0.0, 5)), (0..12, 0..5));
    }

    #[test]
    fn what_is_in_view_is_mounted_and_some_more() {
        assert_eq!(rows_in_view(0.0, 600.0, 150.0, 500), 0..10);
        assert_eq!(rows_in_view(1_500.0, 600.0, 150.0, 500), 4..20);
        assert_eq!(rows_in_view(0.0, 600.0, 150.0, 0), 0..0);
    }

    #[test]
    fn a_list_that_shrank_under_the_scroll_still_shows_its_end() {
        assert_eq!(rows_in_view(60_000.0, 600.0, 150.0, 20), 10..20);
    }

    proptest! {
        #[test]
        fn every_visible_row_is_mounted(top in 0.0..80_000.0f64, height in 1.0..2_000.0f64, count in 1..5_000usize) {
            let range = rows_in_view(top, height, 150.0, count);
            let shown_top = top.min((count as f64 * 150.0 - height).max(0.0));
            for row in [shown_top, shown_top + height - 1.0].map(|y| (y / 150.0) as usize).map(|row| row.min(count - 1)) {
                prop_assert!(range.contains(&row), "{range:?} {row}");
            }
            prop_assert!(range.len() as f64 <= height / 150.0 + 14.0);
        }
    }
}
