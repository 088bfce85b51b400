//! Facilities, and the customers that loads are booked for.

use super::{Data, Page, Request, with_query};
use crate::domain::{facility::FacilityProfile, geo::LatLng, id::FacilityId, stop::Place};
use http::Method;
use serde::{Deserialize, Serialize};

/// `GET /facilities`, by name. For staff.
#[derive(Debug, Clone, Default)]
pub struct ListFacilities {
    /// In the name, the city or the state, in whatever case.
    pub search: Option<String>,
    /// Only these; empty: all.
    pub ids: Vec<FacilityId>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListFacilities {
    type Response = Page<FacilityProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let ids: Vec<String> = self.ids.iter().map(ToString::to_string).collect();
        let query = [
            ("search", self.search.clone()),
            ("ids", (!ids.is_empty()).then(|| ids.join(","))),
            ("cursor", self.cursor.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
        ];
        with_query("/facilities", &query)
    }
}

/// `GET /facilities/{id}`.
#[derive(Debug, Clone)]
pub struct GetFacility(pub FacilityId);

impl Request for GetFacility {
    type Response = Data<FacilityProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/facilities/{}", self.0)
    }
}

/// `POST /facilities`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateFacility {
    pub name: String,
    pub address: Option<String>,
    pub place: Place,
    /// IANA name, such as `America/Chicago`.
    pub zone: String,
    pub location: LatLng,
    /// 0.05 to 25.
    pub geofence_miles: Option<f64>,
}

impl Request for CreateFacility {
    type Response = Data<FacilityProfile>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/facilities".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `PATCH /facilities/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FacilityPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Empty: there is none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<LatLng>,
    /// 0: that of the kind of stop again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geofence_miles: Option<f64>,
}

/// A patch and what it is for.
#[derive(Debug, Clone)]
pub struct PatchFacility {
    pub id: FacilityId,
    pub patch: FacilityPatch,
}

impl Request for PatchFacility {
    type Response = Data<FacilityProfile>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/facilities/{}", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.patch).map(Some)
    }
}

/// Whom loads were booked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Customer {
    pub name: String,
}

/// `GET /customers`: the first by name that were written on a load. For staff.
#[derive(Debug, Clone, Default)]
pub struct ListCustomers {
    /// In the name, in whatever case.
    pub search: Option<String>,
    /// 1 to 100; 20 unless set.
    pub limit: Option<u32>,
}

impl Request for ListCustomers {
    type Response = Data<Vec<Customer>>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let query = [("search", self.search.clone()), ("limit", self.limit.map(|limit| limit.to_string()))];
        with_query("/customers", &query)
    }
}
