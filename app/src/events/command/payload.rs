//! What the commands carry.

use super::super::View;
use crate::domain::{
    id::{ConversationId, LoadId, MessageId, NotificationId, SiteId, UnitId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Writes commands that name one thing: `{"<field>": id}`.
macro_rules! about_one {
    ($($(#[$doc:meta])* $name:ident { $field:ident: $id:ident })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            pub $field: $id,
        }
    )*};
}

about_one! {
    /// Enters the room of a load, of which one hears what its watchers are told.
    JoinLoad { load_id: LoadId }
    LeaveLoad { load_id: LoadId }
    /// Enters the room of a load on the road.
    TrackLoad { load_id: LoadId }
    UntrackLoad { load_id: LoadId }
    /// Hears the readings of every unit of a site.
    SubscribeSite { site_id: SiteId }
    UnsubscribeSite { site_id: SiteId }
    /// Hears the readings of a unit.
    SubscribeUnit { unit_id: UnitId }
    UnsubscribeUnit { unit_id: UnitId }
    ReadNotification { id: NotificationId }
    /// Opens a conversation: one hears who writes, and others see that one is there.
    JoinConversation { conversation_id: ConversationId }
    LeaveConversation { conversation_id: ConversationId }
}

/// Says what this tab shows; null in place of it: nothing of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ViewPresence(pub Option<View>);

/// Asks who is online, of everybody or of some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListPresence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_ids: Option<Vec<crate::domain::id::UserId>>,
}

/// Reports where the truck of a load is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportLocation {
    pub load_id: LoadId,
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lng: f64,
    /// Degrees clockwise from north, 0 to 360.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// Miles per hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// When the truck was there; now unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
}

/// Reports a measurement of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportReading {
    pub unit_id: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Degrees Celsius.
    pub temperature: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub humidity: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_strength: Option<f64>,
    /// When it was measured; now unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
}

/// Asks for the newest reading of a unit. Sent as the bare id; an object `{"unitId"}` is understood as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "UnitNamed", into = "UnitId")]
pub struct GetLatest(pub UnitId);

#[derive(Deserialize)]
#[serde(untagged)]
enum UnitNamed {
    Bare(UnitId),
    Field {
        #[serde(rename = "unitId")]
        unit_id: UnitId,
    },
}

impl From<UnitNamed> for GetLatest {
    fn from(named: UnitNamed) -> Self {
        match named {
            UnitNamed::Bare(unit) | UnitNamed::Field { unit_id: unit } => Self(unit),
        }
    }
}

impl From<GetLatest> for UnitId {
    fn from(GetLatest(unit): GetLatest) -> Self {
        unit
    }
}

/// Writes into a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendMessage {
    pub conversation_id: ConversationId,
    pub body: String,
    /// The sender's own name for it: the same one sent again stores nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// Has read a conversation up to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadMessage {
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
}

/// Writes, or has stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetTyping {
    pub conversation_id: ConversationId,
    pub typing: bool,
}

/// Brings a new token for the same person, so that the socket outlives the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshAuth {
    pub token: String,
}
