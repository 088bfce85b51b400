//! Notifications over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use crate::services::NotificationsRequest;
use app::{
    api::{
        Data, Done, ErrorBody,
        notifications::{AllRead, NotificationList, TellPeople, Told},
    },
    domain::id::NotificationId,
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: usize = 200;
const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationsQuery {
    /// `true`: only those that one has not read. `false`: only those that one has.
    unread: Option<bool>,
    /// `page.next` of the answer before.
    cursor: Option<NotificationId>,
    /// 1 to 200; 50 unless set.
    limit: Option<usize>,
}

/// What one was told, newest first.
#[utoipa::path(get, path = "/notifications", tag = "notifications", operation_id = "list_notifications",
    params(NotificationsQuery), responses(
        (status = 200, description = "A page of notifications, and the places in the streams at which they are true", body = NotificationList),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
    ))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<NotificationsQuery>,
) -> Result<Json<NotificationList>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    let request = NotificationsRequest { unread: query.unread, before: query.cursor, limit };
    Ok(Json(state.services.notifications(&caller, request).await?))
}

/// Tells persons, or everybody of a role.
#[utoipa::path(post, path = "/notifications", tag = "notifications", operation_id = "tell_people",
    request_body = TellPeople, responses(
        (status = 201, description = "How many were told", body = Data<Told>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "A person is not the tenant's", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn tell(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<TellPeople>,
) -> Result<(StatusCode, Json<Data<Told>>), Failure> {
    let told = state.services.tell_people(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data: Told { told: count(told) } })))
}

/// Notes that one has read a notification.
#[utoipa::path(post, path = "/notifications/{id}/read", tag = "notifications", operation_id = "read_notification",
    params(("id" = NotificationId, Path)), responses(
        (status = 200, description = "Noted, or read before", body = Data<Done>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "One was told no such thing", body = ErrorBody),
    ))]
pub async fn read(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<NotificationId>,
) -> Result<Json<Data<Done>>, Failure> {
    state.services.read_notification(&caller, id).await?;
    Ok(Json(Data { data: Done { done: true } }))
}

/// Notes that one has read everything.
#[utoipa::path(post, path = "/notifications/read-all", tag = "notifications", operation_id = "read_all_notifications",
    responses(
        (status = 200, description = "How many were unread", body = Data<AllRead>),
        (status = 401, description = "Not logged in", body = ErrorBody),
    ))]
pub async fn read_all(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Data<AllRead>>, Failure> {
    let read = state.services.read_all_notifications(&caller).await?;
    Ok(Json(Data { data: AllRead { read: count(read) } }))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
