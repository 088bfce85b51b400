//! Rows, heads and open rows stand under one another, and what is in view is mounted.

use super::*;
use proptest::prelude::*;

const PLAIN: Heights = Heights { row: 150.0, head: 0.0 };
const GROUPED: Heights = Heights { row: 150.0, head: 30.0 };

fn plan(heights: Heights, count: usize) -> Plan<'static> {
    Plan { heights, count, heads: &[], tall: &[] }
}

fn heads(firsts: &[usize]) -> Vec<Head> {
    firsts
        .iter()
        .map(|first| Head { first: *first, key: first.to_string(), name: first.to_string(), count: 1 })
        .collect()
}

/// From how many rows each group holds.
fn heads_of(groups: &[usize]) -> Vec<Head> {
    let mut first = 0;
    let firsts = groups.iter().map(|rows| {
        first += rows;
        first - rows
    });
    heads(&firsts.collect::<Vec<_>>())
}

/// The rows of which `is_tall` is true, each higher by its place in that list.
fn tall(is_tall: &[bool]) -> Vec<Tall> {
    let rows = is_tall.iter().enumerate().filter(|(_, is_tall)| **is_tall).map(|(row, _)| row);
    rows.zip(1..).map(|(row, place)| Tall { row, extra: 40.0 * f64::from(place) }).collect()
}

#[test]
fn the_first_rows_are_rendered_before_anything_is_measured() {
    let none = Heights::default();
    let first = |count| plan(none, count).in_view(0.0, 0.0, 12);
    assert_eq!((first(500), first(5)), (0..12, 0..5));
}

#[test]
fn what_is_in_view_is_mounted_and_some_more() {
    assert_eq!(plan(PLAIN, 500).in_view(0.0, 600.0, 12), 0..10);
    assert_eq!(plan(PLAIN, 500).in_view(1_500.0, 600.0, 12), 4..20);
    assert_eq!(plan(PLAIN, 0).in_view(0.0, 600.0, 12), 0..0);
}

#[test]
fn a_list_that_shrank_under_the_scroll_still_shows_its_end() {
    assert_eq!(plan(PLAIN, 20).in_view(60_000.0, 600.0, 12), 10..20);
}

#[test]
fn heads_push_down_what_stands_below_them() {
    let heads = heads(&[0, 2, 3]);
    let plan = Plan { heads: &heads, ..plan(GROUPED, 5) };
    assert_eq!([0, 1, 2, 3, 4].map(|row| plan.row_top(row)), [30.0, 180.0, 360.0, 540.0, 690.0]);
    assert_eq!([0, 1, 2].map(|place| plan.head_top(place)), [0.0, 330.0, 510.0]);
    assert_eq!(plan.total(), 840.0);
}

#[test]
fn an_open_row_pushes_down_what_stands_below_it_and_nothing_above() {
    let open = [Tall { row: 1, extra: 90.0 }];
    let plan = Plan { tall: &open, ..plan(PLAIN, 4) };
    assert_eq!([0, 1, 2, 3].map(|row| plan.row_top(row)), [0.0, 150.0, 390.0, 540.0]);
    assert_eq!(plan.total(), 690.0);
    assert_eq!(plan.in_sight(300.0, 100.0), 1..3, "the lower part of it, and the one below");
}

proptest! {
    #[test]
    fn every_visible_row_is_mounted_and_few_others(
        top in 0.0..80_000.0f64,
        height in 1.0..2_000.0f64,
        count in 1..5_000usize,
        groups in prop::collection::vec(1..40usize, 0..300),
        open in prop::collection::vec(prop::bool::weighted(0.1), 0..200),
    ) {
        let (mut heads, mut tall) = (heads_of(&groups), tall(&open));
        heads.retain(|head| head.first < count);
        tall.retain(|tall| tall.row < count);
        let plan = Plan { heights: GROUPED, count, heads: &heads, tall: &tall };
        let range = plan.in_view(top, height, 12);
        let shown = top.min((plan.total() - height).max(0.0));
        for row in 0..count {
            let upper = plan.row_top(row);
            let extra = tall.iter().find(|tall| tall.row == row).map_or(0.0, |tall| tall.extra);
            if upper < shown + height && upper + GROUPED.row + extra > shown {
                prop_assert!(range.contains(&row), "{range:?} {row}");
            }
        }
        prop_assert!(range.len() as f64 <= height / GROUPED.row + 14.0);
    }

    #[test]
    fn rows_and_heads_stand_under_one_another_without_a_gap(
        groups in prop::collection::vec(1..9usize, 1..20),
        open in prop::collection::vec(any::<bool>(), 0..30),
    ) {
        let count: usize = groups.iter().sum();
        let (heads, mut tall) = (heads_of(&groups), tall(&open));
        tall.retain(|tall| tall.row < count);
        let plan = Plan { heights: GROUPED, count, heads: &heads, tall: &tall };
        let extra = |row| tall.iter().find(|tall| tall.row == row).map_or(0.0, |tall| tall.extra);
        let mut edges: Vec<(f64, f64)> =
            (0..count).map(|row| (plan.row_top(row), GROUPED.row + extra(row))).collect();
        edges.extend((0..heads.len()).map(|place| (plan.head_top(place), GROUPED.head)));
        edges.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut at = 0.0;
        for (top, height) in edges {
            prop_assert_eq!(top, at);
            at = top + height;
        }
        prop_assert_eq!(at, plan.total());
    }
}
