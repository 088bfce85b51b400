//! The namespaces of Socket.IO.

use serde::{Deserialize, Serialize};

/// A Socket.IO namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Namespace {
    /// People, carriers, and what concerns the whole system.
    #[serde(rename = "/events")]
    Events,
    /// Loads.
    #[serde(rename = "/dispatch")]
    Dispatch,
    /// Positions, check calls, sensors and alerts.
    #[serde(rename = "/tracking")]
    Tracking,
    #[serde(rename = "/notifications")]
    Notifications,
    #[serde(rename = "/chat")]
    Chat,
}

impl Namespace {
    pub const ALL: [Namespace; 5] =
        [Namespace::Events, Namespace::Dispatch, Namespace::Tracking, Namespace::Notifications, Namespace::Chat];

    /// The path that a client connects to.
    pub const fn path(self) -> &'static str {
        match self {
            Namespace::Events => "/events",
            Namespace::Dispatch => "/dispatch",
            Namespace::Tracking => "/tracking",
            Namespace::Notifications => "/notifications",
            Namespace::Chat => "/chat",
        }
    }

    pub fn from_path(path: &str) -> Option<Self> {
        Namespace::ALL.into_iter().find(|namespace| namespace.path() == path)
    }

    /// Whether each person has a stream of their own here, beside that of their company.
    pub const fn is_personal(self) -> bool {
        matches!(self, Namespace::Notifications | Namespace::Chat)
    }
}
