//! The header of a page: its title and tools, how live it is, and who is logged in.

use super::{is_over, use_user};
use crate::{
    api::auth::User,
    components::{
        icon::{Icon, icon},
        live_status::LiveStatus,
        theme_switch::ThemeSwitch,
    },
    realtime::use_close,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn PageHeader(title: &'static str, children: Children) -> impl IntoView {
    let user = use_user();
    view! {
        <Title text=title />
        <header class="header">
            <h1 class="header-title">{title}</h1>
            <div class="header-tools">{children()}</div>
            <LiveStatus />
            <ThemeSwitch />
            <Suspense fallback=|| view! { <span class="header-user"></span> }>
                {move || Suspend::new(async move {
                    // A session that is over is the page's to handle; any other failure shows on the page as well.
                    match user.await {
                        Ok(user) => view! { <UserBox user /> }.into_any(),
                        Err(error) if is_over(&error) => ().into_any(),
                        Err(_) => view! { <LogOut /> }.into_any(),
                    }
                })}
            </Suspense>
        </header>
    }
}

#[component]
fn UserBox(user: User) -> impl IntoView {
    let full = format!("{}, {}", user.name, user.email);
    let role_and_tenant = format!("{} · {}", user.role.label(), user.tenant_name);
    view! {
        <div class="header-user" title=full data-user=user.email>
            <span class="header-name">{user.name}</span>
            <span class="header-role">{role_and_tenant}</span>
        </div>
        <LogOut />
    }
}

/// A plain form: it works without the page's program.
#[component]
fn LogOut() -> impl IntoView {
    let close = use_close();
    view! {
        <form class="header-logout" method="post" action="/logout" on:submit=move |_| close()>
            <button type="submit" class="icon-button" aria-label="Log out" title="Log out">
                {icon(Icon::LogOut)}
            </button>
        </form>
    }
}
