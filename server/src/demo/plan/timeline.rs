//! When things happened to a load, and when they are due: its times and windows, as its status has them at `now`.

use super::{
    itinerary::{Itinerary, hours_after},
    lanes::{Call, Lanes},
    punctuality::{self, Punctuality},
};
use crate::demo::dice::Dice;
use app::domain::{
    status::LoadStatus::{self, *},
    stop::Window,
    time::{MINUTE, Timestamp},
};

/// How long a tender is open.
const TENDER_WINDOW: i64 = 30 * MINUTE;
/// How often chance is asked again for times at which the wanted punctuality meets the facility's hours.
const TRIES: usize = 16;

/// The times of a load.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Arrival at the first stop, as it was or as it is expected.
    pub start: Timestamp,
    /// One a stop.
    pub windows: Vec<Window>,
    pub created_at: Timestamp,
    pub status_since: Timestamp,
    pub tender_expires_at: Option<Timestamp>,
    /// Whether the trip met the facilities' hours as it was meant to; else another trip is better.
    pub fits: bool,
}

impl Timeline {
    /// Draws times for a load that stands in `status` at `now`.
    pub fn draw(
        status: LoadStatus,
        stops: &[Call],
        trip: &Itinerary,
        lanes: &Lanes,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Self {
        let wanted = Punctuality::draw(status, dice);
        let due = if status < PickedUp { 0 } else { stops.len() - 1 };
        let mut tries = 0;
        loop {
            let (start, slack) = anchor(status, trip, wanted, now, dice);
            let (windows, as_meant) = punctuality::draw_windows(stops, trip, lanes, (start, due, slack), now, dice);
            tries += 1;
            let arrival = hours_after(start, trip.visits[due].arrive);
            let fits = as_meant && Punctuality::of(windows[due], arrival) == wanted;
            if fits || tries == TRIES {
                let (created_at, status_since, tender_expires_at) = milestones(status, trip, start, now, dice);
                return Self { start, windows, created_at, status_since, tender_expires_at, fits };
            }
        }
    }
}

/// The arrival at the first stop, and hours between the arrival that is due and the end of its window (none: chosen
/// with the window's length).
fn anchor(
    status: LoadStatus,
    trip: &Itinerary,
    wanted: Punctuality,
    now: Timestamp,
    dice: &mut Dice,
) -> (Timestamp, Option<f64>) {
    let (first, last) = (trip.first(), trip.last());
    let mut slack = match wanted {
        Punctuality::Fine => None,
        Punctuality::Tight => Some(dice.between(0.3, 0.95)),
        Punctuality::Late => Some(-dice.between(0.3, 4.0)),
    };
    // Most of those that are not fine are about to arrive: at risk or overdue by the clock, not only by the ETA.
    let near = (wanted != Punctuality::Fine && dice.chance(0.65)).then(|| match wanted {
        Punctuality::Tight => (dice.between(0.1, 0.6), dice.between(0.1, 0.35)),
        _ => {
            let near = dice.between(0.3, 4.0);
            (near, -near - dice.between(0.2, 2.5))
        }
    });
    let ahead = match status {
        Planning => dice.between(30.0, 150.0),
        Pending => dice.between(5.0, 72.0),
        Tendered => dice.between(6.0, 48.0),
        Accepted => dice.between(3.0, 40.0),
        Dispatched | InTransit if let Some((near, spare)) = near => {
            slack = Some(spare);
            if status == Dispatched { near } else { (near - last.arrive).min(-first.depart - 0.1) }
        }
        Dispatched => dice.between(0.4, 14.0),
        AtPickup => -dice.between(0.08, 0.95 * first.depart),
        PickedUp => dice.between(0.05, 0.4) - first.depart,
        InTransit => -dice.between(first.depart + 0.1, last.arrive - 0.1),
        AtDelivery => -dice.between(last.arrive + 0.05, last.arrive + 0.95 * (last.depart - last.arrive)),
        Delivered => -last.depart - dice.mostly_low(0.2, 30.0),
        Completed => -last.depart - dice.between(14.0, 216.0),
        Cancelled => dice.between(-20.0, 40.0),
    };
    (hours_after(now, ahead), slack)
}

/// Creation, begin of the status, and end of the tender.
fn milestones(
    status: LoadStatus,
    trip: &Itinerary,
    start: Timestamp,
    now: Timestamp,
    dice: &mut Dice,
) -> (Timestamp, Timestamp, Option<Timestamp>) {
    let (first, last) = (trip.first(), trip.last());
    let ago = |hours: f64| hours_after(now, -hours);
    let expires = now.plus(dice.whole(4 * 60..30 * 60) * 1_000);
    let since = match status {
        Planning => ago(dice.between(0.2, 40.0)),
        // Some wait for more than a day, which puts them at risk.
        Pending => ago(if dice.chance(0.12) { dice.between(25.0, 60.0) } else { dice.mostly_low(0.1, 22.0) }),
        Tendered => expires.plus(-TENDER_WINDOW),
        Accepted => ago(dice.mostly_low(0.1, 10.0)),
        Dispatched => ago(dice.mostly_low(0.2, 9.0)),
        AtPickup => start,
        PickedUp => ago(dice.between(0.02, 0.35)),
        InTransit => hours_after(start, first.depart),
        AtDelivery => hours_after(start, last.arrive),
        Delivered => hours_after(start, last.depart),
        Completed => hours_after(start, last.depart + dice.between(1.5, 13.5)),
        Cancelled => ago(dice.mostly_low(1.0, 60.0)),
    };
    let before = |hours: f64| hours_after(since, -hours);
    let created = match status {
        Planning => since,
        Pending => before(if dice.chance(0.6) { 0.0 } else { dice.between(0.3, 18.0) }),
        Tendered | Accepted => before(dice.between(0.6, 34.0)),
        Dispatched | Cancelled => before(dice.between(2.0, 60.0)),
        _ => hours_after(start, -dice.between(14.0, 110.0)),
    };
    (created, since, (status == Tendered).then_some(expires))
}
