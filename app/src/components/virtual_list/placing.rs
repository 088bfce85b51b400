//! Where rows and heads stand in a virtual list, and which of them are in view.
//!
//! All heads are of one height, and so are all rows but the few that are open; so a place is worked out from how many of
//! each stand above it.

use std::ops::Range;

/// Rows mounted above and below those in view, so that scrolling shows no gap.
const OVERSCAN: usize = 6;

/// A heading over the rows from `first` on, to the next heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Index of the row that it stands above. Heads are in the order of their rows.
    pub first: usize,
    /// Each stands once in a list.
    pub key: String,
    pub name: String,
    /// How many rows it heads.
    pub count: usize,
}

/// Heights in pixels; zero until measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Heights {
    pub row: f64,
    pub head: f64,
}

/// A row that is higher than the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tall {
    /// Its index.
    pub row: usize,
    /// By how much, in pixels.
    pub extra: f64,
}

/// What a list is made of.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub heights: Heights,
    /// How many rows there are.
    pub count: usize,
    pub heads: &'a [Head],
    /// In the order of the rows.
    pub tall: &'a [Tall],
}

impl Plan<'_> {
    /// The upper edge of a row.
    pub fn row_top(self, index: usize) -> f64 {
        let heads_above = self.heads.partition_point(|head| head.first <= index);
        self.rows_height(index) + heads_above as f64 * self.heights.head
    }

    /// The upper edge of the head with this place among the heads.
    pub fn head_top(self, place: usize) -> f64 {
        let rows_above = self.heads.get(place).map_or(0, |head| head.first);
        self.rows_height(rows_above) + place as f64 * self.heights.head
    }

    /// Of the whole list.
    pub fn total(self) -> f64 {
        self.rows_height(self.count) + self.heads.len() as f64 * self.heights.head
    }

    /// Of the first `count` rows.
    fn rows_height(self, count: usize) -> f64 {
        let extra: f64 = self.tall.iter().take_while(|tall| tall.row < count).map(|tall| tall.extra).sum();
        count as f64 * self.heights.row + extra
    }

    /// Which rows to mount for a list scrolled to `top` in a window of `height` pixels; the first `at_first` of them
    /// as long as nothing is measured.
    pub fn in_view(self, top: f64, height: f64, at_first: usize) -> Range<usize> {
        if height <= 0.0 || self.heights.row <= 0.0 {
            return 0..at_first.min(self.count);
        }
        let Range { start, end } = self.in_sight(top, height);
        start.saturating_sub(OVERSCAN)..end.saturating_add(OVERSCAN).min(self.count)
    }

    /// Those of them that a person sees.
    pub fn in_sight(self, top: f64, height: f64) -> Range<usize> {
        // A list that just got shorter is scrolled beyond its end until the browser has noticed.
        let top = top.clamp(0.0, (self.total() - height).max(0.0));
        let height_of = |row| self.rows_height(row + 1) - self.rows_height(row);
        let first = first_where(self.count, |row| self.row_top(row) + height_of(row) > top);
        let last = first_where(self.count, |row| self.row_top(row) >= top + height);
        first..last
    }
}

/// The least index below `count` for which `holds`, which from there on holds for all; `count` where there is none.
fn first_where(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
#[path = "placing_tests.rs"]
mod tests;
