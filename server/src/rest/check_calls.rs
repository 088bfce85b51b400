//! Check calls over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use app::{
    api::{
        Data, ErrorBody, Page,
        positions::{CheckCall, NewCheckCall},
    },
    domain::id::{CheckCallId, LoadId},
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckCallsQuery {
    /// `page.next` of the answer before.
    cursor: Option<CheckCallId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

/// Notes a contact with the driver.
#[utoipa::path(post, path = "/loads/{id}/check-calls", operation_id = "note_check_call", tag = "check calls", params(("id" = LoadId, Path)),
    request_body = NewCheckCall, responses(
        (status = 201, description = "The check call", body = Data<CheckCall>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(load): PathId<LoadId>,
    JsonBody(body): JsonBody<NewCheckCall>,
) -> Result<(StatusCode, Json<Data<CheckCall>>), Failure> {
    let data = state.services.record_check_call(&caller, load, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data })))
}

/// The check calls of a load, newest first.
#[utoipa::path(get, path = "/loads/{id}/check-calls", operation_id = "list_check_calls", tag = "check calls",
    params(("id" = LoadId, Path), CheckCallsQuery), responses(
        (status = 200, description = "A page of check calls", body = Page<CheckCall>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(load): PathId<LoadId>,
    QueryOf(query): QueryOf<CheckCallsQuery>,
) -> Result<Json<Page<CheckCall>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    Ok(Json(state.services.check_calls(&caller, load, query.cursor, i64::from(limit)).await?))
}
