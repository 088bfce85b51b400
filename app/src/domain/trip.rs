//! The trip of a load: what its status says of its stops, and what the truck's coming and going says of its status.
//!
//! | the truck | the load |
//! |---|---|
//! | comes to the first pickup | is at pickup |
//! | leaves the last pickup | is picked up, and no further: a person says when it rolls |
//! | comes to the last delivery | is at delivery, by way of in transit |
//! | leaves the last delivery | is delivered |
//!
//! Stops between change no status. The other way round, a step of the status fills in the comings and goings that it
//! implies, and a step back takes back those that it denies.

use super::{
    status::LoadStatus,
    stop::{Stop, StopKind},
    time::Timestamp,
};

/// What a truck does at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    Arrive,
    Depart,
}

/// Why a truck can't have come or gone. The message is meant for the person who said so, and follows the load's number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TripRefusal {
    #[error("the truck has been at {0} already")]
    AlreadyArrived(String),
    #[error("the truck has left {0} already")]
    AlreadyDeparted(String),
    #[error("it is {0}; trucks come and go from dispatch until delivery")]
    NotOnTheRoad(LoadStatus),
    #[error("the truck has not left {0} yet, which comes before")]
    BeforeNotLeft(String),
    #[error("the truck has not arrived at {0} yet")]
    NotArrived(String),
}

impl TripRefusal {
    /// The machine-readable name of the rule.
    pub const fn code(&self) -> &'static str {
        match self {
            TripRefusal::AlreadyArrived(_) => "already_arrived",
            TripRefusal::AlreadyDeparted(_) => "already_departed",
            TripRefusal::NotOnTheRoad(_) => "not_on_the_road",
            TripRefusal::BeforeNotLeft(_) => "stop_before_not_left",
            TripRefusal::NotArrived(_) => "not_arrived",
        }
    }
}

/// Decides whether a truck can come to, or leave, the stop at `index`, and which steps of the status follow, in order.
///
/// # Errors
/// It was there or gone already, the load is not on the road, or another stop comes first.
pub fn check_passage(
    passage: Passage,
    status: LoadStatus,
    stops: &[Stop],
    index: usize,
) -> Result<Vec<LoadStatus>, TripRefusal> {
    let Some(stop) = stops.get(index) else { return Ok(Vec::new()) };
    let name = || stop.facility_name.clone();
    match passage {
        Passage::Arrive if stop.arrived_at.is_some() => return Err(TripRefusal::AlreadyArrived(name())),
        Passage::Depart if stop.departed_at.is_some() => return Err(TripRefusal::AlreadyDeparted(name())),
        _ if !(LoadStatus::Dispatched..=LoadStatus::AtDelivery).contains(&status) => {
            return Err(TripRefusal::NotOnTheRoad(status));
        }
        Passage::Depart if stop.arrived_at.is_none() => return Err(TripRefusal::NotArrived(name())),
        _ => {}
    }
    if let Some(before) = stops[..index].iter().find(|stop| stop.departed_at.is_none()) {
        return Err(TripRefusal::BeforeNotLeft(before.facility_name.clone()));
    }
    let target = match passage {
        Passage::Arrive if index == 0 => LoadStatus::AtPickup,
        Passage::Arrive if index + 1 == stops.len() => LoadStatus::AtDelivery,
        Passage::Depart if index == last_pickup(stops) => LoadStatus::PickedUp,
        Passage::Depart if index + 1 == stops.len() => LoadStatus::Delivered,
        _ => return Ok(Vec::new()),
    };
    let steps = std::iter::successors(status.next(), |step| step.next());
    Ok(steps.take_while(|step| *step <= target).collect())
}

/// The stop that the truck drives to: the first that it has not come to.
pub fn next_stop(stops: &[Stop]) -> Option<&Stop> {
    stops.iter().find(|stop| stop.arrived_at.is_none())
}

/// Brings stops in line with a status that was set: what it implies has happened at `at` where nothing else is known,
/// what it denies is taken back. A cancelled load keeps what was.
pub fn settle(status: LoadStatus, stops: &mut [Stop], at: Timestamp) {
    if status == LoadStatus::Cancelled {
        return;
    }
    let (pickup, last) = (last_pickup(stops), stops.len().saturating_sub(1));
    for (index, stop) in stops.iter_mut().enumerate() {
        let known = Known::of(status, index, pickup, last);
        stop.arrived_at = known.arrived.judge(stop.arrived_at, at);
        stop.departed_at = known.departed.judge(stop.departed_at, at);
    }
}

/// Where the last of the pickups stands; the first stop where there is none.
fn last_pickup(stops: &[Stop]) -> usize {
    stops.iter().rposition(|stop| stop.kind == StopKind::Pickup).unwrap_or(0)
}

/// What a status says of a coming or going.
#[derive(Debug, Clone, Copy)]
enum Says {
    Happened,
    Nothing,
    NotYet,
}

impl Says {
    fn judge(self, noted: Option<Timestamp>, at: Timestamp) -> Option<Timestamp> {
        match self {
            Says::Happened => noted.or(Some(at)),
            Says::Nothing => noted,
            Says::NotYet => None,
        }
    }
}

/// What a status says of one stop.
struct Known {
    arrived: Says,
    departed: Says,
}

impl Known {
    /// `pickup` and `last`: where the last pickup and the last stop stand.
    fn of(status: LoadStatus, index: usize, pickup: usize, last: usize) -> Self {
        use Says::*;
        let known = |arrived, departed| Self { arrived, departed };
        match status {
            LoadStatus::AtPickup if index > pickup => known(NotYet, NotYet),
            LoadStatus::AtPickup => {
                let arrived = if index == 0 { Happened } else { Nothing };
                known(arrived, if index == pickup { NotYet } else { Nothing })
            }
            LoadStatus::PickedUp | LoadStatus::InTransit if index <= pickup => known(Happened, Happened),
            LoadStatus::PickedUp | LoadStatus::InTransit if index < last => known(Nothing, Nothing),
            LoadStatus::PickedUp | LoadStatus::InTransit => known(NotYet, NotYet),
            LoadStatus::AtDelivery if index == last => known(Happened, NotYet),
            LoadStatus::AtDelivery | LoadStatus::Delivered | LoadStatus::Completed => known(Happened, Happened),
            _ => known(NotYet, NotYet),
        }
    }
}

#[cfg(test)]
#[path = "trip_tests.rs"]
mod tests;
