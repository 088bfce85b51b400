//! A load as the fleet takes it over.

use crate::demo::fix::Fix;
use app::domain::{
    geo::LatLng,
    id::{DriverId, LoadId},
    load::Load,
    status::LoadStatus,
    stop::{Stop, StopKind, Window},
    time::Timestamp,
};

/// A load that has a driver, from `ACCEPTED` to `DELIVERED`.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadLoad {
    pub load: LoadId,
    pub driver: DriverId,
    pub status: LoadStatus,
    /// In the order of the trip; at least one.
    pub stops: Vec<RoadStop>,
    /// The last position that is known.
    pub fix: Option<Fix>,
    pub last_check_call_at: Option<Timestamp>,
}

/// A stop of such a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadStop {
    pub kind: StopKind,
    pub at: LatLng,
    pub window: Window,
    pub arrived: bool,
    pub departed: bool,
}

impl RoadLoad {
    /// Takes over a load with its last known position; none if nobody drives it, it has no stops or its status is not
    /// of the fleet's.
    pub fn of(load: &Load, fix: Option<Fix>) -> Option<Self> {
        let driver = load.card.driver.as_ref()?.id;
        let stops = load.stops.iter().map(RoadStop::of).collect();
        let last_check_call_at = load.card.last_check_call_at;
        let road_load = Self { load: load.card.id, driver, status: load.card.status, stops, fix, last_check_call_at };
        road_load.is_for_the_fleet().then_some(road_load)
    }

    /// Whether the fleet has anything to do with it.
    pub fn is_for_the_fleet(&self) -> bool {
        (LoadStatus::Accepted..=LoadStatus::Delivered).contains(&self.status) && !self.stops.is_empty()
    }
}

impl RoadStop {
    fn of(stop: &Stop) -> Self {
        let appointment = &stop.appointment;
        Self {
            kind: stop.kind,
            at: stop.location,
            window: Window { kind: appointment.kind, start: appointment.start, end: appointment.end },
            arrived: stop.arrived_at.is_some(),
            departed: stop.departed_at.is_some(),
        }
    }
}
