//! The calls of the cold chain.

use super::{
    super::{Data, Page, Request},
    Alert, CreateSite, CreateUnit, NewReadings, ReadingsReceived, Site, Unit, UnitPatch,
};
use crate::{
    domain::{
        id::{SiteId, UnitId},
        time::Timestamp,
    },
    events::SensorReading,
};
use http::Method;

/// `GET /sites`, oldest first.
#[derive(Debug, Clone, Default)]
pub struct ListSites {
    pub cursor: Option<String>,
}

/// `GET /units`, oldest first.
#[derive(Debug, Clone, Default)]
pub struct ListUnits {
    pub site: Option<SiteId>,
    pub cursor: Option<String>,
}

/// `GET /units/{id}`.
#[derive(Debug, Clone)]
pub struct GetUnit(pub UnitId);

/// [`UnitPatch`] of one unit.
#[derive(Debug, Clone)]
pub struct PatchUnit {
    pub id: UnitId,
    pub patch: UnitPatch,
}

/// `GET /units/{id}/readings`, newest first. `page.next` is the next call's `before`.
#[derive(Debug, Clone)]
pub struct ListReadings {
    pub unit: UnitId,
    /// Only those that were taken earlier.
    pub before: Option<Timestamp>,
    /// 1 to 1,000; 100 unless set.
    pub limit: Option<u32>,
}

/// `POST /units/{id}/readings`.
#[derive(Debug, Clone)]
pub struct SendReadings {
    pub unit: UnitId,
    pub readings: NewReadings,
}

/// `GET /alerts`, newest first.
#[derive(Debug, Clone, Default)]
pub struct ListAlerts {
    /// Only those that are open, or only those that are over.
    pub open: Option<bool>,
    pub cursor: Option<String>,
}

/// Path and query, of what is set.
fn with_query<const N: usize>(path: &str, parts: [(&str, Option<String>); N]) -> String {
    let parts = parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    let query = parts.collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Implements [`Request`] for calls, each with its path and, where it has one, its body.
macro_rules! calls {
    ($($call:ident: $method:ident => $response:ty, |$this:ident| $path:expr $(, body $body:expr)?;)*) => {$(
        impl Request for $call {
            type Response = $response;
            const METHOD: Method = Method::$method;
            fn path(&self) -> String {
                let $this = self;
                $path
            }
            $(fn body(&self) -> serde_json::Result<Option<String>> {
                let $this = self;
                serde_json::to_string($body).map(Some)
            })?
        }
    )*};
}

calls! {
    ListSites: GET => Page<Site>, |call| with_query("/sites", [("cursor", call.cursor.clone())]);
    CreateSite: POST => Data<Site>, |call| { let _ = call; "/sites".into() }, body call;
    ListUnits: GET => Page<Unit>, |call| {
        with_query("/units", [("siteId", call.site.map(|site| site.to_string())), ("cursor", call.cursor.clone())])
    };
    CreateUnit: POST => Data<Unit>, |call| { let _ = call; "/units".into() }, body call;
    GetUnit: GET => Data<Unit>, |call| format!("/units/{}", call.0);
    PatchUnit: PATCH => Data<Unit>, |call| format!("/units/{}", call.id), body &call.patch;
    ListReadings: GET => Page<SensorReading>, |call| {
        let before = call.before.map(|before| before.to_string());
        let path = format!("/units/{}/readings", call.unit);
        with_query(&path, [("before", before), ("limit", call.limit.map(|limit| limit.to_string()))])
    };
    SendReadings: POST => Data<ReadingsReceived>, |call| format!("/units/{}/readings", call.unit), body &call.readings;
    ListAlerts: GET => Page<Alert>, |call| {
        with_query("/alerts", [("open", call.open.map(|open| open.to_string())), ("cursor", call.cursor.clone())])
    };
}
