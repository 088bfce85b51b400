//! What staff are told goes on after a notice that can't be sent.

use super::*;
use crate::{
    clock::Clock,
    store::Database,
    stream::{Broadcast, Broadcaster, Outlet, Publisher, StoredEvent, StreamKey},
};
use app::{domain::time::Timestamp, events::Cursor};

/// Panics at the first message, and writes down the names of the others.
struct PanicsOnce(Mutex<bool>, mpsc::UnboundedSender<String>);

impl Broadcaster for PanicsOnce {
    fn broadcast(&self, _: Broadcast) {}
    fn broadcast_here(&self, message: Broadcast) {
        let is_first = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), false);
        assert!(!is_first, "by a test");
        let _ = self.1.send(message.payload["data"]["name"].as_str().unwrap_or_default().to_owned());
    }
}

struct Nobody;

impl Outlet for Nobody {
    fn deliver(&self, _: Arc<StoredEvent>) {}
    fn tell_state(&self, _: &StreamKey, _: &Cursor) {}
}

#[tokio::test]
async fn a_notice_that_panics_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
    let interval = Duration::from_secs(3_600);
    let publisher =
        Publisher::start(database.clone(), Nobody, Relay::alone(), interval, 10, &Supervisor::default()).await.unwrap();
    let (sender, mut told) = mpsc::unbounded_channel();
    let broadcaster = Arc::new(PanicsOnce(Mutex::new(true), sender));
    let clock = Clock::from_fn(|| Timestamp::from_millis(0));
    let events = EventService::new(database, publisher, broadcaster, clock);
    let presence = PresenceService::start(events, Relay::alone(), Duration::from_secs(5), &Supervisor::default());
    for (number, name) in [(1, "Dana"), (2, "Maria"), (3, "John")] {
        let person = Person { id: UserId(Uuid::from_u128(number)), name: name.into() };
        presence.join(TenantId(Uuid::nil()), &person, Uuid::now_v7());
    }
    assert_eq!((told.recv().await.as_deref(), told.recv().await.as_deref()), (Some("Maria"), Some("John")));
}
