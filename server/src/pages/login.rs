//! The forms of the login page and of the logout button. They work before, and without, WASM.

use super::visitor::{LOGIN, escape, own_path};
use crate::{
    auth::{DoorError, cookie},
    client_address::ClientAddress,
    rest::RestState,
    stream::Room,
};
use axum::{
    Form,
    extract::State,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Uri, header};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Lets a person in and leads them to the page they wanted; or back to the form, which says what was wrong.
pub async fn log_in(
    State(state): State<RestState>,
    address: Option<ClientAddress>,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Response {
    let login = if state.door.accepts_origin(&headers) {
        state.door.login(&form.email, &form.password, address, &headers).await
    } else {
        Err(DoorError::ForeignOrigin)
    };
    match login {
        Ok(login) => {
            let secure = state.sets_secure_cookies(&headers);
            let session = cookie::set(&login.token, login.claims.exp - login.claims.iat, secure);
            let device = state.door.device_cookie(&headers, &login.user, secure);
            let cookies = [Some(session), device].into_iter().flatten().map(|cookie| (header::SET_COOKIE, cookie));
            (AppendHeaders(cookies), Redirect::to(own_path(&form.next))).into_response()
        }
        Err(refusal) => {
            let error = match &refusal {
                DoorError::TooManyLogins(wait) => format!("rate_limited&retry={}", wait.as_secs() + 1),
                DoorError::Busy => "rate_limited&retry=1".to_owned(),
                DoorError::ForeignOrigin => "forbidden_origin".to_owned(),
                DoorError::Internal(cause) => {
                    tracing::error!(%cause, "a login failed");
                    "internal".to_owned()
                }
                _ => "bad_login".to_owned(),
            };
            let (email, next) = (escape(&form.email), escape(own_path(&form.next)));
            Redirect::to(&format!("{LOGIN}?error={error}&email={email}&next={next}")).into_response()
        }
    }
}

/// Makes the token worthless and leads to the login page.
pub async fn log_out(
    State(state): State<RestState>,
    address: Option<ClientAddress>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // Another site must not log anybody out: its form comes without the cookie, but the answer would clear it.
    if !state.door.accepts_origin(&headers) {
        return Redirect::to(LOGIN).into_response();
    }
    if let Ok(claims) = state.door.identify(&uri, &headers, None) {
        if let Err(error) = state.door.logout(&claims, address).await {
            tracing::error!(%error, "a token could not be revoked");
        }
        (state.close)(Room::Session(claims.sid));
    }
    (AppendHeaders([(header::SET_COOKIE, cookie::clear(state.sets_secure_cookies(&headers)))]), Redirect::to(LOGIN))
        .into_response()
}
