//! The last few of many.

use std::collections::VecDeque;

/// The last `capacity` things that were put in. The room for them is taken once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring<T> {
    kept: VecDeque<T>,
    capacity: usize,
}

impl<T> Ring<T> {
    pub fn with_capacity(capacity: usize) -> Self {
        Self { kept: VecDeque::with_capacity(capacity), capacity }
    }

    /// Puts one in; the oldest makes room for it.
    pub fn push(&mut self, one: T) {
        if self.kept.len() >= self.capacity {
            self.kept.pop_front();
        }
        if self.capacity > 0 {
            self.kept.push_back(one);
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.kept.iter()
    }

    pub fn newest(&self) -> Option<&T> {
        self.kept.back()
    }

    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_keeps_the_last_ones_in_order_and_never_takes_more_room(
            capacity in 0usize..20,
            numbers in prop::collection::vec(0u32..100, 0..100),
        ) {
            let mut ring = Ring::with_capacity(capacity);
            let room = ring.kept.capacity();
            for (count, number) in numbers.iter().enumerate() {
                ring.push(*number);
                let from = (count + 1).saturating_sub(capacity);
                prop_assert!(ring.iter().eq(&numbers[from..=count]));
                prop_assert_eq!(ring.newest(), ring.iter().next_back());
            }
            prop_assert_eq!(ring.kept.capacity(), room);
            prop_assert_eq!(ring.len(), capacity.min(numbers.len()));
            prop_assert_eq!(ring.is_empty(), ring.newest().is_none());
        }
    }
}
