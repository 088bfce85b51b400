//! The cookie `auth_token`.

use http::{HeaderMap, header};

pub const NAME: &str = "auth_token";

/// The token in the request's cookies, if there is one.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, token)| token)
        .filter(|token| !token.is_empty())
}

/// `Set-Cookie` of a login. `secure` wherever the site is not on loopback.
pub fn set(token: &str, max_age_seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}")
}

/// `Set-Cookie` of a logout.
pub fn clear(secure: bool) -> String {
    set("", 0, secure)
}
