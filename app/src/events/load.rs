//! Payloads of the events of a load that are not its card.

use crate::domain::{id::LoadId, load::Person, status::LoadStatus};
use serde::{Deserialize, Serialize};

/// A load took a step of the status machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadStatusChanged {
    pub load_id: LoadId,
    pub load_number: String,
    pub previous_status: LoadStatus,
    pub new_status: LoadStatus,
    pub version: i64,
    /// Who did it; null when the system did.
    pub updated_by: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A load is gone from the audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadDeleted {
    pub load_id: LoadId,
    pub load_number: String,
    pub version: i64,
    pub updated_by: Option<Person>,
}

impl LoadStatusChanged {
    pub(super) fn hide_finance(self) -> Self {
        self
    }
}

impl LoadDeleted {
    pub(super) fn hide_finance(self) -> Self {
        self
    }
}
