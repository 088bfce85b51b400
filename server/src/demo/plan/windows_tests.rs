//! Windows lie on the clock and within the hours of the place, on the days when clocks change, too.

use super::*;
use crate::demo::places::FACILITIES;
use app::domain::time::HOUR;
use proptest::prelude::*;

fn local(clock: &TimeZone, at: Timestamp) -> (i64, i64) {
    let zoned = jiff::Timestamp::from_millisecond(at.millis()).unwrap().to_zoned(clock.clone());
    (i64::from(zoned.hour()), i64::from(zoned.minute()))
}

#[test]
fn a_night_arrival_is_given_the_morning() {
    let kent = FACILITIES.iter().find(|facility| facility.city == "Kent").unwrap();
    let end: Timestamp = "2026-11-21T03:20:00-08:00".parse().unwrap();
    let window = fit(kent, &clock(kent), Wanted { kind: WindowKind::Fixed, end, minutes: 60 }, None);
    assert_eq!(window.start, "2026-11-21T06:00:00-08:00".parse().unwrap());
    assert_eq!(window.end, "2026-11-21T07:00:00-08:00".parse().unwrap());
}

#[test]
fn a_window_follows_the_one_before() {
    let kent = FACILITIES.iter().find(|facility| facility.city == "Kent").unwrap();
    let end: Timestamp = "2026-11-21T12:00:00-08:00".parse().unwrap();
    let wanted = Wanted { kind: WindowKind::Fcfs, end, minutes: 240 };
    let first = fit(kent, &clock(kent), wanted, None);
    let second = fit(kent, &clock(kent), wanted, Some(first));
    assert!(second.end > first.end && second.start >= first.start);
}

proptest! {
    #[test]
    fn every_window_is_on_quarter_hours_within_working_hours(
        place in 0..FACILITIES.len(), millis in 1_700_000_000_000i64..1_900_000_000_000, quarters in 2..40i64,
    ) {
        let facility = &FACILITIES[place];
        let clock = clock(facility);
        let wanted = Wanted { kind: WindowKind::Fcfs, end: Timestamp::from_millis(millis), minutes: quarters * 15 };
        let window = fit(facility, &clock, wanted, None);
        let (start, end) = (local(&clock, window.start), local(&clock, window.end));
        prop_assert_eq!((start.1 % 15, end.1 % 15), (0, 0));
        prop_assert!(window.start < window.end);
        prop_assert!(start.0 >= i64::from(facility.opens));
        prop_assert!(end.0 * 60 + end.1 <= i64::from(facility.closes) * 60);
        prop_assert!(window.end.since(wanted.end).abs() <= 24 * HOUR);
    }
}
