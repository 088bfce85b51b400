//! The board itself, once its snapshot is there.

use super::{
    alerts::Alerts,
    board_model::BoardModel,
    board_view::Layout,
    bulk::{BulkBar, QuestionOfMany, ReportDialog, StepsMenu},
    claim::tell_of_take_overs,
    context_menu::ContextMenu,
    covering::Covering,
    desk::Desk,
    filter_bar::FilterBar,
    focus, hands,
    judgement::Viewer,
    keys_dialog::KeysDialog,
    lane::LaneColumn,
    lane_switch::LaneSwitch,
    load_panel::LoadPanel,
    move_menu::MoveMenu,
    move_question::MoveQuestion,
    palette::BoardPalette,
    reach::Reach,
    strip::Strip,
    timeline::Timeline,
    tools::Tools,
};
use crate::{
    api::{auth::User, loads::GetBoard},
    domain::{load_filter::LoadFilter, role::Role, status::Lane},
    events::{LoadLocationBatch, LoadLocationUpdated},
    realtime::{LiveQuery, use_presence_view, use_socket_event},
};
use leptos::prelude::*;

#[component]
pub fn Board(model: BoardModel, user: User, tools: Tools, live: LiveQuery<GetBoard>, alerts: Alerts) -> impl IntoView {
    model.clock().run();
    // Loads without a carrier are not theirs to see.
    match user.role {
        Role::Carrier => tools.shown.set(Lane::Tendered),
        Role::Driver => tools.shown.set(Lane::Dispatched),
        _ => {}
    }
    let desk = Desk::new(model, Viewer::of(&user), tools, Reach::of(live));
    alerts.watch(desk);
    tell_of_take_overs(desk);
    follow_trucks(desk);
    focus::keep_focus(desk);
    desk.welcome_back();
    hands::listen(desk);
    hands::keep_to_the_board(desk);
    use_presence_view("dispatch", desk.in_view());
    let layout = Memo::new(move |_| desk.tools.view.with(|view| view.layout));
    view! {
        <FilterBar desk />
        {move || match layout.get() {
            Layout::Lanes => lanes(desk),
            Layout::Timeline => view! { <Timeline desk /> }.into_any(),
        }}
        <NoMatch desk />
        <LoadPanel desk />
        <BulkBar desk />
        <MoveMenu desk />
        <ContextMenu desk />
        <StepsMenu desk />
        <MoveQuestion desk />
        <QuestionOfMany desk />
        <ReportDialog desk />
        <KeysDialog desk />
        <BoardPalette desk />
        <Covering desk />
        <p class="sr-only" role="status">
            {move || desk.said.get()}
        </p>
    }
}

/// Positions are of another namespace than the board's snapshot: staff hear of them in batches, others one by one.
fn follow_trucks(desk: Desk) {
    use_socket_event::<LoadLocationBatch>(move |batch| {
        let model = desk.model();
        batch.data.positions.iter().for_each(|position| model.locate(position));
    });
    use_socket_event::<LoadLocationUpdated>(move |position| desk.model().locate(&position.data));
}

fn lanes(desk: Desk) -> AnyView {
    let lanes = Lane::ALL.map(|lane| view! { <LaneColumn desk lane /> }.into_any()).into_iter().collect_view();
    view! {
        <LaneSwitch desk />
        <Strip desk>{lanes}</Strip>
    }
    .into_any()
}

/// Under a filter: how much it leaves, said to those who don't see it, and a way out when it leaves nothing.
#[component]
fn NoMatch(desk: Desk) -> impl IntoView {
    let tally = Memo::new(move |_| {
        let counts = desk.lanes.map(|lane| lane.with(|order| (order.ids.len(), order.total)));
        counts.into_iter().fold((0, 0), |(shown, total), lane| (shown + lane.0, total + lane.1))
    });
    let filtered = Memo::new(move |_| desk.tools.view.with(|view| !view.filter.is_empty()));
    let said = move || {
        let (shown, total) = tally.get();
        filtered.get().then(|| format!("{shown} of {total} loads match"))
    };
    let nothing = move || filtered.get() && matches!(tally.get(), (0, total) if total > 0);
    let words = move || {
        let text = desk.tools.view.with(|view| view.filter.text.trim().to_owned());
        if text.is_empty() {
            "No load matches the filter.".to_owned()
        } else {
            format!("No load matches “{text}”.")
        }
    };
    view! {
        <p class="sr-only" role="status">
            {said}
        </p>
        <Show when=nothing>
            <div class="no-match">
                <p>{words}</p>
                <button type="button" class="button" on:click=move |_| desk.tools.look(|view| view.filter = LoadFilter::default())>
                    "Clear filter"
                </button>
            </div>
        </Show>
    }
}
