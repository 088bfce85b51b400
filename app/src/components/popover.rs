//! A small panel that hangs under the button which opens it. A press outside and Esc close it; Esc gives the focus back.

use super::menu::Anchor;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

/// A button and its panel. The panel is made anew each time it opens, and what it says first has the focus: an element
/// with `data-first`, else the choice that is made, else the first control.
#[component]
pub fn Popover(
    /// What the panel is, for those who don't see it.
    #[prop(into)]
    label: String,
    /// Of the button.
    class: &'static str,
    /// Of the button, where its words do not say enough.
    #[prop(optional, into)]
    name: Signal<Option<String>>,
    #[prop(optional, into)] title: Signal<Option<String>>,
    /// The button belongs to something that is set.
    #[prop(optional, into)]
    set: Signal<bool>,
    open: RwSignal<bool>,
    /// The panel's right edge is under the button's, instead of the left ones.
    #[prop(optional)]
    at_end: bool,
    /// Of the button.
    #[prop(into)]
    words: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let children = StoredValue::new(children);
    let panel = move || {
        open.get().then(|| view! { <Panel label=label.clone() button open at_end content=children.get_value() /> })
    };
    view! {
        <button
            type="button"
            class=class
            node_ref=button
            aria-haspopup="dialog"
            aria-expanded=move || if open.get() { "true" } else { "false" }
            aria-label=move || name.get()
            title=move || title.get()
            data-set=move || set.get().then_some("")
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {move || words.run()}
        </button>
        {panel}
    }
    .into_any()
}

#[component]
fn Panel(
    label: String,
    button: NodeRef<html::Button>,
    open: RwSignal<bool>,
    at_end: bool,
    content: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let (Some(panel), Some(button)) = (node.get(), button.get_untracked()) {
            hang(&panel, Anchor::of(&button), at_end);
            focus_first(&panel);
        }
    });
    let is_inside = move |target: Option<web_sys::EventTarget>| {
        let target = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let within_panel = node.get_untracked().is_some_and(|panel| panel.contains(target.as_ref()));
        within_panel || button.get_untracked().is_some_and(|button| button.contains(target.as_ref()))
    };
    let press = window_event_listener(ev::pointerdown, move |event| {
        if !is_inside(event.target()) {
            open.set(false);
        }
    });
    on_cleanup(move || press.remove());
    let leave = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        // Keys typed here are not the page's.
        event.stop_propagation();
        let is_radio = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_radio = is_radio.is_some_and(|target| target.matches("input[type=radio]").unwrap_or(false));
        if event.key() == "Escape" || (event.key() == "Enter" && is_radio) {
            event.prevent_default();
            leave();
        }
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target();
        if to.is_some() && !is_inside(to) {
            open.set(false);
        }
    };
    view! {
        <div
            class="popover"
            role="dialog"
            aria-label=label
            tabindex="-1"
            node_ref=node
            on:keydown=on_key
            on:focusout=on_leave
        >
            {content()}
        </div>
    }
    .into_any()
}

fn focus_first(panel: &web_sys::HtmlDivElement) {
    for selector in ["[data-first]", "input:checked", "input, button"] {
        let found = panel.query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
            return;
        }
    }
    let _ = panel.focus();
}

/// Under the button with an edge aligned, inside the window. Through the style object: the page's policy forbids
/// style attributes.
fn hang(panel: &web_sys::HtmlDivElement, anchor: Anchor, at_end: bool) {
    let width = window().inner_width().ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let own = panel.get_bounding_client_rect().width();
    let left = place(if at_end { anchor.right - own } else { anchor.left }, own, width);
    let style = web_sys::HtmlElement::style(panel);
    let _ = style.set_property("--popover-left", &format!("{left}px"));
    let _ = style.set_property("--popover-top", &format!("{}px", anchor.bottom + 4.0));
}

fn place(left: f64, own: f64, window: f64) -> f64 {
    const MARGIN: f64 = 8.0;
    left.min(window - own - MARGIN).max(MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_stays_inside_the_window() {
        assert_eq!(place(100.0, 240.0, 1_440.0), 100.0);
        assert_eq!(place(1_400.0, 240.0, 1_440.0), 1_192.0);
        assert_eq!(place(100.0, 240.0, 200.0), 8.0);
    }
}
