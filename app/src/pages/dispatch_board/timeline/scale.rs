//! The axis of time: which stretch of it is shown, where an instant lies on it, and its ticks.
//!
//! Places are shares of the stretch in percent, so that a server that knows no pixels draws the same. Days and hours
//! are those of one clock with a fixed offset: where summer time begins or ends within the stretch, the clock of its
//! middle holds for all of it.

use crate::{
    domain::time::{DAY, HOUR, MINUTE, Timestamp},
    pages::dispatch_board::board_view::Zoom,
};

/// How far from now one can look, in milliseconds.
const FARTHEST: i64 = 365 * DAY;

impl Zoom {
    /// Milliseconds that are shown at once.
    pub const fn span(self) -> i64 {
        match self {
            Zoom::Day => DAY,
            Zoom::ThreeDays => 3 * DAY,
            Zoom::Week => 7 * DAY,
        }
    }

    /// Milliseconds between two lines.
    const fn step(self) -> i64 {
        match self {
            Zoom::Day => HOUR,
            Zoom::ThreeDays => 3 * HOUR,
            Zoom::Week => 12 * HOUR,
        }
    }

    /// Hours between two that are named where there is room, and where there is little.
    const fn named(self) -> (i64, i64) {
        match self {
            Zoom::Day => (2, 6),
            Zoom::ThreeDays => (6, 12),
            Zoom::Week => (12, 24),
        }
    }
}

/// The stretch of time that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub from: Timestamp,
    pub zoom: Zoom,
}

/// How much weight a line has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Midnight.
    Day,
    /// Named everywhere.
    Major,
    /// Named where there is room.
    Minor,
    /// A line without a name.
    Fine,
}

impl Weight {
    pub const fn code(self) -> &'static str {
        match self {
            Weight::Day => "day",
            Weight::Major => "major",
            Weight::Minor => "minor",
            Weight::Fine => "fine",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub at: Timestamp,
    pub weight: Weight,
    /// `14:00`; empty for midnight, which has the name of the day, and for fine lines.
    pub label: String,
}

/// A day that is shown, whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayName {
    pub begin: Timestamp,
    /// `Sat Nov 21`
    pub label: String,
}

impl Scale {
    /// The stretch that begins a quarter before `now`, at a full hour, so that it is the same for a while.
    pub fn around(now: Timestamp, zoom: Zoom) -> Self {
        let from = now.millis() - zoom.span() / 4;
        Self { from: Timestamp::from_millis(from - from.rem_euclid(HOUR)), zoom }
    }

    pub const fn end(self) -> Timestamp {
        self.from.plus(self.zoom.span())
    }

    pub const fn middle(self) -> Timestamp {
        self.from.plus(self.zoom.span() / 2)
    }

    /// What is shown and somewhat more: it stays the same for half of what is shown.
    pub fn period(self) -> (Timestamp, Timestamp) {
        let half = self.zoom.span() / 2;
        let begin = Timestamp::from_millis(self.from.millis().div_euclid(half) * half);
        (begin, begin.plus(self.zoom.span() + half))
    }

    /// Where an instant lies, in percent: 0 at the left, 100 at the right, beyond for what is not shown.
    pub fn share(self, at: Timestamp) -> f64 {
        at.since(self.from) as f64 * 100.0 / self.zoom.span() as f64
    }

    /// Moved on by a part of what is shown, within what can be looked at.
    pub fn moved(self, part: f64, now: Timestamp) -> Self {
        let by = (self.zoom.span() as f64 * part) as i64;
        let from = self.from.millis().saturating_add(by);
        let at = from.clamp(now.millis() - FARTHEST, now.millis() + FARTHEST);
        Self { from: Timestamp::from_millis(at), ..self }
    }

    /// Another zoom around what was a quarter into the old one, so that now stays where it was.
    pub fn zoomed(self, zoom: Zoom) -> Self {
        let pivot = self.from.plus(self.zoom.span() / 4);
        Self { from: pivot.plus(-zoom.span() / 4), zoom }
    }

    /// The lines that are shown, on a clock `offset_minutes` east of UTC.
    pub fn ticks(self, offset_minutes: i32) -> Vec<Tick> {
        let shift = i64::from(offset_minutes) * MINUTE;
        let step = self.zoom.step();
        let local = self.from.millis() + shift;
        let first = local.div_euclid(step) * step;
        let (roomy, narrow) = self.zoom.named();
        (0..)
            .map(|index| first + index * step)
            .skip_while(|tick| *tick < local)
            .take_while(|tick| *tick <= local + self.zoom.span())
            .map(|tick| {
                let hour = tick.rem_euclid(DAY) / HOUR;
                let weight = match hour {
                    0 => Weight::Day,
                    hour if hour % narrow == 0 => Weight::Major,
                    hour if hour % roomy == 0 => Weight::Minor,
                    _ => Weight::Fine,
                };
                let is_named = matches!(weight, Weight::Major | Weight::Minor);
                let label = if is_named { format!("{hour:02}:00") } else { String::new() };
                Tick { at: Timestamp::from_millis(tick - shift), weight, label }
            })
            .collect()
    }

    /// The days that are shown.
    pub fn days(self, offset_minutes: i32) -> Vec<DayName> {
        let shift = i64::from(offset_minutes) * MINUTE;
        let local = self.from.millis() + shift;
        let first = local.div_euclid(DAY) * DAY;
        (0..)
            .map(|index| first + index * DAY)
            .take_while(|begin| *begin < local + self.zoom.span())
            .map(|begin| {
                let at = Timestamp::from_millis(begin - shift);
                DayName { begin: at, label: day_name(at, offset_minutes) }
            })
            .collect()
    }
}

/// `Sat Nov 21`
pub fn day_name(at: Timestamp, offset_minutes: i32) -> String {
    // 1970 began on a Thursday.
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let day = (at.millis() + i64::from(offset_minutes) * MINUTE).div_euclid(DAY);
    format!("{} {}", DAYS[day.rem_euclid(7) as usize], at.civil(offset_minutes).month_day())
}

/// `your time, UTC−6`, or `UTC` as long as the viewer's clock is not known.
pub fn zone_name(offset: Option<i32>) -> String {
    let Some(offset) = offset else { return "UTC".into() };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    let sign = if offset < 0 { '−' } else { '+' };
    match (hours, minutes) {
        (0, 0) => "your time, UTC".into(),
        (_, 0) => format!("your time, UTC{sign}{hours}"),
        _ => format!("your time, UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
#[path = "scale_tests.rs"]
mod tests;
