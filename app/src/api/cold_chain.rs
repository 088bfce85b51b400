//! The cold chain: sites, the units at them, what their sensors measured, and the alerts that followed.

mod calls;

pub use calls::*;

use super::ErrorCode;
use crate::{
    domain::{
        id::{AlertId, LoadId, SiteId, UnitId},
        sensor::{AlertSeverity, AlertType, Measured, UnitKind},
        time::Timestamp,
    },
    events::ReportReading,
};
use serde::{Deserialize, Deserializer, Serialize};

/// The most readings that one report takes, and that one answer gives.
pub const MAX_READINGS: usize = 1_000;

/// A yard or warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Site {
    pub id: SiteId,
    pub name: String,
    pub city: String,
    /// Two letters, such as `IL`.
    pub state: String,
}

/// A refrigerated trailer or cold room, and the range that it has to keep to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    pub id: UnitId,
    pub site_id: SiteId,
    pub name: String,
    pub kind: UnitKind,
    /// Degrees Celsius; both ends are inside.
    pub min_temperature: f64,
    pub max_temperature: f64,
    /// Milliseconds that it may be outside before an alert.
    pub min_duration_ms: i64,
    /// What it carries now.
    pub load_id: Option<LoadId>,
}

/// Something that is, or was, wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    pub id: AlertId,
    pub unit_id: Option<UnitId>,
    /// What the unit carried when it began.
    pub load_id: Option<LoadId>,
    pub alert_type: AlertType,
    pub severity: AlertSeverity,
    pub message: String,
    /// When the reading was taken that it follows from.
    pub triggered_at: Timestamp,
    /// Null while it is open.
    pub resolved_at: Option<Timestamp>,
}

/// `POST /sites`. Name and city: 1 to 120 characters; state: two letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateSite {
    pub name: String,
    pub city: String,
    pub state: String,
}

/// `POST /units`. Temperatures from -90 to 100, the minimum not above the maximum; a duration of at most seven days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateUnit {
    pub site_id: SiteId,
    pub name: String,
    pub kind: UnitKind,
    pub min_temperature: f64,
    pub max_temperature: f64,
    /// Unless set, an alert follows from the first reading outside.
    #[serde(default)]
    pub min_duration_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_id: Option<LoadId>,
}

/// `PATCH /units/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_id: Option<SiteId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_duration_ms: Option<i64>,
    /// Null: it carries nothing any more.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schema(value_type = Option<LoadId>))]
    pub load_id: Option<Option<LoadId>>,
}

/// Tells null from absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A measurement that is handed in. Which unit it is of is said beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReading {
    /// 1 to 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Degrees Celsius, -90 to 100.
    pub temperature: f64,
    /// Relative, 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub humidity: Option<f64>,
    /// 0 to 100 percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<f64>,
    /// -150 to 0 dBm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_strength: Option<f64>,
    /// When it was measured, from 30 days ago to 5 minutes ahead; now unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
}

impl NewReading {
    pub fn measured(&self, now: Timestamp) -> Measured<'_> {
        Measured {
            device_id: self.device_id.as_deref(),
            temperature: self.temperature,
            humidity: self.humidity,
            battery: self.battery,
            signal_strength: self.signal_strength,
            recorded_at: self.recorded_at.unwrap_or(now),
        }
    }
}

impl From<ReportReading> for NewReading {
    fn from(report: ReportReading) -> Self {
        Self {
            device_id: report.device_id,
            temperature: report.temperature,
            humidity: report.humidity,
            battery: report.battery,
            signal_strength: report.signal_strength,
            recorded_at: report.recorded_at,
        }
    }
}

/// What `POST /units/{id}/readings` takes: one, or up to 1,000 in any order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum NewReadings {
    One(NewReading),
    Many(Vec<NewReading>),
}

/// What became of readings. One that was there already counts as accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ReadingsReceived {
    pub accepted: usize,
    /// In the order of the request.
    pub refused: Vec<RefusedReading>,
}

/// One of several readings that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RefusedReading {
    /// Its place in the request; 0 is the first.
    pub index: usize,
    pub code: ErrorCode,
    pub message: String,
}
