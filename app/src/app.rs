//! The document and its pages: shell, routes, and what every page shares.

use crate::{
    components::{
        theme_switch,
        toast::{ToastRegion, provide_toasts},
    },
    pages::{
        dispatch_board::DispatchBoard, layout::SignedIn, load_detail::LoadDetail, load_list::LoadList, login::Login,
        not_found::NotFound,
    },
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// The document that the server sends around [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="Headhaul, the live front office of a freight broker or carrier" />
                <script nonce=use_nonce()>{theme_switch::BEFORE_PAINT}</script>
                <link rel="preload" href="/vendor/inter.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <HashedStylesheet options=options.clone() />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The root of everything, on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    theme_switch::provide_theme();
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Headhaul".into() } else { format!("{page} · Headhaul") } />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=|| view! { <Redirect path="/dispatch" /> } />
                <Route path=path!("/login") view=Login ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                    <Route path=path!("/dispatch") view=DispatchBoard ssr=SsrMode::Async />
                    <Route path=path!("/loads") view=LoadList ssr=SsrMode::Async />
                    <Route path=path!("/loads/:id") view=LoadDetail ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        <ToastRegion />
    }
}
