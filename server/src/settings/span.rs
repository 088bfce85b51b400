//! A duration as a setting writes it: `500ms`, `15s`, `30m`, `4h`, `7d`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr, time::Duration};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl Span {
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes * 60)
    }

    pub const fn hours(hours: u64) -> Self {
        Self::minutes(hours * 60)
    }

    /// Whole milliseconds.
    pub fn millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} is not a duration such as 500ms, 15s, 30m, 4h or 7d");
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = text[..digits].parse().map_err(|_| refuse())?;
        let (_, millis) = UNITS.iter().find(|(unit, _)| *unit == &text[digits..]).ok_or_else(refuse)?;
        number.checked_mul(*millis).map(|millis| Self(Duration::from_millis(millis))).ok_or_else(refuse)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis() as u64;
        let (unit, size) = UNITS.iter().rev().find(|(_, size)| millis.is_multiple_of(*size)).unwrap_or(&UNITS[0]);
        write!(f, "{}{unit}", millis / size)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An environment variable such as 15 arrives as a number; it lacks the unit all the same.
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_unit_and_writes_it_back() {
        for text in ["500ms", "15s", "30m", "4h", "7d"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_has_no_number_or_no_unit() {
        for text in ["", "15", "s", "-1s", "1.5h", "1 h", "1w", "99999999999999999999d"] {
            let error = text.parse::<Span>().unwrap_err();
            assert!(error.contains("is not a duration such as"), "{text}: {error}");
        }
    }
}
