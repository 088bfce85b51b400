//! A part of the page that loads and fails by itself: its skeleton, its error with a way to try again, its content.

use crate::{
    api::ApiError,
    components::icon::{Icon, icon},
};
use leptos::prelude::*;
use std::{future::Future, pin::Pin, sync::Arc};

/// Becomes ready, or says why not.
pub type Ready = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send>> + Send + Sync>;

/// Shows `content` once `ready` is. `what` completes "could not be loaded".
pub fn part(
    what: &'static str,
    ready: Ready,
    retry: Callback<()>,
    content: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let body = move || {
        let (ready, content) = (ready(), content.clone());
        Suspend::new(async move {
            match ready.await {
                Ok(()) => content(),
                Err(error) => failed(what, &error, retry),
            }
        })
    };
    view! { <Suspense fallback=bones>{body}</Suspense> }.into_any()
}

fn bones() -> AnyView {
    let lines = (0..6).map(|_| view! { <div class="load-bone"></div> }).collect_view();
    view! {
        <div class="load-bones" aria-hidden="true">
            {lines}
        </div>
        <p class="sr-only" role="status">
            "Loading"
        </p>
    }
    .into_any()
}

fn failed(what: &'static str, error: &ApiError, retry: Callback<()>) -> AnyView {
    view! {
        <div class="part-note" role="alert">
            <p>
                <strong>{format!("{what} could not be loaded.")}</strong>
                " "
                {error.message.clone()}
            </p>
            {again(retry)}
        </div>
    }
    .into_any()
}

/// Over a list that is there: that its last news could not be fetched.
pub fn behind(error: Signal<Option<ApiError>>, retry: Callback<()>) -> AnyView {
    let note = move || {
        error.get().map(|error| {
            view! {
                <div class="part-note part-behind">
                    <p>{format!("This may be old: {}", error.message)}</p>
                    {again(retry)}
                </div>
            }
        })
    };
    view! { <div role="status">{note}</div> }.into_any()
}

fn again(retry: Callback<()>) -> AnyView {
    view! {
        <button type="button" class="button button-small" on:click=move |_| retry.run(())>
            {icon(Icon::Retry)}
            "Try again"
        </button>
    }
    .into_any()
}

/// The button under a list that has older ones.
pub fn show_older(more: Signal<bool>, fetching: Signal<bool>, fetch: Callback<()>) -> AnyView {
    view! {
        <Show when=move || more.get()>
            <button
                type="button"
                class="button button-small part-older"
                aria-disabled=move || fetching.get().then_some("true")
                on:click=move |_| fetch.run(())
            >
                {move || if fetching.get() { "Loading…" } else { "Show older" }}
            </button>
        </Show>
    }
    .into_any()
}
