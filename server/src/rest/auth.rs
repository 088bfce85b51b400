//! Login, logout and who one is.

use super::{Authenticated, Failure, JsonBody, RestState, users::ending_sessions};
use crate::{
    auth::{self, DoorError, cookie},
    client_address::ClientAddress,
    services::ServiceError,
    store::users,
    stream::Room,
};
use app::{
    api::{
        Data, Done, ErrorBody,
        auth::{ChangePassword, Login, Session, User},
    },
    domain::time::Timestamp,
};
use axum::{
    Json,
    extract::State,
    response::{AppendHeaders, IntoResponse},
};
use http::{HeaderMap, header};
use uuid::Uuid;

/// A person as the API shows them.
pub(super) fn shown(user: users::User) -> User {
    User {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        permissions: user.role.permissions().to_vec(),
        tenant_id: user.tenant_id,
        tenant_name: user.tenant_name,
        carrier_id: user.carrier_id,
        driver_id: user.driver_id,
    }
}

/// Answers with the session and sets its cookie.
fn welcome(state: &RestState, headers: &HeaderMap, login: auth::Login) -> impl IntoResponse + use<> {
    let expires_at: Timestamp = login.claims.expires_at();
    let max_age = login.claims.exp - login.claims.iat;
    let cookie = cookie::set(&login.token, max_age, state.sets_secure_cookies(headers));
    let session = Session { user: shown(login.user), token: login.token, expires_at };
    ([(header::SET_COOKIE, cookie)], Json(Data { data: session }))
}

/// Lets a person in.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = Login, security(()), responses(
    (status = 200, description = "Let in; the cookie is set", body = Data<Session>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Wrong e-mail address or password", body = ErrorBody),
    (status = 429, description = "Too many attempts", body = ErrorBody),
    (status = 503, description = "Too many people log in at this moment", body = ErrorBody),
))]
pub async fn login(
    State(state): State<RestState>,
    address: Option<ClientAddress>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<Login>,
) -> Result<impl IntoResponse, Failure> {
    if !state.door.accepts_origin(&headers) {
        return Err(DoorError::ForeignOrigin.into());
    }
    let login = state.door.login(&body.email, &body.password, address, &headers).await?;
    let device = state.door.device_cookie(&headers, &login.user, state.sets_secure_cookies(&headers));
    let device = AppendHeaders(device.map(|cookie| (header::SET_COOKIE, cookie)));
    // The session's cookie comes first.
    Ok((device, welcome(&state, &headers, login)))
}

/// Makes the token worthless, closes its sockets and clears the cookie.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses(
    (status = 200, description = "Logged out", body = Data<Done>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn logout(
    State(state): State<RestState>,
    Authenticated { claims, .. }: Authenticated,
    address: Option<ClientAddress>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    state.door.logout(&claims, address).await?;
    (state.close)(Room::Session(claims.sid));
    Ok((
        [(header::SET_COOKIE, cookie::clear(state.sets_secure_cookies(&headers)))],
        Json(Data { data: Done { done: true } }),
    ))
}

/// A new token for a valid one.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", responses(
    (status = 200, description = "A new session; the cookie is set", body = Data<Session>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn refresh(
    State(state): State<RestState>,
    Authenticated { claims, .. }: Authenticated,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    let login = state.door.refresh(&claims).await?;
    Ok(welcome(&state, &headers, login))
}

/// Changes one's own password. Every session ends but the one that is answered.
#[utoipa::path(post, path = "/auth/password", tag = "auth", request_body = ChangePassword, responses(
    (status = 200, description = "A new session; the cookie is set", body = Data<Session>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 409, description = "It was changed meanwhile", body = ErrorBody),
    (status = 422, description = "The current password is wrong, or the new one too short", body = ErrorBody),
    (status = 429, description = "Too many attempts", body = ErrorBody),
    (status = 503, description = "Too many people log in at this moment", body = ErrorBody),
))]
pub async fn change_password(
    State(state): State<RestState>,
    Authenticated { claims, caller }: Authenticated,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ChangePassword>,
) -> Result<impl IntoResponse, Failure> {
    state.services.check_own_password(&body.new_password)?;
    let known = match state.door.check_password(claims.sub, &body.current_password).await {
        // Not 401, which would say that the login is over.
        Err(DoorError::WrongPassword) => {
            return Err(ServiceError::rule("wrong_password", "The current password is wrong.").into());
        }
        known => known?,
    };
    let hash = state.door.hash(body.new_password).await?;
    let services = state.services.clone();
    let change = async move { Ok(((), Some(services.change_own_password(&caller, &known, &hash).await?))) };
    ending_sessions(&state, change).await?;
    let user = state.door.user(claims.sub).await?;
    let login = state.door.issue(user, Uuid::new_v4().to_string())?;
    Ok(welcome(&state, &headers, login))
}

/// Who is logged in.
#[utoipa::path(get, path = "/auth/me", tag = "auth", responses(
    (status = 200, description = "The person", body = Data<User>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn me(
    State(state): State<RestState>,
    Authenticated { claims, .. }: Authenticated,
) -> Result<Json<Data<User>>, Failure> {
    let user = state.door.user(claims.sub).await?;
    Ok(Json(Data { data: shown(user) }))
}
