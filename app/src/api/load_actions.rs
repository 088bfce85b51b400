//! What is done to loads by the names of the trade: assign, tender, accept, reject, dispatch, claim, undo; one by one and
//! in bulk.

use super::{ApiError, Data, Request};
use crate::domain::{
    id::{CarrierId, DriverId, LoadId},
    load::LoadCard,
    status::LoadStatus,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// Writes calls `POST /loads/{id}/<verb>` that answer with the card as it is then.
macro_rules! action {
    ($($(#[$doc:meta])* $call:ident($body:ident) $verb:literal)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $call {
            pub id: LoadId,
            pub body: $body,
        }

        impl Request for $call {
            type Response = Data<LoadCard>;
            const METHOD: Method = Method::POST;
            fn path(&self) -> String {
                format!(concat!("/loads/{}/", $verb), self.id)
            }
            fn body(&self) -> serde_json::Result<Option<String>> {
                serde_json::to_string(&self.body).map(Some)
            }
        }
    )*};
}

action! {
    /// Gives a load that is in planning or pending a carrier.
    AssignLoad(Assignment) "assign"
    /// Offers a load to a carrier. One that is in planning becomes pending on the way.
    TenderLoad(Tender) "tender"
    /// The carrier takes the tender; staff may note it for the carrier.
    AcceptLoad(Acceptance) "accept"
    /// The carrier turns the tender down; staff may note it for the carrier. The load is pending again.
    RejectLoad(Rejection) "reject"
    /// Sends the truck of a load whose carrier has accepted.
    DispatchLoad(Dispatch) "dispatch"
    /// Says that one is on it, or no more.
    ClaimLoad(Claim) "claim"
    /// Takes one's own last step back, while nobody has changed the load since.
    UndoLoad(Undo) "undo"
}

/// A load that a change was decided on: which, and at which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seen {
    pub id: LoadId,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assignment {
    pub version: i64,
    pub carrier_id: CarrierId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
    /// Why a carrier that may not be given loads gets this one all the same; needs an ops manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tender {
    pub version: i64,
    /// The load's own unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_id: Option<CarrierId>,
    /// How long the offer stands, 1 to 2,880; the tenant's usual time unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_minutes: Option<u32>,
    /// As in an assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acceptance {
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rejection {
    pub version: i64,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dispatch {
    pub version: i64,
    /// A driver of the load's carrier; who is set already unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
}

/// A soft claim: it stops nobody, and tells everybody who is on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// False: one is on it no more.
    pub claimed: bool,
    /// Takes it over from whoever has claimed it.
    #[serde(default)]
    pub take_over: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Undo {
    /// The version that the step to be taken back has led to.
    pub version: i64,
}

/// What became of one load of many: the card, or why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BulkResult {
    pub id: LoadId,
    pub ok: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadCard>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ApiError>,
}

/// The most loads of one bulk call.
pub const BULK_LIMIT: usize = 500;

/// `POST /loads/bulk-status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BulkStatus {
    /// 1 to 500, each once.
    pub loads: Vec<Seen>,
    pub status: LoadStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `POST /loads/bulk-assign`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BulkAssign {
    pub loads: Vec<Seen>,
    pub carrier_id: CarrierId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

/// `POST /loads/bulk-dispatch`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BulkDispatch {
    pub loads: Vec<Seen>,
}

/// Writes bulk calls: one result a load, in the order of the request.
macro_rules! bulk {
    ($($call:ident $path:literal)*) => {$(
        impl Request for $call {
            type Response = Data<Vec<BulkResult>>;
            const METHOD: Method = Method::POST;
            fn path(&self) -> String {
                $path.into()
            }
            fn body(&self) -> serde_json::Result<Option<String>> {
                serde_json::to_string(self).map(Some)
            }
        }
    )*};
}

bulk! {
    BulkStatus "/loads/bulk-status"
    BulkAssign "/loads/bulk-assign"
    BulkDispatch "/loads/bulk-dispatch"
}
