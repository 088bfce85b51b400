//! What handlers take out of a request, each with its exact refusal.

use super::{Failure, RestState, admission::BodyLimit};
use crate::{auth::token::Claims, client_address::ClientAddress, services::Caller};
use app::api::ErrorCode;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
};
use http::{header, request::Parts};
use serde::de::DeserializeOwned;
use std::{convert::Infallible, str::FromStr};

/// The person who sends the request.
#[derive(Debug, Clone)]
pub struct Authenticated {
    pub claims: Claims,
    pub caller: Caller,
}

impl FromRequestParts<RestState> for Authenticated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Failure> {
        let claims = state.door.identify(&parts.uri, &parts.headers, None)?;
        let address = parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address);
        Ok(Self { caller: Caller { address, ..claims.caller() }, claims })
    }
}

/// A JSON body. Unknown fields, wrong types and broken JSON are 400, too large a one is 413.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<RestState> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &RestState) -> Result<Self, Failure> {
        let is_json =
            request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
                kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
            });
        if !is_json {
            return Err(Failure::new(ErrorCode::UnsupportedMediaType, "The body must be application/json."));
        }
        let limit = body_limit(request.extensions(), state);
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection, limit))?;
        if holds_nul(&bytes) {
            return Err(Failure::bad_request("Text can't hold the character NUL."));
        }
        serde_json::from_slice(&bytes)
            .map(JsonBody)
            .map_err(|error| Failure::bad_request(format!("The body could not be read: {error}.")))
    }
}

/// Whether a text in the JSON holds NUL, which PostgreSQL does not store. Written out it is no valid JSON; so it is
/// escaped, by a backslash that is not escaped itself.
fn holds_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at..].starts_with(b"\\u0000") {
            return true;
        }
        // With the character that it escapes.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

/// How large the body of a request may be, in bytes.
pub(super) fn body_limit(extensions: &http::Extensions, state: &RestState) -> usize {
    extensions.get::<BodyLimit>().map_or(state.body_bytes, |limit| limit.0)
}

/// Why a body could not be read.
pub(super) fn unread(rejection: &BytesRejection, limit: usize) -> Failure {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        let message = format!("The body is larger than {limit} bytes.");
        return Failure::new(ErrorCode::PayloadTooLarge, message);
    }
    Failure::bad_request("The body ended early.")
}

/// The id in the path.
pub struct PathId<T>(pub T);

impl<T> FromRequestParts<RestState> for PathId<T>
where
    T: FromStr<Err: std::fmt::Display> + Send,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = path.map_err(|_| Failure::bad_request("The address has no readable id."))?;
        text.parse().map(PathId).map_err(|error| Failure::bad_request(format!("{text:?} {error}.")))
    }
}

/// The query string. Unknown names and unreadable values are 400.
pub struct QueryOf<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<RestState> for QueryOf<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &RestState) -> Result<Self, Failure> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Failure::bad_request("The query can't hold the character NUL."));
        }
        Query::try_from_uri(&parts.uri).map(|Query(query)| QueryOf(query)).map_err(|rejection| {
            Failure::bad_request(format!("The query could not be read: {}.", rejection.body_text()))
        })
    }
}

/// Where the request came from, if it came over the network.
impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<ClientAddress>().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_however_many_backslashes_stand_before_it() {
        for (json, holds) in [
            (br#"{"a":"x\u0000"}"#.as_slice(), true),
            (br#"{"a":"x\\u0000"}"#, false),
            (br#"{"a":"x\\\u0000"}"#, true),
            (br#"{"a":"x\u0001"}"#, false),
        ] {
            assert_eq!(holds_nul(json), holds, "{}", String::from_utf8_lossy(json));
        }
    }
}
