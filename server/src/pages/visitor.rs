//! Who looks at a page: people who are not logged in see the login page alone.

use crate::{auth::DoorError, rest::RestState};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

pub const LOGIN: &str = "/login";
/// Where a login leads when it was not asked for by another page.
pub const HOME: &str = "/dispatch";

/// Sends visitors without a login to the login page, and those with one past it.
pub async fn require_login(State(state): State<RestState>, request: Request, next: Next) -> Response {
    let visitor = recognise(&state, request.headers()).await;
    match (request.uri().path(), visitor) {
        (LOGIN, Err(_)) => next.run(request).await,
        (LOGIN | "/", Ok(_)) => Redirect::to(HOME).into_response(),
        (_, Ok(_)) => next.run(request).await,
        (_, Err(refusal)) => {
            let wanted = request.uri().path_and_query().map_or(HOME, |path| path.as_str());
            let expired = if matches!(refusal, DoorError::Expired) { "&error=expired" } else { "" };
            Redirect::to(&format!("{LOGIN}?next={}{expired}", escape(wanted))).into_response()
        }
    }
}

/// Who opens a page: somebody with a valid token, whom the database knows.
///
/// A database that was restored may know less than the tokens that are out. What a page asks for would fail for such a
/// visitor; a new login tells whether there is one for them still.
async fn recognise(state: &RestState, headers: &HeaderMap) -> Result<(), DoorError> {
    let claims = state.door.recognise(headers)?;
    match state.door.current_user(&claims).await {
        Err(DoorError::InvalidToken) => Err(DoorError::InvalidToken),
        // Where the database does not answer, the page says so.
        _ => Ok(()),
    }
}

/// Headers that every page has. A file that the visitor's browser has already is not sent again.
pub async fn set_headers(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_MODIFIED_SINCE).cloned();
    let mut response = next.run(request).await;
    // A browser says the time back as it was told it; any other may mean another file.
    if known.is_some()
        && response.status() == StatusCode::OK
        && response.headers().get(header::LAST_MODIFIED) == known.as_ref()
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            response.headers_mut().remove(name);
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // A page shows what its visitor may see: after a logout nobody finds it in the browser's cache. Files are asked
    // for anew each time, and answered by 304 where nothing changed.
    let caching = HeaderValue::from_static(if is_page { "no-store" } else { "no-cache" });
    headers.entry(header::CACHE_CONTROL).or_insert(caching);
    response
}

/// Percent-encodes a value of a query string.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// A path of this site, and nothing that a browser would take for another site.
pub fn own_path(path: &str) -> &str {
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    // What is not printable ASCII has no place in a header, and is percent-encoded in an address.
    let is_own = is_own && path.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { path } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed_after_login() {
        assert_eq!(own_path("/dispatch?q=a&b=c"), "/dispatch?q=a&b=c");
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "dispatch",
            "/a b",
            "/\0",
            "/ü",
        ] {
            assert_eq!(own_path(foreign), HOME, "{foreign:?}");
        }
    }

    #[test]
    fn a_path_survives_the_query_string() {
        assert_eq!(escape("/dispatch?q=a b&c=ü"), "/dispatch%3Fq%3Da%20b%26c%3D%C3%BC");
    }
}
