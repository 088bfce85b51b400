//! Which token a request carries: the cookie, else `Authorization: Bearer`, else the handshake's `auth.token`.

use super::{cookie, door::DoorError};
use http::{HeaderMap, Uri, header};

/// A token, and whether the browser sent it by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub token: String,
    pub by_cookie: bool,
}

/// Names under which clients like to put a token into the address, where logs and histories keep it.
const QUERY_NAMES: [&str; 4] = ["token", "auth_token", "access_token", "jwt"];

impl Credential {
    /// The one token of a request. Two that differ, and one in the query string, are refused.
    pub fn find(uri: &Uri, headers: &HeaderMap, handshake: Option<&str>) -> Result<Credential, DoorError> {
        let mut names = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split('=').next());
        if names.any(|name| QUERY_NAMES.contains(&name.to_lowercase().as_str())) {
            return Err(DoorError::TokenInQuery);
        }
        let bearer = headers.get(header::AUTHORIZATION).map(|value| {
            let value = value.to_str().ok()?;
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let bearer = match bearer {
            Some(None) => return Err(DoorError::InvalidToken),
            Some(token) => token,
            None => None,
        };
        let cookie = cookie::read(headers);
        let mut tokens = [cookie, bearer, handshake].into_iter().flatten();
        let Some(token) = tokens.next() else { return Err(DoorError::NoToken) };
        if tokens.any(|other| other != token) {
            return Err(DoorError::TokensDisagree);
        }
        Ok(Credential { token: token.to_owned(), by_cookie: cookie.is_some() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(
        uri: &'static str,
        cookie: Option<&str>,
        bearer: Option<&str>,
        handshake: Option<&str>,
    ) -> Result<(String, bool), DoorError> {
        let mut headers = HeaderMap::new();
        if let Some(cookie) = cookie {
            headers.insert(header::COOKIE, format!("theme=dark; auth_token={cookie}").parse().unwrap());
        }
        if let Some(bearer) = bearer {
            headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
        }
        Credential::find(&Uri::from_static(uri), &headers, handshake).map(|found| (found.token, found.by_cookie))
    }

    #[test]
    fn the_cookie_comes_first_then_the_header_then_the_handshake() {
        assert_eq!(find("/", Some("a"), Some("Bearer a"), Some("a")), Ok(("a".into(), true)));
        assert_eq!(find("/", None, Some("bearer b"), None), Ok(("b".into(), false)));
        assert_eq!(find("/", None, None, Some("c")), Ok(("c".into(), false)));
        assert_eq!(find("/", None, None, None), Err(DoorError::NoToken));
    }

    #[test]
    fn tokens_that_disagree_are_refused() {
        assert_eq!(find("/", Some("a"), Some("Bearer b"), None), Err(DoorError::TokensDisagree));
        assert_eq!(find("/", None, Some("Bearer a"), Some("b")), Err(DoorError::TokensDisagree));
    }

    #[test]
    fn a_token_in_the_query_string_is_refused_even_beside_a_good_one() {
        assert_eq!(find("/x?a=1&token=abc", Some("a"), None, None), Err(DoorError::TokenInQuery));
        assert_eq!(find("/x?Access_Token=abc", None, None, None), Err(DoorError::TokenInQuery));
        assert_eq!(find("/x?stoken=abc", Some("a"), None, None), Ok(("a".into(), true)));
    }

    #[test]
    fn a_header_of_another_scheme_is_not_a_token() {
        assert_eq!(find("/", None, Some("Basic abc"), None), Err(DoorError::InvalidToken));
    }
}
