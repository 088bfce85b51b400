//! Whether the server can be reached, and what is said to those who ask for a change while it can't.

use crate::{
    api::loads::GetBoard,
    components::{
        clock::{Clock, ViewerClock, wall_millis},
        relative_time::{absolute, ago},
    },
    domain::time::Timestamp,
    realtime::{LiveQuery, SocketStatus, use_socket_status},
};
use leptos::prelude::*;

/// Copied freely.
#[derive(Clone, Copy)]
pub struct Reach {
    status: Signal<SocketStatus>,
    fresh_at: Signal<Option<Timestamp>>,
}

impl Reach {
    /// Of the connection around, and of what a query has brought.
    pub fn of(live: LiveQuery<GetBoard>) -> Self {
        Self { status: use_socket_status(), fresh_at: live.fresh_at() }
    }

    /// Why a change can't be asked for now: the browser has no network. `what` says what was not done, such as
    /// `LD-1 was not moved to Tendered`. `None` while it can be asked for, and once the page is left. Follows nothing.
    pub fn refusal(self, what: &str, clock: &Clock) -> Option<String> {
        let is_offline = self.status.try_get_untracked() == Some(SocketStatus::Offline);
        is_offline.then(|| {
            let now = Timestamp::from_millis(wall_millis());
            let viewer = untrack(|| clock.viewer());
            offline(what, self.fresh_at.try_get_untracked().flatten(), now, viewer)
        })
    }
}

fn offline(what: &str, fresh_at: Option<Timestamp>, now: Timestamp, viewer: ViewerClock) -> String {
    let known = fresh_at
        .map(|at| format!(" The board shows what was true {}, at {}.", ago(now.since(at)), absolute(at, viewer)));
    format!("You are offline: {what}.{}", known.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::NOW;

    #[test]
    fn a_refusal_says_what_was_not_done_and_how_old_the_board_is() {
        let what = "LD-1 was not moved to Tendered";
        assert_eq!(
            offline(what, Some(NOW.plus(-180_000)), NOW, ViewerClock::NotKnown),
            "You are offline: LD-1 was not moved to Tendered. The board shows what was true 3 min ago, at Nov 21 14:02 UTC."
        );
        assert_eq!(offline(what, None, NOW, ViewerClock::NotKnown), "You are offline: LD-1 was not moved to Tendered.");
    }
}
