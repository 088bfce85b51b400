//! The page on which a load is changed.

use super::{
    desk::{FormDesk, edit_name},
    draft::LoadDraft,
    form::Form,
    new_load::{instead, waiting},
    places::{LoadWithPlaces, load_with_places},
};
use crate::{
    api::{ApiError, ErrorCode, auth::User},
    components::no_right::NoRight,
    domain::{id::LoadId, role::Permission},
    pages::layout::{PageHeader, use_user},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn EditLoad() -> impl IntoView {
    let user = use_user();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<LoadId>().ok())));
    let load = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => load_with_places(id).await,
                None => Err(ApiError::new(ErrorCode::NotFound, "There is no such load.")),
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
                let text =
                    "Admins, ops managers and dispatchers change loads. Ask one of them, or an admin for the right.";
                return view! { <NoRight title="Your role may not change loads" text /> }.into_any();
            }
            match load.await {
                Ok(load) => form(&user, load),
                Err(error) if error.code == ErrorCode::NotFound => {
                    notice("There is no such load", "It may have been deleted, or the address may be mistyped.".into())
                }
                Err(error) => instead(error),
            }
        })
    };
    view! {
        <PageHeader title="Edit load">""</PageHeader>
        <main id="main" class="form-page" tabindex="-1">
            <Suspense fallback=waiting>{content}</Suspense>
        </main>
    }
}

fn form(user: &User, LoadWithPlaces { load, places }: LoadWithPlaces) -> AnyView {
    let card = &load.card;
    if card.status.is_final() {
        let text = format!("A load that is {} stays as it was.", card.status.label().to_lowercase());
        return notice("This load can't be changed any more", format!("{}: {text}", card.load_number));
    }
    let name = edit_name(card.id);
    let start = LoadDraft::of_load(&load, &places);
    view! { <Form desk=FormDesk::new(user, &name, start, Some(load)) /> }.into_any()
}

fn notice(title: &'static str, text: String) -> AnyView {
    view! {
        <div class="notice">
            <h2>{title}</h2>
            <p>{text}</p>
            <a class="button button-primary" href="/dispatch">
                "Go to the Dispatch Board"
            </a>
        </div>
    }
    .into_any()
}
