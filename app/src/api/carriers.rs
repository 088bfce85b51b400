//! Carriers and their drivers.

use super::{Data, Page, Request, with_query};
use crate::domain::{
    carrier::{CarrierProfile, Compliance},
    id::{CarrierId, DriverId},
    time::Timestamp,
};
use http::Method;
use serde::{Deserialize, Serialize};

/// `GET /carriers`, by name. For staff.
#[derive(Debug, Clone, Default)]
pub struct ListCarriers {
    /// In the name or the MC number, in whatever case.
    pub search: Option<String>,
    /// Only those that may be given a load now, or only those that may not.
    pub fit: Option<bool>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListCarriers {
    type Response = Page<CarrierProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let query = [
            ("search", self.search.clone()),
            ("fit", self.fit.map(|fit| fit.to_string())),
            ("cursor", self.cursor.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
        ];
        with_query("/carriers", &query)
    }
}

/// `GET /carriers/{id}`.
#[derive(Debug, Clone)]
pub struct GetCarrier(pub CarrierId);

impl Request for GetCarrier {
    type Response = Data<CarrierProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/carriers/{}", self.0)
    }
}

/// `POST /carriers`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCarrier {
    pub name: String,
    /// Such as `MC-123456`; unique within the tenant, and written in capitals.
    pub mc_number: String,
    pub phone: Option<String>,
    pub insurance_expires_at: Timestamp,
    /// Approved unless set.
    pub compliance: Option<Compliance>,
}

impl Request for CreateCarrier {
    type Response = Data<CarrierProfile>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/carriers".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `PATCH /carriers/{id}`: what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarrierPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mc_number: Option<String>,
    /// Empty: there is none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurance_expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Compliance>,
}

/// A patch and what it is for.
#[derive(Debug, Clone)]
pub struct PatchCarrier {
    pub id: CarrierId,
    pub patch: CarrierPatch,
}

impl Request for PatchCarrier {
    type Response = Data<CarrierProfile>;
    const METHOD: Method = Method::PATCH;
    fn path(&self) -> String {
        format!("/carriers/{}", self.id)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.patch).map(Some)
    }
}

/// Who drives for a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DriverProfile {
    pub id: DriverId,
    pub carrier_id: CarrierId,
    pub name: String,
    pub phone: Option<String>,
}

/// `GET /drivers`: of one carrier or of all, by name. For staff.
#[derive(Debug, Clone, Default)]
pub struct ListDrivers {
    pub carrier_id: Option<CarrierId>,
}

impl Request for ListDrivers {
    type Response = Page<DriverProfile>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        with_query("/drivers", &[("carrierId", self.carrier_id.map(|carrier| carrier.to_string()))])
    }
}
