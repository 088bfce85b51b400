//! A truck and its driver: drives, rests, waits at stops, and works off its loads one after the other.

use super::{
    Action, RoadLoad,
    reports::Reports,
    stops,
    trip::{Doing, Hold, Trip},
};
use crate::demo::{
    dice::Dice,
    driving::Duty,
    roads::{Roads, Route, Spot},
};
use app::domain::{
    id::LoadId,
    status::LoadStatus::*,
    time::{HOUR, Timestamp},
};

/// Within so many miles of a stop, traffic is slow.
const CITY_MILES: f64 = 6.0;
/// No truck does more than this many things in one step.
const DOINGS: usize = 1_000;

#[derive(Debug)]
pub(super) struct Truck {
    pub dice: Dice,
    pub spot: Spot,
    /// What the speedometer shows; 0 when it stands.
    pub speed_mph: f64,
    pub trips: Vec<Trip>,
    pub manners: Manners,
    pub duty: Duty,
    /// How this step's speed differs from the usual.
    wobble: f64,
    /// When it last drove or left a stop.
    pub idle_since: Timestamp,
    pub reports: Reports,
}

/// What is peculiar to a driver.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners {
    pub cruise_mph: f64,
    /// One in a hundred drives faster than 75 mph.
    pub speeds: bool,
    /// Probability that a check call is missed.
    pub misses_calls: f64,
}

impl Manners {
    fn draw(dice: &mut Dice) -> Self {
        let speeds = dice.chance(0.01);
        let cruise_mph = if speeds { dice.between(76.5, 78.5) } else { dice.between(57.0, 65.5) };
        Self { cruise_mph, speeds, misses_calls: 0.15 }
    }
}

impl Truck {
    /// A truck at the place where it was seen last, else where its load has to be.
    pub fn new(mut dice: Dice, load: &RoadLoad, clock: Timestamp) -> Self {
        let manners = Manners::draw(&mut dice);
        let spot = match &load.fix {
            Some(fix) => Spot { at: fix.at, heading: fix.heading, road: "" },
            None => stops::place(load, &mut dice),
        };
        let duty = Duty::after(dice.between(0.0, 7.0));
        let trips = Vec::new();
        let reports = Reports::default();
        Self { dice, spot, speed_mph: 0.0, trips, manners, duty, wobble: 1.0, idle_since: clock, reports }
    }

    /// The load that it works on: the one that it can't leave, else the one that is due first.
    pub fn current(&self) -> Option<usize> {
        let busy =
            self.trips.iter().position(|trip| trip.is_engaged() || trip.is_under_way() && trip.hold == Hold::None);
        let free = (0..self.trips.len()).filter(|index| self.trips[*index].hold == Hold::None);
        busy.or_else(|| free.min_by_key(|index| self.trips[*index].stops.first().map(|stop| stop.window.start)))
    }

    /// Lives from one instant of the simulated clock to another. Loads that were delivered are handed back.
    pub fn live(&mut self, from: Timestamp, to: Timestamp, actions: &mut Vec<Action>) -> Vec<LoadId> {
        self.wobble = self.dice.between(0.93, 1.04);
        self.speed_mph = 0.0;
        let (mut clock, mut delivered) = (from, Vec::new());
        // A guard against standing still in time.
        for _ in 0..DOINGS {
            let Some(index) = self.current().filter(|_| clock < to) else { break };
            let mut trip = self.trips.remove(index);
            clock = if trip.hold == Hold::None { self.work(&mut trip, clock, to, actions) } else { to };
            if trip.status == Delivered { delivered.push(trip.load) } else { self.trips.insert(index, trip) }
        }
        delivered
    }

    /// Does one thing for a load, and says when it was done or `to`, whichever is earlier.
    fn work(&mut self, trip: &mut Trip, clock: Timestamp, to: Timestamp, actions: &mut Vec<Action>) -> Timestamp {
        match std::mem::replace(&mut trip.doing, Doing::Fresh) {
            Doing::Fresh => {
                trip.doing = self.begin(trip, clock);
                clock
            }
            Doing::Waiting { dispatch, leave } => {
                if clock >= dispatch {
                    trip.advance(Dispatched, actions);
                }
                if clock >= leave {
                    self.duty.stand(hours(clock.since(self.idle_since)));
                    trip.doing = Doing::SettingOut;
                    return clock;
                }
                trip.doing = Doing::Waiting { dispatch, leave };
                let next = if clock < dispatch { dispatch.min(leave) } else { leave };
                next.min(to)
            }
            Doing::SettingOut => {
                trip.advance(if trip.next == 0 { Dispatched } else { InTransit }, actions);
                let route = Roads::interstates().route(self.spot.at, trip.stop().at);
                trip.doing = Doing::Driving { route, mile: 0.0 };
                clock
            }
            Doing::Driving { route, mile } => self.drive(trip, (route, mile), clock, to, actions),
            Doing::Pausing { route, mile, since, until } => {
                if clock < until {
                    trip.doing = Doing::Pausing { route, mile, since, until };
                    return until.min(to);
                }
                self.duty.stand(hours(until.since(since)));
                trip.doing = Doing::Driving { route, mile };
                clock
            }
            Doing::AtStop { since, until } => {
                if clock < until {
                    trip.doing = Doing::AtStop { since, until };
                    return until.min(to);
                }
                self.duty.stand(hours(until.since(since)));
                self.leave_stop(trip, clock, actions);
                clock
            }
            Doing::Leaving { until } => {
                trip.doing = if clock < until { Doing::Leaving { until } } else { Doing::SettingOut };
                until.max(clock).min(to)
            }
        }
    }

    fn drive(
        &mut self,
        trip: &mut Trip,
        (route, mile): (Route, f64),
        clock: Timestamp,
        to: Timestamp,
        actions: &mut Vec<Action>,
    ) -> Timestamp {
        let left = route.miles() - mile;
        if left <= 0.01 {
            self.spot = Spot { at: trip.stop().at, ..route.point_at(route.miles()) };
            self.speed_mph = 0.0;
            self.arrive(trip, clock, actions);
            return clock;
        }
        if let Some(pause) = self.duty.pause_due() {
            self.speed_mph = 0.0;
            trip.doing = Doing::Pausing { route, mile, since: clock, until: clock.plus(millis(pause)) };
            return clock;
        }
        let speed = self.speed(left.min(mile));
        let drive = hours(to.since(clock)).min(self.duty.left()).min(left / speed);
        self.duty.drive(drive);
        self.idle_since = to;
        self.spot = route.point_at(mile + drive * speed);
        self.speed_mph = speed;
        trip.doing = Doing::Driving { route, mile: mile + drive * speed };
        clock.plus(millis(drive).max(1)).min(to)
    }

    /// Speed of the moment in mph, so many miles from the nearer end of the way.
    fn speed(&self, miles_from_stop: f64) -> f64 {
        let Manners { cruise_mph, speeds, .. } = self.manners;
        match (miles_from_stop < CITY_MILES, speeds) {
            (true, _) => 45.0 + (self.wobble - 0.93) * 50.0,
            (false, true) => cruise_mph * self.wobble.max(0.99),
            (false, false) => (cruise_mph * self.wobble).clamp(45.0, 68.0),
        }
    }
}

/// Milliseconds as hours.
pub(super) fn hours(millis: i64) -> f64 {
    millis as f64 / HOUR as f64
}

/// Hours as milliseconds.
pub(super) fn millis(hours: f64) -> i64 {
    (hours * HOUR as f64) as i64
}
