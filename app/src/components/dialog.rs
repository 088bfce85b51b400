//! A modal dialog on the native `<dialog>`, which keeps focus inside, makes the rest inert and closes on Esc.

use leptos::{
    ev::{Event, KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};

/// Shows itself as soon as it is mounted; the caller mounts it when there is something to ask, and unmounts it in
/// `on_close`, which also runs on Esc, and on a press beside it while nothing was typed. Where something was typed, Esc
/// says so first, and closes when it is pressed again. Whoever opened it has the focus
/// again afterwards, or the page's content where that is gone, unless the caller gives it to another.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] on_close: Callback<()>,
    /// Something was typed that a stray press or key must not lose.
    #[prop(optional, into)]
    typed: Signal<bool>,
    /// While false it is not to be seen, and keeps what is in it.
    #[prop(default = true.into(), into)]
    shown: Signal<bool>,
    /// For what has many columns.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    give_focus_back(node);
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (shown.get(), dialog.open()) {
            // It fails only for an element that is not in the document.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let closed = move |_: Event| {
        // The event comes late: it may have been shown again since, or be hidden on purpose.
        let is_open = node.get_untracked().is_some_and(|dialog| dialog.open());
        if shown.get_untracked() && !is_open {
            on_close.run(());
        }
    };
    let pressed = move |event: PointerEvent| {
        let Some(dialog) = node.get_untracked() else { return };
        let is_on_it = event.target().is_some_and(|target| dialog.loose_eq(&target));
        if is_on_it && is_beside(&dialog.get_bounding_client_rect(), &event) && !typed.get_untracked() {
            // The press must not reach what lies under it once the dialog is gone.
            event.prevent_default();
            on_close.run(());
        }
    };
    let asked = RwSignal::new(false);
    // `true`: what was typed is kept for now, and the person is told how to discard it.
    let must_ask = move || {
        let first = typed.get_untracked() && !asked.get_untracked();
        if first {
            asked.set(true);
        }
        first
    };
    let key_pressed = move |event: KeyboardEvent| {
        // Keys typed here are not the board's.
        event.stop_propagation();
        if event.key() != "Escape" || event.is_composing() || event.default_prevented() {
            return;
        }
        // A key that is held down asks once.
        let is_held = event.repeat() && typed.get_untracked();
        if is_held || must_ask() {
            event.prevent_default();
        }
    };
    // The way back of a phone asks by this alone.
    let cancelled = move |event: Event| {
        if must_ask() {
            event.prevent_default();
        }
    };
    view! {
        <dialog
            class="dialog"
            class:dialog-wide=wide
            node_ref=node
            aria-labelledby="dialog-title"
            on:close=closed
            on:pointerdown=pressed
            on:keydown=key_pressed
            on:cancel=cancelled
            on:input=move |_| asked.set(false)
        >
            <h2 id="dialog-title" class="dialog-title">
                {title}
            </h2>
            {children()}
            <div role="alert">
                {move || {
                    asked.get().then(|| {
                        view! { <p class="dialog-kept">"What you typed is not saved. Press Esc again to discard it."</p> }
                    })
                }}
            </div>
        </dialog>
    }
}

/// A press on the backdrop is one on the dialog, outside of its box.
fn is_beside(rect: &web_sys::DomRect, event: &PointerEvent) -> bool {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    !(rect.left()..=rect.right()).contains(&x) || !(rect.top()..=rect.bottom()).contains(&y)
}

/// Once it is gone, what had the focus before has it again, if nothing else was given it; where that is gone as well, as
/// the button of a step that is taken, the page's content has it.
#[cfg(feature = "hydrate")]
fn give_focus_back(node: NodeRef<html::Dialog>) {
    use crate::components::focus::{focus_in_place, nothing_has_focus};
    use leptos::wasm_bindgen::JsCast;
    use send_wrapper::SendWrapper;
    let before = StoredValue::new_local(None::<web_sys::Element>);
    Effect::new(move |_| {
        if node.get().is_some() {
            before.set_value(document().active_element());
        }
    });
    on_cleanup(move || {
        let Some(before) = before.try_get_value().flatten().map(SendWrapper::new) else { return };
        request_animation_frame(move || {
            if nothing_has_focus()
                && let Some(element) = before.dyn_ref::<web_sys::HtmlElement>()
            {
                let _ = element.focus();
            }
            if nothing_has_focus()
                && let Some(content) = document().get_element_by_id("main")
                && let Some(content) = content.dyn_ref::<web_sys::HtmlElement>()
            {
                focus_in_place(content);
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn give_focus_back(_: NodeRef<html::Dialog>) {}
