//! The Dispatch Board: every load that is worked, in six lanes, live for everybody at the desk.
//!
//! `board_model` holds the loads and folds events in, `desk` what is open and in hand, `moves` asks for moves and says
//! what became of them, `judgement` which there are; `covering` opens what covers a load and sends its truck. `card`,
//! `expanded`, `lane` and `strip` show it and take presses.
//! `deeds` is the table of all that can be done, for menus, keys and palette; `hands` chooses loads and takes keys, `bulk`
//! does one thing to many.

mod alerts;
mod board;
mod board_model;
mod board_view;
mod bulk;
mod card;
mod card_row;
mod claim;
mod context_menu;
mod covering;
mod day_choice;
mod deeds;
mod desk;
mod drag;
mod expanded;
mod export;
pub(in crate::pages) mod face;
mod filter_bar;
mod filter_box;
mod filter_chip;
mod filter_kinds;
mod filter_offers;
mod focus;
pub(in crate::pages) mod freshness;
mod hands;
pub(in crate::pages) mod judgement;
mod keys;
mod keys_dialog;
mod lane;
mod lane_order;
mod lane_sort;
mod lane_switch;
mod layout_switch;
mod load_panel;
pub(in crate::pages) mod move_menu;
pub(in crate::pages) mod move_question;
pub(in crate::pages) mod moves;
mod palette;
mod panel_deeds;
mod preset_bar;
mod presets;
mod reach;
mod saved_view_row;
mod saved_views;
mod strip;
mod timeline;
mod tools;
mod view_options;
mod waiting;
mod watchers;

use crate::{
    api::{ApiError, call, loads::GetBoard, presets::ListPresets},
    pages::layout::{CouldNotLoad, PageHeader, SessionOver, is_over, use_user},
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
use waiting::Skeleton;

/// Three times the polling of the board, in milliseconds.
const STALE: i64 = 3 * 1_000 * Screen::Board.poll_seconds() as i64;

#[component]
pub fn DispatchBoard() -> impl IntoView {
    let user = use_user();
    let tools = Tools::new();
    let alerts = Alerts::new();
    let model = BoardModel::default();
    let live = use_live_query(Screen::Board, || GetBoard, model.clone());
    let saved = Resource::new(|| (), |()| async { call(ListPresets).await.map(|page| page.data) });
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
                Ok(()) => {
                    // The board does without them.
                    tools.know_saved(saved.await);
                    view! { <Board model user tools live alerts /> }.into_any()
                }
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
        <main
            id="main"
            class="board"
            tabindex="-1"
            data-density=move || tools.dense.get().then_some("rows")
        >
            <Suspense fallback=|| view! { <Skeleton /> }>{board}</Suspense>
            <Freshness fresh_at=live.fresh_at() error=live.error() clock=model.clock().clone() stale=STALE />
        </main>
    }
}

/// What stands in place of the board.
fn instead(error: ApiError, retry: Callback<()>) -> AnyView {
    if is_over(&error) {
        view! { <SessionOver error /> }.into_any()
    } else {
        view! { <CouldNotLoad what="The board" error on_retry=retry /> }.into_any()
    }
}
