//! The word that a page is behind, with the age of what it shows. Stale data is marked, never passed off as live.

use crate::{
    api::{ApiError, ErrorCode},
    components::{
        clock::{Clock, wall_millis},
        relative_time::{absolute, ago},
    },
    domain::time::Timestamp,
    realtime::{SocketStatus, use_socket_status},
};
use leptos::prelude::*;

/// Both times and errors are those of the page's live query.
#[component]
pub fn Freshness(
    fresh_at: Signal<Option<Timestamp>>,
    error: Signal<Option<ApiError>>,
    clock: Clock,
    /// Older than this, what is shown is called stale, in milliseconds: three times the page's polling.
    stale: i64,
) -> impl IntoView {
    let status = use_socket_status();
    let viewer = clock.clone();
    let behind = Memo::new(move |_| {
        let fresh_at = fresh_at.get()?;
        // Both by the browser's clock; the other one only says when to look again.
        clock.second();
        let now = Timestamp::from_millis(wall_millis());
        is_behind(status.get(), now.since(fresh_at), stale).then(|| (fresh_at, ago(now.since(fresh_at))))
    });
    let words = move || {
        behind.get().map(|(fresh_at, ago)| {
            let why = error.get().map(|error| format!(" {}", why(&error))).unwrap_or_default();
            format!("Not live: this was true {ago}, at {}.{why}", absolute(fresh_at, viewer.viewer()))
        })
    };
    view! {
        <div class="stale" role="status" data-stale=move || behind.with(|behind| behind.is_some().then_some(""))>
            {words}
        </div>
    }
}

/// Why something could not be had. A network's own words help nobody.
pub(in crate::pages) fn why(error: &ApiError) -> String {
    if error.code == ErrorCode::Unreachable { "The server can't be reached.".into() } else { error.message.clone() }
}

/// A live page is fresh by definition; any other as long as its last word is not too old. Ages in milliseconds.
fn is_behind(status: SocketStatus, age: i64, stale: i64) -> bool {
    status == SocketStatus::Offline || (status != SocketStatus::Connected && age > stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_behind_when_offline_or_too_long_without_word() {
        let behind = |status, age| is_behind(status, age, 30_000);
        assert!(behind(SocketStatus::Offline, 0));
        assert!(behind(SocketStatus::Polling { every: 10 }, 31_000));
        assert!(!behind(SocketStatus::Polling { every: 10 }, 12_000));
        assert!(!behind(SocketStatus::Connected, 60_000));
    }
}
