//! On time or not: windows around the arrivals of a trip, so that most trucks are in time and some are not.

use super::{
    itinerary::{Itinerary, hours_after},
    lanes::{Call, Lanes},
    windows::{self, Wanted},
};
use crate::demo::{dice::Dice, places::FACILITIES};
use app::domain::{
    status::LoadStatus::{self, *},
    stop::{Window, WindowKind},
    time::{HOUR, Timestamp},
};

/// Later than this after the window, a truck would have been given another.
const TOO_LATE: i64 = 6 * HOUR;

/// How the truck stands against the window that is due: an hour or more to spare, less, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuality {
    Fine,
    Tight,
    Late,
}

use Punctuality::*;

impl Punctuality {
    /// Draws how a load of this status is to stand.
    pub fn draw(status: LoadStatus, dice: &mut Dice) -> Self {
        let weights = match status {
            Planning | Pending | Tendered | Accepted => [97.0, 3.0, 0.0],
            Delivered | Completed => [88.0, 4.0, 8.0],
            Cancelled => [100.0, 0.0, 0.0],
            _ => [66.0, 16.0, 18.0],
        };
        [Fine, Tight, Late][dice.weighted(&weights)]
    }

    /// How an arrival stands against a window.
    pub fn of(window: Window, arrival: Timestamp) -> Self {
        match window.end.since(arrival) {
            ..0 => Late,
            0..HOUR => Tight,
            _ => Fine,
        }
    }
}

/// Windows around the arrivals, and whether the stops passed turned out as they were meant to. The stop that is due has so
/// much slack; at one in sixteen of the others, the truck was late.
pub fn draw_windows(
    stops: &[Call],
    trip: &Itinerary,
    lanes: &Lanes,
    (start, due, slack): (Timestamp, usize, Option<f64>),
    now: Timestamp,
    dice: &mut Dice,
) -> (Vec<Window>, bool) {
    let mut windows: Vec<Window> = Vec::with_capacity(stops.len());
    let mut as_meant = true;
    for (index, stop) in stops.iter().enumerate() {
        let fixed = dice.chance(0.45);
        let minutes = if fixed { 30 * dice.whole(1..4) } else { 15 * dice.whole(16..33) };
        let to_spare = if fixed { dice.between(1.3, 2.6) } else { dice.between(1.3, minutes as f64 / 60.0 + 0.5) };
        let slack = match slack {
            Some(slack) if index == due => slack,
            _ if index != due && dice.chance(0.06) => -dice.between(0.3, 3.0),
            _ => to_spare,
        };
        let kind = if fixed { WindowKind::Fixed } else { WindowKind::Fcfs };
        let visit = trip.visits[index];
        let wanted = Wanted { kind, end: hours_after(start, visit.arrive + slack), minutes };
        let window =
            windows::fit(&FACILITIES[stop.facility], lanes.clock(stop.facility), wanted, windows.last().copied());
        windows.push(window);

        let (arrival, departure) = (hours_after(start, visit.arrive), hours_after(start, visit.depart));
        let spare = window.end.since(arrival);
        as_meant &= index != due || spare > -TOO_LATE;
        as_meant &= arrival > now || ((spare < 0) == (slack < 0.0) && spare > -TOO_LATE);
        // Nobody loads or unloads a truck before its window begins.
        as_meant &= arrival > now || index >= due && departure > now || window.start < departure.min(now);
    }
    (windows, as_meant)
}
