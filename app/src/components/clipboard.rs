//! Copying text.

/// Puts a text on the clipboard; `false` where the browser refuses.
#[cfg(feature = "hydrate")]
pub async fn copy(text: &str) -> bool {
    use leptos::{prelude::window, wasm_bindgen::JsValue};
    use send_wrapper::SendWrapper;
    let navigator = window().navigator();
    // Pages that did not come over HTTPS have no clipboard; only this way asks without an exception.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if !has_clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return copy_by_selecting(text);
    }
    let promise = SendWrapper::new(wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)));
    promise.await.is_ok()
}

/// The old way: a field that is selected and copied, and gone before anybody sees it.
#[cfg(feature = "hydrate")]
fn copy_by_selecting(text: &str) -> bool {
    use leptos::{prelude::document, wasm_bindgen::JsCast};
    let document = document();
    let field = document.create_element("textarea").ok().and_then(|field| {
        let field = field.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
        field.set_value(text);
        // Inside of an open dialog, outside of which nothing can be selected.
        let dialog = document.query_selector("dialog[open]").ok().flatten();
        dialog.or_else(|| document.body().map(Into::into))?.append_child(&field).ok()?;
        Some(field)
    });
    let Some(field) = field else { return false };
    field.select();
    let copied = document
        .dyn_ref::<web_sys::HtmlDocument>()
        .and_then(|document| document.exec_command("copy").ok())
        .unwrap_or(false);
    field.remove();
    copied
}

/// There is no clipboard on the server.
#[cfg(not(feature = "hydrate"))]
pub async fn copy(_: &str) -> bool {
    false
}
