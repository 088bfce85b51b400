//! The focus: whether it was lost, and giving it back.

use leptos::prelude::document;

/// Whether the focus has fallen back to the document.
pub fn nothing_has_focus() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Gives an element the focus; nothing scrolls for it.
pub fn focus_in_place(element: &web_sys::HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}
