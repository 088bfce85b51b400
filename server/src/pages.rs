//! Pages: the app rendered on the server, the files of the browser side, and the two forms that work without it.

mod api_docs;
mod login;
mod transport;
mod visitor;

use crate::{rest::RestState, settings::Settings};
use app::{
    api::Transport,
    app::{App, shell},
    pages::status::AnswerStatus,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use http::{HeaderValue, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{LeptosRoutes, ResponseOptions, file_and_error_handler_with_context, generate_route_list};
use std::sync::Arc;
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, NotForContentType, Predicate},
};
use transport::InProcess;

/// Where the built browser side is, as leptos wants to know it. Its other half stands in Cargo.toml.
pub fn leptos_options(settings: &Settings) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("headhaul")
        .site_root(settings.site.root.to_string_lossy().into_owned())
        .site_addr(settings.server.addr)
        .build()
}

/// The largest form, in bytes.
const FORM_BYTES: usize = 16 << 10;

/// All pages. `api` is the router that they call while they are rendered.
pub fn router(settings: &Settings, api: Router, state: RestState) -> Router {
    let options = leptos_options(settings);
    let context = move || provide_page_contexts(&api);
    let shell_options = options.clone();
    let rendered = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context.clone(), move || {
            shell(shell_options.clone())
        })
        .layer(middleware::from_fn_with_state(state.clone(), visitor::require_login))
        .fallback(file_and_error_handler_with_context(context, shell))
        .with_state(options);
    let forms = Router::new()
        .route("/login", post(login::log_in))
        .route("/logout", post(login::log_out))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .with_state(state);
    let docs = Router::new().route("/api/docs", get(api_docs::page)).route("/api/docs.css", get(api_docs::style));
    // The WASM lies there compressed already; doing it at each request would cost more than rendering the page.
    let worth_compressing = DefaultPredicate::new().and(NotForContentType::new("application/wasm"));
    rendered
        .merge(forms)
        .merge(docs)
        .layer(CompressionLayer::new().compress_when(worth_compressing))
        .layer(middleware::from_fn(visitor::set_headers))
}

/// What a page finds while it is rendered: the way to the API with the visitor's cookie, and a policy for its scripts.
fn provide_page_contexts(api: &Router) {
    let parts = use_context::<Parts>();
    let cookie = parts.as_ref().and_then(|parts| parts.headers.get(header::COOKIE)).cloned();
    let transport: Arc<dyn Transport> = Arc::new(InProcess { api: api.clone(), cookie });
    provide_context(transport);
    if let Some(response) = use_context::<ResponseOptions>() {
        provide_context(AnswerStatus::new(move |status| response.set_status(status)));
    }
    if let Some((response, nonce)) = use_context::<ResponseOptions>().zip(use_nonce()) {
        // `cargo leptos watch` tells the page to load anew from a port of its own.
        let reloading = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
        let policy = format!(
            "default-src 'self'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data: blob:; connect-src 'self'{reloading}; worker-src 'self' blob:; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figment::{
        Figment,
        providers::{Format, Toml},
    };

    #[test]
    fn the_server_looks_for_the_browser_side_where_it_is_built() {
        let cargo = Figment::from(Toml::string(include_str!("../../Cargo.toml")));
        let built = |key: &str| cargo.extract_inner::<String>(&format!("package.metadata.leptos.{key}")).unwrap();
        let options = leptos_options(&Settings::default());
        assert_eq!(built("site-root"), options.site_root.as_ref());
        assert_eq!(built("output-name"), options.output_name.as_ref());
        assert_eq!(built("site-pkg-dir"), options.site_pkg_dir.as_ref());
        assert_eq!(built("site-addr"), options.site_addr.to_string());
    }
}
