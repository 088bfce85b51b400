//! The timeline of a load: what happened to it, out of the stored events, as far as the caller was told of it.

use super::{Page, Request};
use crate::domain::{
    geo::LatLng,
    id::{EventId, LoadId, StopId},
    load::Person,
    status::LoadStatus,
    stop::StopKind,
    time::Timestamp,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// `GET /loads/{id}/timeline`, newest first.
#[derive(Debug, Clone)]
pub struct GetTimeline {
    pub load: LoadId,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for GetTimeline {
    type Response = Page<TimelineEntry>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let query = [("cursor", self.cursor.clone()), ("limit", self.limit.map(|limit| limit.to_string()))];
        super::with_query(&format!("/loads/{}/timeline", self.load), &query)
    }
}

/// Something that happened to a load. What does not belong to it is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    pub id: EventId,
    /// The event's name, such as `load:status:changed`.
    pub event: String,
    /// When it was noted.
    pub at: Timestamp,
    /// Who did it; null when the system did.
    pub by: Option<Person>,
    /// What happened, as a sentence for people, such as `Maria Lopez moved it to Dispatched`. Times are not in it: each
    /// reader has a clock of one's own.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_status: Option<LoadStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_status: Option<LoadStatus>,
    /// Why, where a reason was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was said in a check call, or with an ETA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Where the truck was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LatLng>,
    /// When the truck was to be at its next stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<PassedStop>,
    /// What was changed on the load beside its status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
}

/// A stop that a truck came to or left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PassedStop {
    pub id: StopId,
    /// 1 is the first.
    pub position: i32,
    pub kind: StopKind,
    pub facility_name: String,
    /// When the truck came, or left; it may have been noted later.
    pub at: Timestamp,
    /// Whether the truck came before its window ended.
    pub on_time: bool,
}

/// One field of a load before and after a change. Money is there for those who see money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// As on the card, such as `weightLbs`.
    pub field: String,
    /// As a person reads it; null where there was nothing.
    pub from: Option<String>,
    pub to: Option<String>,
}
