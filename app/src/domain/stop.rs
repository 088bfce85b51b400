//! Stops: where a load is picked up or delivered, and within which appointment window.

use super::{
    geo::LatLng,
    id::{FacilityId, StopId},
    time::{Civil, Timestamp},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    Pickup,
    Delivery,
}

impl StopKind {
    /// Radius of the geofence in miles, unless the facility sets its own: 1 mi at pickups, 0.5 mi at deliveries.
    pub const fn geofence_miles(self) -> f64 {
        match self {
            StopKind::Pickup => 1.0,
            StopKind::Delivery => 0.5,
        }
    }
}

/// How binding the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum WindowKind {
    /// First come, first served, between start and end.
    #[serde(rename = "FCFS")]
    Fcfs,
    /// An appointment.
    #[serde(rename = "fixed")]
    Fixed,
}

/// When the truck is expected. `end` is never before `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    pub kind: WindowKind,
    pub start: Timestamp,
    pub end: Timestamp,
}

/// A window as it is shown at the stop: with the clock of the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    pub kind: WindowKind,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Abbreviation of the stop's time zone then, such as `CST`.
    pub zone: String,
    /// Minutes east of UTC at the stop then, such as -360.
    pub utc_offset: i32,
}

impl Appointment {
    pub fn local_start(&self) -> Civil {
        self.start.civil(self.utc_offset)
    }

    pub fn local_end(&self) -> Civil {
        self.end.civil(self.utc_offset)
    }
}

/// A city on a card.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Place {
    pub city: String,
    /// Two letters, such as `IL`.
    pub state: String,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.city, self.state)
    }
}

/// A stop of a load, in the order of the trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Stop {
    pub id: StopId,
    /// 1 is the first.
    pub position: i32,
    pub kind: StopKind,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub place: Place,
    pub location: LatLng,
    /// IANA name of the zone on whose clock the times of the stop are, such as `America/Chicago`.
    pub time_zone: String,
    pub appointment: Appointment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departed_at: Option<Timestamp>,
}

impl Stop {
    /// Whether the truck came before the window ended, early included; `None` before it came.
    pub fn is_on_time(&self) -> Option<bool> {
        self.arrived_at.map(|at| at <= self.appointment.end)
    }
}
