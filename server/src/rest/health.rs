//! Whether the server is alive, and whether it can serve.

use super::RestState;
use axum::{Json, extract::State};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// The process answers.
pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// The database answers, events are published, every long-lived task runs, and the other nodes can be reached where there
/// are some.
pub async fn ready(State(state): State<RestState>) -> (StatusCode, Json<Value>) {
    let database = match state.services.database.ping().await {
        Ok(()) => "ok",
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            "unreachable"
        }
    };
    let failing = state.services.supervisor.failing();
    let publisher = failing.get("publisher").copied().unwrap_or("ok");
    let mut parts = json!({ "database": database, "publisher": publisher });
    parts["tasks"] = if failing.is_empty() { json!("ok") } else { json!(failing) };
    if state.relay.is_joined() {
        parts["redis"] = json!(if state.relay.is_up() { "ok" } else { "unreachable" });
    }
    let is_ready = parts.as_object().is_some_and(|parts| parts.values().all(|part| part == "ok"));
    parts["status"] = json!(if is_ready { "ready" } else { "not ready" });
    (if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(parts))
}

/// What was counted, for Prometheus.
pub async fn metrics() -> ([(header::HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], crate::metrics::render())
}
