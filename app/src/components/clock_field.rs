//! A time as a date field of the browser takes and gives it, on the clock of a place.

use super::zone_clock::offset_at;
use crate::domain::{
    local_time::{Reading, parse_reading, read_clock, write_reading},
    stop::Stop,
    time::Timestamp,
};

/// What is said of a field that holds no time.
pub const NO_TIME: &str = "Enter a day and a time.";
/// What is said of a time that its clock leaps over.
pub const NEVER: &str = "That time does not come on that day: the clocks there go forward over it.";

/// The clock of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceClock {
    /// Whose clock it is, such as `Joliet, IL`.
    pub place: String,
    zone: String,
    /// Minutes east of UTC, where the rules of the zone are not known.
    offset: i32,
}

impl PlaceClock {
    pub fn of(stop: &Stop) -> Self {
        let Stop { place, time_zone, appointment, .. } = stop;
        Self { place: place.to_string(), zone: time_zone.clone(), offset: appointment.utc_offset }
    }

    pub fn utc() -> Self {
        Self { place: "UTC".into(), zone: "UTC".into(), offset: 0 }
    }

    /// `2026-11-21T08:05`, as the field takes it.
    pub fn field_value(&self, at: Timestamp) -> String {
        let (day, time) = write_reading(at.civil(self.offset_at(at)));
        format!("{day}T{time}")
    }

    /// What was entered.
    ///
    /// # Errors
    /// In words for the field, where it is no time or one that never comes. `choose` says which is meant of two.
    pub fn entered(
        &self,
        value: &str,
        choose: impl FnOnce(Timestamp, Timestamp) -> Timestamp,
    ) -> Result<Timestamp, &'static str> {
        let (day, time) = value.split_once('T').ok_or(NO_TIME)?;
        let civil = parse_reading(day, time).map_err(|_| NO_TIME)?;
        match read_clock(civil, |at| self.offset_at(at)) {
            Reading::Once(at) => Ok(at),
            Reading::Twice(first, second) => Ok(choose(first, second)),
            Reading::Never => Err(NEVER),
        }
    }

    fn offset_at(&self, at: Timestamp) -> i32 {
        offset_at(&self.zone, at).unwrap_or(self.offset)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::domain::test_cards::NOW;

    pub fn joliet() -> PlaceClock {
        PlaceClock { place: "Joliet, IL".into(), zone: "America/Chicago".into(), offset: -360 }
    }

    fn read(clock: &PlaceClock, value: &str) -> Result<Timestamp, &'static str> {
        clock.entered(value, |first, _| first)
    }

    fn utc(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_time_is_entered_on_the_clock_of_its_place() {
        let india = PlaceClock { place: "Pune".into(), zone: "Asia/Kolkata".into(), offset: 330 };
        assert_eq!(joliet().field_value(NOW), "2026-11-21T08:05");
        assert_eq!(read(&joliet(), "2026-11-21T08:05"), Ok(NOW));
        assert_eq!(read(&joliet(), "2026-11-21T08:05:00"), Ok(NOW));
        assert_eq!(read(&india, "2026-11-21T19:35"), Ok(NOW));
    }

    #[test]
    fn the_clock_is_that_of_the_day_that_is_entered() {
        // The window of the stop was in winter; this is summer.
        assert_eq!(read(&joliet(), "2026-10-30T08:00"), Ok(utc("2026-10-30T13:00:00Z")));
        assert_eq!(joliet().field_value(utc("2026-10-30T13:00:00Z")), "2026-10-30T08:00");
        assert_eq!(read(&joliet(), "2027-03-14T02:30"), Err(NEVER));
        let second = joliet().entered("2026-11-01T01:30", |_, second| second);
        assert_eq!(second, Ok(utc("2026-11-01T07:30:00Z")));
    }

    #[test]
    fn a_zone_without_rules_has_the_clock_of_the_window() {
        let lost = PlaceClock { zone: "Middle/Nowhere".into(), ..joliet() };
        assert_eq!(read(&lost, "2026-11-21T08:05"), Ok(NOW));
    }

    #[test]
    fn nothing_and_nonsense_are_no_time() {
        for value in ["", "soon", "2026-13-01T00:00", "2026-11-21"] {
            assert_eq!(read(&joliet(), value), Err(NO_TIME), "{value}");
        }
    }
}
