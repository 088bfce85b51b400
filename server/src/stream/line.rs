//! One stream as it is being published: where it stands, what came last, and what waits for its predecessor.

use super::StoredEvent;
use app::events::Cursor;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// How much of a stream is kept in memory, so that those who come back after a short loss need no database: at most so
/// many events, of so many bytes, for so long.
const RING_EVENTS: usize = 1_000;
const RING_BYTES: usize = 1 << 20;
const RING_AGE: Duration = Duration::from_secs(120);

struct Kept {
    event: Arc<StoredEvent>,
    bytes: usize,
    since: Instant,
}

pub struct Line {
    epoch: String,
    /// The last number that was delivered.
    head: i64,
    ring: VecDeque<Kept>,
    ring_bytes: usize,
    /// Events whose predecessors have not come yet.
    waiting: BTreeMap<i64, Arc<StoredEvent>>,
    /// Since when the next number has been missing.
    stuck_since: Option<Instant>,
}

impl Line {
    pub fn at(cursor: Cursor) -> Self {
        Self {
            epoch: cursor.epoch,
            head: cursor.seq,
            ring: VecDeque::new(),
            ring_bytes: 0,
            waiting: BTreeMap::new(),
            stuck_since: None,
        }
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { epoch: self.epoch.clone(), seq: self.head }
    }

    /// Takes an event in, unless it was delivered already. `false` where it is of another epoch: its number says nothing
    /// here.
    pub fn put(&mut self, event: Arc<StoredEvent>) -> bool {
        if event.epoch != self.epoch {
            return false;
        }
        if event.seq > self.head {
            self.waiting.insert(event.seq, event);
        }
        true
    }

    /// Whether it has the numbers of this epoch.
    pub fn is_of(&self, epoch: &str) -> bool {
        self.epoch == epoch
    }

    /// The event that comes next, if it is here.
    pub fn take_next(&mut self, now: Instant) -> Option<Arc<StoredEvent>> {
        let event = self.waiting.remove(&(self.head + 1));
        if let Some(event) = &event {
            self.head = event.seq;
            self.keep(event.clone(), now);
        }
        self.stuck_since = if self.waiting.is_empty() {
            None
        } else if event.is_some() {
            Some(now)
        } else {
            self.stuck_since.or(Some(now))
        };
        event
    }

    /// Since when the next number has been missing while a later one is here.
    pub fn stuck_since(&self) -> Option<Instant> {
        self.stuck_since
    }

    /// Whether the database may hold what this line has not got.
    pub fn is_behind(&self, stored: &Cursor) -> bool {
        stored.epoch == self.epoch && stored.seq > self.head
    }

    fn keep(&mut self, event: Arc<StoredEvent>, now: Instant) {
        let bytes = event.weight();
        self.ring_bytes += bytes;
        self.ring.push_back(Kept { event, bytes, since: now });
        while self.ring.len() > RING_EVENTS || (self.ring_bytes > RING_BYTES && self.ring.len() > 1) {
            self.forget_oldest();
        }
    }

    /// Lets go of what is too old to be asked for.
    pub fn forget_old(&mut self, now: Instant) {
        while self.ring.front().is_some_and(|kept| now.duration_since(kept.since) > RING_AGE) {
            self.forget_oldest();
        }
        if self.ring.is_empty() {
            self.ring.shrink_to_fit();
        }
    }

    /// Whether events of it are in memory.
    pub fn keeps_events(&self) -> bool {
        !self.ring.is_empty()
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.ring.pop_front() {
            self.ring_bytes -= oldest.bytes;
        }
    }

    /// Everything from `from` to the head out of memory alone; `None` where it is not all there.
    pub fn recall(&self, from: &Cursor) -> Option<Vec<Arc<StoredEvent>>> {
        if from.epoch != self.epoch || from.seq < 0 || from.seq > self.head {
            return None;
        }
        self.whole(from.seq, Vec::new())
    }

    /// Everything from `from` to the head, out of what the database gave and the ring; `None` where it is not all there.
    ///
    /// A client may be ahead of the head when its snapshot was read between a commit and its publication, but never
    /// ahead of what is `stored`.
    pub fn missed_since(
        &self,
        from: &Cursor,
        stored: i64,
        backlog: Vec<Arc<StoredEvent>>,
    ) -> Option<Vec<Arc<StoredEvent>>> {
        if from.epoch != self.epoch || from.seq < 0 || from.seq > self.head.max(stored) {
            return None;
        }
        if from.seq >= self.head {
            return Some(Vec::new());
        }
        self.whole(from.seq, backlog)
    }

    fn whole(&self, from: i64, backlog: Vec<Arc<StoredEvent>>) -> Option<Vec<Arc<StoredEvent>>> {
        let mut missed: Vec<_> = backlog.into_iter().filter(|event| event.seq <= self.head).collect();
        let known = missed.last().map_or(from, |event| event.seq);
        // The newest are asked for, so the search begins at the end.
        let newer = self.ring.iter().rev().take_while(|kept| kept.event.seq > known).count();
        missed.extend(self.ring.iter().skip(self.ring.len() - newer).map(|kept| kept.event.clone()));
        let whole = missed.iter().zip(from + 1..).all(|(event, seq)| event.seq == seq);
        let count = usize::try_from(self.head - from).unwrap_or(usize::MAX);
        (whole && missed.len() == count).then_some(missed)
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
