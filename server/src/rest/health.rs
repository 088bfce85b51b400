//! Whether the server is alive, and whether it can serve.

use super::RestState;
use axum::{Json, extract::State};
use http::StatusCode;
use serde_json::{Value, json};

/// The process answers.
pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// The database answers, too.
pub async fn ready(State(state): State<RestState>) -> (StatusCode, Json<Value>) {
    match state.services.database.ping().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ready", "database": "ok" }))),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not ready", "database": "unreachable" })))
        }
    }
}
