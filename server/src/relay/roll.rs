//! Whose letters came, and whether one is missing among them.

use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use uuid::Uuid;

/// A node that says nothing for so long is gone: each starts anew under another name.
const GONE: Duration = Duration::from_secs(60);

/// The last letter of each node.
#[derive(Default)]
pub struct Roll(HashMap<Uuid, (u64, Instant)>);

impl Roll {
    /// Notes a letter. `false` where the one before it did not come, or is not known to have come.
    pub fn note(&mut self, from: Uuid, number: u64, now: Instant) -> bool {
        let (last, heard) = self.0.entry(from).or_insert((0, now));
        // A letter that is late was missed when the one behind it came.
        let is_next = number <= *last + 1;
        (*last, *heard) = (number.max(*last), now);
        is_next
    }

    /// Strikes off those that are gone.
    pub fn strike_off(&mut self, now: Instant) {
        self.0.retain(|_, (_, heard)| now.duration_since(*heard) < GONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_letter_is_noticed_once_with_the_next_of_its_node() {
        let (mut roll, now) = (Roll::default(), Instant::now());
        let [one, other] = [Uuid::new_v4(), Uuid::new_v4()];
        let came = [(one, 1), (one, 2), (other, 1), (one, 4), (one, 3), (one, 5), (other, 2)];
        let whole = came.map(|(from, number)| roll.note(from, number, now));
        assert_eq!(whole, [true, true, true, false, true, true, true]);
    }

    #[test]
    fn of_a_node_that_spoke_before_something_may_have_been_missed() {
        let mut roll = Roll::default();
        assert!(!roll.note(Uuid::new_v4(), 7, Instant::now()));
    }

    #[test]
    fn who_is_gone_is_forgotten_and_who_speaks_is_not() {
        let (mut roll, then) = (Roll::default(), Instant::now());
        let [gone, here] = [Uuid::new_v4(), Uuid::new_v4()];
        assert!(roll.note(gone, 1, then) && roll.note(here, 1, then));
        let now = then + GONE;
        assert!(roll.note(here, 2, now));
        roll.strike_off(now);
        assert_eq!(roll.0.keys().collect::<Vec<_>>(), [&here]);
    }
}
