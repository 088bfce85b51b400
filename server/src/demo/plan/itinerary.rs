//! When a truck is where on its trip: driving with rests, and the time at each stop.

use super::lanes::{Call, Lanes};
use crate::demo::{
    dice::Dice,
    driving::{self, Duty, Stretch},
    roads::{Route, Spot},
};
use app::domain::time::{HOUR, Timestamp};
use std::rc::Rc;

/// A stay at a stop, in hours since the arrival at the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    pub arrive: f64,
    pub depart: f64,
}

/// A trip from the arrival at its first stop to the departure from its last.
#[derive(Debug, Clone)]
pub struct Itinerary {
    pub visits: Vec<Visit>,
    legs: Vec<Leg>,
}

#[derive(Debug, Clone)]
struct Leg {
    route: Rc<Route>,
    stretches: Vec<Stretch>,
}

/// Where a truck is, and how fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    pub spot: Spot,
    pub driving: bool,
}

impl Itinerary {
    /// A trip over these stops at the usual pace, with stays of 20 minutes to 3 hours.
    pub fn draw(stops: &[Call], lanes: &mut Lanes, dice: &mut Dice) -> Self {
        let pace = driving::PACE_MPH + dice.between(-2.5, 3.0);
        let mut duty = Duty::after(dice.between(0.0, 4.0));
        let (mut visits, mut legs) = (Vec::new(), Vec::new());
        let mut hour = 0.0;
        for (index, stop) in stops.iter().enumerate() {
            if let Some(before) = index.checked_sub(1) {
                let route = lanes.route(stops[before].facility, stop.facility);
                let stretches = driving::stretches(route.miles(), pace, &mut duty);
                hour += stretches.last().map_or(0.0, |stretch| stretch.hours.1);
                legs.push(Leg { route, stretches });
            }
            let stay = dice.mostly_low(0.5, 3.0);
            duty.stand(stay);
            visits.push(Visit { arrive: hour, depart: hour + stay });
            hour += stay;
        }
        Self { visits, legs }
    }

    /// Miles from the first stop to the last.
    pub fn miles(&self) -> f64 {
        self.legs.iter().map(|leg| leg.route.miles()).sum()
    }

    pub fn first(&self) -> Visit {
        self.visits.first().copied().unwrap_or(Visit { arrive: 0.0, depart: 0.0 })
    }

    pub fn last(&self) -> Visit {
        self.visits.last().copied().unwrap_or(Visit { arrive: 0.0, depart: 0.0 })
    }

    /// Where the truck is so many hours after its arrival at the first stop.
    pub fn at(&self, hour: f64) -> Progress {
        let index =
            self.visits.partition_point(|visit| visit.depart <= hour).saturating_sub(1).min(self.legs.len() - 1);
        let leg = &self.legs[index];
        let (mile, driving) = driving::mile_at(&leg.stretches, hour - self.visits[index].depart);
        Progress { spot: leg.route.point_at(mile), driving }
    }
}

/// The instant so many hours after another, to the second.
pub fn hours_after(start: Timestamp, hours: f64) -> Timestamp {
    let at = start.plus((hours * HOUR as f64) as i64);
    at.plus(-at.millis().rem_euclid(1_000))
}
