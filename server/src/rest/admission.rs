//! What each route asks of a request before its body is read: the right of the caller, and how large the body may be.
//!
//! Whoever lacks the right learns nothing of the state of what it was asked for, and has nothing parsed.

use super::{Failure, RestState};
use crate::services::{Caller, Right, ServiceError};
use app::{api::ROOT, domain::id::LoadId};
use axum::{
    extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, RawPathParams, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::Method;
use std::str::FromStr;

/// A body of a few fields.
const SMALL: usize = 64 << 10;
/// A list of up to a thousand things.
const LIST: usize = 512 << 10;

/// What a route asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    pub right: Right,
    /// The largest body in bytes, where the setting allows no less.
    pub body_bytes: usize,
}

/// How large the body of this request may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimit(pub usize);

/// What a route that takes a body, or changes something, asks; `None` for the others.
pub fn of(method: &Method, path: &str) -> Option<Admission> {
    let (right, body_bytes) = match (method.as_str(), path) {
        ("POST", "/auth/login" | "/auth/logout" | "/auth/refresh" | "/auth/password") => (Right::Anyone, SMALL),
        ("POST", "/loads") | ("PATCH" | "DELETE", "/loads/{id}") => (Right::ChangeLoads, SMALL),
        ("POST", "/loads/import") => (Right::ChangeLoads, usize::MAX),
        ("POST", "/loads/export") => (Right::Anyone, usize::MAX),
        ("POST", "/loads/bulk-status") => (Right::MoveLoads, LIST),
        ("POST", "/loads/bulk-assign" | "/loads/bulk-dispatch") => (Right::ChangeLoads, LIST),
        ("PATCH", "/loads/{id}/status") => (Right::MoveLoads, SMALL),
        ("POST", "/loads/{id}/accept" | "/loads/{id}/reject") => (Right::AnswerTenders, SMALL),
        (
            "POST",
            "/loads/{id}/assign"
            | "/loads/{id}/tender"
            | "/loads/{id}/dispatch"
            | "/loads/{id}/claim"
            | "/loads/{id}/undo",
        ) => (Right::ChangeLoads, SMALL),
        ("POST", "/loads/{id}/eta" | "/loads/{id}/check-calls") => (Right::CheckCalls, SMALL),
        ("POST", "/stops/{id}/arrive" | "/stops/{id}/depart") => (Right::PassStops, SMALL),
        ("POST", "/positions") => (Right::ReportPositions, LIST),
        ("POST", "/units/{id}/readings") => (Right::ReportReadings, LIST),
        ("POST", "/sites" | "/units") | ("PATCH", "/units/{id}") => (Right::Manage("manage sites and units"), SMALL),
        ("POST", "/conversations") => (Right::Staff("begin a conversation"), SMALL),
        ("POST", "/conversations/{id}/messages" | "/conversations/{id}/read") => (Right::Anyone, SMALL),
        ("POST", "/notifications") => (Right::Manage("send notifications"), SMALL),
        ("POST", "/notifications/read-all" | "/notifications/{id}/read") => (Right::Anyone, SMALL),
        ("POST", "/presets") | ("PATCH" | "DELETE", "/presets/{id}") => (Right::Anyone, SMALL),
        ("POST", "/announcements") => (Right::Manage("make announcements"), SMALL),
        ("POST", "/carriers") => (Right::Manage("add carriers"), SMALL),
        ("PATCH", "/carriers/{id}") => (Right::Manage("change carriers"), SMALL),
        ("POST", "/facilities") => (Right::Manage("add facilities"), SMALL),
        ("PATCH", "/facilities/{id}") => (Right::Manage("change facilities"), SMALL),
        ("POST", "/users") => (Right::Manage("add people"), SMALL),
        ("PATCH" | "DELETE", "/users/{id}") => (Right::Manage("change people"), SMALL),
        ("POST", "/users/{id}/password") => (Right::Manage("set the passwords of others"), SMALL),
        _ => return None,
    };
    Some(Admission { right, body_bytes })
}

/// Turns away who has not the right, and bodies that are too large for the route.
pub async fn admit(State(state): State<RestState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let matched = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = matched.as_deref().map(|path| path.trim_start_matches(ROOT));
    let asked = path.and_then(|path| of(&parts.method, path));
    if let (Some(Admission { right, .. }), Some(path)) = (asked, path) {
        // Who is not logged in is told so by the handler.
        if let Ok(claims) = state.door.identify(&parts.uri, &parts.headers, None) {
            let caller = claims.caller();
            if let Err(refusal) = right.judge(&caller) {
                let params = RawPathParams::from_request_parts(&mut parts, &state).await.ok();
                let id = params.as_ref().and_then(|params| params.iter().next()).map(|(_, id)| id);
                match refuse(&state, &caller, path, id, refusal).await {
                    // The address can't be read, which the handler tells.
                    None => {}
                    Some(refusal) => return Failure::from(refusal).into_response(),
                }
            }
        }
    }
    let limit = asked.map_or(SMALL, |asked| asked.body_bytes).min(state.body_bytes);
    let mut request = Request::from_parts(parts, body);
    DefaultBodyLimit::max(limit).apply(&mut request);
    request.extensions_mut().insert(BodyLimit(limit));
    next.run(request).await
}

/// The refusal of a caller without the right: who does not see a thing is not told that it is there. `None` for an id
/// that can't be one.
async fn refuse(
    state: &RestState,
    caller: &Caller,
    path: &str,
    id: Option<&str>,
    refusal: ServiceError,
) -> Option<ServiceError> {
    fn read<T: FromStr>(id: Option<&str>) -> Option<T> {
        id.and_then(|id| id.parse().ok())
    }
    let (what, is_seen) = if path.starts_with("/loads/{id}") {
        ("load", state.services.sees_load(caller, read::<LoadId>(id)?).await)
    } else if path.starts_with("/stops/{id}") {
        ("stop", state.services.sees_stop(caller, read(id)?).await)
    } else if path.starts_with("/units/{id}") {
        ("unit", state.services.sees_unit(caller, read(id)?).await)
    } else {
        return Some(refusal);
    };
    Some(match is_seen {
        Ok(true) => refusal,
        Ok(false) => ServiceError::NotFound(what),
        Err(error) => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_that_changes_something_says_who_may() {
        let description = crate::rest::openapi::description();
        let mut missing = Vec::new();
        for (path, operations) in description["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys().filter(|method| *method != "get") {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                if of(&method, path).is_none() {
                    missing.push(format!("{method} {path}"));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
