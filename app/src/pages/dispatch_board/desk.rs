//! The board at work: what it shows, who looks at it, what is open on it, and what the hands are on.

use super::{
    board_model::BoardModel,
    bulk::ManyQuestion,
    hands::Hands,
    judgement::{Landing, Viewer},
    lane_order::LaneOrder,
    reach::Reach,
    tools::Tools,
    watchers::Watchers,
};
use crate::{
    api::loads::BoardRules,
    components::{
        clock::Clock,
        menu::Anchor,
        toast::{Toasts, use_toasts},
    },
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{Lane, LoadStatus, Step},
    },
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is open over the board: one thing at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Asks before a step is sent.
    Question(Box<Question>),
    /// Asks once before a step of many loads is sent.
    Many(ManyQuestion),
    /// Chooses a carrier for loads.
    Carrier(CarrierChoice),
    /// Takes down what the driver said.
    CheckCall(LoadId),
    /// Says what became of each of many loads.
    Report(BulkReport),
    /// Finds loads and deeds by name.
    Palette,
    /// Lists the keys.
    Keys,
}

/// Loads that a carrier is to be chosen for, as the person saw them.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierChoice {
    pub loads: Vec<LoadCard>,
    /// Offers them to the carrier as well.
    pub tender: bool,
}

/// What became of each of many loads.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkReport {
    /// What was asked for, in the past tense: `dispatched`.
    pub done: String,
    /// How many it was done to.
    pub good: usize,
    /// Load number and reason of those that it was not done to.
    pub refused: Vec<(String, String)>,
}

/// A menu that is open: of which load, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenMenu {
    pub load: LoadId,
    pub anchor: Anchor,
}

/// What is asked before a move is sent. The card is as the person saw it, with the version that the move names.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub card: LoadCard,
    pub to: LoadStatus,
    /// The step that needs a reason; `None` where only a yes is needed.
    pub explain: Option<Step>,
}

/// A card in the hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    pub load: LoadId,
    pub number: String,
    pub version: i64,
    pub status: LoadStatus,
    pub landings: [Landing; 6],
    pub over: Option<Lane>,
}

/// Everything that the parts of the board share. Copied freely; it lives as long as the board is shown.
#[derive(Clone, Copy)]
pub struct Desk {
    model: StoredValue<BoardModel>,
    pub tools: Tools,
    /// Whether the board keeps still: a hand or a menu is on it, or it is paused.
    pub held: Memo<bool>,
    pub viewer: Viewer,
    pub reach: Reach,
    pub toasts: Toasts,
    /// What each lane shows.
    pub lanes: [Memo<LaneOrder>; 6],
    /// The card of each lane that Tab leads to.
    pub tab_stops: [Memo<Option<Uuid>>; 6],
    /// The card that was worked with last.
    pub active: RwSignal<Option<LoadId>>,
    /// A card that shall take the focus as soon as it is there.
    pub wish: RwSignal<Option<LoadId>>,
    /// The card that has the focus, and where it was when it got it.
    pub focused: StoredValue<Option<(LoadId, usize, usize)>>,
    pub menu: RwSignal<Option<OpenMenu>>,
    pub panel: RwSignal<Option<LoadId>>,
    /// Loads whose cards are expanded.
    pub expanded: RwSignal<BTreeSet<Uuid>>,
    pub overlay: RwSignal<Option<Overlay>>,
    /// What became of many loads while something else was open.
    pub late_report: RwSignal<Option<BulkReport>>,
    /// What is open has stepped aside until its change is answered: the board moves on meanwhile.
    pub sending: RwSignal<bool>,
    /// Who else looks at which load.
    pub watchers: Watchers,
    /// The card that has the focus, for others to know.
    pub looked_at: RwSignal<Option<LoadId>>,
    /// Loads that are chosen together, for what is done to many.
    pub selection: RwSignal<BTreeSet<LoadId>>,
    pub carried: RwSignal<Option<Carried>>,
    pub hands: Hands,
    /// What was just done, for those who don't see it.
    pub said: RwSignal<String>,
}

