//! Where rows and heads stand in a virtual list, and which of them are in view.
//!
//! All rows are of one height, and so are all heads; so a place is worked out from how many of each stand above it.

use std::ops::Range;

/// Rows mounted above and below those in view, so that scrolling shows no gap.
const OVERSCAN: usize = 6;

/// A heading over the rows from `first` on, to the next heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Index of the row that it stands above. Heads are in the order of their rows.
    pub first: usize,
    /// Each stands once in a list.
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

impl Heights {
    /// The upper edge of a row.
    pub fn row_top(self, index: usize, heads: &[Head]) -> f64 {
        let above = heads.partition_point(|head| head.first <= index);
        index as f64 * self.row + above as f64 * self.head
    }

    /// The upper edge of the head with this place among the heads.
    pub fn head_top(self, place: usize, heads: &[Head]) -> f64 {
        let rows_above = heads.get(place).map_or(0, |head| head.first);
        rows_above as f64 * self.row + place as f64 * self.head
    }

    /// Of the whole list.
    pub fn total(self, count: usize, heads: &[Head]) -> f64 {
        count as f64 * self.row + heads.len() as f64 * self.head
    }

    /// Which rows to mount for a list scrolled to `top` in a window of `height` pixels; the first `at_first` of them
    /// as long as nothing is measured.
    pub fn in_view(self, top: f64, height: f64, count: usize, heads: &[Head], at_first: usize) -> Range<usize> {
        if height <= 0.0 || self.row <= 0.0 {
            return 0..at_first.min(count);
        }
        let Range { start, end } = self.in_sight(top, height, count, heads);
        start.saturating_sub(OVERSCAN)..end.saturating_add(OVERSCAN).min(count)
    }

    /// Those of them that a person sees.
    pub fn in_sight(self, top: f64, height: f64, count: usize, heads: &[Head]) -> Range<usize> {
        // A list that just got shorter is scrolled beyond its end until the browser has noticed.
        let top = top.clamp(0.0, (self.total(count, heads) - height).max(0.0));
        let first = first_where(count, |index| self.row_top(index, heads) + self.row > top);
        let last = first_where(count, |index| self.row_top(index, heads) >= top + height);
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Heights = Heights { row: 150.0, head: 0.0 };
    const GROUPED: Heights = Heights { row: 150.0, head: 30.0 };

    fn heads(firsts: &[usize]) -> Vec<Head> {
        firsts.iter().map(|first| Head { first: *first, name: first.to_string(), count: 1 }).collect()
    }

    #[test]
    fn the_first_rows_are_rendered_before_anything_is_measured() {
        let none = Heights::default();
        assert_eq!((none.in_view(0.0, 0.0, 500, &[], 12), none.in_view(0.0, 0.0, 5, &[], 12)), (0..12, 0..5));
    }

    #[test]
    fn what_is_in_view_is_mounted_and_some_more() {
        assert_eq!(PLAIN.in_view(0.0, 600.0, 500, &[], 12), 0..10);
        assert_eq!(PLAIN.in_view(1_500.0, 600.0, 500, &[], 12), 4..20);
        assert_eq!(PLAIN.in_view(0.0, 600.0, 0, &[], 12), 0..0);
    }

    #[test]
    fn a_list_that_shrank_under_the_scroll_still_shows_its_end() {
        assert_eq!(PLAIN.in_view(60_000.0, 600.0, 20, &[], 12), 10..20);
    }

    #[test]
    fn heads_push_down_what_stands_below_them() {
        let heads = heads(&[0, 2, 3]);
        assert_eq!([0, 1, 2, 3, 4].map(|row| GROUPED.row_top(row, &heads)), [30.0, 180.0, 360.0, 540.0, 690.0]);
        assert_eq!([0, 1, 2].map(|place| GROUPED.head_top(place, &heads)), [0.0, 330.0, 510.0]);
        assert_eq!(GROUPED.total(5, &heads), 840.0);
    }

    proptest! {
        #[test]
        fn every_visible_row_is_mounted_and_few_others(
            top in 0.0..80_000.0f64,
            height in 1.0..2_000.0f64,
            count in 1..5_000usize,
            gaps in prop::collection::vec(1..40usize, 0..300),
        ) {
            let firsts = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at - gap) }).filter(|first| *first < count);
            let heads = heads(&firsts.collect::<Vec<_>>());
            let range = GROUPED.in_view(top, height, count, &heads, 12);
            let shown = top.min((GROUPED.total(count, &heads) - height).max(0.0));
            for row in 0..count {
                let upper = GROUPED.row_top(row, &heads);
                if upper < shown + height && upper + GROUPED.row > shown {
                    prop_assert!(range.contains(&row), "{range:?} {row}");
                }
            }
            prop_assert!(range.len() as f64 <= height / GROUPED.row + 14.0);
        }

        #[test]
        fn rows_and_heads_stand_under_one_another_without_a_gap(gaps in prop::collection::vec(1..9usize, 1..20)) {
            let count: usize = gaps.iter().sum();
            let heads = heads(&gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at - gap) }).collect::<Vec<_>>());
            let mut edges: Vec<(f64, f64)> = (0..count).map(|row| (GROUPED.row_top(row, &heads), GROUPED.row)).collect();
            edges.extend((0..heads.len()).map(|place| (GROUPED.head_top(place, &heads), GROUPED.head)));
            edges.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut at = 0.0;
            for (top, height) in edges {
                prop_assert_eq!(top, at);
                at = top + height;
            }
            prop_assert_eq!(at, GROUPED.total(count, &heads));
        }
    }
}
