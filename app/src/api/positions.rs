//! What comes from the road: positions and check calls.

use super::{Data, ErrorCode, Page, Request, Snapshot};
use crate::{
    domain::{
        geo::LatLng,
        id::{CheckCallId, LoadId},
        position::PositionSource,
        time::Timestamp,
    },
    events::{LoadLocationUpdated, ReportLocation},
};
use http::Method;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, value},
};
use std::fmt;

/// `POST /positions`: one position, or up to 1,000 in an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum ReportPositions {
    One(ReportLocation),
    Many(Vec<ReportLocation>),
}

// By hand, since an untagged enum would not say which field could not be read.
impl<'de> Deserialize<'de> for ReportPositions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> de::Visitor<'de> for OneOrMany {
            type Value = ReportPositions;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position or an array of positions")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<ReportPositions, A::Error> {
                Deserialize::deserialize(value::MapAccessDeserializer::new(map)).map(ReportPositions::One)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<ReportPositions, A::Error> {
                Deserialize::deserialize(value::SeqAccessDeserializer::new(seq)).map(ReportPositions::Many)
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

/// What became of reported positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PositionsTaken {
    /// How many are stored.
    pub accepted: usize,
    pub refused: Vec<RefusedPosition>,
}

/// A position that was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RefusedPosition {
    /// Its place in the array; 0 is the first.
    pub index: usize,
    pub code: ErrorCode,
    pub message: String,
}

impl Request for ReportPositions {
    type Response = Data<PositionsTaken>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/positions".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// Where the trucks on the road are: the newest position of each load from dispatch to delivery that has sent one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TrackedPositions {
    pub positions: Vec<LoadLocationUpdated>,
    /// The server's clock when it answered.
    pub now: Timestamp,
}

/// `GET /operations/tracking/positions`.
#[derive(Debug, Clone, PartialEq)]
pub struct GetPositions;

impl Request for GetPositions {
    type Response = Snapshot<TrackedPositions>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        "/operations/tracking/positions".into()
    }
}

/// `GET /operations/tracking/positions/{loadId}`: the newest position of one load, on the road or not.
#[derive(Debug, Clone)]
pub struct GetPosition(pub LoadId);

impl Request for GetPosition {
    type Response = Data<LoadLocationUpdated>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/operations/tracking/positions/{}", self.0)
    }
}

/// Where a truck was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PastPosition {
    pub location: LatLng,
    /// Degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<f64>,
    /// Miles per hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    pub recorded_at: Timestamp,
    pub source: PositionSource,
}

/// `GET /loads/{id}/positions`: the way of a load, oldest first.
#[derive(Debug, Clone)]
pub struct ListPositions {
    pub load: LoadId,
    /// None before this.
    pub from: Option<Timestamp>,
    /// None after this.
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListPositions {
    type Response = Page<PastPosition>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let mut query = Vec::new();
        query.extend(self.from.map(|from| format!("from={from}")));
        query.extend(self.to.map(|to| format!("to={to}")));
        query.extend(self.cursor.as_ref().map(|cursor| format!("cursor={cursor}")));
        query.extend(self.limit.map(|limit| format!("limit={limit}")));
        format!("/loads/{}/positions?{}", self.load, query.join("&"))
    }
}

/// A contact with the driver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckCall {
    pub id: CheckCallId,
    /// Where the truck was.
    pub location: LatLng,
    pub notes: String,
    /// When the driver expects to be at the next stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    pub received_at: Timestamp,
}

/// A check call to be noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCheckCall {
    pub location: LatLng,
    /// 1 to 2,000 characters.
    pub notes: String,
    /// Within a year of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
}

/// `POST /loads/{id}/check-calls`.
#[derive(Debug, Clone)]
pub struct NoteCheckCall {
    pub load: LoadId,
    pub check_call: NewCheckCall,
}

impl Request for NoteCheckCall {
    type Response = Data<CheckCall>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/loads/{}/check-calls", self.load)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.check_call).map(Some)
    }
}

/// `GET /loads/{id}/check-calls`, newest first.
#[derive(Debug, Clone)]
pub struct ListCheckCalls {
    pub load: LoadId,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListCheckCalls {
    type Response = Page<CheckCall>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let mut query = Vec::new();
        query.extend(self.cursor.as_ref().map(|cursor| format!("cursor={cursor}")));
        query.extend(self.limit.map(|limit| format!("limit={limit}")));
        format!("/loads/{}/check-calls?{}", self.load, query.join("&"))
    }
}
