//! Choosing loads, one by one, in a range, or all of a lane.

use crate::components::menu::Anchor;
use crate::{
    domain::id::LoadId,
    pages::dispatch_board::desk::{Desk, OpenMenu},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

impl Desk {
    /// What a deed on this card is done to: all chosen loads if it is one of them, else it alone.
    pub fn in_hand(self, load: LoadId) -> Vec<LoadId> {
        let chosen = self.chosen();
        if chosen.len() > 1 && chosen.contains(&load) { chosen } else { vec![load] }
    }

    /// The chosen loads in the order in which the board shows them; those that a filter hides come last.
    pub fn chosen(self) -> Vec<LoadId> {
        self.selection.with_untracked(|selection| {
            if selection.is_empty() {
                return Vec::new();
            }
            let shown = self.lanes.iter().flat_map(|lane| {
                lane.with_untracked(|order| {
                    order.ids.iter().map(|id| LoadId(*id)).filter(|id| selection.contains(id)).collect::<Vec<_>>()
                })
            });
            let mut chosen: Vec<LoadId> = shown.collect();
            if chosen.len() < selection.len() {
                let shown: BTreeSet<LoadId> = chosen.iter().copied().collect();
                chosen.extend(selection.difference(&shown).copied());
            }
            chosen
        })
    }

    /// Chooses a load, or no longer.
    pub fn toggle(self, load: LoadId) {
        self.hands.pivot.set_value(Some(load));
        self.choose(|selection| {
            if !selection.remove(&load) {
                selection.insert(load);
            }
        });
    }

    /// Chooses everything between the card that was chosen last and this one, as its lane shows them.
    pub fn extend_to(self, load: LoadId) {
        let Some((lane, to)) = self.place_of(load) else { return };
        let pivot = self.hands.pivot.get_value().or(self.active.get_untracked());
        let from = pivot.and_then(|pivot| self.place_of(pivot)).filter(|(other, _)| *other == lane);
        let from = from.map_or(to, |(_, index)| index);
        if pivot.is_none_or(|pivot| self.place_of(pivot).is_none_or(|(other, _)| other != lane)) {
            self.hands.pivot.set_value(Some(load));
        }
        let range = self.lanes[lane]
            .with_untracked(|order| order.ids.get(from.min(to)..=from.max(to)).map(<[_]>::to_vec).unwrap_or_default());
        self.choose(|selection| selection.extend(range.into_iter().map(LoadId)));
    }

    /// Chooses what the lane of the card with the focus shows; if that is chosen already, what the board shows.
    pub fn select_all(self) {
        let of = |lane: usize| {
            self.lanes[lane].with_untracked(|order| order.ids.iter().map(|id| LoadId(*id)).collect::<BTreeSet<_>>())
        };
        let lane = self.active.get_untracked().and_then(|load| self.place_of(load)).map(|(lane, _)| of(lane));
        let all = match lane {
            Some(lane) if self.selection.with_untracked(|chosen| !lane.is_subset(chosen)) => lane,
            _ => (0..self.lanes.len()).flat_map(of).collect(),
        };
        self.choose(|selection| *selection = all);
    }

    /// Chooses nothing any more. `false` where nothing was chosen.
    pub fn clear_selection(self) -> bool {
        let any = self.selection.with_untracked(|selection| !selection.is_empty());
        if any {
            self.choose(BTreeSet::clear);
            self.hands.pivot.set_value(None);
        }
        any
    }

    /// Changes what is chosen, and says how much it is then.
    pub fn choose(self, change: impl FnOnce(&mut BTreeSet<LoadId>)) {
        self.selection.update(change);
        self.said.set(match self.selection.with_untracked(BTreeSet::len) {
            0 => "No load selected".to_owned(),
            1 => "1 load selected".to_owned(),
            count => format!("{count} loads selected"),
        });
    }

    /// Opens the menu of deeds. One thing is open at a time.
    pub fn open_deeds(self, load: LoadId, anchor: Anchor) {
        self.menu.set(None);
        self.active.set(Some(load));
        self.hands.deeds.set(Some(OpenMenu { load, anchor }));
    }
}

/// Loads that leave the board are chosen no more, nor are their cards expanded.
pub fn keep_to_the_board(desk: Desk) {
    Effect::new(move |_| {
        let model = desk.model();
        model.changes();
        let is_gone = |load: &LoadId| model.lane_of(*load).is_none();
        if desk.selection.with_untracked(|selection| selection.iter().any(is_gone)) {
            desk.selection.update(|selection| selection.retain(|load| !is_gone(load)));
        }
        if desk.expanded.with_untracked(|expanded| expanded.iter().any(|id| is_gone(&LoadId(*id)))) {
            desk.expanded.update(|expanded| expanded.retain(|id| !is_gone(&LoadId(*id))));
        }
    });
}
