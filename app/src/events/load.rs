//! Events of a load.

use crate::domain::{
    id::{CarrierId, DriverId, LoadId},
    load::{LoadCard, Person},
    status::{LoadStatus, tender_returned},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A load is new to the audience. Carries the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadCreated(pub LoadCard);

/// A load changed in something other than its status alone. Carries the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadUpdated(pub LoadCard);

impl LoadCreated {
    pub(super) fn hide_finance(self) -> Self {
        Self(self.0.without_finance())
    }

    pub(super) fn for_outside(self) -> Self {
        Self(self.0.for_outside())
    }
}

impl LoadUpdated {
    pub(super) fn hide_finance(self) -> Self {
        Self(self.0.without_finance())
    }

    pub(super) fn for_outside(self) -> Self {
        Self(self.0.for_outside())
    }
}

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

impl LoadStatusChanged {
    /// Why the staff did it is said among the staff.
    pub(super) fn for_outside(self) -> Self {
        Self { reason: None, ..self }
    }

    /// Takes the step on a card that stood before it.
    pub fn apply_to(&self, card: &mut LoadCard, at: Timestamp) {
        card.status = self.new_status;
        card.version = self.version;
        card.updated_by.clone_from(&self.updated_by);
        card.status_since = at;
        card.updated_at = at;
        if self.new_status != LoadStatus::Tendered {
            card.tender_expires_at = None;
        }
        card.tender_returned =
            tender_returned(self.previous_status, self.new_status, self.reason.as_deref()).map(str::to_owned);
    }
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

/// A load has a carrier, or another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadAssigned {
    pub load_id: LoadId,
    pub load_number: String,
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_name: Option<String>,
    pub version: i64,
    /// Why the carrier was given the load although it was not fit, where a manager overrode the gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

impl LoadAssigned {
    pub(super) fn for_outside(self) -> Self {
        Self { override_reason: None, ..self }
    }

    /// `None` where the card has no carrier.
    pub fn of_card(card: &LoadCard) -> Option<Self> {
        let carrier = card.carrier.as_ref()?;
        Some(Self {
            load_id: card.id,
            load_number: card.load_number.clone(),
            carrier_id: carrier.id,
            carrier_name: carrier.name.clone(),
            driver_id: card.driver.as_ref().map(|driver| driver.id),
            driver_name: card.driver.as_ref().map(|driver| driver.name.clone()),
            version: card.version,
            override_reason: None,
        })
    }
}

/// A carrier was given a load: told to its office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierLoadAssigned(pub LoadAssigned);

/// The truck was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoadDispatched(pub LoadAssigned);

/// The freight is at its last stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadDelivered {
    pub load_id: LoadId,
    pub load_number: String,
    pub delivered_at: Timestamp,
    pub version: i64,
}

/// A person has said to be on a load, or to be on it no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadClaimed {
    pub load_id: LoadId,
    pub load_number: String,
    /// Null: nobody is on it any more.
    pub claimed_by: Option<Person>,
    /// From whom it was taken over, or who has let go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Person>,
}
