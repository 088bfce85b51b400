//! The word that the board is behind, with the age of what it shows. Stale data is marked, never passed off as live.

use crate::{
    api::{ApiError, ErrorCode, loads::GetBoard},
    components::{
        clock::{Clock, wall_millis},
        relative_time::{absolute, ago},
    },
    domain::time::Timestamp,
    realtime::{LiveQuery, SocketStatus, use_socket_status},
};
use leptos::prelude::*;

/// Older than this, what is shown is called stale, in milliseconds: three times the board's polling.
const STALE: i64 = 30_000;

#[component]
pub fn Freshness(live: LiveQuery<GetBoard>, clock: Clock) -> impl IntoView {
    let status = use_socket_status();
    let fresh_at = live.fresh_at();
    let error = live.error();
    let viewer = clock.clone();
    let behind = Memo::new(move |_| {
        let fresh_at = fresh_at.get()?;
        // Both by the browser's clock; the other one only says when to look again.
        clock.second();
        let now = Timestamp::from_millis(wall_millis());
        is_behind(status.get(), fresh_at, now).then(|| (fresh_at, ago(now.since(fresh_at))))
    });
    let words = move || {
        behind.get().map(|(fresh_at, ago)| {
            let why = error.get().map(|error| format!(" {}", why(&error))).unwrap_or_default();
            format!("Not live: this was true {ago}, at {}.{why}", absolute(fresh_at, viewer.viewer_offset()))
        })
    };
    view! {
        <div class="stale" role="status" data-stale=move || behind.with(|behind| behind.is_some().then_some(""))>
            {words}
        </div>
    }
}

/// A network's own words help nobody.
fn why(error: &ApiError) -> String {
    if error.code == ErrorCode::Unreachable { "The server can't be reached.".into() } else { error.message.clone() }
}

/// A live board is fresh by definition; any other as long as its last word is not too old.
fn is_behind(status: SocketStatus, fresh_at: Timestamp, now: Timestamp) -> bool {
    status == SocketStatus::Offline || (status != SocketStatus::Connected && now.since(fresh_at) > STALE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::NOW;

    #[test]
    fn a_board_is_behind_when_offline_or_too_long_without_word() {
        let behind = |status, age: i64| is_behind(status, NOW.plus(-age), NOW);
        assert!(behind(SocketStatus::Offline, 0));
        assert!(behind(SocketStatus::Polling { every: 10 }, 31_000));
        assert!(!behind(SocketStatus::Polling { every: 10 }, 12_000));
        assert!(!behind(SocketStatus::Connected, 60_000));
    }
}
