//! The end of logins: a warning ahead of it, and then the socket is closed. One clock for all sockets of the node.

use super::{
    seat::{Seat, Visit},
    session,
};
use crate::supervise::{Ended, Supervisor};
use app::{domain::time::Timestamp, events::AUTH_EXPIRING};
use serde_json::json;
use socketioxide::extract::SocketRef;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// How exact the ends are.
const TICK: Duration = Duration::from_millis(250);

/// When which socket is to be looked at next.
#[derive(Clone, Default)]
pub struct ExpiryClock(Arc<Mutex<BTreeMap<(Timestamp, Uuid), Entry>>>);

struct Entry {
    visit: Visit,
    /// The end of the token for which the warning was sent.
    warned_of: Option<Timestamp>,
}

/// The warnings are due so long before the end.
fn look_at(seat: &Seat, warned_of: Option<Timestamp>) -> Timestamp {
    let end = seat.claims().expires_at();
    if warned_of == Some(end) { end } else { end.plus(-seat.gateway.expiry_warning_millis) }
}

impl ExpiryClock {
    /// Starts the clock; it ends when nobody holds it any more.
    pub fn start(now: impl Fn() -> Timestamp + Send + Sync + 'static, supervisor: &Supervisor) -> Self {
        let clock = Self::default();
        let (weak, now) = (Arc::downgrade(&clock.0), Arc::new(now));
        supervisor.run("login_expiry", move || {
            let (weak, now) = (weak.clone(), now.clone());
            async move {
                let mut ticks = tokio::time::interval(TICK);
                while let Some(entries) = weak.upgrade() {
                    Self(entries).tick(now()).await;
                    ticks.tick().await;
                }
                Ended::Done
            }
        });
        clock
    }

    /// Watches over a socket until it is forgotten.
    pub fn watch(&self, visit: Visit) {
        self.put(Entry { visit, warned_of: None });
    }

    /// Lets go of a socket that has left.
    pub fn forget(&self, seat: &Seat) {
        let mut entries = self.lock();
        if let Some(due) = seat.take_due() {
            entries.remove(&(due, seat.connection));
        }
    }

    fn put(&self, entry: Entry) {
        let due = look_at(&entry.visit.seat, entry.warned_of);
        let mut entries = self.lock();
        // One that has left meanwhile would stay for ever.
        if entry.visit.socket.connected() {
            entry.visit.seat.set_due(due);
            entries.insert((due, entry.visit.seat.connection), entry);
        }
    }

    async fn tick(&self, now: Timestamp) {
        loop {
            let due = {
                let mut entries = self.lock();
                match entries.first_entry() {
                    Some(first) if first.key().0 <= now => first.remove(),
                    _ => return,
                }
            };
            // One that can't be looked at must not outlive its token.
            let closing = CloseUnlessLookedAt(Some(due.visit.socket.clone()));
            self.look(due, now);
            closing.looked_at();
        }
    }

    fn look(&self, entry: Entry, now: Timestamp) {
        let Entry { visit, warned_of } = entry;
        let end = visit.seat.claims().expires_at();
        if end <= now {
            tokio::spawn(session::close(visit.socket));
            return;
        }
        let mut warned_of = warned_of;
        if end.plus(-visit.seat.gateway.expiry_warning_millis) <= now && warned_of != Some(end) {
            // A client that does not hear the warning is closed all the same.
            let _ = visit.socket.emit(AUTH_EXPIRING, &json!({ "expiresAt": end }));
            warned_of = Some(end);
        }
        self.put(Entry { visit, warned_of });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(Timestamp, Uuid), Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a socket whose look panicked: it is watched over no more.
struct CloseUnlessLookedAt(Option<SocketRef>);

impl CloseUnlessLookedAt {
    fn looked_at(mut self) {
        self.0 = None;
    }
}

impl Drop for CloseUnlessLookedAt {
    fn drop(&mut self) {
        if let Some(socket) = self.0.take() {
            tokio::spawn(session::close(socket));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn the_clock_goes_on_after_a_panic() {
        let (sender, mut looks) = mpsc::unbounded_channel();
        let count = AtomicUsize::new(0);
        let now = move || {
            let look = count.fetch_add(1, Ordering::Relaxed);
            sender.send(look).unwrap();
            assert!(look != 0 && look != 2, "by a test");
            Timestamp::from_millis(0)
        };
        let _clock = ExpiryClock::start(now, &Supervisor::default());
        for look in 0..5 {
            assert_eq!(looks.recv().await, Some(look));
        }
    }
}
