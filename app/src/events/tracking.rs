//! Events of the road: where trucks are, and what drivers say.

use crate::domain::{
    geo::LatLng,
    id::{LoadId, StopId},
    load::Person,
    position::{EtaState, PositionSource},
    stop::StopKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Where the truck of a load is now. Never an older place than was told before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoadLocationUpdated {
    pub load_id: LoadId,
    pub load_number: String,
    pub location: LatLng,
    /// Degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// Miles per hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    pub recorded_at: Timestamp,
    pub source: PositionSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    pub eta_state: EtaState,
}

impl LoadLocationUpdated {
    /// Whether it shows the truck on its way with an ETA in time, as good as a check call.
    pub fn is_on_track(&self) -> bool {
        self.eta.is_some() && self.eta_state == EtaState::OnTime
    }
}

/// Where many trucks are now, one entry a load. At most 4 a second for a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadLocationBatch {
    pub positions: Vec<LoadLocationUpdated>,
}

/// A contact with the driver was noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckCallReceived {
    pub load_id: LoadId,
    pub load_number: String,
    pub location: LatLng,
    pub notes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    pub received_at: Timestamp,
}

impl LoadEtaUpdated {
    /// The note is for the staff.
    pub(super) fn for_outside(self) -> Self {
        Self { note: None, ..self }
    }
}

/// A person has said when the truck will be at its next stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadEtaUpdated {
    pub load_id: LoadId,
    pub load_number: String,
    pub eta: Timestamp,
    pub eta_state: EtaState,
    /// The load's, which an ETA leaves as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<Person>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The truck is at a stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopArrived {
    pub load_id: LoadId,
    pub load_number: String,
    pub stop_id: StopId,
    /// 1 is the first.
    pub position: i32,
    pub kind: StopKind,
    pub facility_name: String,
    pub arrived_at: Timestamp,
    /// Whether it came before its window ended; early counts as on time.
    pub on_time: bool,
}

/// The truck has left a stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopDeparted {
    pub load_id: LoadId,
    pub load_number: String,
    pub stop_id: StopId,
    /// 1 is the first.
    pub position: i32,
    pub kind: StopKind,
    pub facility_name: String,
    pub departed_at: Timestamp,
    /// Whether it had come before its window ended.
    pub on_time: bool,
}
