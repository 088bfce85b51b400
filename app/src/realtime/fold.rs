//! What becomes of an event: folded in, dropped, or a reason to ask the server. Apart from sockets, calls and clocks.
//!
//! A live query stands at a place in each stream of its snapshot. The event after the place is folded in, an earlier
//! one is dropped; a later one shows a gap, which is filled by asking for the events in between. What can't be filled
//! needs the snapshot anew. One question is under way at a time; what is heard meanwhile is held until the answer is in.

use crate::{
    api::events::{EventPage, GetEvents},
    events::{Cursor, Cursors, Namespace, RawEnvelope, StreamState},
};
use std::{collections::BTreeMap, rc::Rc};

/// What came over the socket.
#[derive(Debug, Clone)]
pub enum Heard {
    Event(Namespace, Rc<RawEnvelope>),
    State(Namespace, StreamState),
}

/// A question to the server.
#[derive(Debug, Clone)]
pub enum Job {
    /// The snapshot. Answered by [`Fold::fetched`].
    Fetch,
    /// What follows a place. Answered by [`Fold::filled`].
    Fill(GetEvents),
}

/// What to do now.
#[derive(Debug)]
pub enum Next {
    Nothing,
    /// Ask again in so many milliseconds.
    Wait(i64),
    Run(Job),
}

/// An event that is to be folded in now, and the namespace that it came in.
pub type Due = (Namespace, Rc<RawEnvelope>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// Somebody asked for it.
    Asked,
    /// What is shown can't be continued.
    Needed,
}

#[derive(Debug)]
enum Busy {
    Fetching(Reason),
    Filling(GetEvents),
}

#[derive(Debug)]
struct Place {
    cursor: Cursor,
    /// Until when it is known that nothing was missed.
    known_at: i64,
    /// There may be more than what was folded in.
    behind: bool,
}

/// How much is held while a question is under way. More is fetched instead: a replay is no longer than this.
const HOLD: usize = 1_000;

/// Milliseconds between two fetches that nobody asked for, so that an event that can't be read does no harm.
const FETCHES_APART: i64 = 1_000;

/// The longest pause after questions that did not help, in milliseconds. It begins with a second and doubles.
const LONGEST_PAUSE: i64 = 30_000;

/// Where a live query stands. Times are milliseconds of the browser's clock.
#[derive(Debug, Default)]
pub struct Fold {
    places: BTreeMap<Namespace, BTreeMap<String, Place>>,
    /// When the snapshot was true that the places began with.
    fetched_at: Option<i64>,
    refetch: Option<Reason>,
    busy: Option<Busy>,
    /// With when it was heard.
    held: Vec<(Heard, i64)>,
    /// Something could not be held.
    overflowed: bool,
    /// Questions in a row that did not help.
    failures: u32,
    not_before: i64,
}

impl Fold {
    pub fn has_snapshot(&self) -> bool {
        self.fetched_at.is_some()
    }

    /// Until when what is shown is known to be true.
    pub fn fresh_at(&self) -> Option<i64> {
        self.all_places().map(|place| place.known_at).min().or(self.fetched_at)
    }

    /// Whether nothing is known to be missing.
    pub fn is_settled(&self) -> bool {
        self.busy.is_none() && self.refetch.is_none() && !self.all_places().any(|place| place.behind)
    }

    /// The places in a namespace, to be named when connecting.
    pub fn cursors(&self, namespace: Namespace) -> impl Iterator<Item = (&String, &Cursor)> {
        self.places.get(&namespace).into_iter().flatten().map(|(stream, place)| (stream, &place.cursor))
    }

    /// Takes what came over the socket. Returns the event if it is to be folded in now.
    pub fn hear(&mut self, heard: &Heard, now: i64) -> Option<Due> {
        if !self.must_hold(heard) {
            return self.take(heard, now);
        }
        if self.held.len() < HOLD {
            self.held.push((heard.clone(), now));
        } else {
            self.overflowed = true;
        }
        None
    }

    /// Asks for everything that may have been missed, as a poll does.
    pub fn poll(&mut self) {
        self.not_before = 0;
        if self.busy.is_none() {
            self.places_mut().for_each(|place| place.behind = true);
        }
    }

    /// Asks for the snapshot anew.
    pub fn refetch(&mut self) {
        self.not_before = 0;
        self.refetch = self.refetch.max(Some(Reason::Asked));
    }

    /// An event of the query's streams could not be read: only the snapshot can tell what it did.
    pub fn lose_track(&mut self) {
        self.refetch = Some(Reason::Needed);
    }

