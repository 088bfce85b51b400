//! How large the timeline is on the screen, and how far it is scrolled.

use super::plan::Plan;
use leptos::{html, prelude::*};

/// The scroller has moved.
pub fn scrolled(plan: Plan) {
    if let Some(scroller) = plan.scroller.get_untracked() {
        let top = f64::from(scroller.scroll_top());
        plan.port.update(|port| port.top = top);
    }
}

/// Follows the size of the scroller and of what rows have beside their tracks: the window's, the text's.
#[cfg(feature = "hydrate")]
pub fn follow(plan: Plan, list: NodeRef<html::Ul>) {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    use send_wrapper::SendWrapper;
    Effect::new(move |_| {
        let (Some(scroller), Some(list)) = (plan.scroller.get(), list.get()) else { return };
        let (watched, measured) = (scroller.clone(), list.clone());
        let measure = Closure::<dyn FnMut()>::new(move || measure(plan, &watched, &measured));
        let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) else { return };
        observer.observe(&scroller);
        // A list that was empty has its first row to be measured.
        observer.observe(&list);
        let kept = SendWrapper::new((observer, measure));
        on_cleanup(move || kept.0.disconnect());
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn follow(_: Plan, _: NodeRef<html::Ul>) {}

#[cfg(feature = "hydrate")]
fn measure(plan: Plan, scroller: &web_sys::HtmlElement, list: &web_sys::HtmlElement) {
    let Some(mut port) = plan.port.try_get_untracked() else { return };
    // The axis covers the top of what scrolls.
    if let Some(axis) = plan.axis.get_untracked().map(|axis| axis.get_bounding_client_rect()) {
        port.height = f64::from(scroller.client_height()) - axis.height();
        if plan.width.get_untracked() != axis.width() {
            plan.width.set(axis.width());
        }
    }
    if let Some(row) = list.first_element_child()
        && let Ok(Some(tracks)) = row.query_selector(".timeline-row-tracks")
    {
        let (row, tracks) = (row.get_bounding_client_rect(), tracks.get_bounding_client_rect());
        port.beside = row.height() - tracks.height();
        port.is_named_above = tracks.top() - row.top() > 1.0;
    }
    if plan.port.get_untracked() != port {
        plan.port.set(port);
    }
}
