//! A request that came to nothing because others were in the way in the database is done again, before anybody is told.
//!
//! The whole request, because a service is one transaction and its answer follows from the request alone. What changes
//! many loads, a transaction each, does each of them again by itself and never answers as a whole that it came to
//! nothing.

use super::error::NothingDone;
use crate::services::Retries;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::TryStreamExt;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers a request, if need be at the second or third attempt.
pub async fn retry_conflicts(request: Request, next: Next) -> Response {
    let mut retries = Retries::begin();
    let (parts, body) = request.into_parts();
    // What is read of the body is noted as it comes: nothing is copied, and what nobody reads is not read.
    let noted: Arc<Mutex<Vec<Bytes>>> = Arc::default();
    let notes = noted.clone();
    let note = move |part: &Bytes| notes.lock().unwrap_or_else(PoisonError::into_inner).push(part.clone());
    let body = Body::from_stream(body.into_data_stream().inspect_ok(note));
    let mut response = next.clone().run(Request::from_parts(parts.clone(), body)).await;
    while response.extensions().get::<NothingDone>().is_some() && retries.wait().await {
        // Whoever came as far as the database has read the body to its end, or has no use for it.
        let body = noted.lock().unwrap_or_else(PoisonError::into_inner).concat();
        response = next.clone().run(Request::from_parts(parts.clone(), Body::from(body))).await;
    }
    response
}
