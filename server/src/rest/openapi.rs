//! The description of the API, made from the handlers and the types they take and give.

mod bounds;
mod examples;
mod refine;

use app::api::ROOT;
use axum::Json;
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Server,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Headhaul",
        description = "The live front office of freight brokers and carriers. Times are RFC 3339 in UTC, money is in \
                       minor units, distances are miles. Refusals are `{\"error\": {\"code\", \"message\", \"details\"}}`. \
                       A write may carry `Idempotency-Key`: sent again within 24 hours, it is answered as the first \
                       time and not done again.",
        license(name = "Proprietary", identifier = "LicenseRef-Proprietary"),
    ),
    paths(
        super::auth::login,
        super::auth::logout,
        super::auth::refresh,
        super::auth::me,
        super::auth::change_password,
        super::loads::board,
        super::loads::list,
        super::loads::create,
        super::loads::get,
        super::loads::detail,
        super::loads::patch,
        super::loads::delete,
        super::loads::change_status,
        super::load_actions::assign,
        super::load_actions::tender,
        super::load_actions::accept,
        super::load_actions::reject,
        super::load_actions::dispatch,
        super::load_actions::claim,
        super::load_actions::undo,
        super::load_actions::bulk_status,
        super::load_actions::bulk_assign,
        super::load_actions::bulk_dispatch,
        super::load_files::import,
        super::load_files::progress,
        super::load_files::export,
        super::load_files::export_chosen,
        super::sites::list,
        super::sites::create,
        super::units::list,
        super::units::create,
        super::units::get,
        super::units::patch,
        super::units::readings,
        super::units::report,
        super::alerts::list,
        super::conversations::list,
        super::conversations::begin,
        super::conversations::get,
        super::conversations::messages,
        super::conversations::messages_of_load,
        super::conversations::send,
        super::conversations::read,
        super::notifications::list,
        super::notifications::tell,
        super::notifications::read,
        super::notifications::read_all,
        super::road::stops,
        super::road::arrive,
        super::road::depart,
        super::road::eta,
        super::road::timeline,
        super::road::active,
        super::road::stats,
        super::check_calls::create,
        super::check_calls::list,
        super::positions::report,
        super::positions::list,
        super::positions::get,
        super::positions::history,
        super::events::read,
        super::presence::list,
        super::presets::list,
        super::presets::save,
        super::presets::patch,
        super::presets::delete,
        super::announcements::announce,
        super::audit::list,
        super::carriers::list,
        super::carriers::get,
        super::carriers::create,
        super::carriers::patch,
        super::carriers::list_drivers,
        super::facilities::list,
        super::facilities::get,
        super::facilities::create,
        super::facilities::patch,
        super::customers::list,
        super::users::list,
        super::users::create,
        super::users::patch,
        super::users::remove,
        super::users::set_password,
    ),
    security(("cookie" = []), ("bearer" = [])),
    modifiers(&Addresses)
)]
struct Description;

struct Addresses;

impl Modify for Addresses {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        openapi.servers = Some(vec![Server::new(ROOT)]);
        let components = openapi.components.get_or_insert_with(Default::default);
        let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::auth::cookie::NAME));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// Made once: it does not change while the server runs.
static COMPLETE: LazyLock<Value> = LazyLock::new(|| {
    // Only what can't be written as JSON would be left out, and it is made of JSON.
    let mut document = serde_json::to_value(Description::openapi()).unwrap_or_default();
    refine::refine(&mut document);
    document
});

/// The description as JSON.
pub fn description() -> &'static Value {
    &COMPLETE
}

/// `GET /api/v1/openapi.json`.
pub async fn serve() -> Json<&'static Value> {
    Json(description())
}
