//! Whose letters came, and whether one is missing among them.

use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use uuid::Uuid;

/// A node that says nothing for so long is gone: each starts anew under another name. Longer than a letter is accepted
/// after it was sent, so that none is heard twice.
pub const GONE: Duration = Duration::from_secs(120);

/// The last letter of each node.
#[derive(Default)]
pub struct Roll(HashMap<Uuid, (u64, Instant)>);

/// How a letter follows the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    Next,
    /// The one before it did not come, or is not known to have come.
    Hole,
    /// It came before, or another that was sent later did: it counts as missed.
    Repeated,
}

impl Roll {
    /// Notes a letter.
    pub fn note(&mut self, from: Uuid, number: u64, now: Instant) -> Follows {
        let (last, heard) = self.0.entry(from).or_insert((0, now));
        if number <= *last {
            return Follows::Repeated;
        }
        let follows = if number == *last + 1 { Follows::Next } else { Follows::Hole };
        (*last, *heard) = (number, now);
        follows
    }

    /// Strikes off those that are gone.
    pub fn strike_off(&mut self, now: Instant) {
        self.0.retain(|_, (_, heard)| now.duration_since(*heard) < GONE);
    }
}

#[cfg(test)]
mod tests {
    use super::{Follows::*, *};

    #[test]
    fn a_missing_letter_is_noticed_once_and_no_letter_is_heard_twice() {
        let (mut roll, now) = (Roll::default(), Instant::now());
        let [one, other] = [Uuid::new_v4(), Uuid::new_v4()];
        let came = [(one, 1), (one, 2), (other, 1), (one, 4), (one, 3), (one, 5), (one, 5), (other, 2)];
        let follows = came.map(|(from, number)| roll.note(from, number, now));
        assert_eq!(follows, [Next, Next, Next, Hole, Repeated, Next, Repeated, Next]);
    }

    #[test]
    fn of_a_node_that_spoke_before_something_may_have_been_missed() {
        let mut roll = Roll::default();
        assert_eq!(roll.note(Uuid::new_v4(), 7, Instant::now()), Hole);
    }

    #[test]
    fn who_is_gone_is_forgotten_and_who_speaks_is_not() {
        let (mut roll, then) = (Roll::default(), Instant::now());
        let [gone, here] = [Uuid::new_v4(), Uuid::new_v4()];
        assert_eq!([roll.note(gone, 1, then), roll.note(here, 1, then)], [Next, Next]);
        let now = then + GONE;
        assert_eq!(roll.note(here, 2, now), Next);
        roll.strike_off(now);
        assert_eq!(roll.0.keys().collect::<Vec<_>>(), [&here]);
    }
}
