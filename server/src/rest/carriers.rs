//! Carriers and drivers over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use crate::services::CarrierRequest;
use app::{
    api::{
        Data, ErrorBody, Page,
        carriers::{CarrierPatch, CreateCarrier, DriverProfile},
    },
    domain::{carrier::CarrierProfile, id::CarrierId},
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CarriersQuery {
    /// In the name or the MC number, in whatever case.
    search: Option<String>,
    /// Only those that may be given a load now, or only those that may not.
    fit: Option<bool>,
    /// `page.next` of the answer before.
    cursor: Option<CarrierId>,
    /// 1 to 500; 100 unless set.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DriversQuery {
    /// Only the drivers of this carrier.
    carrier_id: Option<CarrierId>,
}

/// Carriers, by name.
#[utoipa::path(get, path = "/carriers", operation_id = "list_carriers", tag = "carriers", params(CarriersQuery), responses(
    (status = 200, description = "A page of carriers", body = Page<CarrierProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<CarriersQuery>,
) -> Result<Json<Page<CarrierProfile>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    let CarriersQuery { search, fit, cursor, .. } = query;
    let request = CarrierRequest { search, fit, after: cursor, limit: i64::from(limit) };
    Ok(Json(state.services.list_carriers(&caller, request).await?))
}

/// One carrier.
#[utoipa::path(get, path = "/carriers/{id}", operation_id = "get_carrier", tag = "carriers",
    params(("id" = CarrierId, Path)), responses(
    (status = 200, description = "The carrier", body = Data<CarrierProfile>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<CarrierId>,
) -> Result<Json<Data<CarrierProfile>>, Failure> {
    Ok(Json(Data { data: state.services.carrier(&caller, id).await? }))
}

/// Adds a carrier.
#[utoipa::path(post, path = "/carriers", operation_id = "create_carrier", tag = "carriers",
    request_body = CreateCarrier, responses(
    (status = 201, description = "Added", body = Data<CarrierProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 409, description = "Another carrier has this MC number", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateCarrier>,
) -> Result<(StatusCode, Json<Data<CarrierProfile>>), Failure> {
    let data = state.services.create_carrier(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data })))
}

/// Changes what the body names.
#[utoipa::path(patch, path = "/carriers/{id}", operation_id = "patch_carrier", tag = "carriers",
    params(("id" = CarrierId, Path)), request_body = CarrierPatch, responses(
    (status = 200, description = "The carrier as it is now", body = Data<CarrierProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
    (status = 409, description = "Another carrier has this MC number", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<CarrierId>,
    JsonBody(body): JsonBody<CarrierPatch>,
) -> Result<Json<Data<CarrierProfile>>, Failure> {
    Ok(Json(Data { data: state.services.patch_carrier(&caller, id, body).await? }))
}

/// Drivers, by name.
#[utoipa::path(get, path = "/drivers", operation_id = "list_drivers", tag = "carriers", params(DriversQuery), responses(
    (status = 200, description = "All of them", body = Page<DriverProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
    (status = 404, description = "There is no such carrier", body = ErrorBody),
))]
pub async fn list_drivers(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<DriversQuery>,
) -> Result<Json<Page<DriverProfile>>, Failure> {
    Ok(Json(state.services.list_drivers(&caller, query.carrier_id).await?))
}
