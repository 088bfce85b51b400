//! What is heard of a truck: its positions by the real clock, its driver by the simulated one.

use super::{
    Action,
    trip::{Doing, Trip},
    truck::{Truck, hours, millis},
};
use crate::demo::{
    driving,
    notes::{self, Moment},
    roads::Roads,
};
use app::domain::{
    status::LoadStatus::*,
    time::{HOUR, MINUTE, Timestamp},
};

/// Milliseconds between two positions of a truck, at least and less than. The world is looked at every second, so that a
/// map which expects one every 5 s gets it.
const REPORT_GAP: (i64, i64) = (2_000, 4_001);
/// Hours between two check calls.
const CALL_GAP: (f64, f64) = (3.0, 4.0);

/// When a truck reported last, by the real clock, and when it does so again.
#[derive(Debug, Default)]
pub(super) struct Reports {
    last: Option<Timestamp>,
    gap: i64,
    /// Its tracker is silent until then.
    pub silent_until: Option<Timestamp>,
}

impl Truck {
    /// The load that its tracker reports for.
    fn tracked(&self) -> Option<usize> {
        self.current().filter(|index| (Dispatched..=AtDelivery).contains(&self.trips[*index].status))
    }

    /// A position, if one is due.
    pub fn report(&mut self, now: Timestamp) -> Option<Action> {
        let trip = &self.trips[self.tracked()?];
        let is_early = self.reports.last.is_some_and(|last| now.since(last) < self.reports.gap);
        if is_early || self.reports.silent_until.is_some_and(|until| now < until) {
            return None;
        }
        let load = trip.load;
        self.reports.last = Some(now);
        self.reports.gap = self.dice.whole(REPORT_GAP.0..REPORT_GAP.1);
        let (spot, speed_mph) = (self.spot, (self.speed_mph * 10.0).round() / 10.0);
        Some(Action::Position { load, at: spot.at, heading: spot.heading, speed_mph, recorded_at: now })
    }

    /// A check call, if one is due and not missed.
    pub fn call(&mut self, clock: Timestamp, now: Timestamp) -> Option<Action> {
        let index = self.tracked()?;
        let moment = moment(&self.trips[index])?;
        if clock < self.trips[index].call_at {
            return None;
        }
        self.trips[index].call_at = clock.plus(millis(self.dice.between(CALL_GAP.0, CALL_GAP.1)));
        if self.dice.chance(self.manners.misses_calls) {
            return None;
        }
        let note = notes::note(&mut self.dice, moment, &notes::name_place(Roads::interstates(), &self.spot));
        let trip = &self.trips[index];
        Some(Action::CheckCall { load: trip.load, at: self.spot.at, note, eta: self.eta(trip, clock, now) })
    }

    /// When it is at its next stop if it goes on like a real truck from now; to 5 minutes, as drivers say it.
    fn eta(&self, trip: &Trip, clock: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let (miles, pause) = match &trip.doing {
            Doing::Driving { route, mile } => (route.miles() - mile, 0.0),
            Doing::Pausing { route, mile, until, .. } => (route.miles() - mile, hours(until.since(clock)).max(0.0)),
            _ => return None,
        };
        let mut duty = self.duty;
        duty.stand(pause);
        let eta = now.plus(millis(pause + driving::hours_for(miles, driving::PACE_MPH, duty)));
        Some(eta.plus(5 * MINUTE - eta.millis().rem_euclid(5 * MINUTE)))
    }
}

/// What the driver is doing, where there is something to say.
fn moment(trip: &Trip) -> Option<Moment> {
    Some(match (&trip.doing, trip.status) {
        (Doing::Fresh | Doing::Waiting { .. } | Doing::SettingOut, _) => return None,
        (Doing::Driving { .. }, Dispatched) => Moment::Deadhead,
        (Doing::Driving { .. }, _) => Moment::Rolling,
        (Doing::Pausing { since, until, .. }, _) if until.since(*since) > HOUR => Moment::Resting,
        (Doing::Pausing { .. }, _) => Moment::OnBreak,
        (Doing::Leaving { .. }, _) => Moment::Loaded,
        (Doing::AtStop { .. }, AtPickup) => Moment::AtPickup,
        (Doing::AtStop { .. }, AtDelivery) => Moment::AtDelivery,
        (Doing::AtStop { .. }, _) => Moment::AtStop,
    })
}
