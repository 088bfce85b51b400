//! A load, as the card that boards and events carry.

use super::{
    id::{CarrierId, DriverId, LoadId, UserId},
    money::Finance,
    status::LoadStatus,
    stop::{Appointment, Place, Stop},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What kind of trailer the load needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Equipment {
    DryVan,
    Reefer,
    Flatbed,
    StepDeck,
    PowerOnly,
}

impl Equipment {
    pub const ALL: [Equipment; 5] =
        [Equipment::DryVan, Equipment::Reefer, Equipment::Flatbed, Equipment::StepDeck, Equipment::PowerOnly];

    pub const fn code(self) -> &'static str {
        match self {
            Equipment::DryVan => "dry_van",
            Equipment::Reefer => "reefer",
            Equipment::Flatbed => "flatbed",
            Equipment::StepDeck => "step_deck",
            Equipment::PowerOnly => "power_only",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Equipment::ALL.into_iter().find(|equipment| equipment.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Equipment::DryVan => "Dry van",
            Equipment::Reefer => "Reefer",
            Equipment::Flatbed => "Flatbed",
            Equipment::StepDeck => "Step deck",
            Equipment::PowerOnly => "Power only",
        }
    }
}

/// A person, by id and name: who changed something, who works a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Person {
    pub id: UserId,
    pub name: String,
}

/// The carrier of a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CarrierRef {
    pub id: CarrierId,
    pub name: String,
}

/// The driver of a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DriverRef {
    pub id: DriverId,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A load as a card of the board. Sent whole by `load:created` and `load:updated`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoadCard {
    pub id: LoadId,
    /// `LD-{YYYYMM}-{NNNNN}`, in sequence per tenant and month.
    pub load_number: String,
    pub status: LoadStatus,
    /// Counts the changes of the load; a change names the version it saw.
    pub version: i64,
    pub customer: String,
    pub origin: Place,
    pub destination: Place,
    /// How many stops lie between the first pickup and the last delivery.
    pub stops_between: i32,
    pub pickup: Appointment,
    pub delivery: Appointment,
    pub equipment: Equipment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<CarrierRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<DriverRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatcher: Option<Person>,
    /// Absent for those without `finance_view`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finance: Option<Finance>,
    /// Marked as urgent by a person.
    pub hot: bool,
    /// Something about it needs a person.
    pub exception: bool,
    pub commodity: String,
    pub weight_lbs: i32,
    pub miles: i32,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub instructions: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub references: Vec<String>,
    /// Who has said to be on it, and is not off it again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub claimed_by: Option<Person>,
    /// Why its tender came back, while it waits for the next one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tender_returned: Option<String>,
    /// When the open tender runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tender_expires_at: Option<Timestamp>,
    /// Last check call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_check_call_at: Option<Timestamp>,
    /// When it will be at its next stop, as a person said last; gone once it is there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub eta: Option<Timestamp>,
    /// When a position last showed it on its way with an ETA in time. No event tells of it and no version counts it;
    /// it is kept to ten minutes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on_track_at: Option<Timestamp>,
    /// Since when it has stood in its status.
    pub status_since: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Who changed it last; absent when no person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<Person>,
}

impl LoadCard {
    /// The card as those without `finance_view` may see it.
    pub fn without_finance(mut self) -> Self {
        self.finance = None;
        self
    }

    /// The card as outside parties may see it: without money, and without what the staff say among themselves.
    pub fn for_outside(mut self) -> Self {
        self.claimed_by = None;
        self.tender_returned = None;
        self.without_finance()
    }
}

/// A load with its stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Load {
    #[serde(flatten)]
    pub card: LoadCard,
    pub stops: Vec<Stop>,
}
