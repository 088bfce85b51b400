//! The people of a tenant who can log in.

use super::{Data, Done, Page, Request};
use crate::domain::{
    id::{CarrierId, DriverId, UserId},
    role::Role,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// A person as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserProfile {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The carrier whose office this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_id: Option<CarrierId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
}

/// `GET /users`: everybody, by name. For staff.
#[derive(Debug, Clone)]
pub struct ListUsers;

impl Request for ListUsers {
    type Response = Page<UserProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/users".into()
    }
}

/// `POST /users`: adds a person. A carrier's office names its carrier, a driver's login its driver, staff neither.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// 12 characters or more.
    pub password: String,
    pub carrier_id: Option<CarrierId>,
    pub driver_id: Option<DriverId>,
}

impl Request for CreateUser {
    type Response = Data<UserProfile>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/users".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `PATCH /users/{id}`: what is absent stays as it is. A new role ends all sessions of the person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another role of staff; outside parties keep theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A patch and whom it is for.
#[derive(Debug, Clone)]
pub struct PatchUser {
    pub id: UserId,
    pub patch: UserPatch,
}

impl Request for PatchUser {
    type Response = Data<UserProfile>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/users/{}", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.patch).map(Some)
    }
}

/// `DELETE /users/{id}`: the person can't log in any more, and every session ends at once.
#[derive(Debug, Clone)]
pub struct RemoveUser(pub UserId);

impl Request for RemoveUser {
    type Response = Data<Done>;
    const METHOD: Method = Method::DELETE;
    fn path(&self) -> String {
        format!("/users/{}", self.0)
    }
}

/// Another person's new password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 12 characters or more.
    pub password: String,
}

/// `POST /users/{id}/password`: every session of the person ends at once.
#[derive(Debug, Clone)]
pub struct SetPassword {
    pub id: UserId,
    pub new: NewPassword,
}

impl Request for SetPassword {
    type Response = Data<Done>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/users/{}/password", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.new).map(Some)
    }
}
