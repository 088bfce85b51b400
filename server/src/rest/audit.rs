//! The audit trail over REST.

use super::{Authenticated, Failure, QueryOf, RestState};
use crate::{services::AuditRequest, store::audit::AuditFilter};
use app::{
    api::{
        ErrorBody, Page,
        audit::{AuditAction, AuditEntry},
    },
    domain::{id::UserId, time::Timestamp},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// The most entries that one answer carries.
const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only this, such as `role_changed`.
    #[param(inline)]
    action: Option<AuditAction>,
    /// Only what this person did.
    actor: Option<UserId>,
    /// From this moment on.
    from: Option<Timestamp>,
    /// Before this moment.
    to: Option<Timestamp>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 100 unless set.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Who let themselves in and out, changed people and rights, took data out or brought it in, newest first. `total` is
/// counted up to 10,000.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "audit", params(AuditQuery), responses(
    (status = 200, description = "A page of it", body = Page<AuditEntry>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not an admin", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    let before = query.cursor.as_deref().map(place).transpose()?;
    let filter = AuditFilter { action: query.action, actor: query.actor, from: query.from, to: query.to, before };
    Ok(Json(state.services.list_audit(&caller, AuditRequest { filter, limit: limit as usize }).await?))
}

/// The place that a cursor names.
fn place(cursor: &str) -> Result<(Timestamp, Uuid), Failure> {
    let place = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let (at, id) = place.ok_or_else(|| Failure::bad_request("The cursor is none that was given."))?;
    Ok((Timestamp::from_millis(at), id))
}
