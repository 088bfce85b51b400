//! What a connection keeps of the request that it began with.
//!
//! The engine keeps the whole request as long as the connection lives, and its parts are slices of the buffer that it
//! was read into: 16 KiB for each connection that does nothing. So the little that is needed is copied before.

use super::connections::ConnectionSlot;
use crate::{
    client_address::{ClientAddress, FORWARDED_PROTO},
    listen::Peer,
};
use axum::{
    extract::{ConnectInfo, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use hyper::upgrade::OnUpgrade;

/// What the engine and the guard look at. Of the others nothing is known to a socket.
const NEEDED: [HeaderName; 12] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::HOST,
    header::ORIGIN,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::UPGRADE,
    header::TRANSFER_ENCODING,
    FORWARDED_PROTO,
];

/// Makes requests for connections small.
pub async fn slim(mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/socket.io") {
        *request.headers_mut() = copied(request.headers());
        if let Ok(uri) = request.uri().to_string().parse::<Uri>() {
            *request.uri_mut() = uri;
        }
        // Others hold a copy of the address as it came.
        let mut all = std::mem::take(request.extensions_mut());
        all.remove::<ConnectInfo<Peer>>().map(|peer| request.extensions_mut().insert(peer));
        all.remove::<ClientAddress>().map(|client| request.extensions_mut().insert(client));
        all.remove::<OnUpgrade>().map(|upgrade| request.extensions_mut().insert(upgrade));
        request.extensions_mut().insert(ConnectionSlot::default());
    }
    next.run(request).await
}

fn copied(headers: &HeaderMap) -> HeaderMap {
    let mut copies = HeaderMap::with_capacity(NEEDED.len());
    for name in &NEEDED {
        for value in headers.get_all(name) {
            // It was a value, so its bytes are one.
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                copies.append(name.clone(), value);
            }
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_guard_looks_at_is_kept_and_what_nobody_needs_is_not() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("cookie", "a=1"), ("cookie", "auth_token=x"), ("user-agent", "long"), ("origin", "o")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let copies = copied(&headers);
        assert_eq!(copies.get_all("cookie").iter().collect::<Vec<_>>(), ["a=1", "auth_token=x"]);
        assert_eq!(copies.get("origin").unwrap(), "o");
        assert_eq!(copies.get("user-agent"), None);
    }
}
