//! A modal dialog on the native `<dialog>`, which keeps focus inside, makes the rest inert and closes on Esc.

use leptos::{html, prelude::*};

/// Shows itself as soon as it is mounted; the caller mounts it when there is something to ask, and unmounts it in
/// `on_close`, which also runs on Esc. Whoever opens it gives the focus back afterwards.
#[component]
pub fn Dialog(#[prop(into)] title: String, #[prop(into)] on_close: Callback<()>, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            // It fails only for an element that is not in the document.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby="dialog-title"
            on:close=move |_| on_close.run(())
            // Keys typed here are not the board's.
            on:keydown=|event| event.stop_propagation()
        >
            <h2 id="dialog-title" class="dialog-title">
                {title}
            </h2>
            {children()}
        </dialog>
    }
}
