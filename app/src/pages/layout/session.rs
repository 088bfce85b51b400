//! Who is logged in, and what happens when the session is over.

use crate::api::{
    ApiError, ErrorCode,
    auth::{GetMe, User},
    call,
};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_url};
use std::fmt::Write;

type UserResource = Resource<Result<User, ApiError>>;

#[derive(Clone, Copy)]
struct SignedInUser(UserResource);

/// Asks who is logged in, once for the whole layout.
pub(super) fn provide_user() {
    provide_context(SignedInUser(load_user()));
}

/// The person who is logged in. Await it inside a `Suspend`.
pub fn use_user() -> UserResource {
    use_context::<SignedInUser>().map_or_else(load_user, |user| user.0)
}

fn load_user() -> UserResource {
    Resource::new_blocking(|| (), |()| async { call(GetMe).await.map(|answer| answer.data) })
}

/// Whether a refusal means that nobody is logged in any more.
pub fn is_over(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::Unauthorized | ErrorCode::Expired)
}

/// In place of a page whose session is over: a redirect on the server, a fresh load in the browser.
#[component]
pub fn SessionOver(
    /// Why the server refused.
    error: ApiError,
) -> impl IntoView {
    let url = use_url().get_untracked();
    let query = if url.search().is_empty() { String::new() } else { format!("?{}", url.search()) };
    // Who was never logged in is not told that a session has ended.
    let login = login_path(&format!("{}{query}", url.path()), error.code == ErrorCode::Expired);
    let target = login.clone();
    Effect::new(move |_| {
        let _ = window().location().set_href(&target);
    });
    let redirect = cfg!(feature = "ssr").then(|| view! { <Redirect path=login.clone() /> });
    view! {
        {redirect}
        <div class="notice">
            <h2>"Log in to see this page"</h2>
            <a class="button button-primary" href=login.clone() rel="external">
                "Log in"
            </a>
        </div>
    }
}

fn login_path(next: &str, expired: bool) -> String {
    let mut path = String::from(if expired { "/login?error=expired&next=" } else { "/login?next=" });
    for byte in next.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_told_where_to_lead_back() {
        assert_eq!(login_path("/dispatch?q=a b", true), "/login?error=expired&next=%2Fdispatch%3Fq%3Da%20b");
        assert_eq!(login_path("/dispatch", false), "/login?next=%2Fdispatch");
    }
}
