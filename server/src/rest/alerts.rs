//! Alerts over REST.

use super::{Authenticated, Failure, QueryOf, RestState, sites::page_limit};
use crate::services::PageRequest;
use app::{
    api::{ErrorBody, Page, cold_chain::Alert},
    domain::id::AlertId,
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlertsQuery {
    /// true: only those that are open; false: only those that are over.
    open: Option<bool>,
    /// `page.next` of the answer before.
    cursor: Option<AlertId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

/// What is, or was, wrong, newest first.
#[utoipa::path(get, path = "/alerts", tag = "cold chain", operation_id = "list_alerts", params(AlertsQuery), responses(
    (status = 200, description = "A page of alerts", body = Page<Alert>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not of the staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<AlertsQuery>,
) -> Result<Json<Page<Alert>>, Failure> {
    let request = PageRequest { cursor: query.cursor, limit: page_limit(query.limit)? };
    Ok(Json(state.services.list_alerts(&caller, query.open, request).await?))
}
