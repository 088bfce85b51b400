//! In place of a page whose data could not be had.

use crate::{
    api::{ApiError, ErrorCode},
    components::icon::{Icon, icon},
};
use leptos::prelude::*;

/// Why there is nothing to show, and what to do about it. `what` begins a sentence: `The board`.
#[component]
pub fn CouldNotLoad(what: &'static str, error: ApiError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let denied = matches!(error.code, ErrorCode::Forbidden | ErrorCode::ForbiddenOrigin);
    let title = if denied { format!("{what} is not open to you") } else { format!("{what} could not be loaded") };
    let retry = (!denied).then(|| {
        view! {
            <button type="button" class="button button-primary" on:click=move |_| on_retry.run(())>
                {icon(Icon::Retry)}
                "Try again"
            </button>
        }
    });
    view! {
        <div class="notice" role="alert">
            <h2>{title}</h2>
            <p>{error.message}</p>
            {retry}
        </div>
    }
}
