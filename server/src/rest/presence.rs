//! Presence over REST.

use super::{Authenticated, Failure, QueryOf, RestState};
use app::{
    api::{Data, ErrorBody},
    domain::id::UserId,
    events::PresenceListed,
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PresenceQuery {
    /// Ids, separated by commas: only these people.
    user_ids: Option<String>,
}

/// Who is online, and what each looks at.
#[utoipa::path(get, path = "/presence", operation_id = "list_presence", tag = "presence",
    params(PresenceQuery), responses(
    (status = 200, description = "Everybody of the tenant who is online, by name", body = Data<PresenceListed>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<PresenceQuery>,
) -> Result<Json<Data<PresenceListed>>, Failure> {
    let read = |id: &str| id.parse().map_err(|error| Failure::bad_request(format!("userIds: {id:?} {error}.")));
    let users: Option<Vec<UserId>> =
        query.user_ids.map(|ids| ids.split(',').filter(|id| !id.is_empty()).map(read).collect()).transpose()?;
    Ok(Json(Data { data: state.services.list_presence(&caller, users.as_deref())? }))
}
