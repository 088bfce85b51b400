//! The cookie of a device on which somebody has logged in: it lets that person try a password there although others
//! guess theirs elsewhere. It lets nobody in.

use super::{cookie, token::Tokens};
use http::HeaderMap;
use uuid::Uuid;

pub const NAME: &str = "known_device";

/// A year.
const MAX_AGE_SECONDS: i64 = 365 * 24 * 3_600;

/// The id of the device, if the person with this e-mail address has logged in on it.
pub fn find<'h>(headers: &'h HeaderMap, email: &str, tokens: &Tokens) -> Option<&'h str> {
    let (id, mark) = cookie::read_named(headers, NAME)?.split_once('.')?;
    tokens.is_fingerprint(mark, message(id, email).as_bytes()).then_some(id)
}

/// `Set-Cookie` for a device on which a person has just logged in.
pub fn set(email: &str, tokens: &Tokens, secure: bool) -> Result<String, jsonwebtoken::errors::Error> {
    let id = Uuid::new_v4().simple().to_string();
    let mark = tokens.fingerprint(message(&id, email).as_bytes())?;
    Ok(cookie::set_named(NAME, &format!("{id}.{mark}"), MAX_AGE_SECONDS, secure))
}

fn message(id: &str, email: &str) -> String {
    format!("known device\n{id}\n{email}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    fn sent_back(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&format!("theme=dark; {pair}")).unwrap())])
    }

    #[test]
    fn is_known_to_the_person_who_logged_in_on_it_and_to_nobody_else() {
        let tokens = Tokens::new(b"a key");
        let cookie = set("maria@acme.test", &tokens, true).unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Lax; ") && cookie.ends_with("; Secure"), "{cookie}");
        let headers = sent_back(&cookie);
        let id = find(&headers, "maria@acme.test", &tokens).unwrap();
        assert!(cookie.contains(id));
        assert_eq!(find(&headers, "john@acme.test", &tokens), None);
        assert_eq!(find(&headers, "maria@acme.test", &Tokens::new(b"another key")), None);
        let forged = sent_back(&format!("{NAME}={id}.AAAA"));
        assert_eq!(find(&forged, "maria@acme.test", &tokens), None);
        assert_eq!(find(&HeaderMap::new(), "maria@acme.test", &tokens), None);
    }
}
