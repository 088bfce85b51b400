//! REST: the route table, which is the map of the API, and what all its handlers share.

mod announcements;
mod auth;
mod carriers;
mod error;
mod events;
mod extract;
mod health;
mod loads;
pub mod openapi;
mod presence;
mod users;

pub use error::{Failure, code_of};
pub use extract::{Authenticated, ClientAddress, JsonBody, PathId, QueryOf};

use crate::{auth::Door, relay::Relay, services::Services, stream::Room};
use app::api::{ErrorCode, ROOT};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, patch, post},
};

/// What the handlers work with.
#[derive(Clone)]
pub struct RestState {
    pub services: Services,
    pub door: Door,
    pub relay: Relay,
    /// Closes every socket in a room, on all nodes: after what let them in was revoked.
    pub close: std::sync::Arc<dyn Fn(Room) + Send + Sync>,
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// The cookie is for HTTPS only.
    pub secure_cookie: bool,
}

/// Every route below `/api/v1`.
pub fn router(state: RestState) -> Router {
    let body_bytes = state.body_bytes;
    let v1 = Router::new()
        .route("/auth/login", post(auth::login))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/me", get(auth::me))
        .route("/auth/password", post(auth::change_password))
        .route("/loads", get(loads::list).post(loads::create))
        .route("/loads/board", get(loads::board))
        .route("/loads/{id}", get(loads::get).patch(loads::patch).delete(loads::delete))
        .route("/loads/{id}/status", patch(loads::change_status))
        .route("/events", get(events::read))
        .route("/presence", get(presence::list))
        .route("/announcements", post(announcements::announce))
        .route("/carriers", get(carriers::list).post(carriers::create))
        .route("/carriers/{id}", get(carriers::get).patch(carriers::patch))
        .route("/drivers", get(carriers::list_drivers))
        .route("/users", get(users::list).post(users::create))
        .route("/users/{id}", patch(users::patch).delete(users::remove))
        .route("/users/{id}/password", post(users::set_password))
        .route("/openapi.json", get(openapi::serve))
        .fallback(async || Failure::new(ErrorCode::NotFound, "There is nothing at this address."))
        .method_not_allowed_fallback(async || {
            Failure::new(ErrorCode::MethodNotAllowed, "This address does not take this method.")
        })
        .layer(DefaultBodyLimit::max(body_bytes))
        .with_state(state.clone());
    Router::new()
        .nest(ROOT, v1)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(state)
}
