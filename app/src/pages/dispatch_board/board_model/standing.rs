//! How a lane stood when it was last asked, so that an event costs the cards that it touches: a desk with two hundred
//! events a second asks in every frame, and eight hundred cards need not be ranked and sorted each time.

use super::{BoardModel, Entry, lock, read};
use crate::{
    domain::{
        id::{LoadId, UserId},
        load::LoadCard,
        load_filter::Sieve,
        status::Lane,
        time::Timestamp,
    },
    pages::dispatch_board::{
        board_view::{BoardView, Sorting},
        lane_order::{Arrangement, LaneOrder, Rank, rank},
    },
};
use leptos::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Of more changes than that the lane is arranged anew.
const FEW: usize = 64;

/// What a lane was asked for.
#[derive(Clone, PartialEq)]
struct Question {
    view: Arc<BoardView>,
    me: UserId,
    now: Timestamp,
}

#[derive(Default)]
pub struct Standing {
    question: Option<Question>,
    arrangement: Arrangement,
    /// The loads of the lane, with those that the filter leaves out.
    members: HashSet<LoadId>,
    /// Since then.
    changed: Vec<LoadId>,
}

impl Standing {
    /// A load has changed in the lane, left or entered it.
    pub fn note(&mut self, id: LoadId) {
        if self.changed.len() <= FEW {
            self.changed.push(id);
        }
    }

    /// Everything may have changed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    fn answer(&mut self, lane: Lane, question: Question, cards: &HashMap<LoadId, Entry>) -> LaneOrder {
        let changed = std::mem::take(&mut self.changed);
        let judge = Judge::new(lane, &question);
        if changed.len() <= FEW && self.question.as_ref() == Some(&question) {
            for id in changed {
                self.arrangement.remove(id.0);
                self.members.remove(&id);
                if let Some(entry) = cards.get(&id) {
                    self.take_in(id, entry, &judge, Arrangement::put);
                }
            }
        } else {
            self.arrangement = Arrangement::new(question.view.grouping);
            self.members.clear();
            for (id, entry) in cards {
                self.take_in(*id, entry, &judge, Arrangement::add);
            }
            self.arrangement.sort();
        }
        let (ids, heads) = self.arrangement.read();
        let view = question.view.clone();
        self.question = Some(question);
        LaneOrder { ids, heads, total: self.members.len(), view }
    }

    fn take_in(&mut self, id: LoadId, entry: &Entry, judge: &Judge<'_>, place: fn(&mut Arrangement, &LoadCard, Rank)) {
        if entry.lane != Some(judge.lane) {
            return;
        }
        self.members.insert(id);
        let card = entry.signals.card.read_untracked();
        if judge.is_open || judge.sieve.passes(&card, &entry.searched) {
            let status = entry.signals.intent.get_untracked().unwrap_or(card.status);
            place(&mut self.arrangement, &card, rank(&card, status, entry.number, judge.by, judge.now));
        }
    }
}

/// What decides whether a card is shown, and where.
struct Judge<'a> {
    lane: Lane,
    sieve: Sieve<'a>,
    is_open: bool,
    by: Sorting,
    now: Timestamp,
}

impl<'a> Judge<'a> {
    fn new(lane: Lane, Question { view, me, now }: &'a Question) -> Self {
        let is_open = view.filter.is_empty();
        Self { lane, sieve: Sieve::new(&view.filter, *me, *now), is_open, by: view.sorting(lane), now: *now }
    }
}

impl BoardModel {
    /// What a lane shows to `me` at `now` in a view. Follows the lane.
    pub fn order(&self, lane: Lane, view: Arc<BoardView>, me: UserId, now: Timestamp) -> LaneOrder {
        self.0.lanes[lane as usize].track();
        let cards = read(&self.0.cards);
        lock(&self.0.standings[lane as usize]).answer(lane, Question { view, me, now }, &cards)
    }
}
