//! Measures what is there: rows and heads, the window that they are seen through, and rows that are open.

use super::{placing::Heights, shape::Shape};
use crate::components::scroll;
use leptos::{html, prelude::*};
use uuid::Uuid;

/// What appears for the first time, or is of another height now, is measured: at once where it is laid out already,
/// and in the next frame, where it is for certain. `has_closed` tells whether there is a row of the usual height.
pub fn measure_what_is_new(list: NodeRef<html::Ul>, shape: Shape, low: Signal<bool>, has_closed: Memo<bool>) {
    let has = Memo::new(move |_| (has_closed.get(), shape.heads.with(|heads| !heads.is_empty())));
    Effect::new(move |_| {
        low.track();
        has.track();
        let measure = move || {
            // In the next frame the list may be gone.
            if let Some(list) = list.try_get_untracked().flatten() {
                measure_rows(&list, shape);
            }
        };
        if list.get().is_some() {
            measure();
            request_animation_frame(measure);
        }
    });
}

fn measure_rows(list: &web_sys::HtmlUListElement, shape: Shape) {
    let height_of = |selector: &str| {
        let element = list.query_selector(selector).ok().flatten();
        element.map(|element| element.get_bounding_client_rect().height()).filter(|height| *height > 0.0)
    };
    let Some(known) = shape.heights.try_get_untracked() else { return };
    let row = height_of(".vlist-row:not([data-open])").unwrap_or(known.row);
    let head = height_of(".vlist-head").unwrap_or(known.head);
    let found = Heights { row, head };
    if found != known {
        shape.heights.set(found);
    }
}

/// Follows the size of the scroller: the window's, a lane's that is shown, the text's.
pub fn watch_size(scroller: NodeRef<html::Div>, list: NodeRef<html::Ul>, shape: Shape) {
    Effect::new(move |_| {
        let (Some(scroller), Some(list)) = (scroller.get(), list.get()) else { return };
        let measured = scroller.clone();
        on_resize(&scroller, move || {
            let height = f64::from(measured.client_height());
            if shape.height.try_get_untracked().is_some_and(|known| known != height) {
                shape.height.set(height);
            }
            measure_rows(&list, shape);
        });
    });
}

/// Follows the height of an open row. One that is being opened is brought into view.
pub fn watch_open_row(node: NodeRef<html::Li>, row: Uuid, is_opening: bool, shape: Shape) {
    Effect::new(move |_| {
        let Some(node) = node.get() else { return };
        if is_opening {
            let opened = node.clone();
            // In the next frame, when what it shows is there.
            request_animation_frame(move || scroll::show(&opened));
        }
        let measured = node.clone();
        on_resize(&node, move || shape.note_height(row, measured.get_bounding_client_rect().height()));
    });
}

/// Calls when an element is laid out first and whenever its size has changed, until the effect that asks for it ends or
/// runs anew.
#[cfg(feature = "hydrate")]
fn on_resize(element: &web_sys::Element, call: impl FnMut() + 'static) {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    use send_wrapper::SendWrapper;
    let call = Closure::<dyn FnMut()>::new(call);
    let Ok(observer) = web_sys::ResizeObserver::new(call.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    let kept = SendWrapper::new((observer, call));
    on_cleanup(move || kept.0.disconnect());
}

#[cfg(not(feature = "hydrate"))]
fn on_resize(_: &web_sys::Element, _: impl FnMut() + 'static) {}
