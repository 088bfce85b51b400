//! The audit trail: who let themselves in and out, changed people and rights, took data out or brought it in.

use super::{Page, Request};
use crate::domain::{load::Person, time::Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    Login,
    /// The password was wrong. Attempts that were turned away before are not noted one by one.
    LoginFailed,
    /// The session was revoked by its person.
    Logout,
    PasswordChanged,
    PasswordSet,
    UserCreated,
    UserRenamed,
    RoleChanged,
    UserRemoved,
    CarrierCreated,
    CarrierChanged,
    FacilityCreated,
    FacilityChanged,
    LoadsExported,
    LoadsImported,
    Announced,
    TokenIssued,
}

impl AuditAction {
    pub const ALL: [AuditAction; 17] = [
        AuditAction::Login,
        AuditAction::LoginFailed,
        AuditAction::Logout,
        AuditAction::PasswordChanged,
        AuditAction::PasswordSet,
        AuditAction::UserCreated,
        AuditAction::UserRenamed,
        AuditAction::RoleChanged,
        AuditAction::UserRemoved,
        AuditAction::CarrierCreated,
        AuditAction::CarrierChanged,
        AuditAction::FacilityCreated,
        AuditAction::FacilityChanged,
        AuditAction::LoadsExported,
        AuditAction::LoadsImported,
        AuditAction::Announced,
        AuditAction::TokenIssued,
    ];

    /// As it is written everywhere.
    pub fn code(self) -> &'static str {
        match self {
            AuditAction::Login => "login",
            AuditAction::LoginFailed => "login_failed",
            AuditAction::Logout => "logout",
            AuditAction::PasswordChanged => "password_changed",
            AuditAction::PasswordSet => "password_set",
            AuditAction::UserCreated => "user_created",
            AuditAction::UserRenamed => "user_renamed",
            AuditAction::RoleChanged => "role_changed",
            AuditAction::UserRemoved => "user_removed",
            AuditAction::CarrierCreated => "carrier_created",
            AuditAction::CarrierChanged => "carrier_changed",
            AuditAction::FacilityCreated => "facility_created",
            AuditAction::FacilityChanged => "facility_changed",
            AuditAction::LoadsExported => "loads_exported",
            AuditAction::LoadsImported => "loads_imported",
            AuditAction::Announced => "announced",
            AuditAction::TokenIssued => "token_issued",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AuditSubject {
    /// Such as `user`, `carrier`, `facility`, `import`, `session`.
    pub kind: String,
    pub id: String,
}

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: Timestamp,
    pub action: AuditAction,
    /// Who did it, as they were called then; an operator at the command line has no name.
    pub actor: Option<Person>,
    /// The network address that it came from.
    pub address: Option<String>,
    pub subject: Option<AuditSubject>,
    /// Facts for a program: the role before and after, say.
    #[cfg_attr(feature = "ssr", schema(value_type = Object))]
    pub details: serde_json::Value,
}

/// `GET /audit`: the trail, newest first. For admins.
#[derive(Debug, Clone, Default)]
pub struct ListAudit {
    pub action: Option<AuditAction>,
    pub cursor: Option<String>,
}

impl Request for ListAudit {
    type Response = Page<AuditEntry>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let action = self.action.map(|action| format!("action={}", action.code()));
        let cursor = self.cursor.as_ref().map(|cursor| format!("cursor={cursor}"));
        let query: Vec<_> = action.into_iter().chain(cursor).collect();
        if query.is_empty() { "/audit".into() } else { format!("/audit?{}", query.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_written_the_same_way_everywhere() {
        for action in AuditAction::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.code());
            assert_eq!(AuditAction::from_code(action.code()), Some(action));
        }
    }
}
