//! From where to where: the stops of a load, and the roads between them.

use super::{freight::Commodity, windows};
use crate::demo::{
    dice::Dice,
    places::{FACILITIES, Facility},
    roads::{Reach, Roads, Route},
};
use app::domain::stop::StopKind;
use jiff::tz::TimeZone;
use std::{collections::HashMap, rc::Rc};

/// Roads between facilities, over the straight line, on average; to guess miles before a route is sought.
const DETOUR: f64 = 1.19;
/// Candidates that are looked at for a destination of the wanted distance.
const CANDIDATES: usize = 8;

/// The facilities with their clocks, and the routes between them, each sought once.
pub struct Lanes {
    clocks: Vec<TimeZone>,
    reaches: HashMap<usize, Reach<'static>>,
    routes: HashMap<(usize, usize), Rc<Route>>,
}

/// A stop at a facility, by its index in [`FACILITIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    pub facility: usize,
    pub kind: StopKind,
}

impl Lanes {
    pub fn new() -> Self {
        Self {
            clocks: FACILITIES.iter().map(windows::clock).collect(),
            reaches: HashMap::new(),
            routes: HashMap::new(),
        }
    }

    /// The clock of a facility.
    pub fn clock(&self, facility: usize) -> &TimeZone {
        &self.clocks[facility]
    }

    /// The roads from one facility to another.
    pub fn route(&mut self, from: usize, to: usize) -> Rc<Route> {
        let reaches = &mut self.reaches;
        let seek = || {
            let reach = reaches.entry(from).or_insert_with(|| Roads::interstates().reach(FACILITIES[from].at));
            Rc::new(reach.route(FACILITIES[to].at))
        };
        Rc::clone(self.routes.entry((from, to)).or_insert_with(seek))
    }
}

/// The stops of a load of a commodity that goes about so many miles. Few have a stop more.
pub fn stops(commodity: &Commodity, miles: f64, dice: &mut Dice) -> Vec<Call> {
    let origins = indices(|facility| facility.ships.contains(&commodity.name));
    let origin = dice.pick(&origins).copied().unwrap_or(0);
    let takers =
        indices(|facility| commodity.to.contains(&facility.kind) && distance(FACILITIES[origin], *facility) > 60.0);
    let candidates: Vec<usize> = (0..CANDIDATES).filter_map(|_| dice.pick(&takers).copied()).collect();
    let misses = |to: &usize| (distance(FACILITIES[origin], FACILITIES[*to]) - miles).abs();
    let nearest = candidates.into_iter().min_by(|a, b| misses(a).total_cmp(&misses(b)));
    let destination = nearest.unwrap_or((origin + 1) % FACILITIES.len());

    let pickup = |facility| Call { facility, kind: StopKind::Pickup };
    let delivery = |facility| Call { facility, kind: StopKind::Delivery };
    let mut stops = vec![pickup(origin), delivery(destination)];
    let drops = if dice.chance(0.09) { 1 + usize::from(dice.chance(0.2)) } else { 0 };
    for _ in 0..drops {
        let last = stops[stops.len() - 2].facility;
        if let Some(between) = on_the_way(last, destination, |facility| commodity.to.contains(&facility.kind), dice) {
            stops.insert(stops.len() - 1, delivery(between));
        }
    }
    if dice.chance(0.03) {
        let next = stops[1].facility;
        if let Some(between) = on_the_way(origin, next, |facility| facility.ships.contains(&commodity.name), dice) {
            stops.insert(1, pickup(between));
        }
    }
    stops
}

/// A facility between two others that costs little detour.
fn on_the_way(from: usize, to: usize, takes: impl Fn(&Facility) -> bool, dice: &mut Dice) -> Option<usize> {
    let (a, b) = (FACILITIES[from], FACILITIES[to]);
    let fits = |facility: &Facility| {
        let (before, after) = (distance(a, *facility), distance(*facility, b));
        let detour = before + after - distance(a, b);
        takes(facility) && before > 30.0 && after > 30.0 && detour < (distance(a, b) * 0.15).min(120.0)
    };
    dice.pick(&indices(fits)).copied()
}

/// Miles by road, guessed from the straight line.
fn distance(from: Facility, to: Facility) -> f64 {
    from.at.miles_to(to.at) * DETOUR
}

fn indices(fits: impl Fn(&Facility) -> bool) -> Vec<usize> {
    (0..FACILITIES.len()).filter(|index| fits(&FACILITIES[*index])).collect()
}

/// How far loads go: most within a day's or two days' drive, few across the country.
pub fn wanted_miles(dice: &mut Dice) -> f64 {
    let (low, high) =
        [(90.0, 250.0), (250.0, 700.0), (700.0, 1_300.0), (1_300.0, 2_400.0)][dice.weighted(&[24.0, 46.0, 22.0, 8.0])];
    dice.between(low, high)
}
