//! The fleet of the demo: trucks that drive along the interstates, faster than life, and drivers who report from them.
//!
//! A state machine without I/O: [`Fleet::step`] is told the time and answers with what has happened since. What people
//! do to loads in the meantime is told by [`Fleet::sync`] and [`Fleet::add`].

mod action;
mod reports;
mod road_load;
mod stops;
mod trip;
mod truck;

pub use action::Action;
pub use road_load::{RoadLoad, RoadStop};

use super::dice::Dice;
use app::domain::{
    id::{DriverId, LoadId},
    status::LoadStatus::{self, *},
    time::{HOUR, MINUTE, Timestamp},
};
use std::collections::HashMap;
use trip::{Hold, Trip};
use truck::{Truck, millis};

/// Simulated time is lived in slices no longer than this.
const SLICE: i64 = 5 * MINUTE;
/// A longer gap between two steps (a laptop that slept) is not made up for: simulated time stands still meanwhile.
const CATCH_UP: i64 = 12 * HOUR;
/// A tracker that was silent for longer than the others before the start stays so for a while.
const SILENT_TRACKER: i64 = 30 * MINUTE;
/// A driver who had not called for longer than the others before the start seldom does.
const SILENT_DRIVER: i64 = 4 * HOUR;

/// Trucks, their drivers and their loads.
#[derive(Debug)]
pub struct Fleet {
    seed: u64,
    /// Simulated milliseconds in a real one.
    speedup: i64,
    /// The real time of the last step.
    now: Timestamp,
    /// The simulated time of the last step.
    clock: Timestamp,
    trucks: Vec<Truck>,
    truck_of_driver: HashMap<DriverId, usize>,
    truck_of_load: HashMap<LoadId, usize>,
    /// Delivered loads, and when their papers are done by the simulated clock.
    desk: Vec<(LoadId, Timestamp)>,
    dice: Dice,
}

impl Fleet {
    /// A fleet that begins at `now` with the loads that have a driver. At a `speedup` of 60, an hour takes a minute.
    pub fn new(seed: u64, speedup: u32, now: Timestamp, loads: Vec<RoadLoad>) -> Self {
        let mut fleet = Self {
            seed,
            speedup: i64::from(speedup.max(1)),
            now,
            clock: now,
            trucks: Vec::new(),
            truck_of_driver: HashMap::new(),
            truck_of_load: HashMap::new(),
            desk: Vec::new(),
            dice: Dice::of(seed, u64::MAX - 1),
        };
        let newest_fix = loads.iter().filter_map(|load| Some(load.fix.as_ref()?.recorded_at)).max();
        let newest_call = loads.iter().filter_map(|load| load.last_check_call_at).max();
        // A truck is where the load is that it is busy with.
        let (busy, other): (Vec<_>, Vec<_>) = loads.into_iter().partition(|load| load.status >= AtPickup);
        for load in busy.into_iter().chain(other) {
            let fix_lag = newest_fix.and_then(|newest| Some(newest.since(load.fix.as_ref()?.recorded_at)));
            let call_lag = newest_call.and_then(|newest| Some(newest.since(load.last_check_call_at?)));
            let is_on_the_road = (PickedUp..=InTransit).contains(&load.status);
            let driver = load.driver;
            fleet.add(load);
            let Some(truck) = fleet.truck_of_driver.get(&driver).map(|index| &mut fleet.trucks[*index]) else {
                continue;
            };
            if is_on_the_road && fix_lag.is_some_and(|lag| lag > SILENT_TRACKER) {
                truck.reports.silent_until = Some(now.plus(truck.dice.whole(10..40) * MINUTE));
            }
            if is_on_the_road && call_lag.is_some_and(|lag| lag > SILENT_DRIVER) {
                truck.manners.misses_calls = 0.9;
            }
        }
        fleet
    }

