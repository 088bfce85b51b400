//! What is known of a truck on its way: its position reports and check calls.

use super::{
    itinerary::{Itinerary, Progress, hours_after},
    lanes::{Call, Lanes},
    timeline::Timeline,
};
use crate::demo::{
    dice::Dice,
    driving,
    fix::Fix,
    notes::{self, Moment},
    places::FACILITIES,
    roads::{Roads, Route},
};
use app::domain::{
    geo::LatLng,
    status::LoadStatus::{self, *},
    time::{HOUR, MINUTE, Timestamp},
};
use std::rc::Rc;

/// Time between two reports of the trail, and how many there are at most: a day's.
const TRAIL_STEP: i64 = 15 * MINUTE;
const TRAIL_LENGTH: usize = 96;
/// Check calls that are kept of a load at most.
const CALLS: usize = 8;

/// A contact with the driver.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckCallPlan {
    pub at: LatLng,
    pub note: String,
    /// When the driver expects to be at the next stop.
    pub eta: Option<Timestamp>,
    pub received_at: Timestamp,
}

/// A load that a truck works on.
pub struct Voyage<'a> {
    pub status: LoadStatus,
    pub stops: &'a [Call],
    pub trip: &'a Itinerary,
    pub timeline: &'a Timeline,
    pub now: Timestamp,
}

impl Voyage<'_> {
    /// The position reports of the last day, the newest last.
    pub fn trail(&self, lanes: &mut Lanes, dice: &mut Dice) -> Vec<Fix> {
        // Few trackers have fallen silent.
        let age = if dice.chance(0.03) { dice.between(40.0, 150.0) } else { dice.between(0.1, 5.0) };
        let newest = hours_after(self.now, -age / 60.0);
        let approach = (self.status == Dispatched).then(|| self.approach(lanes, dice));
        let length = if approach.is_some() { 5 } else { TRAIL_LENGTH };
        let times = (0..length as i64).map(|step| newest.plus(-step * TRAIL_STEP));
        let known =
            times.enumerate().take_while(|(step, at)| *step == 0 || *at >= self.timeline.start || approach.is_some());
        let mut trail: Vec<Fix> = known
            .map(|(_, recorded_at)| {
                let Progress { spot, driving } = match &approach {
                    Some(route) => self.on_approach(route, recorded_at),
                    None => self.trip.at(self.hour(recorded_at)),
                };
                let speed_mph = if driving { dice.between(55.0, 66.0).round() } else { 0.0 };
                Fix { at: spot.at, heading: spot.heading, speed_mph, recorded_at }
            })
            .collect();
        trail.reverse();
        trail
    }

    /// The roads on which an empty truck comes to the pickup.
    fn approach(&self, lanes: &mut Lanes, dice: &mut Dice) -> Rc<Route> {
        let pickup = self.stops[0].facility;
        let near = |index: &usize| (40.0..350.0).contains(&FACILITIES[*index].at.miles_to(FACILITIES[pickup].at));
        let from: Vec<usize> = (0..FACILITIES.len()).filter(near).collect();
        lanes.route(dice.pick(&from).copied().unwrap_or(pickup), pickup)
    }

    /// Where an empty truck has to be to arrive in time; where it was emptied while there is time.
    fn on_approach(&self, route: &Route, at: Timestamp) -> Progress {
        let left = -self.hour(at) * driving::PACE_MPH;
        let mile = route.miles() - left;
        Progress { spot: route.point_at(mile), driving: mile > 0.0 && left > 0.0 }
    }

    /// The check calls so far, the newest last.
    pub fn check_calls(&self, trail: &[Fix], dice: &mut Dice) -> Vec<CheckCallPlan> {
        let first = self.trip.first();
        let call_at = |hour: f64, dice: &mut Dice| self.call(hour, dice);
        let mut calls = match self.status {
            Dispatched => return self.call_on_approach(trail, dice).into_iter().collect(),
            AtPickup if dice.chance(0.6) => vec![call_at(self.hour(self.now) * dice.between(0.2, 0.9), dice)],
            PickedUp if dice.chance(0.8) => vec![call_at(self.hour(self.timeline.status_since), dice)],
            _ => Vec::new(),
        };
        let end = self.hour(self.now).min(self.trip.last().arrive);
        let mut hour = first.depart + dice.between(0.2, 1.5);
        while hour < end {
            if dice.chance(0.88) {
                calls.push(call_at(hour, dice));
            }
            hour += dice.between(3.0, 4.0);
        }
        if self.status == InTransit {
            self.fall_silent(&mut calls, dice);
        }
        calls.drain(..calls.len().saturating_sub(CALLS));
        calls
    }

    /// Most trucks on the road have called of late; some have not for 4 hours, some for 8.
    fn fall_silent(&self, calls: &mut Vec<CheckCallPlan>, dice: &mut Dice) {
        let silence = match dice.weighted(&[78.0, 14.0, 8.0]) {
            0 => 0.0,
            1 => dice.between(4.1, 7.5),
            _ => dice.between(8.1, 13.0),
        };
        let newest = hours_after(self.now, -silence);
        calls.retain(|call| call.received_at <= newest);
        let latest = calls.last().map_or(self.timeline.status_since, |call| call.received_at);
        if silence == 0.0 && self.now.since(latest) > 3 * HOUR {
            calls.push(self.call(self.hour(self.now) - dice.between(0.1, 2.5), dice));
        }
    }

    fn call(&self, hour: f64, dice: &mut Dice) -> CheckCallPlan {
        let Progress { spot, driving } = self.trip.at(hour);
        let (first, last) = (self.trip.first(), self.trip.last());
        let at_stop = self.trip.visits.iter().any(|visit| (visit.arrive..visit.depart).contains(&hour));
        let moment = match self.status {
            PickedUp => Moment::Loaded,
            _ if hour < first.depart => Moment::AtPickup,
            _ if hour >= last.arrive => Moment::AtDelivery,
            _ if at_stop => Moment::AtStop,
            _ if driving => Moment::Rolling,
            _ => Moment::Resting,
        };
        let next = self.trip.visits.iter().find(|visit| visit.arrive > hour);
        CheckCallPlan {
            at: spot.at,
            note: notes::note(dice, moment, &notes::name_place(Roads::interstates(), &spot)),
            eta: next.map(|visit| hours_after(self.timeline.start, visit.arrive)),
            received_at: hours_after(self.timeline.start, hour),
        }
    }

    fn call_on_approach(&self, trail: &[Fix], dice: &mut Dice) -> Option<CheckCallPlan> {
        let fix = trail.last().filter(|fix| fix.speed_mph > 0.0 && dice.chance(0.7))?;
        let roads = Roads::interstates();
        let place = roads.nearest_junction(fix.at).map_or("", |junction| junction.name);
        Some(CheckCallPlan {
            at: fix.at,
            note: notes::note(dice, Moment::Deadhead, place),
            eta: Some(self.timeline.start),
            received_at: fix.recorded_at,
        })
    }

    /// Hours since the arrival at the first stop; negative before.
    fn hour(&self, at: Timestamp) -> f64 {
        at.since(self.timeline.start) as f64 / HOUR as f64
    }
}
