//! Facilities over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use crate::services::FacilityRequest;
use app::{
    api::{
        Data, ErrorBody, Page,
        facilities::{CreateFacility, FacilityPatch},
    },
    domain::{facility::FacilityProfile, id::FacilityId},
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 100;
const MOST_IDS: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FacilitiesQuery {
    /// In the name, the city or the state, in whatever case.
    search: Option<String>,
    /// Only these: at most 100 ids with commas between them. What there is none of is left out.
    ids: Option<String>,
    /// `page.next` of the answer before.
    cursor: Option<FacilityId>,
    /// 1 to 500; 100 unless set.
    limit: Option<u32>,
}

/// Facilities, by name.
#[utoipa::path(get, path = "/facilities", operation_id = "list_facilities", tag = "facilities",
    params(FacilitiesQuery), responses(
    (status = 200, description = "A page of facilities", body = Page<FacilityProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<FacilitiesQuery>,
) -> Result<Json<Page<FacilityProfile>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    let ids = query.ids.as_deref().unwrap_or_default().split(',').filter(|id| !id.is_empty());
    let ids = ids.map(str::parse).collect::<Result<Vec<FacilityId>, _>>();
    let ids = ids.map_err(|error| Failure::bad_request(format!("ids: one of them {error}.")))?;
    if ids.len() > MOST_IDS {
        return Err(Failure::bad_request(format!("ids takes at most {MOST_IDS}.")));
    }
    let request = FacilityRequest { search: query.search, ids, after: query.cursor, limit: i64::from(limit) };
    Ok(Json(state.services.list_facilities(&caller, request).await?))
}

/// One facility.
#[utoipa::path(get, path = "/facilities/{id}", operation_id = "get_facility", tag = "facilities",
    params(("id" = FacilityId, Path)), responses(
    (status = 200, description = "The facility", body = Data<FacilityProfile>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<FacilityId>,
) -> Result<Json<Data<FacilityProfile>>, Failure> {
    Ok(Json(Data { data: state.services.facility(&caller, id).await? }))
}

/// Adds a facility.
#[utoipa::path(post, path = "/facilities", operation_id = "create_facility", tag = "facilities",
    request_body = CreateFacility, responses(
    (status = 201, description = "Added", body = Data<FacilityProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 409, description = "Another facility has this name", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateFacility>,
) -> Result<(StatusCode, Json<Data<FacilityProfile>>), Failure> {
    let data = state.services.create_facility(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data })))
}

/// Changes what the body names. No event tells of it: open screens show a new place or zone with their next snapshot.
#[utoipa::path(patch, path = "/facilities/{id}", operation_id = "patch_facility", tag = "facilities",
    params(("id" = FacilityId, Path)), request_body = FacilityPatch, responses(
    (status = 200, description = "The facility as it is now", body = Data<FacilityProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
    (status = 409, description = "Another facility has this name", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<FacilityId>,
    JsonBody(body): JsonBody<FacilityPatch>,
) -> Result<Json<Data<FacilityProfile>>, Failure> {
    Ok(Json(Data { data: state.services.patch_facility(&caller, id, body).await? }))
}
