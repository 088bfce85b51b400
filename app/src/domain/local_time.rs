//! Readings of a place's clock as instants: some come twice a year, and some never.

use super::time::{Civil, HOUR, MINUTE, Timestamp};
use std::str::FromStr;

/// What a reading of a clock means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Once(Timestamp),
    /// The clock went back over it: the first time, and the second.
    Twice(Timestamp, Timestamp),
    /// The clock went forward over it.
    Never,
}

/// The text was no reading of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a day and a time such as 2026-11-21 and 14:05")]
pub struct InvalidReading;

/// Finds the instants at which a clock shows `civil`. `offset_at` tells how many minutes east of UTC the clock is then.
///
/// Zones change their offset at most once in two days, and by less than a day, so the offsets a day before and after
/// are all that can hold.
pub fn read_clock(civil: Civil, offset_at: impl Fn(Timestamp) -> i32) -> Reading {
    let as_utc = utc_millis(civil);
    let shows = |offset: i32| {
        let at = Timestamp::from_millis(as_utc - i64::from(offset) * MINUTE);
        (offset_at(at) == offset).then_some(at)
    };
    let around = |hours: i64| offset_at(Timestamp::from_millis(as_utc + hours * HOUR));
    let (before, after) = (around(-24), around(24));
    match (shows(before), shows(after)) {
        (Some(first), Some(second)) if first < second => Reading::Twice(first, second),
        (Some(at), _) | (None, Some(at)) => Reading::Once(at),
        (None, None) => Reading::Never,
    }
}

/// Milliseconds since 1970 of a reading as if it were UTC.
fn utc_millis(civil: Civil) -> i64 {
    // Days of the proleptic Gregorian calendar, by Howard Hinnant's days_from_civil.
    let (year, month) = (i64::from(civil.year) - i64::from(civil.month <= 2), i64::from(civil.month));
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(civil.day) - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    ((days * 24 + i64::from(civil.hour)) * 60 + i64::from(civil.minute)) * MINUTE
}

/// A day `2026-11-21` and a time `14:05`, as the fields of a form give them.
pub fn parse_reading(day: &str, time: &str) -> Result<Civil, InvalidReading> {
    let date = jiff::civil::Date::from_str(day.trim()).map_err(|_| InvalidReading)?;
    // Some browsers add seconds.
    let mut parts = time.trim().split(':');
    let mut part = |most: i8| {
        let text = parts.next().filter(|text| text.len() <= 2)?;
        text.parse::<i8>().ok().filter(|number| (0..=most).contains(number))
    };
    let (Some(hour), Some(minute)) = (part(23), part(59)) else { return Err(InvalidReading) };
    Ok(Civil { year: date.year(), month: date.month(), day: date.day(), hour, minute })
}

/// A reading as the fields of a form take it: `2026-11-21` and `14:05`.
pub fn write_reading(civil: Civil) -> (String, String) {
    (format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day), civil.clock())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// America/Chicago in 2026: forward on March 8 at 08:00 UTC, back on November 1 at 07:00 UTC.
    fn chicago(at: Timestamp) -> i32 {
        let (forward, back) = ("2026-03-08T08:00:00Z".parse().unwrap(), "2026-11-01T07:00:00Z".parse().unwrap());
        if (forward..back).contains(&at) { -300 } else { -360 }
    }

    fn at(day: &str, time: &str) -> Reading {
        read_clock(parse_reading(day, time).unwrap(), chicago)
    }

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_is_read_in_winter_and_in_summer() {
        assert_eq!(at("2026-11-23", "08:00"), Reading::Once(utc("2026-11-23T14:00:00Z")));
        assert_eq!(at("2026-07-04", "08:00"), Reading::Once(utc("2026-07-04T13:00:00Z")));
        assert_eq!(at("2026-07-04", "23:30"), Reading::Once(utc("2026-07-05T04:30:00Z")));
    }

    #[test]
    fn what_the_clock_leaps_over_never_comes() {
        assert_eq!(at("2026-03-08", "01:59"), Reading::Once(utc("2026-03-08T07:59:00Z")));
        assert_eq!(at("2026-03-08", "02:00"), Reading::Never);
        assert_eq!(at("2026-03-08", "02:59"), Reading::Never);
        assert_eq!(at("2026-03-08", "03:00"), Reading::Once(utc("2026-03-08T08:00:00Z")));
    }

    #[test]
    fn what_the_clock_goes_back_over_comes_twice() {
        assert_eq!(at("2026-11-01", "00:59"), Reading::Once(utc("2026-11-01T05:59:00Z")));
        assert_eq!(at("2026-11-01", "01:30"), Reading::Twice(utc("2026-11-01T06:30:00Z"), utc("2026-11-01T07:30:00Z")));
        assert_eq!(at("2026-11-01", "02:00"), Reading::Once(utc("2026-11-01T08:00:00Z")));
    }

    #[test]
    fn only_days_and_times_are_readings() {
        for (day, time) in
            [("", "08:00"), ("2026-11-23", ""), ("2026-02-30", "08:00"), ("2026-11-23", "24:00"), ("11/23/2026", "8")]
        {
            assert_eq!(parse_reading(day, time), Err(InvalidReading), "{day} {time}");
        }
        assert!(parse_reading("2026-11-23", "08:00:00").is_ok());
    }

    proptest! {
        #[test]
        fn every_instant_is_found_by_what_the_clock_shows(minute in 29_451_000i64..29_981_000) {
            // The years 2026 and 2027, to the minute.
            let instant = Timestamp::from_millis(minute * MINUTE);
            let (day, time) = write_reading(instant.civil(chicago(instant)));
            match at(&day, &time) {
                Reading::Once(at) => prop_assert_eq!(at, instant),
                Reading::Twice(first, second) => prop_assert!(instant == first || instant == second),
                Reading::Never => prop_assert!(false, "{} {} is shown", day, time),
            }
        }
    }
}
