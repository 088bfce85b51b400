//! Events that concern everybody.

use crate::domain::load::Person;
use serde::{Deserialize, Serialize};

/// This server stops: come back after a while of your own choosing, at most so long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemMaintenance {
    pub message: String,
    /// Milliseconds.
    pub reconnect_within: u64,
}

/// An admin tells all staff something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemAnnouncement {
    pub message: String,
    pub by: Option<Person>,
}
