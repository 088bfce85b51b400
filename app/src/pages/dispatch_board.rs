//! The Dispatch Board: every load that is worked, in six lanes, live for everybody at the desk.
//!
//! `board_model` holds the loads and folds events in, `desk` what is open and in hand, `moves` asks for moves and says
//! what became of them, `judgement` which there are. `card`, `lane` and `strip` show it and take presses and keys.

mod alerts;
mod board;
mod board_model;
mod board_view;
mod card;
mod desk;
mod drag;
mod face;
mod filter_box;
mod freshness;
mod judgement;
mod keys;
mod lane;
mod lane_order;
mod lane_switch;
mod layout_switch;
mod load_panel;
mod move_menu;
mod move_question;
mod moves;
mod reach;
mod strip;
mod timeline;
mod tools;
mod waiting;

use crate::{
    api::{ApiError, loads::GetBoard},
    pages::layout::{PageHeader, SessionOver, is_over, use_user},
    realtime::{Screen, use_live_query},
};
use alerts::{AlertBell, Alerts};
use board::Board;
use board_model::BoardModel;
use filter_box::{FilterBox, PauseButton};
use freshness::Freshness;
use layout_switch::LayoutSwitch;
use leptos::prelude::*;
use tools::Tools;
use waiting::{NoBoard, Skeleton};

#[component]
pub fn DispatchBoard() -> impl IntoView {
    let user = use_user();
    let tools = Tools::new();
    let alerts = Alerts::new();
    let model = BoardModel::default();
    let live = use_live_query(Screen::Board, || GetBoard, model.clone());
    // What failed is awaited below, so that the board is rendered anew with the answer.
    let retry = Callback::new(move |()| {
        user.refetch();
        live.refetch();
    });
    let shown = model.clone();
    let board = move || {
        let model = shown.clone();
        Suspend::new(async move {
            let user = match user.await {
                Ok(user) => user,
                Err(error) => return instead(error, retry),
            };
            match live.ready().await {
                Ok(()) => view! { <Board model user tools live alerts /> }.into_any(),
                Err(error) => instead(error, retry),
            }
        })
    };
    view! {
        <PageHeader title="Dispatch Board">
            <FilterBox tools />
            <LayoutSwitch tools />
            <PauseButton tools />
            <AlertBell alerts />
        </PageHeader>
        <main id="main" class="board" tabindex="-1">
            <Suspense fallback=|| view! { <Skeleton /> }>{board}</Suspense>
            <Freshness live clock=model.clock().clone() />
        </main>
    }
}

/// What stands in place of the board.
fn instead(error: ApiError, retry: Callback<()>) -> AnyView {
    if is_over(&error) {
        view! { <SessionOver error /> }.into_any()
    } else {
        view! { <NoBoard error on_retry=retry /> }.into_any()
    }
}
