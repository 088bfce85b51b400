//! The board before it is there, and when it can't be.

use crate::{
    api::{ApiError, ErrorCode},
    components::icon::{Icon, icon},
    domain::status::Lane,
};
use leptos::prelude::*;

/// Lanes and cards of their final size, empty.
#[component]
pub fn Skeleton() -> impl IntoView {
    let lane = |lane: Lane| {
        let cards = (0..4).map(|_| view! { <div class="card card-skeleton"></div> }).collect_view();
        view! {
            <div class="lane" data-shown=(lane == Lane::Unassigned).then_some("")>
                <div class="lane-head">
                    <span class="lane-title">{lane.label()}</span>
                </div>
                <div class="lane-body lane-skeleton">{cards}</div>
            </div>
        }
        .into_any()
    };
    let lanes = Lane::ALL.map(lane).into_iter().collect_view();
    view! {
        <div class="bar" aria-hidden="true"></div>
        <div class="strip" aria-hidden="true">
            {lanes}
        </div>
        <p class="sr-only" role="status">
            "Loading the board"
        </p>
    }
}

/// Why there is no board, and what to do about it.
#[component]
pub fn NoBoard(error: ApiError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let denied = matches!(error.code, ErrorCode::Forbidden | ErrorCode::ForbiddenOrigin);
    let title = if denied { "The board is not open to you" } else { "The board could not be loaded" };
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
