//! The cookie `auth_token`, and how cookies are read and set.

use http::{HeaderMap, header};

pub const NAME: &str = "auth_token";

/// The token in the request's cookies, if there is one.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    read_named(headers, NAME)
}

/// The value of a cookie that is not empty.
pub fn read_named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

/// `Set-Cookie` of a login. `secure` wherever the site is not on loopback.
pub fn set(token: &str, max_age_seconds: i64, secure: bool) -> String {
    set_named(NAME, token, max_age_seconds, secure)
}

/// `Set-Cookie` of a cookie that no script can read.
pub fn set_named(name: &str, value: &str, max_age_seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}")
}

/// `Set-Cookie` of a logout.
pub fn clear(secure: bool) -> String {
    set("", 0, secure)
}
