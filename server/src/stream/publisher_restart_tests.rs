//! A publisher that panics comes back where the database says the streams stand.

use super::*;
use crate::store::tenants;
use app::{
    domain::{
        id::{EventId, TenantId},
        time::Timestamp,
    },
    events::Namespace,
};
use uuid::Uuid;

#[derive(Debug, PartialEq)]
enum Told {
    Event(i64),
    State(i64),
}

/// Panics at every event of this name, and writes down what else it is given.
struct Recorder(mpsc::UnboundedSender<Told>);

const POISON: &str = "poison";

impl Outlet for Recorder {
    fn deliver(&self, event: Arc<StoredEvent>) {
        assert_ne!(event.name, POISON, "by a test");
        let _ = self.0.send(Told::Event(event.seq));
    }
    fn tell_state(&self, _: &StreamKey, cursor: &Cursor) {
        let _ = self.0.send(Told::State(cursor.seq));
    }
}

/// Stores an event, which is still to be published.
async fn store(database: &Database, key: &StreamKey, name: &str) -> Arc<StoredEvent> {
    let mut tx = database.begin_write().await.unwrap();
    streams::ensure(&mut tx, key).await.unwrap();
    sqlx::query("UPDATE streams SET seq = seq + 1").execute(&mut *tx).await.unwrap();
    let Cursor { epoch, seq } = streams::cursor(&mut tx, key).await.unwrap().unwrap();
    let event = StoredEvent {
        key: key.clone(),
        epoch,
        seq,
        id: EventId(Uuid::now_v7()),
        name: name.into(),
        at: Timestamp::from_millis(0),
        load: None,
        actor: None,
        full: serde_json::json!({}),
        plain: None,
    };
    streams::insert_events(&mut tx, std::slice::from_ref(&event)).await.unwrap();
    tx.commit().await.unwrap();
    Arc::new(event)
}

#[tokio::test]
async fn after_a_panic_the_states_are_told_and_events_follow() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
    let tenant = TenantId(Uuid::now_v7());
    let mut tx = database.begin_write().await.unwrap();
    tenants::insert(&mut tx, &tenants::Tenant { id: tenant, slug: "a".into(), name: "A".into() }).await.unwrap();
    tx.commit().await.unwrap();
    let key = StreamKey { tenant, namespace: Namespace::Dispatch, stream: crate::stream::StreamName::Tenant };
    let (sender, mut told) = mpsc::unbounded_channel();
    let (supervisor, interval) = (Supervisor::default(), Duration::from_secs(3_600));
    let publisher =
        Publisher::start(database.clone(), Recorder(sender), Relay::alone(), interval, 10, &supervisor).await.unwrap();
    let mut next = async || tokio::time::timeout(Duration::from_secs(30), told.recv()).await.unwrap().unwrap();

    publisher.publish(vec![store(&database, &key, "sound").await]).await;
    assert_eq!(next().await, Told::Event(1));
    for (poisoned, sound) in [(2, 3), (4, 5)] {
        // Nobody who has committed something waits for ever, whatever becomes of its delivery.
        publisher.publish(vec![store(&database, &key, POISON).await]).await;
        assert_eq!(next().await, Told::State(poisoned), "those who missed it learn so at once");
        publisher.publish(vec![store(&database, &key, "sound").await]).await;
        assert_eq!(next().await, Told::Event(sound));
    }
    assert!(supervisor.failing().is_empty(), "two failures are not many, and it runs");
}
