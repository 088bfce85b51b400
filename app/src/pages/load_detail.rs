//! The page of a load: what it is, where it stops, what was said and what happened, live, and what may be done with it.
//!
//! `load_model` holds the load and folds events in, `load_desk` what is open over it and what is sent. `overview`,
//! `stops`, `timeline`, `calls` and `talk` show its parts; `shelf` is a list with older ones to be asked for.

mod calls;
mod head;
mod load_desk;
mod load_fetch;
mod load_host;
mod load_model;
mod message;
mod overlays;
mod overview;
mod part;
mod passage;
mod sheet;
mod shelf;
mod steps;
mod stops;
mod tab;
mod tabs;
mod talk;
mod talk_model;
mod talk_query;
mod talk_send;
mod timeline;
mod waiting;
mod whereabouts;

use crate::{
    api::{ApiError, ErrorCode, loads::GetLoadDetail, positions::ListCheckCalls, timeline::GetTimeline},
    components::icon::{Icon, icon},
    domain::id::LoadId,
    pages::{
        dispatch_board::freshness::Freshness,
        layout::{CouldNotLoad, PageHeader, SessionOver, is_over, use_user},
        status::answer_not_found,
        way_back::WayBack,
    },
    realtime::{Room, Screen, use_live_query, use_presence_view, use_room},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use load_model::LoadModel;
use sheet::{Parts, Sheet};
use shelf::{AT_ONCE, Shelf};
use tab::Place;
use talk_query::Talk;
use waiting::{NotFound, Skeleton};

/// Three times the polling of this page, in milliseconds: what is older is called stale.
const STALE: i64 = 3 * 1_000 * Screen::Load.poll_seconds() as i64;

#[component]
pub fn LoadDetail() -> impl IntoView {
    let params = use_params_map();
    let asked = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<LoadId>().ok())));
    move || match asked.get() {
        Some(load) => view! { <OneLoad load /> }.into_any(),
        None => {
            answer_not_found();
            framed(view! { <NotFound /> }.into_any())
        }
    }
}

/// Everything of one load; another load is another one of these.
#[component]
fn OneLoad(load: LoadId) -> impl IntoView {
    let user = use_user();
    let model = LoadModel::new(load);
    let live = use_live_query(Screen::Load, move || GetLoadDetail(load), model.clone());
    use_room(Room::TrackedLoad(load));
    use_presence_view("load", Signal::stored(Some(load)));
    if let Some(way) = WayBack::used() {
        way.looked_at(load);
    }
    let ready = move || live.ready();
    let limit = Some(AT_ONCE);
    let parts = Parts {
        place: Place::new(),
        timeline: Shelf::new(ready, move |cursor| GetTimeline { load, cursor, limit }),
        calls: Shelf::new(ready, move |cursor| ListCheckCalls { load, cursor, limit }),
        talk: Talk::new(ready, model.clone()),
        refetch: Callback::new(move |()| live.refetch()),
    };
    // What failed is awaited below, so that the page is rendered anew with the answer.
    let retry = Callback::new(move |()| {
        user.refetch();
        live.refetch();
    });
    let shown = model.clone();
    let sheet = move || {
        let model = shown.clone();
        Suspend::new(async move {
            let user = match user.await {
                Ok(user) => user,
                Err(error) => return instead(error, retry),
            };
            match live.ready().await {
                Ok(()) => view! { <Sheet model user parts /> }.into_any(),
                Err(error) => instead(error, retry),
            }
        })
    };
    let clock = model.clock().clone();
    framed(
        view! {
            <Suspense fallback=|| view! { <Skeleton /> }>{sheet}</Suspense>
            <Freshness fresh_at=live.fresh_at() error=live.error() clock stale=STALE />
        }
        .into_any(),
    )
}

fn framed(content: AnyView) -> AnyView {
    let way = WayBack::used();
    let back = move || way.map(WayBack::place).unwrap_or_default();
    view! {
        <PageHeader title="Load">
            <a class="load-back" href=move || back().address>
                {icon(Icon::Arrow)}
                {move || back().words}
            </a>
        </PageHeader>
        <main id="main" class="load" tabindex="-1">
            {content}
        </main>
    }
    .into_any()
}

/// What stands in place of the load.
fn instead(error: ApiError, retry: Callback<()>) -> AnyView {
    if is_over(&error) {
        return view! { <SessionOver error /> }.into_any();
    }
    if error.code == ErrorCode::NotFound {
        answer_not_found();
        return view! { <NotFound /> }.into_any();
    }
    view! { <CouldNotLoad what="The load" error on_retry=retry /> }.into_any()
}
