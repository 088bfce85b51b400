//! Sites over REST.

use super::{Authenticated, Failure, JsonBody, QueryOf, RestState};
use crate::services::PageRequest;
use app::{
    api::{
        Data, ErrorBody, Page,
        cold_chain::{CreateSite, Site},
    },
    domain::id::SiteId,
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
pub struct SitesQuery {
    /// `page.next` of the answer before.
    cursor: Option<SiteId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

/// How many of a list are asked for: 1 to 500, 50 unless set.
pub(super) fn page_limit(limit: Option<u32>) -> Result<usize, Failure> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(limit as usize)
    } else {
        Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")))
    }
}

/// Yards and warehouses, oldest first.
#[utoipa::path(get, path = "/sites", tag = "cold chain", operation_id = "list_sites", params(SitesQuery), responses(
    (status = 200, description = "A page of sites", body = Page<Site>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not of the staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<SitesQuery>,
) -> Result<Json<Page<Site>>, Failure> {
    let request = PageRequest { cursor: query.cursor, limit: page_limit(query.limit)? };
    Ok(Json(state.services.list_sites(&caller, request).await?))
}

/// Opens a site.
#[utoipa::path(post, path = "/sites", tag = "cold chain", operation_id = "create_site", request_body = CreateSite,
    responses(
        (status = 201, description = "The site", body = Data<Site>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateSite>,
) -> Result<(StatusCode, Json<Data<Site>>), Failure> {
    let site = state.services.create_site(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data: site })))
}
