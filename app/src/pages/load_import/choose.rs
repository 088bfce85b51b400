//! Where a file is dropped or chosen, or rows are pasted.

use super::desk::{ImportDesk, Stage};
use leptos::{ev, prelude::*};

#[component]
pub fn Choose(desk: ImportDesk) -> impl IntoView {
    let over = RwSignal::new(false);
    let pasted = RwSignal::new(String::new());
    let busy = move || match desk.stage.get() {
        Stage::Judging(name) => Some(format!("{name} is being read…")),
        _ => None,
    };
    // Wherever on the page a file is let go: the browser would show it in place of the page.
    for handle in [
        window_event_listener(ev::dragover, move |event| {
            event.prevent_default();
            over.try_set(true);
        }),
        window_event_listener(ev::drop, move |event| {
            event.prevent_default();
            over.try_set(false);
            if let Some((name, size, blob)) = file::dropped(&event) {
                desk.take_file(name, size, file::read(blob));
            }
        }),
    ] {
        on_cleanup(move || handle.remove());
    }
    let leave = move |_: ev::DragEvent| over.set(false);
    let choose = move |event: ev::Event| {
        if let Some((name, size, blob)) = file::chosen(&event) {
            desk.take_file(name, size, file::read(blob));
        }
    };
    let check = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = pasted.get_untracked();
        if !text.trim().is_empty() {
            desk.take_text(text);
        }
    };
    view! {
        <div id="import-problem" role="alert" class="form-problems">
            {move || desk.problem.get().map(|why| view! { <p class="form-problem">{why}</p> })}
        </div>
        <section class="form-part import-drop" data-over=move || over.get().then_some("") aria-labelledby="import-title" on:dragleave=leave>
            <h2 id="import-title">"Choose a CSV file"</h2>
            <p class="form-quiet">
                "One load a line, up to 5,000, with the names of the columns first. Nothing is stored before you have seen what the file would do."
            </p>
            <div class="import-file">
                <input id="import-file" class="import-input" type="file" accept=".csv,.txt,.tsv,text/csv,text/plain" on:change=choose />
                <label class="button button-primary" for="import-file">
                    "Choose a file"
                </label>
                <span class="form-quiet">"or drop it anywhere on this page"</span>
            </div>
            <p role="status" class="import-busy">
                {busy}
            </p>
        </section>
        <form class="form-part" aria-labelledby="paste-title" on:submit=check>
            <h2 id="paste-title">
                <label for="import-text">"Or paste rows"</label>
            </h2>
            <textarea
                id="import-text"
                class="input import-text"
                rows="5"
                spellcheck="false"
                placeholder="customer,equipment,pickup_facility,…"
                prop:value=move || pasted.get()
                on:input=move |event| pasted.set(event_target_value(&event))
            ></textarea>
            <div>
                <button type="submit" class="button">
                    "Check the rows"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Files as the browser gives them.
#[cfg(feature = "hydrate")]
mod file {
    use leptos::ev;
    use wasm_bindgen::{JsCast, JsValue};

    type File = (String, f64, web_sys::Blob);

    /// The file that was chosen. The choice is emptied, so that the same file can be chosen again once it is put right.
    pub fn chosen(event: &ev::Event) -> Option<File> {
        let input = event.target()?;
        let file = first(&js_sys::Reflect::get(&input, &"files".into()).ok()?);
        let _ = js_sys::Reflect::set(&input, &"value".into(), &"".into());
        file
    }

    /// The file that was let go over the page.
    pub fn dropped(event: &ev::DragEvent) -> Option<File> {
        let carried = js_sys::Reflect::get(event, &"dataTransfer".into()).ok().filter(JsValue::is_object)?;
        first(&js_sys::Reflect::get(&carried, &"files".into()).ok()?)
    }

    fn first(files: &JsValue) -> Option<File> {
        let file = js_sys::Reflect::get_u32(files, 0).ok()?;
        let name = js_sys::Reflect::get(&file, &"name".into()).ok()?.as_string()?;
        let blob: web_sys::Blob = file.dyn_into().ok()?;
        Some((name, blob.size(), blob))
    }

    /// All of a file.
    pub async fn read(blob: web_sys::Blob) -> Result<Vec<u8>, String> {
        let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer()).await;
        match buffer {
            Ok(buffer) => Ok(js_sys::Uint8Array::new(&buffer).to_vec()),
            Err(_) => Err("it was moved or changed meanwhile. Choose it again.".into()),
        }
    }
}

/// Nobody gives the server files.
#[cfg(not(feature = "hydrate"))]
mod file {
    use leptos::ev;

    type File = (String, f64, web_sys::Blob);

    pub fn chosen(_: &ev::Event) -> Option<File> {
        None
    }

    pub fn dropped(_: &ev::DragEvent) -> Option<File> {
        None
    }

    pub async fn read(_: web_sys::Blob) -> Result<Vec<u8>, String> {
        Err("files are read in the browser.".into())
    }
}