    /// Begins to stand at a place in a stream, unless it stands there already in the same numbering.
    pub fn follow(&mut self, namespace: Namespace, stream: &str, cursor: Cursor, now: i64) {
        let streams = self.places.entry(namespace).or_default();
        if streams.get(stream).is_none_or(|place| place.cursor.epoch != cursor.epoch) {
            streams.insert(stream.to_owned(), Place { cursor, known_at: now, behind: false });
        }
    }

    /// Stands in no stream of this namespace any more.
    pub fn forget(&mut self, namespace: Namespace) {
        self.places.remove(&namespace);
    }

    /// The next question, if one is due. It counts as asked.
    pub fn next(&mut self, now: i64) -> Next {
        let Some(fetched_at) = self.fetched_at.filter(|_| self.busy.is_none()) else { return Next::Nothing };
        let (due, busy, job) = if let Some(reason) = self.refetch {
            let due = match reason {
                Reason::Asked => self.not_before,
                Reason::Needed => self.not_before.max(fetched_at + FETCHES_APART),
            };
            (due, Busy::Fetching(reason), Job::Fetch)
        } else if let Some(question) = self.first_behind() {
            (self.not_before, Busy::Filling(question.clone()), Job::Fill(question))
        } else {
            return Next::Nothing;
        };
        // A longer wait than any that is asked for: the clock was put back.
        if (1..=LONGEST_PAUSE).contains(&(due - now)) {
            return Next::Wait(due - now);
        }
        if let Job::Fetch = job {
            self.refetch = None;
        }
        self.busy = Some(busy);
        Next::Run(job)
    }

    /// The snapshot is there; the model was reset to it. `asked_at`: when it was asked for.
    /// Returns the events to fold in.
    pub fn fetched(&mut self, cursors: Cursors, asked_at: i64, now: i64) -> Vec<Due> {
        self.busy = None;
        self.fetched_at = Some(asked_at);
        let overflowed = std::mem::take(&mut self.overflowed);
        let place = |cursor| Place { cursor, known_at: asked_at, behind: overflowed };
        self.places = cursors
            .into_iter()
            .map(|(namespace, streams)| {
                (namespace, streams.into_iter().map(|(name, cursor)| (name, place(cursor))).collect())
            })
            .collect();
        let events = self.release();
        self.judge_progress(self.refetch != Some(Reason::Needed), now);
        events
    }

    /// What follows a place is there. Returns the events to fold in.
    pub fn filled(&mut self, page: EventPage, asked_at: i64, now: i64) -> Vec<Due> {
        let Some(Busy::Filling(GetEvents { namespace, stream, after })) = self.busy.take() else { return Vec::new() };
        let Some(place) = self.places.get_mut(&namespace).and_then(|streams| streams.get_mut(&stream)) else {
            return self.release();
        };
        let before = place.cursor.seq;
        let mut events = Vec::new();
        let mut whole = page.recovered;
        for event in page.data {
            match event.seq.filter(|_| event.epoch.as_ref() == Some(&place.cursor.epoch)) {
                Some(seq) if seq <= place.cursor.seq => {}
                Some(seq) if seq == place.cursor.seq + 1 && whole => {
                    place.cursor.seq = seq;
                    events.push((namespace, Rc::new(event)));
                }
                _ => whole = false,
            }
        }
        // A page that claims to lead further than its events do, or nowhere, would lose some in silence.
        whole &= page.cursor.epoch == place.cursor.epoch && page.cursor.seq <= place.cursor.seq;
        whole &= !(page.more && page.cursor.seq <= after.seq);
        if whole {
            place.behind = page.more;
            if !page.more {
                place.known_at = asked_at;
            }
        } else {
            place.behind = false;
            self.refetch = Some(Reason::Needed);
        }
        events.extend(self.release());
        let place = self.places.get(&namespace).and_then(|streams| streams.get(&stream));
        let stuck = place.is_some_and(|place| place.behind && place.cursor.seq == before);
        self.judge_progress(!stuck, now);
        events
    }

    /// The question could not be answered. Returns the events to fold in.
    pub fn failed(&mut self, now: i64) -> Vec<Due> {
        match self.busy.take() {
            Some(Busy::Fetching(Reason::Needed)) => {
                self.refetch = Some(Reason::Needed);
                self.judge_progress(false, now);
                // The next snapshot has them.
                self.held.clear();
                self.overflowed = false;
                Vec::new()
            }
            // What is shown stays true meanwhile; what was asked for is asked again, until it comes.
            Some(Busy::Fetching(Reason::Asked)) => {
                self.refetch = self.refetch.max(Some(Reason::Asked));
                self.judge_progress(false, now);
                self.release()
            }
            Some(Busy::Filling(..)) => {
                self.judge_progress(false, now);
                self.release()
            }
            None => Vec::new(),
        }
    }

