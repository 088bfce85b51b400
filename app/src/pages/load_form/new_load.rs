//! The page on which a load is booked, from nothing or from another load.

use super::{
    desk::FormDesk,
    draft::LoadDraft,
    form::Form,
    places::{LoadWithPlaces, load_with_places},
};
use crate::{
    api::{ApiError, ErrorCode, auth::User},
    components::no_right::NoRight,
    domain::{id::LoadId, role::Permission},
    pages::layout::{PageHeader, SessionOver, is_over, use_user},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn NewLoad() -> impl IntoView {
    let user = use_user();
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|query| query.get_str("from").and_then(|id| id.parse::<LoadId>().ok())));
    let other = Resource::new_blocking(
        move || from.get(),
        |from| async move {
            match from {
                Some(id) => load_with_places(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let content = move || {
        Suspend::new(async move {
            let user = match user.await {
                Ok(user) => user,
                Err(error) => return instead(error),
            };
            if !user.permissions.contains(&Permission::LoadChange) {
                return denied();
            }
            match other.await {
                Ok(other) => form(&user, other),
                Err(error) if error.code == ErrorCode::NotFound => form(&user, None),
                Err(error) => instead(error),
            }
        })
    };
    view! {
        <PageHeader title="New load">
            <a class="button button-small" href="/loads/import">
                "Import a file"
            </a>
        </PageHeader>
        <main id="main" class="form-page" tabindex="-1">
            <Suspense fallback=waiting>{content}</Suspense>
        </main>
    }
}

fn form(user: &User, other: Option<LoadWithPlaces>) -> AnyView {
    let (name, start) = match other {
        Some(LoadWithPlaces { load, places }) => {
            (format!("from:{}", load.card.id), LoadDraft::of_load(&load, &places).again())
        }
        None => ("new".to_owned(), LoadDraft::default()),
    };
    view! { <Form desk=FormDesk::new(user, &name, start, None) /> }.into_any()
}

fn denied() -> AnyView {
    let text = "Admins, ops managers and dispatchers book loads. Ask one of them, or an admin for the right.";
    view! { <NoRight title="Your role may not book loads" text /> }.into_any()
}

/// What stands in place of a form that could not be made.
pub(super) fn instead(error: ApiError) -> AnyView {
    if is_over(&error) {
        return view! { <SessionOver error /> }.into_any();
    }
    view! {
        <div class="notice">
            <h2>"The form could not be opened"</h2>
            <p>{error.message}</p>
            <a class="button button-primary" href="" rel="external">
                "Try again"
            </a>
        </div>
    }
    .into_any()
}

/// The size of the form, until it is there.
pub(super) fn waiting() -> AnyView {
    view! {
        <div class="form form-waiting" aria-busy="true" aria-label="Loading the form">
            <div class="form-part"></div>
            <div class="form-part"></div>
            <div class="form-part"></div>
        </div>
    }
    .into_any()
}
