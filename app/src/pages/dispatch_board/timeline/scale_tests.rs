//! What is shown of time, and how it is divided.

use super::*;
use crate::domain::test_cards::NOW;
use proptest::prelude::*;

const CHICAGO: i32 = -360;

fn named(zoom: Zoom) -> Vec<String> {
    let from = Timestamp::from_millis(NOW.millis() - NOW.millis().rem_euclid(DAY) + 6 * HOUR);
    let ticks = Scale { from, zoom }.ticks(CHICAGO);
    ticks.into_iter().filter(|tick| !tick.label.is_empty()).map(|tick| tick.label).collect()
}

#[test]
fn now_stands_a_quarter_in_and_stays_there_when_zooming() {
    for zoom in Zoom::ALL {
        let scale = Scale::around(NOW, *zoom);
        let share = scale.share(NOW);
        assert!((25.0..30.0).contains(&share), "{zoom:?}: {share}");
        for other in Zoom::ALL {
            let zoomed = scale.zoomed(*other);
            let pivot = scale.from.plus(zoom.span() / 4);
            assert_eq!(zoomed.share(pivot), 25.0);
        }
    }
}

#[test]
fn hours_are_those_of_the_viewers_clock() {
    assert_eq!(
        named(Zoom::Day),
        ["02:00", "04:00", "06:00", "08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00", "22:00"]
    );
    assert_eq!(named(Zoom::Week), ["12:00"; 7]);
    // 14:05 UTC is 19:50 in Kathmandu: full hours there are a quarter past in UTC.
    let tick = Scale::around(NOW, Zoom::Day).ticks(345).into_iter().find(|tick| tick.label == "20:00").expect("a tick");
    assert_eq!(tick.at.to_string(), "2026-11-21T14:15:00.000Z");
}

#[test]
fn days_have_the_names_of_their_clock() {
    let days: Vec<_> = Scale::around(NOW, Zoom::ThreeDays).days(CHICAGO).into_iter().map(|day| day.label).collect();
    assert_eq!(days, ["Fri Nov 20", "Sat Nov 21", "Sun Nov 22", "Mon Nov 23"]);
    assert_eq!(day_name(Timestamp::from_millis(0), 0), "Thu Jan 1");
    assert_eq!(day_name(Timestamp::from_millis(-1), 0), "Wed Dec 31");
}

#[test]
fn a_zone_is_named_by_its_distance_from_utc() {
    let named = [None, Some(0), Some(-360), Some(345), Some(-30)].map(zone_name);
    assert_eq!(named, ["UTC", "your time, UTC", "your time, UTC−6", "your time, UTC+5:45", "your time, UTC−0:30"]);
}

#[test]
fn nobody_gets_lost_in_time() {
    let scale = Scale::around(NOW, Zoom::Week);
    assert_eq!(scale.moved(1e12, NOW).from, NOW.plus(365 * DAY));
    assert_eq!(scale.moved(-1e12, NOW).from, NOW.plus(-365 * DAY));
    assert_eq!(scale.moved(0.5, NOW).from, scale.from.plus(84 * HOUR));
}

proptest! {
    #[test]
    fn ticks_lie_within_on_full_hours_and_as_many_as_are_needed(
        from in 0i64..4_000_000_000_000, offset in -720i32..=840, zoom in prop::sample::select(Zoom::ALL.to_vec()),
    ) {
        let scale = Scale { from: Timestamp::from_millis(from), zoom };
        let ticks = scale.ticks(offset);
        let expected = zoom.span() / zoom.step();
        prop_assert!((expected..=expected + 1).contains(&(ticks.len() as i64)));
        for tick in &ticks {
            prop_assert!((0.0..=100.0).contains(&scale.share(tick.at)));
            let local = tick.at.civil(offset);
            prop_assert_eq!(local.minute, 0);
            prop_assert_eq!(tick.weight == Weight::Day, local.hour == 0);
        }
        let (begin, end) = scale.period();
        prop_assert!(begin <= scale.from && scale.end() <= end);
        let days = scale.days(offset);
        prop_assert!(days[0].begin <= scale.from);
        prop_assert!(days[days.len() - 1].begin < scale.end());
        prop_assert!(days.windows(2).all(|pair| pair[1].begin.since(pair[0].begin) == DAY));
    }
}
