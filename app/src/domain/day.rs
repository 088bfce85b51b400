//! Calendar days, and spans of them as a filter names them.

use super::{
    stop::Appointment,
    time::{Civil, Timestamp},
};
use std::{fmt, str::FromStr};

/// A day of the calendar, written `2026-11-21`. On whose clock is for its user to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

/// The text was not a day, or not a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes today, tomorrow, a day such as 2026-11-21, or a span such as 2026-11-21..2026-11-25")]
pub struct InvalidDays;

impl Day {
    pub fn of(civil: Civil) -> Self {
        Self(jiff::civil::Date::new(civil.year, civil.month, civil.day).unwrap_or_default())
    }

    /// The day `days` later; the last or first there is where the calendar ends.
    pub fn plus(self, days: i64) -> Self {
        let end = if days < 0 { jiff::civil::Date::MIN } else { jiff::civil::Date::MAX };
        Self(self.0.checked_add(jiff::Span::new().days(days)).unwrap_or(end))
    }

    /// `Nov 21`.
    pub fn month_day(self) -> String {
        let midnight = self.begin(0);
        midnight.civil(0).month_day()
    }

    /// Midnight at its begin, on a clock `offset_minutes` east of UTC.
    pub fn begin(self, offset_minutes: i32) -> Timestamp {
        let midnight = self.0.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_millisecond());
        Timestamp::from_millis(midnight - i64::from(offset_minutes) * super::time::MINUTE)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = InvalidDays;
    fn from_str(text: &str) -> Result<Self, InvalidDays> {
        // The library would also read the date of a longer text.
        if text.len() != 10 {
            return Err(InvalidDays);
        }
        text.parse().map(Self).map_err(|_| InvalidDays)
    }
}

/// A span of days: relative ones move on with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Days {
    Today,
    Tomorrow,
    /// From the first to the last, both included; open where `None`, on one side at most.
    Between(Option<Day>, Option<Day>),
}

impl Days {
    /// First and last day at `now`, on a clock `offset_minutes` east of UTC.
    pub fn bounds(self, now: Timestamp, offset_minutes: i32) -> (Option<Day>, Option<Day>) {
        let today = || Day::of(now.civil(offset_minutes));
        match self {
            Days::Today => (Some(today()), Some(today())),
            Days::Tomorrow => (Some(today().plus(1)), Some(today().plus(1))),
            Days::Between(first, last) => (first, last),
        }
    }

    /// As a person reads it: `today`, `Nov 21`, `Nov 21 – Nov 25`, `from Nov 21`.
    pub fn label(self) -> String {
        match self {
            Days::Between(Some(first), Some(last)) if first == last => first.month_day(),
            Days::Between(Some(first), Some(last)) => format!("{} – {}", first.month_day(), last.month_day()),
            Days::Between(Some(first), None) => format!("from {}", first.month_day()),
            Days::Between(None, Some(last)) => format!("until {}", last.month_day()),
            relative => relative.to_string(),
        }
    }

    /// Whether a window lies on one of these days, on the clock of its stop.
    pub fn contain(self, window: &Appointment, now: Timestamp) -> bool {
        let (first, last) = self.bounds(now, window.utc_offset);
        first.is_none_or(|first| first <= Day::of(window.local_end()))
            && last.is_none_or(|last| Day::of(window.local_start()) <= last)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |day: &Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        match self {
            Days::Today => f.write_str("today"),
            Days::Tomorrow => f.write_str("tomorrow"),
            Days::Between(Some(first), Some(last)) if first == last => first.fmt(f),
            Days::Between(first, last) => write!(f, "{}..{}", side(first), side(last)),
        }
    }
}

impl FromStr for Days {
    type Err = InvalidDays;
    fn from_str(text: &str) -> Result<Self, InvalidDays> {
        let side = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        match text {
            "today" => return Ok(Days::Today),
            "tomorrow" => return Ok(Days::Tomorrow),
            _ => {}
        }
        let Some((first, last)) = text.split_once("..") else {
            let day = text.parse()?;
            return Ok(Days::Between(Some(day), Some(day)));
        };
        match (side(first)?, side(last)?) {
            (None, None) => Err(InvalidDays),
            (Some(first), Some(last)) if last < first => Err(InvalidDays),
            (first, last) => Ok(Days::Between(first, last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card};
    use crate::domain::time::HOUR;

    #[test]
    fn spans_survive_being_written() {
        for text in ["today", "tomorrow", "2026-11-21", "2026-11-21..2026-11-25", "..2026-11-25", "2026-11-21.."] {
            assert_eq!(text.parse::<Days>().map(|days| days.to_string()), Ok(text.to_owned()));
        }
        let said = ["today", "2026-11-21", "2026-11-21..2026-12-02", "..2026-11-25", "2026-11-21.."];
        assert_eq!(
            said.map(|text| text.parse::<Days>().map(Days::label).unwrap_or_default()),
            ["today", "Nov 21", "Nov 21 – Dec 2", "until Nov 25", "from Nov 21"]
        );
        for text in ["", "..", "yesterdays", "2026-11-25..2026-11-21", "2026-02-30", "2026-11-21T08:00"] {
            assert_eq!(text.parse::<Days>(), Err(InvalidDays), "{text}");
        }
    }

    #[test]
    fn a_window_is_on_the_day_of_its_own_stop() {
        // 20:00 to 22:00 in Chicago is the next day in UTC.
        let mut window = card(1).pickup;
        (window.start, window.end) = (NOW.plus(12 * HOUR), NOW.plus(14 * HOUR));
        assert!(Days::Today.contain(&window, NOW));
        assert!(!Days::Tomorrow.contain(&window, NOW));
        assert!("..2026-11-21".parse::<Days>().is_ok_and(|days| days.contain(&window, NOW)));
        assert!("2026-11-22..".parse::<Days>().is_ok_and(|days| !days.contain(&window, NOW)));
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_clock() {
        let day: Day = "2026-11-21".parse().expect("a day");
        assert_eq!(day.begin(-360).to_string(), "2026-11-21T06:00:00.000Z");
        assert_eq!(day.plus(-1).to_string(), "2026-11-20");
    }
}
