//! What stands in place of a page that one's role may not use.

use leptos::prelude::*;

#[component]
pub fn NoRight(
    /// What was not opened, as a sentence.
    #[prop(into)]
    title: String,
    /// Who may, and whom to ask.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="notice" data-denied>
            <h2>{title}</h2>
            <p>{text}</p>
            <a class="button button-primary" href="/dispatch">
                "Go to the Dispatch Board"
            </a>
        </div>
    }
    .into_any()
}
