//! A time as a date field of the browser takes and gives it, on the clock of a place.

use crate::domain::time::Timestamp;
use std::fmt::Write;

/// `2026-11-21T08:05` on a clock `offset_minutes` east of UTC.
pub fn field_value(at: Timestamp, offset_minutes: i32) -> String {
    let civil = at.civil(offset_minutes);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", civil.year, civil.month, civil.day, civil.hour, civil.minute)
}

/// What was entered, on that clock; none for what is no time.
pub fn entered(value: &str, offset_minutes: i32) -> Option<Timestamp> {
    let value = value.trim();
    // Some browsers give the seconds as well.
    let seconds = if value.matches(':').count() == 1 { ":00" } else { "" };
    let mut text = format!("{value}{seconds}");
    let (sign, minutes) = (if offset_minutes < 0 { '-' } else { '+' }, offset_minutes.unsigned_abs());
    // Writing to a string does not fail.
    let _ = write!(text, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::NOW;

    #[test]
    fn a_time_is_entered_on_the_clock_of_its_place() {
        assert_eq!(field_value(NOW, -360), "2026-11-21T08:05");
        assert_eq!(entered("2026-11-21T08:05", -360), Some(NOW));
        assert_eq!(entered("2026-11-21T08:05:00", -360), Some(NOW));
        assert_eq!(entered("2026-11-21T19:35", 330), Some(NOW));
    }

    #[test]
    fn nothing_and_nonsense_are_no_time() {
        for value in ["", "soon", "2026-13-01T00:00", "2026-11-21"] {
            assert_eq!(entered(value, 0), None, "{value}");
        }
    }
}
