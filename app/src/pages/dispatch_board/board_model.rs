//! The board's state: committed cards, moves that are not yet answered, and the fold of events into both.
//!
//! One signal a card and one trigger a lane: an event costs what it touches, however many loads there are.
//! What is shown is the committed card with the pending move on top; a refused move is dropped, nothing is restored.

mod answers;
mod spans;
mod standing;
mod watch;

pub use answers::Moment;
pub use spans::Span;
#[cfg(test)]
pub use spans::time_of;
pub use watch::Arrivals;

use super::lane_order::number_of;
use crate::{
    api::loads::{Board, BoardRules},
    components::clock::{Clock, wall_millis},
    domain::{
        id::LoadId,
        load::{LoadCard, Person},
        load_filter::searched_text,
        status::{Lane, LoadStatus},
        time::Timestamp,
        urgency::ON_TRACK_STEP,
    },
    events::{AnyEnvelope, AnyEvent, LoadCreated, LoadLocationUpdated, LoadStatusChanged, LoadUpdated},
    realtime::LiveModel,
};
use leptos::prelude::*;
use standing::Standing;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use watch::Watch;

/// What a card's view follows.
#[derive(Clone)]
pub struct CardSignals {
    pub card: ArcRwSignal<LoadCard>,
    /// The status that it is being moved to, until the server has answered.
    pub intent: ArcRwSignal<Option<LoadStatus>>,
    /// By the browser's clock, when it last changed; 0 when it did not since the page came.
    pub changed_at: ArcRwSignal<i64>,
}

struct Entry {
    signals: CardSignals,
    version: i64,
    /// Where it is shown.
    lane: Option<Lane>,
    searched: Searched,
    number: u64,
    /// When events last told of it what its version does not count, or the whole card.
    told_at: Moment,
    watch: Watch,
}

/// The text of a card that is searched, made when it is first looked at: most boards are never searched.
struct Searched {
    card: ArcRwSignal<LoadCard>,
    text: OnceLock<String>,
}

impl Deref for Searched {
    type Target = str;

    fn deref(&self) -> &str {
        self.text.get_or_init(|| searched_text(&self.card.read_untracked()))
    }
}

#[derive(Default)]
struct State {
    /// A first snapshot has come, whatever was in it.
    is_filled: AtomicBool,
    cards: RwLock<HashMap<LoadId, Entry>>,
    /// Versions of deleted loads, so that an event that comes late brings none of them back.
    gone: RwLock<HashMap<LoadId, i64>>,
    lanes: [ArcTrigger; 6],
    standings: [Mutex<Standing>; 6],
    changes: ArcRwSignal<u64>,
    /// Events that told of a card, so far.
    told: AtomicU64,
    watch: Watch,
    clock: Clock,
    rules: ArcRwSignal<BoardRules>,
}

/// Cheap to clone; all clones are one board.
#[derive(Clone, Default)]
pub struct BoardModel(Arc<State>);

