//! Doing deeds: each is handed to the part of the board that knows how.

use super::{Deed, Entry, Grip, entry, fit::Claimer};
use crate::{
    api::load_actions::Claim,
    components::{clipboard, menu::Anchor},
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{Lane, LoadStatus},
    },
    pages::dispatch_board::{
        board_model::CardSignals,
        bulk::Act,
        claim::ClaimDeed,
        desk::{CarrierChoice, Desk, OpenMenu, Overlay},
    },
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};

const GONE: &str = "This load is no longer on the board.";

impl Desk {
    /// The loads in hand as they are now; those that have left the board are left out.
    pub fn grip(self, loads: &[LoadId]) -> Grip {
        let model = self.model();
        let signals: Vec<_> = loads.iter().filter_map(|load| Some((*load, model.signals(*load)?))).collect();
        let moving = |(load, signals): &(LoadId, CardSignals)| Some((*load, signals.intent.get_untracked()?));
        let moving = signals.iter().filter_map(moving).collect();
        let cards: Vec<LoadCard> = signals.iter().map(|(_, signals)| signals.card.get_untracked()).collect();
        let selected = self.selection.with_untracked(|chosen| cards.iter().any(|card| chosen.contains(&card.id)));
        Grip {
            viewer: self.viewer,
            cards,
            moving,
            selected,
            can_undo: self.hands.moves.with_untracked(|moves| !moves.is_empty()),
            paused: self.tools.paused.get_untracked(),
        }
    }

    /// Does a deed to loads, or says why not. What opens beside something opens at `anchor`.
    pub fn run(self, deed: Deed, loads: &[LoadId], anchor: Anchor) {
        let grip = self.grip(loads);
        if let Some(reason) = grip.refusal(deed) {
            let is_gone = grip.cards.is_empty() && !loads.is_empty();
            let words = if is_gone { GONE.to_owned() } else { refused(entry(deed), &grip.cards, &reason) };
            self.toasts.refusal(words);
            return;
        }
        match deed {
            Deed::To(lane) => return self.take_to_lane(grip.cards, lane),
            Deed::Dispatch => return self.ask_many(grip.cards, LoadStatus::Dispatched),
            Deed::Assign | Deed::Tender => {
                let choice = CarrierChoice { loads: grip.at_rest(), tender: deed == Deed::Tender };
                return self.open(Overlay::Carrier(choice));
            }
            Deed::Claim => {
                // Of one load it can be told who was first, with a way to take it over.
                if let [card] = grip.cards.as_slice() {
                    return self.claim(card.id, ClaimDeed::of(card.claimed_by.as_ref(), self.viewer.id));
                }
                let claim =
                    Claim { claimed: grip.claimer() != Claimer::Me, take_over: grip.claimer() == Claimer::Other };
                self.start(grip.cards, Act::Claim(claim));
                return;
            }
            Deed::Hot => {
                let hot = !grip.all_hot();
                self.start(grip.cards, Act::Hot(hot));
                return;
            }
            Deed::CopyNumber => return self.copy_numbers(&grip.cards),
            Deed::Export if !grip.cards.is_empty() && grip.selected => return self.export(loads.to_vec()),
            _ => {}
        }
        if let [load] = loads {
            match deed {
                Deed::Details => return self.panel.set(Some(*load)),
                // A bar of the timeline has no room to expand.
                Deed::Expand if self.tools.is_timeline() => return self.panel.set(Some(*load)),
                Deed::Expand => return self.expand(*load),
                Deed::Page => return self.hands.go(&format!("/loads/{load}")),
                Deed::Menu => return self.open_deeds(*load, anchor),
                Deed::Move => return self.menu.set(Some(OpenMenu { load: *load, anchor })),
                Deed::CheckCall => return self.open(Overlay::CheckCall(*load)),
                Deed::Select => return self.toggle(*load),
                _ => {}
            }
        }
        match deed {
            Deed::Move => self.hands.steps.set(Some(anchor)),
            Deed::Undo => self.undo_last(),
            Deed::SelectAll => self.select_all(),
            Deed::Export => self.export_shown(),
            Deed::NewLoad => self.hands.go("/loads/new"),
            Deed::Filter => focus_filter(),
            Deed::Pause => self.tools.paused.update(|paused| *paused = !*paused),
            Deed::Palette => self.open(Overlay::Palette),
            Deed::Keys => self.open(Overlay::Keys),
            Deed::Close => {
                self.close_one_thing();
            }
            // The rest needs a card with the focus; the keyboard sees to it.
            _ => {}
        }
    }

    /// Takes loads to what a lane stands for. Where that is not the same for all of them, it is what most can take.
    fn take_to_lane(self, cards: Vec<LoadCard>, lane: Lane) {
        if let [card] = cards.as_slice() {
            return self.ask_lane(card.id, lane);
        }
        let away: Vec<LoadCard> = cards.into_iter().filter(|card| card.status.lane() != Some(lane)).collect();
        let targets: Vec<LoadStatus> = away.iter().map(|card| lane.target(card.status)).collect();
        let most = lane.statuses().max_by_key(|status| targets.iter().filter(|target| *target == status).count());
        if let Some(to) = most {
            self.ask_many(away, to);
        }
    }

    fn copy_numbers(self, cards: &[LoadCard]) {
        let numbers: Vec<&str> = cards.iter().map(|card| card.load_number.as_str()).collect();
        let text = numbers.join("\n");
        let said = match numbers.as_slice() {
            [number] => format!("{number} copied"),
            many => format!("{} load numbers copied", many.len()),
        };
        let toasts = self.toasts;
        spawn_local(async move {
            if clipboard::copy(&text).await {
                toasts.notice(said);
            } else {
                toasts.refusal("The browser did not let us copy.");
            }
        });
    }

    /// Closes or clears the uppermost thing. `false` where there is none.
    pub fn close_one_thing(self) -> bool {
        if let Some(load) = self.panel.get_untracked() {
            self.panel.set(None);
            self.focus(load);
            return true;
        }
        self.clear_selection() || self.collapse_all()
    }
}

/// Why nothing was done, said of the load or loads that it was asked for.
fn refused(entry: Option<&Entry>, cards: &[LoadCard], reason: &str) -> String {
    let name = entry.map_or("", |entry| entry.name);
    match cards {
        [card] if entry.is_some_and(Entry::is_of_loads) => format!("{name}: {}: {reason}.", card.load_number),
        [_, ..] if entry.is_some_and(Entry::is_of_loads) => {
            format!("{name}: none of the {} loads. {reason}.", cards.len())
        }
        _ => format!("{name}: {reason}."),
    }
}

/// The field is in the header, outside of the board.
fn focus_filter() {
    let field = document().query_selector("[role=search] input").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let _ = field.focus();
        field.select();
    }
}
