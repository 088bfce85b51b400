//! Events of the cold chain.

use crate::domain::{
    id::{AlertId, LoadId, ReadingId, UnitId},
    sensor::{AlertSeverity, AlertType, ReadingSource},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One measurement of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SensorReading {
    pub id: ReadingId,
    pub unit_id: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Degrees Celsius.
    pub temperature: f64,
    /// Relative, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub humidity: Option<f64>,
    /// In percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<f64>,
    /// In dBm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_strength: Option<f64>,
    pub recorded_at: Timestamp,
    pub source: ReadingSource,
}

/// Several measurements of one unit that came together, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SensorReadingsBatch {
    pub unit_id: UnitId,
    pub readings: Vec<SensorReading>,
    pub count: usize,
}

/// Something is wrong, and has been for longer than is allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertTriggered {
    pub alert_id: AlertId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_id: Option<LoadId>,
    pub alert_type: AlertType,
    pub severity: AlertSeverity,
    pub message: String,
    pub triggered_at: Timestamp,
}

/// It is well again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertResolved {
    pub alert_id: AlertId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_id: Option<LoadId>,
}
