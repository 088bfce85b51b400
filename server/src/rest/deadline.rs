//! How long a request may take.

use super::Failure;
use app::api::ErrorCode;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::time::Duration;

/// Gives a request up that takes too long. What it was about to do is not done, unless it had just been.
pub async fn limit_time(State(within): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(within, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(within = ?within, "a request was given up");
            let message = "It took too long and was given up. Look whether it was done before you try again.";
            Failure::new(ErrorCode::Timeout, message).into_response()
        }
    }
}
