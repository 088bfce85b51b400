//! Facilities: where loads are picked up and delivered.

use super::{geo::LatLng, id::FacilityId, stop::Place};
use serde::{Deserialize, Serialize};

/// A facility as the tenant knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FacilityProfile {
    pub id: FacilityId,
    /// Unique within the tenant.
    pub name: String,
    /// Street and number, for the driver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    pub place: Place,
    /// IANA name of the time zone on whose clock its appointments are made, such as `America/Chicago`.
    pub zone: String,
    pub location: LatLng,
    /// Radius of its geofence; that of the kind of stop where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geofence_miles: Option<f64>,
}
