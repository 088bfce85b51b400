//! Identifiers: UUIDv7 strings, one type a noun, so that a load's id can't stand where a carrier's belongs.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an id: a UUID was expected")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )*};
}

ids! {
    /// One company using the system.
    TenantId,
    /// A person who can log in.
    UserId,
    /// One truckload.
    LoadId,
    /// A pickup or a delivery of a load.
    StopId,
    /// A trucking company.
    CarrierId,
    /// A driver of a carrier.
    DriverId,
    /// A place where loads are picked up or delivered.
    FacilityId,
    /// A contact with a driver that was noted.
    CheckCallId,
    /// One happening; the same in every stream that carries it.
    EventId,
    /// A yard or warehouse with refrigerated units.
    SiteId,
    /// A refrigerated trailer or cold room with sensors.
    UnitId,
    /// One measurement of a unit.
    ReadingId,
    /// Something that is wrong, until it is resolved.
    AlertId,
    /// A chat about a load, or between persons.
    ConversationId,
    /// One message of a conversation.
    MessageId,
    /// Something that a person is to be told.
    NotificationId,
    /// A view of the board that a person has saved.
    PresetId,
}
