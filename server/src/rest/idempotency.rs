//! `Idempotency-Key`: a write that is sent again with its key is answered as the first time, and not done again.
//!
//! | the key was used | answer |
//! |---|---|
//! | never, or more than 24 hours ago | that of the write, which is kept |
//! | for the same method, address and body | the one that is kept, with `idempotent-replayed: true` |
//! | for another request | 422, rule `idempotency_key_reused` |
//! | for one that is still under way | 409, rule `idempotency_key_in_use` |
//! | for one that was done, and whose answer was lost | 409, rule `idempotency_key_done` |
//!
//! A key belongs to a person. What fails on our side, or for the moment (429), is not kept: it may be sent again. That
//! a request was done is noted in its own transaction, so a process that dies before it has answered does not have it
//! done twice; one that dies before the transaction leaves the key taken for two minutes. Logins carry no keys: their
//! answers hold tokens. Nor do exports, which change nothing.
//!
//! Of one person the newest 10,000 keys are remembered, and answers of 50 MB: what is older is forgotten first. A key
//! whose answer had to go is still known to be done.

use super::{
    Failure, RestState,
    extract::{body_limit, unread},
    trace,
};
use crate::{
    auth::token::Claims,
    services::ServiceError,
    store::idempotency::{self, Begun, KEPT, KeptAnswer, KeyedRequest},
};
use app::{api::ErrorCode, domain::time::MINUTE};
use axum::{
    body::{self, Body, Bytes},
    extract::{FromRequest, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use serde_json::json;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// No write takes longer.
const UNDER_WAY: i64 = 2 * MINUTE;
const KEY_CHARS: usize = 255;
/// Larger answers, in bytes, are not kept.
const LARGEST: usize = 4 << 20;

/// Answers a write that carries a key as it was answered before, if it was.
pub async fn keep_answers(State(state): State<RestState>, request: Request, next: Next) -> Response {
    let is_write = matches!(*request.method(), Method::POST | Method::PATCH | Method::PUT | Method::DELETE);
    // Inside the router the path may come with its root or without.
    let is_login = request.uri().path().trim_start_matches(app::api::ROOT).starts_with("/auth/");
    // A file that is only read out changes nothing: it is made anew, and takes no room.
    let is_export = request.uri().path().ends_with("/loads/export");
    if !is_write || is_login || is_export || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    // Who may not enter is told so by the handler.
    let Ok(claims) = state.door.identify(request.uri(), request.headers(), None) else {
        return next.run(request).await;
    };
    // A client that hangs up must not leave its key taken: the write goes on, and its answer is kept.
    let answered = tokio::spawn(trace::as_this_request(answer(state, claims, request, next))).await;
    match answered {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => failure.into_response(),
        Err(error) => Failure::internal(&error).into_response(),
    }
}

async fn answer(state: RestState, claims: Claims, request: Request, next: Next) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let key = key_of(&parts)?;
    let bounded = Request::from_parts(parts.clone(), body);
    let limit = body_limit(&parts.extensions, &state);
    let bytes = Bytes::from_request(bounded, &state).await.map_err(|rejection| unread(&rejection, limit))?;
    let fingerprint = fingerprint(&state, &claims, &parts, &bytes)?;
    let keyed = KeyedRequest { user: claims.sub, key, fingerprint };
    let (database, now) = (&state.services.database, state.services.clock.now());
    match idempotency::begin(database, &keyed, now, now.plus(UNDER_WAY)).await.map_err(ServiceError::from)? {
        Begun::First => {}
        Begun::Answered(kept) => return Ok(replay(kept)),
        Begun::OfAnother => {
            let message = "This Idempotency-Key was used for another request. Take a new one.";
            return Err(rule(ErrorCode::RuleBroken, "idempotency_key_reused", message));
        }
        Begun::UnderWay => {
            let message = "The request with this Idempotency-Key is still under way. Ask again in a moment.";
            return Err(rule(ErrorCode::Conflict, "idempotency_key_in_use", message));
        }
        Begun::Done => {
            let message = "It was done, but its answer was lost. Look for what it has stored; don't send it again.";
            return Err(rule(ErrorCode::Conflict, "idempotency_key_done", message));
        }
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    let response = idempotency::under_key(keyed.clone(), next.run(request)).await;
    let (parts, body) = response.into_parts();
    // The answer was made in memory, so it ends.
    let bytes = body::to_bytes(body, usize::MAX).await.map_err(|error| Failure::internal(&error))?;
    let kept = kept(parts.status, &parts.headers, &bytes);
    let ends = state.services.clock.now().plus(KEPT);
    let noted = match &kept {
        Some(kept) => idempotency::keep(database, &keyed, kept, ends).await,
        None => idempotency::forget(database, &keyed).await,
    };
    if let Err(error) = noted {
        tracing::warn!(%error, "an answer could not be kept for its key");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// The key, if it is one.
fn key_of(parts: &Parts) -> Result<String, Failure> {
    let mut keys = parts.headers.get_all(KEY).iter();
    let key = keys.next().and_then(|key| key.to_str().ok()).map(str::trim).filter(|_| keys.next().is_none());
    let is_readable =
        |key: &&str| (1..=KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.filter(is_readable).ok_or_else(|| {
        Failure::bad_request(format!("Idempotency-Key takes 1 to {KEY_CHARS} visible ASCII characters."))
    })?;
    Ok(key.to_owned())
}

/// What makes two requests the same. The role is in it: whoever has another one sees other things.
fn fingerprint(state: &RestState, claims: &Claims, parts: &Parts, body: &[u8]) -> Result<String, Failure> {
    let head = format!("idempotency\n{}\n{}\n{}\n", parts.method, parts.uri, claims.role.code());
    let message = [head.as_bytes(), body].concat();
    state.door.fingerprint(&message).map_err(|error| Failure::internal(&error))
}

/// The answer as it is kept; `None` where the request may be sent again.
fn kept(status: StatusCode, headers: &http::HeaderMap, body: &Bytes) -> Option<KeptAnswer> {
    let is_of_the_moment = [StatusCode::UNAUTHORIZED, StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    let is_final = status.is_success() || (status.is_client_error() && !is_of_the_moment.contains(&status));
    if !is_final || body.len() > LARGEST {
        return None;
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let body = std::str::from_utf8(body).ok()?.to_owned();
    Some(KeptAnswer { status: status.as_u16(), content_type, body })
}

fn replay(kept: KeptAnswer) -> Response {
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    if let Some(kind) = kept.content_type.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn rule(code: ErrorCode, rule: &'static str, message: &str) -> Failure {
    Failure::new(code, message).with_details(json!({ "rule": rule }))
}
