//! Login, logout and who one is.

use super::{Data, Done, Request};
use crate::domain::{
    id::{CarrierId, DriverId, TenantId, UserId},
    role::{Permission, Role},
    time::Timestamp,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// The person who is logged in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub permissions: Vec<Permission>,
    pub tenant_id: TenantId,
    pub tenant_name: String,
    /// The carrier whose office this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_id: Option<CarrierId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
}

/// A login: who, and the token that proves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub user: User,
    pub token: String,
    pub expires_at: Timestamp,
}

/// `POST /auth/login`. Also sets the cookie.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    pub password: String,
}

impl Request for Login {
    type Response = Data<Session>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/auth/login".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `POST /auth/logout`. The token is worthless afterwards.
#[derive(Debug, Clone)]
pub struct Logout;

impl Request for Logout {
    type Response = Data<Done>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/auth/logout".into()
    }
}

/// `POST /auth/refresh`: a new token for a valid one.
#[derive(Debug, Clone)]
pub struct Refresh;

impl Request for Refresh {
    type Response = Data<Session>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/auth/refresh".into()
    }
}

/// `POST /auth/password`: one's own. Every session ends but the new one that is answered; also sets its cookie.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    pub current_password: String,
    /// 12 characters or more.
    pub new_password: String,
}

impl Request for ChangePassword {
    type Response = Data<Session>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/auth/password".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `GET /auth/me`.
#[derive(Debug, Clone)]
pub struct GetMe;

impl Request for GetMe {
    type Response = Data<User>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/auth/me".into()
    }
}
