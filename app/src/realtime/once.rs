//! Remembers what was heard, so that nothing is handed to a handler twice: a reconnection and a poll both repeat.

use crate::{domain::id::EventId, events::Namespace};
use std::collections::{HashSet, VecDeque};

/// One event of one happening, which has an id of its own but may stand in several namespaces and under several names.
pub type Key = (Namespace, &'static str, EventId);

/// The latest events, up to a number of them.
pub struct Once {
    order: VecDeque<Key>,
    known: HashSet<Key>,
    capacity: usize,
}

impl Once {
    pub fn with_capacity(capacity: usize) -> Self {
        Self { order: VecDeque::new(), known: HashSet::new(), capacity }
    }

    /// Whether this is the first time; from now on it is not.
    pub fn is_first(&mut self, key: Key) -> bool {
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn key(name: &'static str, number: u128) -> Key {
        (Namespace::Dispatch, name, EventId(Uuid::from_u128(number)))
    }

    #[test]
    fn a_repeated_event_is_heard_once_and_the_oldest_is_forgotten() {
        let mut once = Once::with_capacity(2);
        assert!(once.is_first(key("load:created", 1)));
        assert!(!once.is_first(key("load:created", 1)));
        assert!(once.is_first(key("load:assigned", 1)), "another event of the same happening");
        assert!(once.is_first(key("load:created", 2)));
        assert!(!once.is_first(key("load:assigned", 1)));
        assert!(once.is_first(key("load:created", 1)), "was forgotten when the third came");
    }
}
