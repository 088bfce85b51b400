//! A truck at its stops: arriving in time, staying, and going on.

use super::{
    Action, RoadLoad,
    trip::{Doing, Trip},
    truck::{Truck, hours, millis},
};
use crate::demo::{
    dice::Dice,
    driving::{self, Duty},
    roads::{Roads, Spot},
};
use app::domain::{
    status::LoadStatus::*,
    time::{MINUTE, Timestamp},
};

/// A truck is nearer than this to a stop when it stands there, in miles.
const AT_THE_GATE: f64 = 3.0;

impl Truck {
    /// Comes to its next stop and stays for a while.
    pub fn arrive(&mut self, trip: &mut Trip, clock: Timestamp, actions: &mut Vec<Action>) {
        if trip.next == 0 {
            trip.advance(AtPickup, actions);
        } else if trip.next == trip.last() {
            trip.advance(AtDelivery, actions);
        }
        // Whoever is early waits for the window, but nobody longer than 3 hours in all.
        let early = hours(trip.stop().window.start.since(clock)).max(0.0);
        let stay = (early + self.dice.mostly_low(0.34, 2.8)).min(3.0);
        trip.doing = Doing::AtStop { since: clock, until: clock.plus(millis(stay)) };
    }

    /// Leaves a stop where all is done.
    pub fn leave_stop(&mut self, trip: &mut Trip, clock: Timestamp, actions: &mut Vec<Action>) {
        let next = trip.next;
        self.idle_since = clock;
        trip.stops[next].departed = true;
        trip.doing = Doing::SettingOut;
        if next == trip.last() {
            trip.advance(Delivered, actions);
        } else {
            if next == 0 {
                trip.advance(PickedUp, actions);
                trip.doing = Doing::Leaving { until: clock.plus(self.dice.whole(5..20) * MINUTE) };
            }
            trip.next += 1;
        }
    }

    /// What there is to do for a load that stands in its status.
    pub fn begin(&mut self, trip: &mut Trip, clock: Timestamp) -> Doing {
        let stay = Doing::AtStop { since: clock, until: clock.plus(self.dice.whole(5..100) * MINUTE) };
        trip.next = match trip.status {
            PickedUp => 1.min(trip.last()),
            InTransit => trip.next_delivery(),
            AtDelivery => trip.last(),
            _ => 0,
        };
        let is_there = self.spot.at.miles_to(trip.stop().at) < AT_THE_GATE;
        match trip.status {
            Dispatched if trip.was_rolling => Doing::SettingOut,
            Accepted | Dispatched => self.plan_departure(trip, clock),
            PickedUp => Doing::Leaving { until: clock.plus(self.dice.whole(3..20) * MINUTE) },
            InTransit if trip.stop().arrived && is_there => stay,
            AtPickup | AtDelivery if is_there => stay,
            _ => Doing::SettingOut,
        }
    }

    /// Leaves so as to be at the pickup in its window; one driver in twelve comes late.
    fn plan_departure(&mut self, trip: &Trip, clock: Timestamp) -> Doing {
        let window = trip.stop().window;
        let miles = Roads::interstates().route(self.spot.at, trip.stop().at).miles();
        let drive = driving::hours_for(miles, driving::PACE_MPH, Duty::default());
        let into = self.dice.between(-0.25, 1.0).min(hours(window.end.since(window.start)) * 0.8);
        let arrival = if self.dice.chance(0.08) {
            window.end.plus(millis(self.dice.between(0.2, 1.5)))
        } else {
            window.start.plus(millis(into))
        };
        let leave = arrival.plus(-millis(drive));
        let dispatch = leave.plus(-millis(self.dice.between(0.3, 4.0)));
        // Whoever is late still needs a moment to get going.
        let soon = |minutes: i64| clock.plus(minutes * MINUTE);
        let late = self.dice.whole(3..25);
        Doing::Waiting { dispatch: dispatch.max(soon(late)), leave: leave.max(soon(late + 12)) }
    }
}

/// Where a truck must be of which nothing is known.
pub(super) fn place(load: &RoadLoad, dice: &mut Dice) -> Spot {
    let stop = |index: usize| load.stops[index.min(load.stops.len() - 1)].at;
    let stand = |at| Spot { at, heading: 0.0, road: "" };
    let roads = Roads::interstates();
    match load.status {
        AtPickup | PickedUp => stand(stop(0)),
        InTransit => {
            let next = (1..load.stops.len()).find(|index| !load.stops[*index].departed).unwrap_or(load.stops.len() - 1);
            let route = roads.route(stop(next.saturating_sub(1)), stop(next));
            route.point_at(route.miles() * dice.between(0.1, 0.8))
        }
        AtDelivery => stand(stop(load.stops.len() - 1)),
        _ => {
            let near = |at| (20.0..160.0).contains(&stop(0).miles_to(at));
            let places: Vec<_> = roads.junctions().iter().filter(|junction| near(junction.at)).collect();
            stand(dice.pick(&places).map_or(stop(0), |junction| junction.at))
        }
    }
}
