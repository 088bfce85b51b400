//! Appointment windows: on quarter hours of the facility's clock, within its working hours.

use crate::demo::places::Facility;
use app::domain::{
    stop::{Window, WindowKind},
    time::{MINUTE, Timestamp},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};

/// A window that would suit the trip.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub kind: WindowKind,
    pub end: Timestamp,
    pub minutes: i64,
}

/// The clock of a facility.
pub fn clock(facility: &Facility) -> TimeZone {
    TimeZone::get(facility.zone).unwrap_or(TimeZone::UTC)
}

/// The window nearest to the wanted one that the facility offers. It starts no earlier than the one at the stop before,
/// and ends later.
pub fn fit(facility: &Facility, clock: &TimeZone, wanted: Wanted, before: Option<Window>) -> Window {
    let today =
        jiff::Timestamp::from_millisecond(wanted.end.millis()).unwrap_or_default().to_zoned(clock.clone()).date();
    let follows = |window: &Window| before.is_none_or(|before| window.start >= before.start && window.end > before.end);
    let offers = |days: std::ops::Range<i64>| {
        days.filter_map(|day| offer(facility, clock, today.checked_add(day.days()).ok()?, wanted)).filter(follows)
    };
    let nearest = offers(-1..2).min_by_key(|window| window.end.since(wanted.end).abs());
    // A stop before that was moved far into the future pushes this one; a month always is enough.
    nearest.or_else(|| offers(2..32).next()).unwrap_or(Window {
        kind: wanted.kind,
        start: wanted.end.plus(-wanted.minutes * MINUTE),
        end: wanted.end,
    })
}

/// The window of a day that ends nearest to the wanted end.
fn offer(facility: &Facility, clock: &TimeZone, day: Date, wanted: Wanted) -> Option<Window> {
    let (opens, closes) = (i64::from(facility.opens) * 60, i64::from(facility.closes) * 60);
    let minutes = wanted.minutes.min(closes - opens);
    let midnight = at_minute(clock, day, 0)?;
    let end = wanted.end.since(midnight).div_euclid(MINUTE).clamp(opens + minutes, closes) / 15 * 15;
    let start = at_minute(clock, day, end - minutes)?;
    // On the night when clocks go forward, an hour is missing.
    let end = at_minute(clock, day, end)?.max(start.plus(15 * MINUTE));
    Some(Window { kind: wanted.kind, start, end })
}

/// The instant at which the clock shows so many minutes after the day's midnight.
fn at_minute(clock: &TimeZone, day: Date, minute: i64) -> Option<Timestamp> {
    let time = day.at(0, 0, 0, 0).checked_add(minute.minutes()).ok()?;
    let instant = clock.to_ambiguous_zoned(time).compatible().ok()?;
    Some(Timestamp::from_millis(instant.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "windows_tests.rs"]
mod tests;
