//! The road over REST: stops, ETA, the loads on the road, counts, and the timeline of a load.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use app::{
    api::{
        Data, ErrorBody, Page, Snapshot,
        road::{ActiveLoads, EtaSaid, LoadStats, StopPassage},
        timeline::TimelineEntry,
    },
    domain::{
        id::{EventId, LoadId, StopId},
        load::{Load, LoadCard},
        stop::Stop,
        trip::Passage,
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// `page.next` of the answer before.
    cursor: Option<EventId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

/// The stops of a load, in the order of the trip.
#[utoipa::path(get, path = "/loads/{id}/stops", operation_id = "list_stops", tag = "road", params(("id" = LoadId, Path)),
    responses(
        (status = 200, description = "The stops", body = Data<Vec<Stop>>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn stops(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
) -> Result<Json<Data<Vec<Stop>>>, Failure> {
    Ok(Json(Data { data: state.services.load_stops(&caller, id).await? }))
}

/// Writes handlers of `POST /stops/{id}/<verb>`.
macro_rules! passages {
    ($($(#[$doc:meta])* $handler:ident $path:literal $passage:ident $rule:literal)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "road", params(("id" = StopId, Path)), request_body = StopPassage,
            responses(
                (status = 200, description = "The load with its stops as it is now", body = Data<Load>),
                (status = 400, description = "Malformed", body = ErrorBody),
                (status = 401, description = "Not logged in", body = ErrorBody),
                (status = 403, description = "The role may not", body = ErrorBody),
                (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
                (status = 409, description = "Somebody changed the load first", body = ErrorBody),
                (status = 422, description = $rule, body = ErrorBody),
            ))]
        pub async fn $handler(
            State(state): State<RestState>,
            Authenticated { caller, .. }: Authenticated,
            PathId(id): PathId<StopId>,
            JsonBody(body): JsonBody<StopPassage>,
        ) -> Result<Json<Data<Load>>, Failure> {
            Ok(Json(Data { data: state.services.pass_stop(&caller, id, Passage::$passage, body).await? }))
        }
    )*};
}

passages! {
    /// Notes that the truck has come to a stop. At the first pickup the load is at pickup then, at the last delivery it is
    /// at delivery.
    arrive "/stops/{id}/arrive" Arrive "It was there already, another stop comes first, or it can't have been then"
    /// Notes that the truck has left a stop. From the last pickup the load is picked up then, from the last delivery it is
    /// delivered.
    depart "/stops/{id}/depart" Depart "It has left already, was not there yet, or it can't have been then"
}

/// Says when a load will be at its next stop.
#[utoipa::path(post, path = "/loads/{id}/eta", operation_id = "say_eta", tag = "road", params(("id" = LoadId, Path)),
    request_body = EtaSaid, responses(
        (status = 200, description = "The card as it is now", body = Data<LoadCard>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
        (status = 409, description = "Somebody changed the load after the version that was named", body = ErrorBody),
        (status = 422, description = "A value out of bounds, or the load drives to no stop", body = ErrorBody),
    ))]
pub async fn eta(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    JsonBody(body): JsonBody<EtaSaid>,
) -> Result<Json<Data<LoadCard>>, Failure> {
    Ok(Json(Data { data: state.services.say_eta(&caller, id, body).await? }))
}

/// What happened to a load, newest first, as far as the caller was told of it.
#[utoipa::path(get, path = "/loads/{id}/timeline", operation_id = "load_timeline", tag = "road",
    params(("id" = LoadId, Path), TimelineQuery), responses(
        (status = 200, description = "A page of the timeline", body = Page<TimelineEntry>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn timeline(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    QueryOf(query): QueryOf<TimelineQuery>,
) -> Result<Json<Page<TimelineEntry>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    Ok(Json(state.services.load_timeline(&caller, id, query.cursor, i64::from(limit)).await?))
}

/// The loads on the road: from dispatch until they are unloaded.
#[utoipa::path(get, path = "/loads/active", operation_id = "active_loads", tag = "road", responses(
    (status = 200, description = "Cards, and the places in the streams at which they are true",
        body = Snapshot<ActiveLoads>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn active(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Snapshot<ActiveLoads>>, Failure> {
    Ok(Json(state.services.active_loads(&caller).await?))
}

/// Counts of the loads that the caller sees.
#[utoipa::path(get, path = "/loads/stats", operation_id = "load_stats", tag = "road", responses(
    (status = 200, description = "Counts, and the places in the streams at which they are true",
        body = Snapshot<LoadStats>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn stats(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Snapshot<LoadStats>>, Failure> {
    Ok(Json(state.services.load_stats(&caller).await?))
}
