//! The road of a load: its stops, its ETA, and the loads that are on the road.

use super::{Data, Request, Snapshot};
use crate::domain::{
    id::{LoadId, StopId},
    load::{Load, LoadCard},
    status::{Lane, LoadStatus},
    stop::Stop,
    time::Timestamp,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// `GET /loads/{id}/stops`, in the order of the trip.
#[derive(Debug, Clone)]
pub struct GetStops(pub LoadId);

impl Request for GetStops {
    type Response = Data<Vec<Stop>>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/loads/{}/stops", self.0)
    }
}

/// When a truck came to a stop, or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopPassage {
    /// The version of the load that it was decided on.
    pub version: i64,
    /// Now unless set. Not in the future, nor before what must have come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// `POST /stops/{id}/arrive`: the truck is there. At the first pickup the load is at pickup then, at the last delivery it
/// is at delivery.
#[derive(Debug, Clone)]
pub struct ArriveAtStop {
    pub stop: StopId,
    pub body: StopPassage,
}

/// `POST /stops/{id}/depart`: the truck has left. From the last pickup the load is picked up then, from the last delivery
/// it is delivered.
#[derive(Debug, Clone)]
pub struct DepartFromStop {
    pub stop: StopId,
    pub body: StopPassage,
}

/// Writes calls `POST /stops/{id}/<verb>` that answer with the load and its stops as they are then.
macro_rules! passages {
    ($($call:ident $verb:literal)*) => {$(
        impl Request for $call {
            type Response = Data<Load>;
            const METHOD: Method = Method::POST;
            fn path(&self) -> String {
                format!(concat!("/stops/{}/", $verb), self.stop)
            }
            fn body(&self) -> serde_json::Result<Option<String>> {
                serde_json::to_string(&self.body).map(Some)
            }
        }
    )*};
}

passages! {
    ArriveAtStop "arrive"
    DepartFromStop "depart"
}

/// When the truck will be at its next stop, as a person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EtaSaid {
    /// From now on, within a year.
    pub eta: Timestamp,
    /// The version that it was said on, where it shall not be said on a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `POST /loads/{id}/eta`. The load's version stays.
#[derive(Debug, Clone)]
pub struct SayEta {
    pub id: LoadId,
    pub body: EtaSaid,
}

impl Request for SayEta {
    type Response = Data<LoadCard>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/loads/{}/eta", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.body).map(Some)
    }
}

/// The loads on the road: from dispatch until they are unloaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActiveLoads {
    pub cards: Vec<LoadCard>,
    /// The server's clock when it answered.
    pub now: Timestamp,
}

/// `GET /loads/active`.
#[derive(Debug, Clone, PartialEq)]
pub struct GetActiveLoads;

impl Request for GetActiveLoads {
    type Response = Snapshot<ActiveLoads>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/loads/active".into()
    }
}

/// How many loads stand in a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StatusCount {
    pub status: LoadStatus,
    pub count: i64,
}

/// How many loads a lane of the board shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LaneCount {
    /// As in addresses, such as `in-transit`.
    pub lane: String,
    pub count: i64,
}

impl LaneCount {
    pub fn of(lane: Lane, count: i64) -> Self {
        Self { lane: lane.code().to_owned(), count }
    }
}

/// Counts of the loads that the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoadStats {
    /// Of all loads, every status once, in the order in which they are worked.
    pub by_status: Vec<StatusCount>,
    /// Of the board, every lane once: completed loads leave it after seven days.
    pub by_lane: Vec<LaneCount>,
    /// On the board, in planning or pending.
    pub unassigned: i64,
    /// On the board, judged as the cards are.
    pub at_risk: i64,
    pub late: i64,
    /// Offered and not yet answered.
    pub tenders_open: i64,
    /// On the board and marked as hot, those completed left out.
    pub hot: i64,
    /// The server's clock when it answered.
    pub now: Timestamp,
}

/// `GET /loads/stats`.
#[derive(Debug, Clone, PartialEq)]
pub struct GetLoadStats;

impl Request for GetLoadStats {
    type Response = Snapshot<LoadStats>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/loads/stats".into()
    }
}
