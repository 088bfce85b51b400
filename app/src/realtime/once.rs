//! Remembers what was heard, so that nothing is handed to a handler twice: a reconnection and a poll both repeat.

use crate::domain::id::EventId;
use std::collections::{HashSet, VecDeque};

/// The latest events, up to a number of them.
pub struct Once {
    order: VecDeque<EventId>,
    known: HashSet<EventId>,
    capacity: usize,
}

impl Once {
    pub fn with_capacity(capacity: usize) -> Self {
        Self { order: VecDeque::new(), known: HashSet::new(), capacity }
    }

    /// Whether this is the first time; from now on it is not.
    pub fn is_first(&mut self, id: EventId) -> bool {
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
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

    fn id(number: u128) -> EventId {
        EventId(Uuid::from_u128(number))
    }

    #[test]
    fn a_repeated_event_is_heard_once_and_the_oldest_is_forgotten() {
        let mut once = Once::with_capacity(2);
        assert!(once.is_first(id(1)));
        assert!(!once.is_first(id(1)));
        assert!(once.is_first(id(2)));
        assert!(once.is_first(id(3)));
        assert!(!once.is_first(id(2)));
        assert!(once.is_first(id(1)), "was forgotten when the third came");
    }
}
