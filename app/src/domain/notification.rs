//! Words of notifications.

use serde::{Deserialize, Serialize};

/// How a notification is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationType {
    Info,
    Warning,
    Error,
    Success,
}

impl NotificationType {
    pub const ALL: [NotificationType; 4] =
        [NotificationType::Info, NotificationType::Warning, NotificationType::Error, NotificationType::Success];

    pub const fn code(self) -> &'static str {
        match self {
            NotificationType::Info => "info",
            NotificationType::Warning => "warning",
            NotificationType::Error => "error",
            NotificationType::Success => "success",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        NotificationType::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
