//! What browsers are told about other sites: those that are allowed may read the answers of REST and of sockets that
//! poll, and no others.

use crate::{auth::Door, client_address};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower::{Layer, ServiceExt};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may go by the answer to its question in advance.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// How the answers to other sites are made.
#[derive(Clone)]
pub struct CrossOrigin {
    door: Door,
    layer: CorsLayer,
}

impl CrossOrigin {
    pub fn new(door: Door) -> Self {
        let layer = CorsLayer::new()
            .allow_credentials(true)
            .allow_origin(AllowOrigin::mirror_request())
            .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_NONE_MATCH,
                HeaderName::from_static("idempotency-key"),
            ])
            .expose_headers([header::RETRY_AFTER, header::ETAG, HeaderName::from_static("x-request-id")])
            .max_age(PREFLIGHT_AGE);
        Self { door, layer }
    }

    fn applies_to(&self, request: &Request) -> bool {
        let path = request.uri().path();
        let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        (path.starts_with(app::api::ROOT) || path.starts_with("/socket.io"))
            && origin.is_some_and(|origin| self.door.allows_origin(origin))
    }
}

/// Answers sites that are allowed so that their browsers hand the answer on.
pub async fn answer(State(cross): State<CrossOrigin>, request: Request, next: Next) -> Response {
    if !cross.applies_to(&request) {
        return next.run(request).await;
    }
    match cross.layer.layer(next).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Whether the site is to be asked for by HTTPS only.
#[derive(Debug, Clone, Copy)]
pub struct IsHttps(pub bool);

/// Half a year, in seconds.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=15552000");

/// Tells browsers never to come by plain HTTP, where they came by HTTPS.
pub async fn insist_on_https(State(IsHttps(always)): State<IsHttps>, request: Request, next: Next) -> Response {
    let insists = always || client_address::came_by_https(request.headers());
    let mut response = next.run(request).await;
    if insists {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    response
}
