//! The page of a load before the load is there, and when it can't be.

use leptos::prelude::*;
use leptos_meta::Title;

/// Head, facts and list of their final size, empty.
#[component]
pub fn Skeleton() -> impl IntoView {
    let lines = |count: usize| (0..count).map(|_| view! { <div class="load-bone"></div> }).collect_view();
    view! {
        <div class="load-head" aria-hidden="true">
            <div class="load-bone load-bone-title"></div>
        </div>
        <div class="load-body" data-first="" aria-hidden="true">
            <div class="load-side">{lines(12)}</div>
            <div class="tabs"></div>
            <div class="load-panel">{lines(8)}</div>
        </div>
        <p class="sr-only" role="status">
            "Loading the load"
        </p>
    }
}

/// There is none with this id for the person who asks: it may be another company's, and this page does not tell.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="No such load" />
        <div class="notice">
            <h2>"There is no such load"</h2>
            <p>"The address may be mistyped, the load was deleted, or it is not yours to see."</p>
            <a class="button button-primary" href="/dispatch">
                "Back to the Dispatch Board"
            </a>
        </div>
    }
}
