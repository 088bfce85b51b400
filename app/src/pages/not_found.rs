//! The page for an address that there is none for.

use crate::components::icon::{Icon, icon};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <main class="notice-page">
            <div class="notice">
                <span class="notice-mark">{icon(Icon::Mark)}</span>
                <h1>"There is no page here"</h1>
                <p>"The address may be mistyped, or what it showed is gone."</p>
                <a class="button button-primary" href="/dispatch">
                    "Go to the Dispatch Board"
                </a>
            </div>
        </main>
    }
}
