//! Loads: the board, the list, and every change of one.

mod board_in_page;

use super::{Data, Done, LivePage, Request, Snapshot, with_query};
use crate::{
    domain::{
        id::{CarrierId, DriverId, FacilityId, LoadId, StopId},
        load::{Equipment, Load, LoadCard},
        load_filter::LoadFilter,
        money::Finance,
        status::LoadStatus,
        stop::{StopKind, Window},
        time::Timestamp,
        urgency::CHECK_CALL_INTERVAL,
    },
    events::LoadLocationUpdated,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// What the Dispatch Board shows: every load that is worked, and those completed in the last seven days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Board {
    pub cards: Vec<LoadCard>,
    /// The server's clock when it answered.
    pub now: Timestamp,
    #[serde(default)]
    pub rules: BoardRules,
}

/// What the tenant's cards are judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BoardRules {
    /// How often a driver on the road is to be heard, in milliseconds.
    pub check_call_interval: i64,
}

impl Default for BoardRules {
    fn default() -> Self {
        Self { check_call_interval: CHECK_CALL_INTERVAL }
    }
}

/// `GET /loads/board`.
#[derive(Debug, Clone, PartialEq)]
pub struct GetBoard;

impl Request for GetBoard {
    type Response = Snapshot<Board>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/loads/board".into()
    }
    fn write_in_page(response: &Snapshot<Board>) -> serde_json::Result<String> {
        board_in_page::write(response)
    }
    fn read_from_page(text: &str) -> serde_json::Result<Snapshot<Board>> {
        board_in_page::read(text)
    }
}

/// `GET /loads`, newest first.
#[derive(Debug, Clone, Default)]
pub struct ListLoads {
    pub filter: LoadFilter,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListLoads {
    type Response = LivePage<LoadCard>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let mut query: Vec<_> = self.filter.pairs().into_iter().map(|(name, value)| (name, Some(value))).collect();
        query.push(("cursor", self.cursor.clone()));
        query.push(("limit", self.limit.map(|limit| limit.to_string())));
        with_query("/loads", &query)
    }
}

/// `GET /loads/{id}`.
#[derive(Debug, Clone)]
pub struct GetLoad(pub LoadId);

impl Request for GetLoad {
    type Response = Data<Load>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/loads/{}", self.0)
    }
}

/// What the page of a load shows before anything happens to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LoadDetail {
    pub load: Load,
    /// The newest position, if the truck has sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<LoadLocationUpdated>,
    /// The server's clock when it answered.
    pub now: Timestamp,
    #[serde(default)]
    pub rules: BoardRules,
}

/// `GET /loads/{id}/detail`: a load, and the places in the streams of loads, of the road and of the talk at which that
/// is true.
#[derive(Debug, Clone)]
pub struct GetLoadDetail(pub LoadId);

impl Request for GetLoadDetail {
    type Response = Snapshot<LoadDetail>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/loads/{}/detail", self.0)
    }
}

/// A stop of a load to be created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewStop {
    pub kind: StopKind,
    pub facility_id: FacilityId,
    pub window: Window,
}

/// A stop of a load as it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopPatch {
    /// The stop of the load that it is; absent for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<StopId>,
    pub kind: StopKind,
    pub facility_id: FacilityId,
    pub window: Window,
}

/// `POST /loads`. Begins in `PLANNING`.
///
/// Stops are in the order of the trip: first a pickup, last a delivery, at most 20.
/// `finance` needs `finance_view`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateLoad {
    pub customer: String,
    pub equipment: Equipment,
    pub stops: Vec<NewStop>,
    #[serde(default)]
    pub commodity: String,
    #[serde(default)]
    pub weight_lbs: i32,
    /// Practical miles; the great-circle distance of the stops and a fifth where absent.
    pub miles: Option<i32>,
    #[serde(default)]
    pub instructions: String,
    #[serde(default)]
    pub references: Vec<String>,
    #[serde(default)]
    pub hot: bool,
    pub carrier_id: Option<CarrierId>,
    pub finance: Option<Finance>,
}

impl Request for CreateLoad {
    type Response = Data<Load>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/loads".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `PATCH /loads/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadPatch {
    /// The version that the change was made on.
    pub version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equipment: Option<Equipment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commodity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_lbs: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miles: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hot: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<bool>,
    /// Only while the load is in planning or pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_id: Option<CarrierId>,
    /// A driver of the load's carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_id: Option<DriverId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finance: Option<Finance>,
    /// All stops, in the order of the trip: what is not named is taken out. Once the load was offered only the windows
    /// can change, and those of stops where the truck has been not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<Vec<StopPatch>>,
}

/// [`LoadPatch`] of one load.
#[derive(Debug, Clone)]
pub struct PatchLoad {
    pub id: LoadId,
    pub patch: LoadPatch,
}

impl Request for PatchLoad {
    type Response = Data<Load>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/loads/{}", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.patch).map(Some)
    }
}

/// A step of the status machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusChange {
    pub status: LoadStatus,
    /// The version that the step was decided on.
    pub version: i64,
    /// Needed for a step back, a cancellation, a decline and a reopening, and where an ops manager offers the load to a
    /// carrier that is not fit; at most 500 characters. Carriers and drivers are not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `PATCH /loads/{id}/status`.
#[derive(Debug, Clone)]
pub struct ChangeStatus {
    pub id: LoadId,
    pub change: StatusChange,
}

impl Request for ChangeStatus {
    type Response = Data<LoadCard>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/loads/{}/status", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.change).map(Some)
    }
}

/// `DELETE /loads/{id}?version=`: only while it is in planning or pending; later it is cancelled.
#[derive(Debug, Clone)]
pub struct DeleteLoad {
    pub id: LoadId,
    pub version: i64,
}

impl Request for DeleteLoad {
    type Response = Data<Done>;
    const METHOD: Method = Method::DELETE;
    fn path(&self) -> String {
        format!("/loads/{}?version={}", self.id, self.version)
    }
}
