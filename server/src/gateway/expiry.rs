//! The end of logins: a warning ahead of it, and then the socket is closed. One clock for all sockets of the node.

use super::{
    seat::{Seat, Visit},
    session,
};
use app::{domain::time::Timestamp, events::AUTH_EXPIRING};
use serde_json::json;
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
    pub fn start(now: impl Fn() -> Timestamp + Send + 'static) -> Self {
        let clock = Self::default();
        let weak = Arc::downgrade(&clock.0);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            while let Some(entries) = weak.upgrade() {
                Self(entries).tick(now()).await;
                ticks.tick().await;
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
            self.look(due, now);
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
