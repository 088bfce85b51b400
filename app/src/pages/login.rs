//! The login. A plain form, so that it works before the page's program has loaded, and without it.

use crate::components::{
    icon::{Icon, icon},
    theme_switch::ThemeSwitch,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// What the server's redirect back to the form means.
fn message(error: &str, retry: Option<&str>) -> Option<String> {
    Some(match error {
        "bad_login" => "E-mail address or password is wrong.".into(),
        "rate_limited" => match retry.and_then(|seconds| seconds.parse::<u32>().ok()) {
            Some(1) => "Too many login attempts. Try again in 1 second.".into(),
            Some(seconds) => format!("Too many login attempts. Try again in {seconds} seconds."),
            None => "Too many login attempts. Try again in a minute.".into(),
        },
        "expired" => "Your session has ended. Log in to go on where you were.".into(),
        "forbidden_origin" => "The login came from another site and was refused. Log in here.".into(),
        "" => return None,
        _ => "The login did not work. Try again.".into(),
    })
}

/// Where to go after the login: a path of this site, or the board.
fn local_path(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next } else { "/dispatch" }
}

#[component]
pub fn Login() -> impl IntoView {
    let (message, ended, email, next) = use_query_map().with_untracked(|query| {
        let error = query.get_str("error").unwrap_or_default();
        let email = query.get_str("email").unwrap_or_default().to_owned();
        let next = local_path(query.get_str("next").unwrap_or_default()).to_owned();
        (message(error, query.get_str("retry")), error == "expired", email, next)
    });
    let email_known = !email.is_empty();
    let described_by = message.is_some().then_some("login-message");
    let class = if ended { "login-message login-notice" } else { "login-message" };
    let message = message.map(|text| view! { <p id="login-message" class=class role="alert">{text}</p> }.into_any());
    view! {
        <Title text="Log in" />
        <main class="login">
            <section class="login-about">
                <p class="login-mark">{icon(Icon::Mark)} <span>"Headhaul"</span></p>
                <p class="login-claim">"Every load, every move, live for everybody on the desk."</p>
            </section>
            <section class="login-panel">
                <form class="login-form" method="post" action="/login">
                    <h1>"Log in"</h1>
                    {message}
                    <input type="hidden" name="next" value=next />
                    <label class="field">
                        <span class="field-label">"E-mail address"</span>
                        <input
                            class="input"
                            type="email"
                            name="email"
                            value=email
                            autocomplete="username"
                            required
                            autofocus=!email_known
                            aria-describedby=described_by
                        />
                    </label>
                    <label class="field">
                        <span class="field-label">"Password"</span>
                        <input
                            class="input"
                            type="password"
                            name="password"
                            autocomplete="current-password"
                            required
                            autofocus=email_known
                            aria-describedby=described_by
                        />
                    </label>
                    <button type="submit" class="button button-primary button-wide">
                        "Log in"
                    </button>
                </form>
            </section>
            <div class="login-theme">
                <ThemeSwitch />
            </div>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        for (next, goes_to) in [
            ("/dispatch?q=reefer", "/dispatch?q=reefer"),
            ("", "/dispatch"),
            ("//evil.example", "/dispatch"),
            ("/\\evil.example", "/dispatch"),
            ("https://evil.example", "/dispatch"),
        ] {
            assert_eq!(local_path(next), goes_to, "{next}");
        }
    }

    #[test]
    fn a_refused_login_says_why_and_when_to_come_back() {
        assert_eq!(message("", None), None);
        assert_eq!(
            message("rate_limited", Some("40")).as_deref(),
            Some("Too many login attempts. Try again in 40 seconds.")
        );
        assert!(message("bad_login", None).is_some_and(|text| text.contains("wrong")));
    }
}
