//! Ten simulated days: trucks move, speeds and steps are legal, and chance is from the seed alone.

#[path = "people_tests.rs"]
mod people;

use super::*;
use crate::demo::{
    fix::Fix,
    plan::{self, PlanSettings, TenantPlan},
};
use app::domain::{
    geo::LatLng,
    role::Role,
    status::{Mover, check_step},
    time::DAY,
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

const SPEEDUP: u32 = 60;

fn now() -> Timestamp {
    "2026-11-21T14:05:00.000Z".parse().unwrap()
}

fn load_id(index: usize) -> LoadId {
    LoadId(Uuid::from_u128(index as u128))
}

/// The loads of a tenant that the fleet takes over, as the runner would hand them in.
fn road_loads(tenant: &TenantPlan) -> Vec<RoadLoad> {
    let stop = |stop: &plan::StopPlan| RoadStop {
        kind: stop.kind,
        at: tenant.facilities[stop.facility].at,
        window: stop.window,
        arrived: stop.arrived_at.is_some(),
        departed: stop.departed_at.is_some(),
    };
    let load = |(index, load): (usize, &plan::LoadPlan)| {
        Some(RoadLoad {
            load: load_id(index),
            driver: DriverId(Uuid::from_u128(load.driver? as u128)),
            status: load.status,
            stops: load.stops.iter().map(stop).collect(),
            fix: load.trail.last().copied(),
            last_check_call_at: load.last_check_call_at(),
        })
    };
    tenant.loads.iter().enumerate().filter_map(load).filter(RoadLoad::is_for_the_fleet).collect()
}

fn plan_loads(seed: u64, loads: usize) -> Vec<RoadLoad> {
    road_loads(&plan::plan(seed, now(), &PlanSettings { loads, trucks: loads / 2 })[0])
}

/// Steps the fleet every so many milliseconds, and hands each action with its time to `see`.
fn run(fleet: &mut Fleet, simulated: i64, every: i64, mut see: impl FnMut(Timestamp, &Action)) {
    let start = fleet.now;
    for step in 1..=simulated / i64::from(SPEEDUP) / every {
        let at = start.plus(step * every);
        fleet.step(at).iter().for_each(|action| see(at, action));
    }
}

/// The status of every load, kept by the rules of the trade as the server keeps it.
struct Board(BTreeMap<LoadId, LoadStatus>);

impl Board {
    fn of(loads: &[RoadLoad]) -> Self {
        Self(loads.iter().map(|load| (load.load, load.status)).collect())
    }

    fn apply(&mut self, action: &Action) {
        let Action::Status { load, to } = action else { return };
        let status = self.0.get_mut(load).unwrap();
        let role = if (AtPickup..=Delivered).contains(to) { Role::Driver } else { Role::Dispatcher };
        let step = check_step(Mover { role, owns: true }, *status, *to, true, None);
        assert!(step.is_ok(), "{load}: {status} to {to}: {step:?}");
        *status = *to;
    }
}

#[test]
fn in_ten_days_every_load_is_driven_to_its_end_in_legal_steps() {
    let loads = plan_loads(1, 250);
    let mut fleet = Fleet::new(1, SPEEDUP, now(), loads.clone());
    let mut board = Board::of(&loads);
    let mut seen: BTreeMap<LoadId, Vec<LatLng>> = BTreeMap::new();
    let mut calls = 0;
    run(&mut fleet, 10 * DAY, 5_000, |_, action| {
        board.apply(action);
        match action {
            Action::Position { load, at, .. } => seen.entry(*load).or_default().push(*at),
            Action::CheckCall { note, .. } => {
                assert!(!note.is_empty() && !note.contains("{}"), "{note}");
                calls += 1;
            }
            Action::Status { .. } => {}
        }
    });
    for load in &loads {
        assert_eq!(board.0[&load.load], Completed, "{load:?}");
        if load.status < AtDelivery {
            let positions = &seen[&load.load];
            let last = load.stops[load.stops.len() - 1].at;
            let driven: f64 = positions.windows(2).map(|pair| pair[0].miles_to(pair[1])).sum();
            assert!(driven >= positions[0].miles_to(last) * 0.99 - 1.0, "{driven} miles: {load:?}");
            assert!(positions[positions.len() - 1].miles_to(last) < 0.5, "{load:?}");
        }
    }
    assert_eq!(fleet.loads(), 0);
    assert!(calls > loads.len(), "{calls}");
}

#[test]
fn positions_are_sane_and_come_every_two_to_five_seconds() {
    let loads = plan_loads(2, 250);
    let mut fleet = Fleet::new(2, SPEEDUP, now(), loads);
    let mut last: BTreeMap<LoadId, (Timestamp, LatLng)> = BTreeMap::new();
    run(&mut fleet, DAY, 1_000, |now, action| {
        let Action::Position { load, at, heading, speed_mph, recorded_at } = action else { return };
        assert_eq!(*recorded_at, now);
        assert!(LatLng::new(at.lat, at.lng).is_some() && (0.0..360.0).contains(heading), "{action:?}");
        assert!(*speed_mph == 0.0 || (45.0..82.0).contains(speed_mph), "{action:?}");
        if let Some((before, from)) = last.insert(*load, (now, *at)) {
            let elapsed = now.since(before);
            assert!((2_000..=5_000).contains(&elapsed), "{elapsed} ms");
            let hours = (elapsed * i64::from(SPEEDUP)) as f64 / HOUR as f64;
            assert!(from.miles_to(*at) <= 82.0 * hours + 0.5, "{} miles in {hours} h", from.miles_to(*at));
        }
    });
    assert!(last.len() > 60);
}

#[test]
fn only_about_one_truck_in_a_hundred_speeds() {
    let mut fleet = Fleet::new(3, SPEEDUP, now(), plan_loads(3, 2_000));
    let trucks = fleet.trucks.len();
    let mut speeders = HashSet::new();
    for minute in 1..60 {
        fleet.step(now().plus(minute * 1_000));
        let fast = (0..trucks).filter(|index| fleet.trucks[*index].speed_mph > 75.0);
        speeders.extend(fast);
    }
    let share = speeders.len() as f64 / trucks as f64;
    assert!((0.002..0.022).contains(&share), "{} of {trucks}", speeders.len());
}

#[test]
fn nobody_drives_more_than_eleven_hours_without_a_rest() {
    let loads = plan_loads(4, 100);
    let mut fleet = Fleet::new(4, SPEEDUP, now(), loads);
    // Simulated milliseconds of driving since the last standstill of 9 hours and more, seen every minute.
    let mut driven: BTreeMap<LoadId, (i64, i64)> = BTreeMap::new();
    for minute in 1..3 * 24 * 60 {
        fleet.step(now().plus(minute * 1_000));
        for truck in &fleet.trucks {
            let Some(trip) = truck.current().map(|index| &truck.trips[index]) else { continue };
            let (driving, standing) = driven.entry(trip.load).or_default();
            if truck.speed_mph > 0.0 {
                (*driving, *standing) = (*driving + MINUTE, 0);
            } else {
                *standing += MINUTE;
                *driving = if *standing >= 9 * HOUR { 0 } else { *driving };
            }
            assert!(*driving <= 11 * HOUR + 30 * MINUTE, "{}", *driving as f64 / HOUR as f64);
        }
    }
}

#[test]
fn the_same_seed_does_the_same_and_another_another() {
    let record = |seed| {
        let mut fleet = Fleet::new(seed, SPEEDUP, now(), plan_loads(5, 120));
        let mut actions = Vec::new();
        run(&mut fleet, DAY, 2_000, |_, action| actions.push(action.clone()));
        actions
    };
    assert_eq!(record(5), record(5));
    assert_ne!(record(5), record(6));
}

#[test]
fn drivers_are_called_every_three_to_four_hours_and_some_calls_are_missed() {
    let loads = plan_loads(6, 250);
    let mut fleet = Fleet::new(6, SPEEDUP, now(), loads);
    let mut last: BTreeMap<LoadId, Timestamp> = BTreeMap::new();
    let (mut usual, mut missed) = (0, 0);
    run(&mut fleet, 2 * DAY, 3_000, |now, action| {
        let Action::CheckCall { load, eta, at, .. } = action else { return };
        assert!(eta.is_none_or(|eta| eta > now) && LatLng::new(at.lat, at.lng).is_some());
        if let Some(before) = last.insert(*load, now) {
            let hours = now.since(before) as f64 * f64::from(SPEEDUP) / HOUR as f64;
            assert!(hours >= 2.9, "{hours}");
            if hours < 4.2 { usual += 1 } else { missed += 1 }
        }
    });
    let share = f64::from(missed) / f64::from(usual + missed);
    assert!((0.08..0.3).contains(&share), "{missed} missed, {usual} not");
}

#[test]
fn loads_without_a_known_position_are_put_where_they_must_be() {
    let mut loads = plan_loads(10, 250);
    for load in &mut loads {
        load.fix = None;
    }
    let mut board = Board::of(&loads);
    let mut fleet = Fleet::new(10, SPEEDUP, now(), loads);
    run(&mut fleet, 10 * DAY, 10_000, |_, action| board.apply(action));
    assert!(board.0.values().all(|status| *status == Completed));
}

#[test]
fn a_silent_tracker_stays_silent_for_a_while_and_a_fleet_that_slept_does_not() {
    let load = plan_loads(7, 250).iter().find(|load| load.status == InTransit).unwrap().load;
    let fix = |minutes: i64| {
        let mut loads = plan_loads(7, 250);
        loads.retain(|load| load.status == InTransit);
        for other in &mut loads {
            let age = if other.load == load { minutes } else { 1 };
            other.fix = Some(Fix { recorded_at: now().plus(-age * MINUTE), ..other.fix.unwrap() });
        }
        loads
    };
    let heard_after = |loads: Vec<RoadLoad>| {
        let mut fleet = Fleet::new(7, SPEEDUP, now(), loads);
        let mut first = None;
        run(&mut fleet, 2 * DAY, 5_000, |at, action| {
            if matches!(action, Action::Position { load: heard, .. } if *heard == load) {
                first.get_or_insert(at.since(now()));
            }
        });
        first
    };
    assert!(heard_after(fix(2)).unwrap() < MINUTE);
    assert!(heard_after(fix(45)).is_none_or(|after| after >= 10 * MINUTE));
}

#[test]
fn clocks_that_stand_run_back_or_leap_do_no_harm() {
    let loads = plan_loads(11, 120);
    let mut board = Board::of(&loads);
    let mut fleet = Fleet::new(11, 3_600, now(), loads);
    assert_eq!(fleet.step(now()), []);
    assert_eq!(fleet.step(now().plus(-HOUR)), []);
    for leap in [1, 5_000, 30 * DAY, 30 * DAY + 1, 400 * DAY] {
        fleet.step(now().plus(leap)).iter().for_each(|action| board.apply(action));
    }
    assert!(Fleet::new(1, 0, now(), Vec::new()).step(now().plus(DAY)).is_empty());
}

#[test]
fn a_truck_that_rolled_to_its_pickup_rolls_on_at_once() {
    let rolls = |load: &RoadLoad| load.status == Dispatched && load.fix.is_some_and(|fix| fix.speed_mph > 0.0);
    let mut loads = plan_loads(12, 400);
    loads.retain(rolls);
    assert!(loads.len() > 3);
    let mut fleet = Fleet::new(12, SPEEDUP, now(), loads);
    fleet.step(now().plus(1_000));
    assert!(fleet.trucks.iter().all(|truck| truck.speed_mph > 0.0));
}
