//! Events of who is there.

use crate::domain::{
    id::{LoadId, UserId},
    load::Person,
};
use serde::{Deserialize, Serialize};

/// A person has opened the first tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserOnline {
    pub user_id: UserId,
    pub name: String,
}

/// A person's last tab is gone, and did not come back within the grace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserOffline {
    pub user_id: UserId,
}

/// What a person who is online looks at: the whole of it, in place of what was told before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PresenceUpdate {
    pub person: Person,
    /// Over all tabs and devices, each once, sorted.
    pub views: Vec<View>,
}

/// What one tab shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Name of the page, such as `dispatch`: 1 to 40 of a to z, _ and -.
    pub page: String,
    /// The load that is open there, if one is.
    pub load_id: Option<LoadId>,
}
