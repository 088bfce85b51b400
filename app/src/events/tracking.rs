//! Events of the road: where trucks are, and what drivers say.

use crate::domain::{
    geo::LatLng,
    id::LoadId,
    position::{EtaState, PositionSource},
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
