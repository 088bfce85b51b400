//! Names each request, so that what is logged of it and what its client was told can be brought together.

use crate::client_address::ClientAddress;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// Where the answer carries the name.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static REQUEST: Uuid;
}

/// The name of the request that is being handled; a new one where there is none.
pub fn request_id() -> Uuid {
    REQUEST.try_with(|id| *id).unwrap_or_else(|_| Uuid::new_v4())
}

/// What is done for the request that is being handled, in a task of its own.
pub fn as_this_request<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    REQUEST.scope(request_id(), work.in_current_span())
}

/// Handles a request under a name of its own. The path is logged, the query string is not.
pub async fn name_request(request: Request, next: Next) -> Response {
    let id = Uuid::new_v4();
    let client =
        request.extensions().get::<ClientAddress>().map(|ClientAddress(address)| tracing::field::display(*address));
    let span = tracing::info_span!("request", %id, client, method = %request.method(), path = request.uri().path());
    let handling = async {
        let start = Instant::now();
        let mut response = next.run(request).await;
        let (status, millis) = (response.status(), start.elapsed().as_secs_f64() * 1_000.0);
        tracing::debug!(status = status.as_u16(), millis, "answered");
        if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(HEADER, id);
        }
        response
    };
    REQUEST.scope(id, handling.instrument(span)).await
}
