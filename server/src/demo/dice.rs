//! Chance from a seed: every draw of the demo comes from one of these.

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use std::ops::Range;

/// A source of chance. Two of the same seed give the same draws on every run of one build.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// Another source, from this seed and what it is for, so that drawing more for one thing changes no other.
    pub fn of(seed: u64, purpose: u64) -> Self {
        // Odd multiplier of Knuth's linear congruential generator (MMIX): spreads neighbouring purposes far apart.
        Self::new(seed ^ purpose.wrapping_add(1).wrapping_mul(6_364_136_223_846_793_005))
    }

    /// True with this probability (0 to 1).
    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.random::<f64>() < probability
    }

    /// Evenly from `low` to under `high`; `low` where the two leave no room.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low).max(0.0) * self.0.random::<f64>()
    }

    /// Like [`between`](Self::between), but small values are more common: the mean lies at a third of the way.
    pub fn mostly_low(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low).max(0.0) * self.0.random::<f64>().powi(2)
    }

    /// A whole number of the range; its start where it is empty.
    pub fn whole(&mut self, range: Range<i64>) -> i64 {
        if range.is_empty() { range.start } else { self.0.random_range(range) }
    }

    /// An index below `len`; 0 where there is none.
    pub fn index(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { self.0.random_range(0..len) }
    }

    /// One of the items, or none of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.index(items.len()))
    }

    /// One of the phrases, or an empty one.
    pub fn phrase(&mut self, phrases: &[&'static str]) -> &'static str {
        self.pick(phrases).copied().unwrap_or("")
    }

    /// An index, drawn in proportion to the weights; 0 where all are 0.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.between(0.0, weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        0
    }

    /// As many bytes of chance as an id takes.
    pub fn bytes(&mut self) -> [u8; 10] {
        self.0.random()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }
}