    /// Takes a load over, or anew when it has another driver. Loads that the fleet has no part in are left alone.
    pub fn add(&mut self, load: RoadLoad) {
        self.forget(load.load);
        if !load.is_for_the_fleet() {
            return;
        }
        if load.status == Delivered {
            return self.hand_in(load.load);
        }
        let index = *self.truck_of_driver.entry(load.driver).or_insert_with(|| {
            let dice = Dice::of(self.seed, self.trucks.len() as u64);
            self.trucks.push(Truck::new(dice, &load, self.clock));
            self.trucks.len() - 1
        });
        self.truck_of_load.insert(load.load, index);
        let truck = &mut self.trucks[index];
        let call_at = self.clock.plus(millis(truck.dice.between(0.2, 3.8)));
        truck.trips.push(Trip::new(load, call_at));
    }

    /// Says that a person has put a load into a status. After a step back the fleet leaves it alone until a person
    /// takes one forward; cancelled and uncovered loads it forgets. To be called for people's changes only.
    pub fn sync(&mut self, load: LoadId, status: LoadStatus) {
        let clock = self.clock;
        match status {
            Delivered if self.trip(load).is_some() => {
                self.forget(load);
                self.hand_in(load);
            }
            Delivered => {}
            Accepted | Dispatched | AtPickup | PickedUp | InTransit | AtDelivery => match self.trip(load) {
                Some(trip) => trip.hear(status, clock),
                None => self.forget(load),
            },
            _ => self.forget(load),
        }
    }

    /// Says that a step of the last [`step`](Self::step) was refused. The load is left alone until [`sync`](Self::sync)
    /// tells its status or it is [added](Self::add) anew.
    pub fn refused(&mut self, load: LoadId) {
        match self.trip(load) {
            Some(trip) => trip.stop_for(Hold::Refused, trip.settled),
            None => self.forget(load),
        }
    }

    /// How many loads it has in hand.
    pub fn loads(&self) -> usize {
        self.desk.len() + self.trucks.iter().map(|truck| truck.trips.len()).sum::<usize>()
    }

    /// Lives until `now` and tells what has happened. A time that is not later than the last changes nothing.
    pub fn step(&mut self, now: Timestamp) -> Vec<Action> {
        let mut actions = Vec::new();
        if now <= self.now {
            return actions;
        }
        let lived = now.since(self.now).saturating_mul(self.speedup).min(CATCH_UP);
        let (from, to) = (self.clock, self.clock.plus(lived));
        (self.now, self.clock) = (now, to);
        for index in 0..self.trucks.len() {
            for load in live(&mut self.trucks[index], (from, to), now, &mut actions) {
                self.truck_of_load.remove(&load);
                self.hand_in(load);
            }
        }
        let (done, open) = std::mem::take(&mut self.desk).into_iter().partition(|(_, due)| *due <= to);
        self.desk = open;
        let done: Vec<(LoadId, Timestamp)> = done;
        actions.extend(done.into_iter().map(|(load, _)| Action::Status { load, to: Completed }));
        actions
    }

    fn trip(&mut self, load: LoadId) -> Option<&mut Trip> {
        let truck = self.trucks.get_mut(*self.truck_of_load.get(&load)?)?;
        truck.trips.iter_mut().find(|trip| trip.load == load)
    }

    /// Puts a delivered load on the desk, where its papers take an hour to half a day.
    fn hand_in(&mut self, load: LoadId) {
        let due = self.clock.plus(millis(self.dice.between(1.0, 12.0)));
        self.desk.push((load, due));
    }

    fn forget(&mut self, load: LoadId) {
        self.desk.retain(|(other, _)| *other != load);
        if let Some(index) = self.truck_of_load.remove(&load) {
            self.trucks[index].trips.retain(|trip| trip.load != load);
        }
    }
}

/// Lets a truck live for a while. Returns the loads that it has delivered.
fn live(
    truck: &mut Truck,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
    actions: &mut Vec<Action>,
) -> Vec<LoadId> {
    for trip in &mut truck.trips {
        trip.settled = trip.status;
    }
    let (mut clock, mut delivered) = (from, Vec::new());
    while clock < to {
        let end = clock.plus(SLICE).min(to);
        delivered.extend(truck.live(clock, end, actions));
        clock = end;
    }
    actions.extend(truck.report(now));
    actions.extend(truck.call(to, now));
    delivered
}

#[cfg(test)]
#[path = "fleet/fleet_tests.rs"]
mod tests;
