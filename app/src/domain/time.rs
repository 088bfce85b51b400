//! Instants and durations as the contract writes them: RFC 3339 in UTC with milliseconds.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// An instant, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime, example = "2026-11-21T14:05:00.000Z"))]
pub struct Timestamp(i64);

/// The text was not an RFC 3339 instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an RFC 3339 time such as 2026-11-21T14:05:00.000Z")]
pub struct InvalidTime;

/// Milliseconds of a minute, an hour and a day.
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z. Values outside the years -9999 to 9999 are brought to the nearest end.
    pub const fn from_millis(millis: i64) -> Self {
        const MIN: i64 = -377_705_023_201_000;
        const MAX: i64 = 253_402_207_200_000;
        Self(if millis < MIN {
            MIN
        } else if millis > MAX {
            MAX
        } else {
            millis
        })
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant `millis` later (earlier when negative).
    pub const fn plus(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is in fact later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Year, month, day, hour and minute on a clock that is `offset_minutes` east of UTC.
    pub fn civil(self, offset_minutes: i32) -> Civil {
        let offset = jiff::tz::Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(jiff::tz::Offset::UTC);
        let date_time = offset.to_datetime(self.jiff());
        Civil {
            year: date_time.year(),
            month: date_time.month(),
            day: date_time.day(),
            hour: date_time.hour(),
            minute: date_time.minute(),
        }
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// A reading of a wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    pub hour: i8,
    pub minute: i8,
}

impl Civil {
    /// `Nov 21`.
    pub fn month_day(&self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        format!("{} {}", MONTHS[(self.month - 1).clamp(0, 11) as usize], self.day)
    }

    /// `14:05`.
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// Whether both fall on one calendar day.
    pub fn same_day(&self, other: &Civil) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.jiff())
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        text.parse::<jiff::Timestamp>().map(|t| Self::from_millis(t.as_millisecond())).map_err(|_| InvalidTime)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn is_written_in_utc_with_three_digits() {
        assert_eq!(Timestamp::from_millis(1_795_269_900_000).to_string(), "2026-11-21T14:05:00.000Z");
        assert_eq!(Timestamp::from_millis(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn reads_offsets_and_refuses_what_is_not_a_time() {
        let noon: Timestamp = "2026-11-21T08:05:00-06:00".parse().unwrap();
        assert_eq!(noon.to_string(), "2026-11-21T14:05:00.000Z");
        assert_eq!("yesterday".parse::<Timestamp>(), Err(InvalidTime));
        assert_eq!("2026-11-21".parse::<Timestamp>(), Err(InvalidTime));
    }

    #[test]
    fn a_clock_west_of_utc_shows_the_day_before() {
        let civil = Timestamp::from_millis(1_795_233_600_000).civil(-360);
        assert_eq!((civil.month_day().as_str(), civil.clock().as_str()), ("Nov 20", "22:00"));
    }

    proptest! {
        #[test]
        fn survives_the_wire(millis in -62_135_596_800_000i64..253_402_000_000_000) {
            let at = Timestamp::from_millis(millis);
            prop_assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
        }
    }
}
