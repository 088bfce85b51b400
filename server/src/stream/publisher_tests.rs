//! Order, gaps and newcomers: what reaches the outlet whatever the order of the commits.

use super::*;
use crate::{
    relay::Relay,
    store::{Database, streams, tenants},
    supervise::Supervisor,
};
use app::{
    domain::{
        id::{EventId, TenantId},
        time::Timestamp,
    },
    events::{Cursor, Namespace},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc;
use uuid::Uuid;

/// An outlet that writes down the numbers it is given.
struct Recorder(mpsc::UnboundedSender<i64>);

impl Outlet for Recorder {
    fn deliver(&self, event: Arc<StoredEvent>) {
        let _ = self.0.send(event.seq);
    }
    fn tell_state(&self, _: &StreamKey, _: &Cursor) {}
}

struct Stage {
    database: Database,
    key: StreamKey,
    publisher: Publisher,
    delivered: mpsc::UnboundedReceiver<i64>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn set(replay_cap: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
        let tenant = TenantId(Uuid::now_v7());
        let mut tx = database.begin_write().await.unwrap();
        tenants::insert(&mut tx, &tenants::Tenant { id: tenant, slug: "a".into(), name: "A".into() }).await.unwrap();
        tx.commit().await.unwrap();
        let key = StreamKey { tenant, namespace: Namespace::Dispatch, stream: StreamName::Tenant };
        let (sender, delivered) = mpsc::unbounded_channel();
        let interval = Duration::from_secs(3_600);
        let publisher = Publisher::start(
            database.clone(),
            Recorder(sender),
            Relay::alone(),
            interval,
            replay_cap,
            &Supervisor::default(),
        )
        .await
        .unwrap();
        Self { database, key, publisher, delivered, _folder: folder }
    }

    /// Stores the next event without publishing it.
    async fn store(&self) -> Arc<StoredEvent> {
        let mut tx = self.database.begin_write().await.unwrap();
        let event = StoredEvent {
            key: self.key.clone(),
            epoch: String::new(),
            seq: 0,
            id: EventId(Uuid::now_v7()),
            name: "load:deleted".into(),
            at: Timestamp::from_millis(0),
            load: None,
            actor: None,
            full: serde_json::json!({}),
            plain: None,
        };
        let stored = streams::append(&mut tx, vec![event]).await.unwrap().remove(0);
        tx.commit().await.unwrap();
        stored
    }

    async fn next(&mut self) -> i64 {
        tokio::time::timeout(Duration::from_secs(10), self.delivered.recv()).await.unwrap().unwrap()
    }

    async fn attach(&self, from: Option<Cursor>) -> (Vec<i64>, i64, bool) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let enter = move |attached| drop(sender.send(attached));
        self.publisher.attach(self.key.clone(), from, enter).await.unwrap();
        let Attached { missed, cursor, recovered } = receiver.await.unwrap();
        (missed.iter().map(|event| event.seq).collect(), cursor.seq, recovered)
    }
}

#[tokio::test]
async fn commits_that_overtake_one_another_are_delivered_in_order() {
    let mut stage = Stage::set(10).await;
    let (first, second, third) = (stage.store().await, stage.store().await, stage.store().await);
    for event in [third, first, second] {
        stage.publisher.publish(vec![event]).await;
    }
    assert_eq!([stage.next().await, stage.next().await, stage.next().await], [1, 2, 3]);
}

#[tokio::test]
async fn an_event_that_was_stored_and_never_published_is_fetched() {
    let mut stage = Stage::set(10).await;
    let _lost_on_the_way = stage.store().await;
    let second = stage.store().await;
    stage.publisher.publish(vec![second]).await;
    assert_eq!([stage.next().await, stage.next().await], [1, 2]);
}

#[tokio::test]
async fn an_event_that_is_published_twice_is_delivered_once() {
    let mut stage = Stage::set(10).await;
    let (first, second) = (stage.store().await, stage.store().await);
    stage.publisher.publish(vec![first.clone(), first.clone(), second.clone(), first, second]).await;
    let third = stage.store().await;
    stage.publisher.publish(vec![third]).await;
    assert_eq!([stage.next().await, stage.next().await, stage.next().await], [1, 2, 3]);
}

#[tokio::test]
async fn a_newcomer_gets_what_it_missed_and_is_told_where_the_stream_stands() {
    let mut stage = Stage::set(3).await;
    let mut epoch = String::new();
    for seq in 1..=5 {
        let event = stage.store().await;
        epoch.clone_from(&event.epoch);
        stage.publisher.publish(vec![event]).await;
        assert_eq!(stage.next().await, seq);
    }
    let at = |seq| Some(Cursor { epoch: epoch.clone(), seq });
    assert_eq!(stage.attach(at(5)).await, (vec![], 5, true));
    assert_eq!(stage.attach(at(2)).await, (vec![3, 4, 5], 5, true));
    assert_eq!(stage.attach(at(1)).await, (vec![], 5, false), "four are more than the cap");
    assert_eq!(stage.attach(at(6)).await, (vec![], 5, false), "nobody can know what has not happened");
    assert_eq!(stage.attach(at(i64::MIN)).await, (vec![], 5, false), "there is nothing before the beginning");
    assert_eq!(stage.attach(None).await, (vec![], 5, false));
    assert_eq!(stage.attach(Some(Cursor { epoch: "other".into(), seq: 5 })).await, (vec![], 5, false));
}

#[tokio::test]
async fn a_newcomer_whose_snapshot_is_ahead_of_the_publication_has_missed_nothing() {
    let stage = Stage::set(10).await;
    let stored = stage.store().await;
    let from = Some(Cursor { epoch: stored.epoch.clone(), seq: 1 });
    assert_eq!(stage.attach(from).await, (vec![], 1, true));
}

#[tokio::test]
async fn a_new_publisher_goes_on_where_the_stream_stands() {
    let stage = Stage::set(10).await;
    let first = stage.store().await;
    let (sender, mut delivered) = mpsc::unbounded_channel();
    let interval = Duration::from_secs(3_600);
    let publisher = Publisher::start(
        stage.database.clone(),
        Recorder(sender),
        Relay::alone(),
        interval,
        10,
        &Supervisor::default(),
    )
    .await
    .unwrap();
    publisher.publish(vec![first, stage.store().await]).await;
    assert_eq!(delivered.recv().await, Some(2));
}

#[tokio::test]
async fn what_another_node_stored_and_could_not_tell_is_found_in_the_database() {
    let mut stage = Stage::set(10).await;
    // Somebody listens here, so the stream is known.
    assert_eq!(stage.attach(None).await, (vec![], 0, false));
    for _ in 0..3 {
        stage.store().await;
    }
    stage.publisher.catch_up();
    assert_eq!([stage.next().await, stage.next().await, stage.next().await], [1, 2, 3]);
}
