//! Rows, tracks, and the way of the arrow keys between them.

use super::*;
use crate::domain::{
    id::CarrierId,
    load::CarrierRef,
    test_cards::{NOW, id},
    time::HOUR,
};
use proptest::prelude::*;

/// A load of a carrier, from one hour to another.
fn span(number: u128, carrier: Option<&str>, hours: std::ops::Range<i64>) -> Span {
    let carrier = carrier.map(|name| {
        let id = CarrierId(Uuid::from_u128(name.bytes().map(u128::from).sum()));
        CarrierRef { id, name: name.to_owned() }
    });
    let (start, end) = (NOW.plus(hours.start * HOUR), NOW.plus(hours.end * HOUR));
    Span { load: id(number), carrier, start, end, number: number as u64 }
}

fn tracks(row: &Row) -> Vec<(LoadId, usize)> {
    row.bars.iter().map(|bar| (bar.load, bar.track)).collect()
}

#[test]
fn unassigned_loads_come_first_then_carriers_by_name() {
    let spans = vec![span(1, Some("swift"), 0..4), span(2, Some("Acme"), 0..4), span(3, None, 9..12)];
    let chart = Chart::arrange(spans, 0);
    let names: Vec<_> = chart.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Unassigned", "Acme", "swift"]);
    assert_eq!(chart.rows[0].key, UNASSIGNED);
}

#[test]
fn loads_that_overlap_are_stacked_and_a_track_is_used_again_once_it_is_free() {
    let spans = vec![span(1, None, 0..10), span(2, None, 2..4), span(3, None, 4..6), span(4, None, 3..8)];
    let chart = Chart::arrange(spans, 0);
    assert_eq!(chart.rows[0].tracks, 3);
    assert_eq!(tracks(&chart.rows[0]), [(id(1), 0), (id(2), 1), (id(4), 2), (id(3), 1)]);
}

#[test]
fn a_row_is_as_high_as_what_is_shown_of_it_needs() {
    let spans = vec![span(1, None, 0..4), span(2, None, 1..3), span(3, None, 20..30)];
    let chart = Chart::arrange(spans, 0);
    let tracks = |from: i64, to: i64| chart.rows[0].tracks_between(NOW.plus(from * HOUR), NOW.plus(to * HOUR));
    assert_eq!((tracks(0, 9), tracks(3, 9), tracks(19, 40), tracks(5, 20)), (2, 1, 1, 0));
}

#[test]
fn a_short_load_has_room_to_be_seen() {
    let spans = || vec![span(1, None, 0..1), span(2, None, 2..3)];
    assert_eq!(Chart::arrange(spans(), HOUR).rows[0].tracks, 1);
    assert_eq!(Chart::arrange(spans(), 3 * HOUR).rows[0].tracks, 2);
}

#[test]
fn arrows_lead_along_the_row_and_to_what_runs_at_the_same_time() {
    let spans = vec![
        span(1, None, 0..4),
        span(2, None, 1..3),
        span(3, None, 10..12),
        span(4, Some("Acme"), 0..2),
        span(5, Some("Acme"), 9..14),
    ];
    let chart = Chart::arrange(spans, 0);
    let place = |number| chart.find(id(number)).expect("on the chart");
    let next = |key, from, hour: i64| {
        let to = chart.next(key, place(from), NOW.plus(hour * HOUR))?;
        chart.bar(to).map(|bar| bar.load)
    };
    assert_eq!((next("ArrowRight", 1, 0), next("ArrowRight", 3, 0)), (Some(id(2)), None));
    assert_eq!((next("ArrowLeft", 1, 0), next("ArrowLeft", 3, 0)), (None, Some(id(2))));
    assert_eq!((next("ArrowDown", 1, 2), next("ArrowDown", 2, 2)), (Some(id(2)), Some(id(4))));
    assert_eq!((next("ArrowDown", 3, 11), next("ArrowUp", 5, 11)), (Some(id(2)), Some(id(2))));
    assert_eq!((next("ArrowUp", 4, 11), next("ArrowUp", 1, 0)), (Some(id(2)), None));
    assert_eq!((next("Home", 3, 0), next("End", 1, 0), next("x", 1, 0)), (Some(id(1)), Some(id(3)), None));
}

proptest! {
    #[test]
    fn no_bar_covers_another_and_no_track_is_wasted(
        hours in prop::collection::vec((0i64..200, 0i64..40), 0..120), least in 0i64..10,
    ) {
        let spans: Vec<_> = (1u128..).zip(&hours).map(|(n, (start, long))| span(n, None, *start..start + long)).collect();
        let room = |bar: &Bar| bar.end.max(bar.start.plus(least * HOUR));
        let (bars, tracks) = stack(spans, least * HOUR);
        prop_assert_eq!(bars.len(), hours.len());
        for (i, a) in bars.iter().enumerate() {
            prop_assert!(a.track < tracks);
            for b in bars[i + 1..].iter().filter(|b| b.track == a.track) {
                prop_assert!(b.start >= room(a), "{a:?} {b:?}");
            }
        }
        // As many tracks as there are loads at the busiest instant, and no more.
        let busiest = bars.iter().map(|bar| {
            bars.iter().filter(|other| other.start <= bar.start && (room(other) > bar.start || *other == bar)).count()
        });
        prop_assert!(tracks <= busiest.max().unwrap_or(0));
    }

    #[test]
    fn the_order_in_which_loads_come_does_not_matter(seed in any::<u64>(), count in 0usize..30) {
        let names = [None, Some("Acme"), Some("Swift")];
        let mut spans: Vec<_> = (0..count).map(|i| span(i as u128 + 1, names[i % 3], (i as i64 % 7)..(i as i64 % 7 + 3))).collect();
        let chart = Chart::arrange(spans.clone(), 0);
        let turn = seed as usize % count.max(1);
        spans.rotate_left(turn);
        spans.reverse();
        prop_assert_eq!(Chart::arrange(spans, 0), chart);
    }
}