    /// Gives up the question that is under way, to ask it again. Returns the events to fold in.
    pub fn start_over(&mut self, now: i64) -> Vec<Due> {
        if let Some(Busy::Fetching(reason)) = self.busy {
            self.refetch = self.refetch.max(Some(reason));
        }
        let events = self.failed(now);
        self.take_heart();
        events
    }

    fn must_hold(&self, heard: &Heard) -> bool {
        if !self.has_snapshot() {
            return true;
        }
        match &self.busy {
            None => false,
            Some(Busy::Fetching(_)) => true,
            // The page that is awaited leads up to it. What comes next is no reason to wait, even if the page hangs.
            Some(Busy::Filling(question)) => self.leads_beyond(question, heard),
        }
    }

    /// Whether there is something between the place that is being filled and what was heard.
    fn leads_beyond(&self, question: &GetEvents, heard: &Heard) -> bool {
        let Some(place) = self.places.get(&question.namespace).and_then(|streams| streams.get(&question.stream)) else {
            return false;
        };
        let (namespace, stream, seq) = match heard {
            Heard::Event(namespace, event) => (namespace, event.stream.as_ref(), event.seq.map(|seq| seq - 1)),
            Heard::State(namespace, state) => (namespace, Some(&state.stream), Some(state.seq)),
        };
        *namespace == question.namespace && stream == Some(&question.stream) && seq > Some(place.cursor.seq)
    }

    fn take(&mut self, heard: &Heard, now: i64) -> Option<Due> {
        match heard {
            Heard::Event(namespace, event) => self.take_event(*namespace, event, now).map(|event| (*namespace, event)),
            Heard::State(namespace, state) => {
                self.take_state(*namespace, state, now);
                None
            }
        }
    }

    /// What is dropped here with `behind` or a refetch set comes with the answer, which is asked for after it was sent.
    fn take_event(&mut self, namespace: Namespace, event: &Rc<RawEnvelope>, now: i64) -> Option<Rc<RawEnvelope>> {
        let streams = self.places.get_mut(&namespace)?;
        let (Some(stream), Some(epoch), Some(seq)) = (&event.stream, &event.epoch, event.seq) else {
            // Volatile: of no stream, never repeated.
            return Some(event.clone());
        };
        let place = streams.get_mut(stream)?;
        if *epoch != place.cursor.epoch {
            self.refetch = Some(Reason::Needed);
            return None;
        }
        if seq <= place.cursor.seq {
            return None;
        }
        if seq > place.cursor.seq + 1 {
            place.behind = true;
            return None;
        }
        place.cursor.seq = seq;
        if !place.behind {
            place.known_at = now;
        }
        Some(event.clone())
    }

    fn take_state(&mut self, namespace: Namespace, state: &StreamState, now: i64) {
        let Some(place) = self.places.get_mut(&namespace).and_then(|streams| streams.get_mut(&state.stream)) else {
            return;
        };
        if state.epoch != place.cursor.epoch {
            self.refetch = Some(Reason::Needed);
        } else if state.seq <= place.cursor.seq {
            // Not recovered, perhaps; but nothing was missed.
            if !place.behind {
                place.known_at = now;
            }
        } else if state.recovered {
            place.behind = true;
        } else {
            self.refetch = Some(Reason::Needed);
        }
    }

    fn release(&mut self) -> Vec<Due> {
        if std::mem::take(&mut self.overflowed) {
            self.places_mut().for_each(|place| place.behind = true);
        }
        let held = std::mem::take(&mut self.held);
        held.iter().filter_map(|(heard, at)| self.take(heard, *at)).collect()
    }

    /// Past failures say nothing any more.
    fn take_heart(&mut self) {
        self.failures = 0;
        self.not_before = 0;
    }

    /// Questions that do not help are asked at growing distances.
    fn judge_progress(&mut self, progress: bool, now: i64) {
        if self.is_settled() {
            self.take_heart();
        } else if !progress {
            self.not_before = now + (1_000 << self.failures.min(5)).min(LONGEST_PAUSE);
            self.failures += 1;
        }
    }

    fn first_behind(&self) -> Option<GetEvents> {
        self.places.iter().find_map(|(namespace, streams)| {
            let (stream, place) = streams.iter().find(|(_, place)| place.behind)?;
            Some(GetEvents { namespace: *namespace, stream: stream.clone(), after: place.cursor.clone() })
        })
    }

    fn all_places(&self) -> impl Iterator<Item = &Place> {
        self.places.values().flat_map(BTreeMap::values)
    }

    fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.places.values_mut().flat_map(BTreeMap::values_mut)
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "fold_order_tests.rs"]
mod order_tests;
