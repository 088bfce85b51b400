//! Asks before a form with unsaved changes is left.

use super::desk::FormDesk;
use crate::components::dialog::Dialog;
use leptos::{ev, prelude::*};

/// Watches the ways out: links of the page, and the browser's own.
pub fn watch(desk: FormDesk) {
    let handle = window_event_listener(ev::beforeunload, move |event| {
        if desk.is_dirty() {
            event.prevent_default();
            // Without it older browsers don't ask.
            event.set_return_value(" ");
        }
    });
    on_cleanup(move || handle.remove());
    watch_links(desk);
}

/// Hears of a press before the router does.
#[cfg(feature = "hydrate")]
fn watch_links(desk: FormDesk) {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    use send_wrapper::SendWrapper;
    Effect::new(move |_| {
        let on_click = Closure::<dyn FnMut(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| {
            if let Some(address) = way_out(&event)
                && desk.is_dirty()
            {
                event.prevent_default();
                event.stop_propagation();
                desk.leaving.set(Some(address));
            }
        });
        let listener = on_click.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let _ = window().add_event_listener_with_callback_and_bool("click", &listener, true);
        let kept = SendWrapper::new((on_click, listener));
        on_cleanup(move || {
            let (_, listener) = &*kept;
            let _ = window().remove_event_listener_with_callback_and_bool("click", listener, true);
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn watch_links(_: FormDesk) {}

/// Where a press on a link of this site leads, if it leaves this page in this tab.
#[cfg(feature = "hydrate")]
fn way_out(event: &web_sys::MouseEvent) -> Option<String> {
    use leptos::wasm_bindgen::JsCast;
    if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let here = window().location();
    let is_elsewhere = !link.target().is_empty() || link.has_attribute("download");
    if is_elsewhere || link.origin() != here.origin().ok()? || !link.hash().is_empty() {
        return None;
    }
    Some(format!("{}{}", link.pathname(), link.search()))
}

#[component]
pub fn LeaveQuestion(desk: FormDesk) -> impl IntoView {
    move || desk.leaving.get().map(|address| dialog(desk, address))
}

fn dialog(desk: FormDesk, address: String) -> AnyView {
    let close = Callback::new(move |()| desk.leaving.set(None));
    let there = address.clone();
    let leave = move |_| {
        desk.leaving.set(None);
        desk.rest();
        desk.go(&there);
    };
    let discard = move |_| {
        desk.leaving.set(None);
        desk.give_up();
        desk.go(&address);
    };
    view! {
        <Dialog title="Leave with unsaved changes?" on_close=close>
            <p class="dialog-text">
                "Nothing is stored on the server yet. What you have typed stays in this tab: come back here to go on."
            </p>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Stay here"
                </button>
                <button type="button" class="button" on:click=discard>
                    "Discard and leave"
                </button>
                <button type="button" class="button button-primary" autofocus on:click=leave>
                    "Leave, keep the draft"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
