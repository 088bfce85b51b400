//! The people of a tenant over REST.

use super::{Authenticated, Failure, JsonBody, PathId, RestState};
use crate::{
    auth::DoorError,
    services::{EndedSessions, ServiceError},
    store::idempotency,
    stream::Room,
};
use app::{
    api::{
        Data, Done, ErrorBody, Page,
        users::{CreateUser, NewPassword, UserPatch, UserProfile},
    },
    domain::id::UserId,
};
use axum::{Json, extract::State};
use http::StatusCode;
use std::future::Future;

/// Makes a change that may end a person's sessions, and ends them everywhere: their tokens are refused and their sockets
/// closed. All of it happens even if the caller hangs up meanwhile.
pub(super) async fn ending_sessions<T: Send + 'static>(
    state: &RestState,
    change: impl Future<Output = Result<(T, Option<EndedSessions>), ServiceError>> + Send + 'static,
) -> Result<T, Failure> {
    let state = state.clone();
    let changed = tokio::spawn(idempotency::with_key_of_this_task(async move {
        let (answer, ended) = change.await?;
        if let Some(EndedSessions { user, generation }) = ended {
            state.door.shut_out(user, generation);
            (state.close)(Room::User(user));
        }
        Ok(answer)
    }));
    changed.await.map_err(|error| DoorError::Internal(error.to_string()))?
}

/// Everybody who can log in, by name.
#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "users", responses(
    (status = 200, description = "All of them", body = Page<UserProfile>),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Page<UserProfile>>, Failure> {
    Ok(Json(state.services.list_users(&caller).await?))
}

/// Adds a person.
#[utoipa::path(post, path = "/users", operation_id = "create_user", tag = "users", request_body = CreateUser, responses(
    (status = 201, description = "Added", body = Data<UserProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is no such carrier or driver", body = ErrorBody),
    (status = 409, description = "Somebody has this e-mail address, or the driver a login", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateUser>,
) -> Result<(StatusCode, Json<Data<UserProfile>>), Failure> {
    let new = state.services.check_new_user(&caller, body)?;
    let hash = state.door.hash(new.password.clone()).await?;
    let data = state.services.create_user(&caller, new, hash).await?;
    Ok((StatusCode::CREATED, Json(Data { data })))
}

/// Changes name or role.
#[utoipa::path(patch, path = "/users/{id}", operation_id = "patch_user", tag = "users", params(("id" = UserId, Path)),
    request_body = UserPatch, responses(
    (status = 200, description = "The person as they are now", body = Data<UserProfile>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
    (status = 422, description = "The last admin, an outside party, or a value outside its bounds", body = ErrorBody),
))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UserId>,
    JsonBody(body): JsonBody<UserPatch>,
) -> Result<Json<Data<UserProfile>>, Failure> {
    let services = state.services.clone();
    let data = ending_sessions(&state, async move { services.patch_user(&caller, id, body).await }).await?;
    Ok(Json(Data { data }))
}

/// Takes a person's login away.
#[utoipa::path(delete, path = "/users/{id}", operation_id = "remove_user", tag = "users",
    params(("id" = UserId, Path)), responses(
    (status = 200, description = "Removed", body = Data<Done>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
    (status = 422, description = "Oneself, or the last admin", body = ErrorBody),
))]
pub async fn remove(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UserId>,
) -> Result<Json<Data<Done>>, Failure> {
    let services = state.services.clone();
    let change = async move { Ok(((), Some(services.remove_user(&caller, id).await?))) };
    ending_sessions(&state, change).await?;
    Ok(Json(Data { data: Done { done: true } }))
}

/// Gives another person a new password.
#[utoipa::path(post, path = "/users/{id}/password", operation_id = "set_password", tag = "users",
    params(("id" = UserId, Path)), request_body = NewPassword, responses(
    (status = 200, description = "Set; the person has to log in anew", body = Data<Done>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is none", body = ErrorBody),
    (status = 422, description = "Oneself, or a password that is too short", body = ErrorBody),
))]
pub async fn set_password(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UserId>,
    JsonBody(body): JsonBody<NewPassword>,
) -> Result<Json<Data<Done>>, Failure> {
    state.services.check_password_of_other(&caller, id, &body.password)?;
    let hash = state.door.hash(body.password).await?;
    let services = state.services.clone();
    let change = async move { Ok(((), Some(services.set_password(&caller, id, &hash).await?))) };
    ending_sessions(&state, change).await?;
    Ok(Json(Data { data: Done { done: true } }))
}
