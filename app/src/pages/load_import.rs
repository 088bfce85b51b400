//! Booking many loads from a file: choose it, see what it would do, confirm, and watch it being done.
//!
//! `decode` makes text of a file's bytes and `sheet` rows of text, whatever program wrote them; the server judges the
//! rows. Nothing is stored before the person has seen the judgement and said yes.

mod choose;
mod columns;
mod decode;
mod desk;
mod mistakes;
mod preview;
mod progress;
mod sheet;

use crate::{
    api::{auth::User, call, facilities::ListFacilities},
    components::no_right::NoRight,
    domain::role::Permission,
    pages::layout::{PageHeader, SessionOver, is_over, use_user},
};
use choose::Choose;
use columns::Columns;
use desk::{ImportDesk, Stage};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use preview::Preview;
use progress::Progress;
use uuid::Uuid;

#[component]
pub fn ImportLoadsPage() -> impl IntoView {
    let user = use_user();
    let query = use_query_map();
    let running = Memo::new(move |_| query.with(|query| query.get_str("id").and_then(|id| id.parse::<Uuid>().ok())));
    // Names for the example of the template; it does without them, too.
    let examples = Resource::new_blocking(
        || (),
        |()| async {
            let request = ListFacilities { limit: Some(2), ..ListFacilities::default() };
            let found = call(request).await.map(|page| page.data).unwrap_or_default();
            found.into_iter().map(|facility| facility.name).collect::<Vec<_>>()
        },
    );
    let content = move || {
        Suspend::new(async move {
            match user.await {
                Ok(user) if !user.permissions.contains(&Permission::LoadChange) => {
                    let text =
                        "Admins, ops managers and dispatchers book loads. Ask one of them, or an admin for the right.";
                    view! { <NoRight title="Your role may not import loads" text /> }.into_any()
                }
                Ok(user) => import(&user, examples.await, running),
                Err(error) if is_over(&error) => view! { <SessionOver error /> }.into_any(),
                Err(error) => {
                    view! { <div class="notice"><h2>"The page could not be opened"</h2><p>{error.message}</p></div> }
                        .into_any()
                }
            }
        })
    };
    view! {
        <PageHeader title="Import loads">
            <a class="button button-small" href="/loads/new">
                "New load"
            </a>
        </PageHeader>
        <main id="main" class="form-page" tabindex="-1">
            <Suspense fallback=|| view! { <div class="form form-waiting" aria-busy="true"></div> }>{content}</Suspense>
        </main>
    }
}

fn import(user: &User, examples: Vec<String>, running: Memo<Option<Uuid>>) -> AnyView {
    let desk = ImportDesk::new();
    let sees_money = user.permissions.contains(&Permission::FinanceView);
    let examples = StoredValue::new(examples);
    let stage = move || match (running.get(), desk.stage.get()) {
        (Some(id), _) => view! { <Progress id /> }.into_any(),
        (None, Stage::Preview(seen)) => view! { <Preview desk seen /> }.into_any(),
        (None, _) => view! {
            <Choose desk />
            <Columns sees_money examples=examples.get_value() />
        }
        .into_any(),
    };
    view! { <div class="form import">{stage}</div> }.into_any()
}
