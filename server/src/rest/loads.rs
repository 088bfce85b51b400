//! Loads over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState, given::Asker};
use crate::services::ListRequest;
use app::{
    api::{
        Data, Done, ErrorBody, LivePage, Snapshot,
        loads::{Board, CreateLoad, LoadDetail, LoadPatch, StatusChange},
    },
    domain::{
        id::LoadId,
        load::{Equipment, Load, LoadCard},
        load_filter::LoadFilter,
        status::LoadStatus,
    },
};
use axum::{Json, extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 50;

/// The filter of loads as the address has it. Values of one name are alternatives, names narrow one another down.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what LoadFilter reads")]
pub struct FilterQuery {
    /// Words, each of which is in the number, customer, carrier, driver, cities, states or references. The first six
    /// that differ are looked for; those after them are passed over.
    q: Option<String>,
    status: Option<Vec<LoadStatus>>,
    equipment: Option<Vec<Equipment>>,
    /// Ids, or `none`.
    carrier: Option<Vec<String>>,
    /// Whole names.
    customer: Option<Vec<String>>,
    /// State of the first pickup, such as `IL`.
    from: Option<Vec<String>>,
    /// State of the last delivery.
    to: Option<Vec<String>>,
    /// Ids, `me` or `none`.
    dispatcher: Option<Vec<String>>,
    /// `hot`, `exception`, `late`, `at_risk`.
    priority: Option<Vec<String>>,
    /// On the clock of the stop: `today`, `tomorrow`, `2026-11-21`, `2026-11-21..2026-11-25`.
    pickup: Option<String>,
    delivery: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what list reads")]
pub struct PageQuery {
    /// `page.next` of the answer before.
    cursor: Option<LoadId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

/// Reads the filter out of a query, and leaves what is not the filter's to `other`.
pub(super) fn filter_of(
    pairs: Vec<(String, String)>,
    mut other: impl FnMut(&str, &str) -> Result<(), Failure>,
) -> Result<LoadFilter, Failure> {
    let mut filter = LoadFilter::default();
    for (name, value) in pairs {
        if !filter.take(&name, &value).map_err(|error| Failure::bad_request(error.to_string()))? {
            other(&name, &value)?;
        }
    }
    Ok(filter)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteQuery {
    /// The version that the caller saw.
    version: Option<i64>,
}

/// What the Dispatch Board shows.
#[utoipa::path(get, path = "/loads/board", tag = "loads", responses(
    (status = 200, description = "Cards, and the places in the streams at which they are true", body = Snapshot<Board>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn board(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    asker: Asker,
) -> Result<Response, Failure> {
    Ok(asker.answer(state.services.board(&caller).await?))
}

/// Loads, newest first.
#[utoipa::path(get, path = "/loads", tag = "loads", params(FilterQuery, PageQuery), responses(
    (status = 200, description = "A page of loads", body = LivePage<LoadCard>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(pairs): QueryOf<Vec<(String, String)>>,
) -> Result<Json<LivePage<LoadCard>>, Failure> {
    let (mut before, mut limit) = (None, DEFAULT_LIMIT);
    let filter = filter_of(pairs, |name, value| {
        match name {
            "cursor" => before = Some(value.parse().map_err(|e| Failure::bad_request(format!("cursor {e}.")))?),
            "limit" => {
                let asked = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                limit = asked.ok_or_else(|| Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")))?;
            }
            _ => return Err(Failure::bad_request(format!("There is no parameter {name:?}."))),
        }
        Ok(())
    })?;
    let request = ListRequest { filter, before, limit: i64::from(limit) };
    Ok(Json(state.services.list_loads(&caller, request).await?))
}

/// One load with its stops.
#[utoipa::path(get, path = "/loads/{id}", tag = "loads", params(("id" = LoadId, Path)), responses(
    (status = 200, description = "The load", body = Data<Load>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
) -> Result<Json<Data<Load>>, Failure> {
    Ok(Json(Data { data: state.services.load(&caller, id).await? }))
}

/// One load as its page shows it.
#[utoipa::path(get, path = "/loads/{id}/detail", operation_id = "get_load_detail", tag = "loads",
    params(("id" = LoadId, Path)), responses(
        (status = 200, description = "The load, its newest position, and the places in the streams at which that is true",
            body = Snapshot<LoadDetail>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn detail(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
) -> Result<Json<Snapshot<LoadDetail>>, Failure> {
    Ok(Json(state.services.load_detail(&caller, id).await?))
}

/// Books a load, in `PLANNING`.
#[utoipa::path(post, path = "/loads", tag = "loads", request_body = CreateLoad, responses(
    (status = 201, description = "The load", body = Data<Load>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "A facility or carrier is not the tenant's", body = ErrorBody),
    (status = 422, description = "A value out of bounds, or a carrier that can't be assigned", body = ErrorBody),
))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateLoad>,
) -> Result<(StatusCode, Json<Data<Load>>), Failure> {
    let load = state.services.create_load(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data: load })))
}

/// Changes what the body names.
#[utoipa::path(patch, path = "/loads/{id}", tag = "loads", params(("id" = LoadId, Path)), request_body = LoadPatch,
    responses(
        (status = 200, description = "The load as it is now", body = Data<Load>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
        (status = 409, description = "Somebody changed it first", body = ErrorBody),
        (status = 422, description = "A value out of bounds, or a rule broken", body = ErrorBody),
    ))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    JsonBody(body): JsonBody<LoadPatch>,
) -> Result<Json<Data<Load>>, Failure> {
    Ok(Json(Data { data: state.services.patch_load(&caller, id, body).await? }))
}

/// Takes a step of the status machine.
#[utoipa::path(patch, path = "/loads/{id}/status", tag = "loads", params(("id" = LoadId, Path)),
    request_body = StatusChange, responses(
        (status = 200, description = "The card as it is now", body = Data<LoadCard>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
        (status = 409, description = "Somebody changed it first", body = ErrorBody),
        (status = 422, description = "The step is not there, or lacks a carrier or a reason", body = ErrorBody),
    ))]
pub async fn change_status(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    JsonBody(body): JsonBody<StatusChange>,
) -> Result<Json<Data<LoadCard>>, Failure> {
    Ok(Json(Data { data: state.services.change_status(&caller, id, body).await? }))
}

/// Takes a load that is in planning or pending out of every view.
#[utoipa::path(delete, path = "/loads/{id}", tag = "loads", params(("id" = LoadId, Path), DeleteQuery), responses(
    (status = 200, description = "Gone", body = Data<Done>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
    (status = 409, description = "Somebody changed it first", body = ErrorBody),
    (status = 422, description = "It is too late; cancel it instead", body = ErrorBody),
))]
pub async fn delete(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    QueryOf(query): QueryOf<DeleteQuery>,
) -> Result<Json<Data<Done>>, Failure> {
    state.services.delete_load(&caller, id, query.version).await?;
    Ok(Json(Data { data: Done { done: true } }))
}