impl BoardModel {
    /// What cards are judged by. Follows it.
    pub fn rules(&self) -> BoardRules {
        self.0.rules.get()
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// How many changes were folded in so far.
    pub fn changes(&self) -> u64 {
        self.0.changes.get()
    }

    pub fn signals(&self, id: LoadId) -> Option<CardSignals> {
        read(&self.0.cards).get(&id).map(|entry| entry.signals.clone())
    }

    /// The lane that shows the load now.
    pub fn lane_of(&self, id: LoadId) -> Option<Lane> {
        read(&self.0.cards).get(&id).and_then(|entry| entry.lane)
    }

    /// Shows every load of the board to `see`, with its text that is searched. Follows nothing.
    pub fn survey(&self, see: &mut dyn FnMut(&LoadCard, &str)) {
        for entry in read(&self.0.cards).values().filter(|entry| entry.lane.is_some()) {
            see(&entry.signals.card.read_untracked(), &entry.searched);
        }
    }

    /// The cards of the lanes in whose searched text every word is found, the newest number first, at most so many. What ends with
    /// the last word comes before all others: `42` means load 42.
    pub fn find(&self, words: &[String], most: usize) -> Vec<LoadCard> {
        let cards = read(&self.0.cards);
        let ends = |entry: &Entry| {
            let number = words.last().and_then(|word| word.parse::<u64>().ok());
            number.is_some_and(|number| entry.number % 100_000 == number)
        };
        let mut found: Vec<_> = cards
            .values()
            .filter(|entry| entry.lane.is_some())
            .filter(|entry| words.iter().all(|word| entry.searched.contains(word.as_str())))
            .map(|entry| (Reverse((ends(entry), entry.number)), entry))
            .collect();
        found.sort_unstable_by_key(|(rank, _)| *rank);
        found.into_iter().take(most).map(|(_, entry)| entry.signals.card.get_untracked()).collect()
    }

    /// Begins a move. `false` if one of this load is still on its way, or the load is gone.
    pub fn intend(&self, id: LoadId, to: LoadStatus) -> bool {
        let mut cards = write(&self.0.cards);
        let Some(entry) = cards.get_mut(&id) else { return false };
        if entry.signals.intent.get_untracked().is_some() {
            return false;
        }
        entry.signals.intent.set(Some(to));
        let touched = entry.settle();
        drop(cards);
        self.touch(id, touched);
        true
    }

    /// Ends a move: what is committed is shown again.
    pub fn drop_intent(&self, id: LoadId) {
        let mut cards = write(&self.0.cards);
        let Some(entry) = cards.get_mut(&id) else { return };
        entry.signals.intent.set(None);
        let touched = entry.settle();
        drop(cards);
        self.touch(id, touched);
    }

    /// Takes in a card that an event has told.
    fn hear(&self, card: LoadCard) {
        let id = card.id;
        if self.put(card, |_, _| true) {
            self.was_told(id);
        }
    }

    /// Puts a card in place, unless a newer one is known or `is_newer` says that it is not: `false` then.
    fn put(&self, card: LoadCard, is_newer: impl FnOnce(&Entry, &LoadCard) -> bool) -> bool {
        if read(&self.0.gone).get(&card.id).is_some_and(|version| *version >= card.version) {
            return false;
        }
        let id = card.id;
        let mut cards = write(&self.0.cards);
        let touched = match cards.get_mut(&id) {
            Some(entry) if card.version < entry.version || !is_newer(entry, &card) => return false,
            Some(entry) => entry.replace(card),
            None => {
                let entry = Entry::new(card, wall_millis(), &self.0.watch);
                let lane = entry.lane;
                cards.insert(id, entry);
                [lane, None]
            }
        };
        drop(cards);
        self.touch(id, touched);
        true
    }

    /// Takes in a step of the status machine. A load that the board does not have stays unknown: its card follows in
    /// `load:created` when it comes into view.
    fn step(&self, change: &LoadStatusChanged, at: Timestamp) {
        let mut cards = write(&self.0.cards);
        let Some(entry) = cards.get_mut(&change.load_id).filter(|entry| change.version > entry.version) else { return };
        let mut card = entry.signals.card.get_untracked();
        change.apply_to(&mut card, at);
        let touched = entry.replace(card);
        // Whatever was told before, an answer of this version knows as well, and of the step more than was heard.
        entry.told_at = Moment::default();
        drop(cards);
        self.touch(change.load_id, touched);
    }

    /// Takes in who is on a load. The version does not count claims.
    pub fn claim(&self, id: LoadId, claimed_by: Option<Person>) {
        let mut cards = write(&self.0.cards);
        let Some(entry) = cards.get_mut(&id) else { return };
        let mut card = entry.signals.card.get_untracked();
        card.claimed_by = claimed_by;
        let touched = entry.replace(card);
        drop(cards);
        self.was_told(id);
        self.touch(id, touched);
    }

    /// Takes in where a truck is, as far as a card says it. Thousands come in a second, so little is done for each.
    pub fn locate(&self, position: &LoadLocationUpdated) {
        let cards = read(&self.0.cards);
        let Some(entry) = cards.get(&position.load_id).filter(|_| position.is_on_track()) else { return };
        let is_news = entry.signals.card.with_untracked(|card| {
            card.status.is_heard_of()
                && card.on_track_at.is_none_or(|known| position.recorded_at.since(known) >= ON_TRACK_STEP)
        });
        if is_news {
            entry.signals.card.update(|card| card.on_track_at = Some(position.recorded_at));
        }
    }

    fn remove(&self, id: LoadId, version: i64) {
        let mut gone = write(&self.0.gone);
        let known = gone.entry(id).or_insert(version);
        *known = version.max(*known);
        drop(gone);
        let mut cards = write(&self.0.cards);
        if cards.get(&id).is_none_or(|entry| entry.version > version) {
            return;
        }
        let lane = cards.remove(&id).and_then(|entry| entry.lane);
        drop(cards);
        self.0.watch.spans.notify();
        self.0.watch.lost(id);
        self.touch(id, [lane, None]);
    }

    /// A load has changed in these lanes, left or entered them.
    fn touch(&self, id: LoadId, lanes: [Option<Lane>; 2]) {
        self.0.changes.update(|changes| *changes += 1);
        for lane in lanes.into_iter().flatten() {
            lock(&self.0.standings[lane as usize]).note(id);
            self.0.lanes[lane as usize].notify();
        }
    }
}

impl LiveModel for BoardModel {
    type Snapshot = Board;