impl Desk {
    pub fn new(model: BoardModel, viewer: Viewer, tools: Tools, reach: Reach) -> Self {
        let (menu, overlay, carried) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
        let hands = Hands::new();
        let sending = RwSignal::new(false);
        let held = Memo::new(move |_| {
            tools.paused.get()
                || hands.are_reading()
                || menu.with(Option::is_some)
                || overlay.with(Option::is_some) && !sending.get()
                || carried.with(Option::is_some)
        });
        let lanes = Lane::ALL.map(|lane| lane_memo(model.clone(), lane, viewer, tools, held));
        let active = RwSignal::new(None::<LoadId>);
        count_waiting(model.clone(), tools, held);
        Self {
            model: StoredValue::new(model),
            tools,
            held,
            viewer,
            reach,
            toasts: use_toasts(),
            lanes,
            tab_stops: lanes.map(|lane| tab_stop(lane, active)),
            active,
            wish: RwSignal::new(None),
            focused: StoredValue::new(None),
            menu,
            panel: RwSignal::new(None),
            expanded: RwSignal::new(BTreeSet::new()),
            overlay,
            late_report: RwSignal::new(None),
            sending,
            watchers: Watchers::new(viewer.id),
            looked_at: RwSignal::new(None),
            selection: RwSignal::new(BTreeSet::new()),
            carried,
            hands,
            said: RwSignal::new(String::new()),
        }
    }

    pub fn model(self) -> BoardModel {
        self.model.get_value()
    }

    /// `None` once the board is shown no more.
    pub fn try_model(self) -> Option<BoardModel> {
        self.model.try_get_value()
    }

    /// What cards are judged by. Follows it.
    pub fn rules(self) -> BoardRules {
        self.model.with_value(BoardModel::rules)
    }

    pub fn clock(self) -> Clock {
        self.model.with_value(|model| model.clock().clone())
    }

    /// Closes what is open over the board.
    pub fn close_overlay(self) {
        self.overlay.set(None);
        self.refocus();
    }

    /// Lane and index of a card as shown.
    pub fn place_of(self, load: LoadId) -> Option<(usize, usize)> {
        self.lanes.iter().enumerate().find_map(|(lane, order)| {
            let index = order.with_untracked(|order| order.ids.iter().position(|id| *id == load.0))?;
            Some((lane, index))
        })
    }

    /// The card at a place as shown.
    pub fn card_at(self, (lane, index): (usize, usize)) -> Option<LoadId> {
        self.lanes.get(lane)?.with_untracked(|order| order.ids.get(index).copied()).map(LoadId)
    }
}

/// A lane's order. While a card is carried, a menu read or the board paused, the lane keeps still; only a change of the
/// view meanwhile is answered.
fn lane_memo(model: BoardModel, lane: Lane, viewer: Viewer, tools: Tools, held: Memo<bool>) -> Memo<LaneOrder> {
    Memo::new(move |shown: Option<&LaneOrder>| {
        let view = tools.view.get();
        match shown {
            Some(shown) if held.get() && shown.view == view => shown.clone(),
            _ => model.order(lane, view, viewer.id, model.clock().now()),
        }
    })
}

fn tab_stop(lane: Memo<LaneOrder>, active: RwSignal<Option<LoadId>>) -> Memo<Option<Uuid>> {
    Memo::new(move |_| {
        lane.with(|order| {
            let active = active.get().map(|load| load.0).filter(|id| order.ids.contains(id));
            active.or_else(|| order.ids.first().copied())
        })
    })
}

/// Counts the changes that wait while the board is held.
fn count_waiting(model: BoardModel, tools: Tools, held: Memo<bool>) {
    Effect::new(move |since: Option<u64>| {
        let changes = model.changes();
        let since = since.filter(|_| held.get()).unwrap_or(changes);
        tools.waiting.set(changes - since);
        since
    });
}
