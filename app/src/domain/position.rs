//! Where a truck is and when it will arrive: the words, and the rule of the ETA.

use super::{
    geo::{self, LatLng},
    status::LoadStatus,
    time::{HOUR, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Whether a truck will be in time for the window of its next stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EtaState {
    OnTime,
    /// Within an hour of the window's end.
    Tight,
    Late,
    /// Without a position for too long.
    NoSignal,
}

/// Who reported a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PositionSource {
    /// The driver's phone, over the socket.
    Driver,
    /// Another system, over REST.
    Api,
    /// The demo's fleet.
    Simulator,
}

impl PositionSource {
    pub const ALL: [PositionSource; 3] = [PositionSource::Driver, PositionSource::Api, PositionSource::Simulator];

    pub const fn code(self) -> &'static str {
        match self {
            PositionSource::Driver => "driver",
            PositionSource::Api => "api",
            PositionSource::Simulator => "simulator",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        PositionSource::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// Miles per hour that a truck makes on the way, fuel stops and traffic included.
const PACE_MPH: f64 = 50.0;

/// Less than this, in milliseconds, between the ETA and the window's end is tight.
pub const TIGHT: i64 = HOUR;

/// A stop, as far as arriving there goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TripStop {
    pub location: LatLng,
    pub window_end: Timestamp,
    pub has_arrived: bool,
}

/// What a person said of the arrival at the next stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldEta {
    pub eta: Timestamp,
    pub received_at: Timestamp,
}

/// The stop that a truck drives to: the first, in the order of the trip, at which it has not arrived. A load that
/// stands at its pickup or beyond has arrived at its first stop, and one at its delivery or beyond at all of them,
/// even where nobody wrote the arrivals down.
pub fn next_stop(status: LoadStatus, stops: &[TripStop]) -> Option<&TripStop> {
    let passed = match status {
        LoadStatus::AtDelivery | LoadStatus::Delivered | LoadStatus::Completed | LoadStatus::Cancelled => stops.len(),
        LoadStatus::AtPickup | LoadStatus::PickedUp | LoadStatus::InTransit => 1,
        _ => 0,
    };
    stops.iter().skip(passed).find(|stop| !stop.has_arrived)
}

/// When a truck that was `at` a place at `recorded_at` will be at a stop.
///
/// What was said last, in a check call or by itself, holds until a newer position comes. From then on it is reckoned from
/// `now`: the great circle to the stop and a fifth, at 50 mph, without the driver's rests.
pub fn eta(now: Timestamp, at: LatLng, recorded_at: Timestamp, stop: &TripStop, told: Option<ToldEta>) -> Timestamp {
    match told {
        Some(told) if told.received_at >= recorded_at => told.eta,
        _ => {
            let hours = at.miles_to(stop.location) * geo::ROAD_FACTOR / PACE_MPH;
            now.plus((hours * HOUR as f64).round() as i64)
        }
    }
}

impl EtaState {
    /// An ETA against the end of the window: late when after it, tight when within the last hour before it.
    pub const fn of(eta: Timestamp, window_end: Timestamp) -> Self {
        let left = window_end.since(eta);
        if left < 0 {
            EtaState::Late
        } else if left <= TIGHT {
            EtaState::Tight
        } else {
            EtaState::OnTime
        }
    }
}

#[cfg(test)]
#[path = "position_tests.rs"]
mod tests;
