//! What a request was answered with, beside what events have told meanwhile.

use super::{BoardModel, write};
use crate::domain::{id::LoadId, load::LoadCard};
use std::sync::atomic::Ordering;

/// How far events had come: taken when a request begins, it tells its answer from what was heard meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(u64);

impl BoardModel {
    /// How far events have come: to be asked before a request is sent, for [`answer`](Self::answer).
    pub fn moment(&self) -> Moment {
        Moment(self.0.told.load(Ordering::Relaxed))
    }

    /// Takes in the card that a request was answered with, which began at `since`. Claims, calls and times of arrival
    /// are not counted by the version: of an answer of the version that is known, what events have told meanwhile is
    /// the newer.
    pub fn answer(&self, card: LoadCard, since: Moment) {
        self.put(card, |entry, card| card.version > entry.version || entry.told_at <= since);
    }

    /// Notes that an event has told of a load what its version does not count.
    pub(super) fn was_told(&self, id: LoadId) {
        let now = Moment(self.0.told.fetch_add(1, Ordering::Relaxed) + 1);
        if let Some(entry) = write(&self.0.cards).get_mut(&id) {
            entry.told_at = now;
        }
    }
}