    /// Replaces everything, but tells only those cards that differ. Moves on their way stay: their answers will come.
    fn reset(&self, board: Board) {
        self.0.clock.set(board.now);
        if self.0.rules.get_untracked() != board.rules {
            self.0.rules.set(board.rules);
        }
        write(&self.0.gone).clear();
        let mut cards = write(&self.0.cards);
        // What a first snapshot brings has not just changed.
        let is_first = !self.0.is_filled.swap(true, Ordering::Relaxed);
        let at = if is_first { 0 } else { wall_millis() };
        let present: HashSet<LoadId> = board.cards.iter().map(|card| card.id).collect();
        cards.retain(|id, _| present.contains(id));
        let new = board.cards.len().saturating_sub(cards.len());
        cards.reserve(new);
        for card in board.cards {
            match cards.get_mut(&card.id) {
                Some(entry) => {
                    entry.replace(card);
                }
                None => {
                    cards.insert(card.id, Entry::new(card, at, &self.0.watch));
                }
            }
        }
        drop(cards);
        if is_first {
            self.0.watch.arrivals.set(Arrivals::new());
        } else {
            self.0.watch.keep(&present);
        }
        self.0.watch.spans.notify();
        self.0.standings.iter().for_each(|standing| lock(standing).forget());
        self.0.changes.update(|changes| *changes += 1);
        self.0.lanes.iter().for_each(ArcTrigger::notify);
    }

    fn fold(&self, envelope: &AnyEnvelope) {
        match &envelope.data {
            AnyEvent::LoadCreated(LoadCreated(card)) | AnyEvent::LoadUpdated(LoadUpdated(card)) => {
                self.hear(card.clone());
            }
            AnyEvent::LoadStatusChanged(change) => self.step(change, envelope.timestamp),
            AnyEvent::LoadDeleted(deleted) => self.remove(deleted.load_id, deleted.version),
            AnyEvent::LoadClaimed(claim) => self.claim(claim.load_id, claim.claimed_by.clone()),
            // What these say of the card is said by the ones above as well.
            _ => {}
        }
    }
}

impl Entry {
    fn new(card: LoadCard, changed_at: i64, watch: &Watch) -> Self {
        watch.saw(None, &card);
        let (version, lane, number) = (card.version, card.status.lane(), number_of(&card.load_number));
        let card = ArcRwSignal::new(card);
        Self {
            watch: watch.clone(),
            version,
            lane,
            told_at: Moment::default(),
            searched: Searched { card: card.clone(), text: OnceLock::new() },
            number,
            signals: CardSignals { card, intent: ArcRwSignal::new(None), changed_at: ArcRwSignal::new(changed_at) },
        }
    }

    /// Puts another card in place; the lanes that it was and is shown in have changed.
    fn replace(&mut self, mut card: LoadCard) -> [Option<Lane>; 2] {
        self.version = card.version;
        // A position may have come after the card was made.
        card.on_track_at = card.on_track_at.max(self.signals.card.read_untracked().on_track_at);
        if *self.signals.card.read_untracked() == card {
            return [None, None];
        }
        self.searched.text.take();
        self.watch.saw(Some(&self.signals.card.read_untracked()), &card);
        self.signals.card.set(card);
        self.signals.changed_at.set(wall_millis());
        self.settle()
    }

    /// Finds its lane anew. A load that is being cancelled stays where it is until it is.
    fn settle(&mut self) -> [Option<Lane>; 2] {
        let status = self.signals.card.read_untracked().status;
        let intended = self.signals.intent.get_untracked().and_then(LoadStatus::lane);
        let before = std::mem::replace(&mut self.lane, intended.or(status.lane()));
        if before == self.lane { [before, None] } else { [before, self.lane] }
    }
}

// A panic elsewhere leaves whole entries behind: each is written in one go.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "board_model_tests.rs"]
mod tests;
