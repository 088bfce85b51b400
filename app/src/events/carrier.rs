//! Events of carriers.

use crate::domain::{
    carrier::{CarrierProfile, Compliance},
    id::CarrierId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierCreated(pub CarrierProfile);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierUpdated(pub CarrierProfile);

/// A carrier may not be given loads any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CarrierComplianceAlert {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    pub compliance: Compliance,
    pub insurance_expires_at: Timestamp,
    /// Why, as a person reads it.
    pub message: String,
}
