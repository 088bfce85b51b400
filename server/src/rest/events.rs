//! The numbered streams, for polling and for integrations.

use super::{Authenticated, Failure, QueryOf, RestState};
use crate::{services::EventRequest, stream::StreamName};
use app::{
    api::{ErrorBody, events::EventPage},
    events::{Namespace, TENANT_STREAM},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

/// The most events that one answer carries.
const MAX_LIMIT: u32 = 1_000;
const DEFAULT_LIMIT: u32 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Such as `/dispatch`.
    namespace: String,
    /// `tenant`, `carrier:{carrierId}` or `user:{userId}`; one's own only.
    stream: Option<String>,
    /// Of the place; without it, whatever it is now.
    epoch: Option<String>,
    /// Number of the last event that is known; 0 at the beginning.
    after: Option<i64>,
    /// 1 to 1,000; 200 unless set.
    limit: Option<u32>,
}

/// What follows a place in a stream, in order.
#[utoipa::path(get, path = "/events", tag = "events", params(EventsQuery), responses(
    (status = 200, description = "The events; `recovered: false` where the place is not known any more", body = EventPage),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 404, description = "Not one's own stream", body = ErrorBody),
))]
pub async fn read(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<EventsQuery>,
) -> Result<Json<EventPage>, Failure> {
    let namespace = Namespace::from_path(&query.namespace)
        .ok_or_else(|| Failure::bad_request(format!("{:?} is not a namespace.", query.namespace)))?;
    let stream: StreamName = query
        .stream
        .as_deref()
        .unwrap_or(TENANT_STREAM)
        .parse()
        .map_err(|error| Failure::bad_request(format!("stream {error}.")))?;
    let after = query.after.unwrap_or(0);
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if after < 0 || !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("after takes 0 or more, limit 1 to {MAX_LIMIT}.")));
    }
    let request = EventRequest { namespace, stream, epoch: query.epoch, after, limit: i64::from(limit) };
    Ok(Json(state.services.read_events(&caller, request).await?))
}
