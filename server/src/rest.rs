//! REST: the route table, which is the map of the API, and what all its handlers share.

mod admission;
mod alerts;
mod announcements;
mod audit;
mod auth;
mod carriers;
mod check_calls;
mod conversations;
mod customers;
mod deadline;
mod error;
mod events;
mod extract;
mod facilities;
mod given;
mod headers;
mod health;
mod idempotency;
mod limits;
mod load_actions;
mod load_files;
mod loads;
mod notifications;
pub mod openapi;
mod positions;
mod presence;
mod presets;
mod retry;
mod road;
mod sites;
mod trace;
mod units;
mod users;

pub use deadline::limit_time;
pub use error::{Failure, code_of};
pub use extract::{Authenticated, JsonBody, PathId, QueryOf};
pub use given::{Given, GivesValue};
pub use limits::{RequestLimits, limit_requests};
pub use trace::name_request;

use crate::{auth::Door, client_address, relay::Relay, services::Services, stream::Room};
use app::api::{ErrorCode, ROOT};
use axum::{
    Router,
    routing::{get, patch, post},
};
use http::HeaderMap;

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
    /// Cookies are for HTTPS only, whatever a proxy says.
    pub secure_cookies: bool,
}

impl RestState {
    /// Whether what answers this request sets its cookies for HTTPS only.
    pub fn sets_secure_cookies(&self, headers: &HeaderMap) -> bool {
        self.secure_cookies || client_address::came_by_https(headers)
    }
}

/// Every route below `/api/v1`.
pub fn router(state: RestState) -> Router {
    let v1 = Router::new()
        .route("/auth/login", post(auth::login))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/me", get(auth::me))
        .route("/auth/password", post(auth::change_password))
        .route("/loads", get(loads::list).post(loads::create))
        .route("/loads/board", get(loads::board))
        .route("/loads/active", get(road::active))
        .route("/loads/stats", get(road::stats))
        .route("/loads/{id}", get(loads::get).patch(loads::patch).delete(loads::delete))
        .route("/loads/{id}/detail", get(loads::detail))
        .route("/loads/import", post(load_files::import))
        .route("/loads/import/{id}", get(load_files::progress))
        .route("/loads/export", get(load_files::export).post(load_files::export_chosen))
        .route("/loads/bulk-status", post(load_actions::bulk_status))
        .route("/loads/bulk-assign", post(load_actions::bulk_assign))
        .route("/loads/bulk-dispatch", post(load_actions::bulk_dispatch))
        .route("/loads/{id}/status", patch(loads::change_status))
        .route("/loads/{id}/assign", post(load_actions::assign))
        .route("/loads/{id}/tender", post(load_actions::tender))
        .route("/loads/{id}/accept", post(load_actions::accept))
        .route("/loads/{id}/reject", post(load_actions::reject))
        .route("/loads/{id}/dispatch", post(load_actions::dispatch))
        .route("/loads/{id}/claim", post(load_actions::claim))
        .route("/loads/{id}/undo", post(load_actions::undo))
        .route("/sites", get(sites::list).post(sites::create))
        .route("/units", get(units::list).post(units::create))
        .route("/units/{id}", get(units::get).patch(units::patch))
        .route("/units/{id}/readings", get(units::readings).post(units::report))
        .route("/alerts", get(alerts::list))
        .route("/loads/{id}/messages", get(conversations::messages_of_load))
        .route("/conversations", get(conversations::list).post(conversations::begin))
        .route("/conversations/{id}", get(conversations::get))
        .route("/conversations/{id}/messages", get(conversations::messages).post(conversations::send))
        .route("/conversations/{id}/read", post(conversations::read))
        .route("/notifications", get(notifications::list).post(notifications::tell))
        .route("/notifications/read-all", post(notifications::read_all))
        .route("/notifications/{id}/read", post(notifications::read))
        .route("/loads/{id}/stops", get(road::stops))
        .route("/loads/{id}/eta", post(road::eta))
        .route("/loads/{id}/timeline", get(road::timeline))
        .route("/stops/{id}/arrive", post(road::arrive))
        .route("/stops/{id}/depart", post(road::depart))
        .route("/loads/{id}/check-calls", get(check_calls::list).post(check_calls::create))
        .route("/loads/{id}/positions", get(positions::history))
        .route("/positions", post(positions::report))
        .route("/operations/tracking/positions", get(positions::list))
        .route("/operations/tracking/positions/{loadId}", get(positions::get))
        .route("/events", get(events::read))
        .route("/presence", get(presence::list))
        .route("/presets", get(presets::list).post(presets::save))
        .route("/presets/{id}", patch(presets::patch).delete(presets::delete))
        .route("/announcements", post(announcements::announce))
        .route("/audit", get(audit::list))
        .route("/carriers", get(carriers::list).post(carriers::create))
        .route("/carriers/{id}", get(carriers::get).patch(carriers::patch))
        .route("/drivers", get(carriers::list_drivers))
        .route("/facilities", get(facilities::list).post(facilities::create))
        .route("/facilities/{id}", get(facilities::get).patch(facilities::patch))
        .route("/customers", get(customers::list))
        .route("/users", get(users::list).post(users::create))
        .route("/users/{id}", patch(users::patch).delete(users::remove))
        .route("/users/{id}/password", post(users::set_password))
        .route("/openapi.json", get(openapi::serve))
        .fallback(async || Failure::new(ErrorCode::NotFound, "There is nothing at this address."))
        .method_not_allowed_fallback(async || {
            Failure::new(ErrorCode::MethodNotAllowed, "This address does not take this method.")
        })
        .layer(axum::middleware::from_fn(retry::retry_conflicts))
        .layer(axum::middleware::from_fn_with_state(state.clone(), idempotency::keep_answers))
        .layer(axum::middleware::from_fn_with_state(state.clone(), admission::admit))
        .with_state(state.clone());
    Router::new()
        .nest(ROOT, v1)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(axum::middleware::from_fn(headers::set_headers))
        .with_state(state)
}
