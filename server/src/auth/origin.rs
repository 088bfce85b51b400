//! Where a request comes from: the cookie is only good for the site itself and those it allows.

use crate::client_address;
use http::{HeaderMap, HeaderName, header};
use std::sync::Once;

/// It is said once what is missing.
static HINT: Once = Once::new();

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Sites that may use the cookie.
#[derive(Debug, Clone)]
pub struct Origins {
    /// As configured, without a slash at the end: `https://freight.example`.
    allowed: Vec<String>,
}

impl Origins {
    pub fn new(public_url: &str, allowed: &[String]) -> Self {
        let all = allowed.iter().map(String::as_str).chain(Some(public_url).filter(|url| !url.is_empty()));
        Self { allowed: all.map(|origin| origin.trim_end_matches('/').to_lowercase()).collect() }
    }

    /// Whether a request that carries the cookie may be served.
    ///
    /// Browsers leave `Origin` out of their same-origin GETs but then tell the site's relation in `Sec-Fetch-Site`;
    /// programs send neither, and hold the cookie because they logged in.
    pub fn accept(&self, headers: &HeaderMap) -> bool {
        match headers.get(header::ORIGIN).map(|origin| origin.to_str()) {
            None => headers.get(SEC_FETCH_SITE).is_none_or(|site| site != "cross-site"),
            Some(Err(_)) => false,
            Some(Ok(origin)) => {
                let origin = origin.to_lowercase();
                self.allows(&origin) || is_own(&origin, headers)
            }
        }
    }

    /// Whether this is the configured site or one that it allows.
    pub fn allows(&self, origin: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }
}

/// The origin's scheme, host and port are those that the request was sent by and to.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if client_address::came_by_https(headers) { "https" } else { "http" };
    let Some(((by, own), host)) = origin.split_once("://").zip(host) else { return false };
    let is_here = own.eq_ignore_ascii_case(host);
    if is_here && by == "https" && scheme == "http" {
        HINT.call_once(|| {
            tracing::warn!(origin, "refused: who ends TLS before this server is not in server.trusted_proxies, and server.public_url is not set")
        });
    }
    is_here && by == scheme
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let origins = Origins::new("https://freight.example/", &["https://wall.example".into()]);
        origins.accept(&headers.collect())
    }

    #[test]
    fn own_and_allowed_origins_are_accepted() {
        assert!(accepts(&[("host", "127.0.0.1:3000"), ("origin", "http://127.0.0.1:3000")]));
        assert!(accepts(&[("host", "10.0.0.7:3000"), ("origin", "https://freight.example")]));
        assert!(accepts(&[("host", "10.0.0.7:3000"), ("origin", "https://WALL.example")]));
        assert!(accepts(&[
            ("host", "node.example"),
            ("origin", "https://node.example"),
            ("x-forwarded-proto", "https")
        ]));
        assert!(accepts(&[("host", "127.0.0.1:3000")]));
        assert!(accepts(&[("host", "127.0.0.1:3000"), ("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn foreign_origins_are_refused() {
        assert!(!accepts(&[("host", "127.0.0.1:3000"), ("origin", "http://127.0.0.1:3001")]));
        assert!(!accepts(&[("host", "127.0.0.1:3000"), ("origin", "null")]));
        // The same host without TLS is somebody else's: whoever is on the line.
        assert!(!accepts(&[
            ("host", "node.example"),
            ("origin", "http://node.example"),
            ("x-forwarded-proto", "https")
        ]));
        assert!(!accepts(&[("host", "node.example"), ("origin", "https://node.example")]));
        assert!(!accepts(&[("host", "127.0.0.1:3000"), ("origin", "https://wall.example.evil.example")]));
        assert!(!accepts(&[("host", "127.0.0.1:3000"), ("sec-fetch-site", "cross-site")]));
    }
}
