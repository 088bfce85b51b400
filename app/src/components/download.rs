//! Handing a file to the person.

use super::toast::use_toasts;
use leptos::prelude::*;

/// A button that downloads a table of CSV as a file of this name.
pub fn download_button(name: &'static str, words: &'static str, table: &str) -> AnyView {
    // The mark at the begin tells Excel that it is UTF-8.
    let text = format!("\u{feff}{table}");
    let toasts = use_toasts();
    let press = move |_| {
        if !download(name, "text/csv", &text) {
            toasts.refusal("The browser did not let us download the file.");
        }
    };
    view! {
        <button type="button" class="button button-small" on:click=press>
            {words}
        </button>
    }
    .into_any()
}

/// Downloads a text as a file of this name and media type; `false` where the browser refuses.
#[cfg(feature = "hydrate")]
pub fn download(name: &str, media_type: &str, text: &str) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return false };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return false };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = &link {
        link.set_href(&url);
        link.set_download(name);
        // Not a link of the application: the router shall leave it to the browser.
        link.set_rel("external");
        link.click();
    }
    // The browser has taken the file when the click returns.
    let _ = web_sys::Url::revoke_object_url(&url);
    link.is_some()
}

/// There is nobody to hand it to on the server.
#[cfg(not(feature = "hydrate"))]
pub fn download(_: &str, _: &str, _: &str) -> bool {
    false
}
