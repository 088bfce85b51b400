//! Order, gaps and newcomers: what reaches the outlet whatever the order of the commits.

use super::{publisher::TOP_UP, *};
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

    /// What a newcomer was sent, in order, where the stream stood then, and whether that was all.
    async fn attach(&self, from: Option<Cursor>) -> (Vec<i64>, i64, bool) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let enter = move |attached| drop(sender.send(attached));
        let before = std::sync::Mutex::new(Vec::new());
        let replay = async |missed: Vec<Arc<StoredEvent>>| {
            before.lock().unwrap().extend(missed.iter().map(|event| event.seq));
        };
        self.publisher.attach(self.key.clone(), from, replay, enter).await.unwrap();
        let Attached { missed, cursor, recovered } = receiver.await.unwrap();
        assert!(missed.len() <= 2 * TOP_UP, "{} events held up everybody", missed.len());
        let mut sent = before.into_inner().unwrap();
        sent.extend(missed.iter().map(|event| event.seq));
        (sent, cursor.seq, recovered)
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

#[tokio::test]
async fn what_a_newcomer_missed_is_sent_outside_of_the_delivery_and_nothing_is_lost_between() {
    let mut stage = Stage::set(1_000).await;
    let mut epoch = String::new();
    for seq in 1..=100 {
        let event = stage.store().await;
        epoch.clone_from(&event.epoch);
        stage.publisher.publish(vec![event]).await;
        assert_eq!(stage.next().await, seq);
    }
    // Events come while the replay is under way: each is delivered at once, and reaches the newcomer as well.
    let (seen, laps) = (std::sync::Mutex::new(Vec::new()), std::sync::Mutex::new(0));
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let (stage_ref, delivered) = (&stage, std::sync::Mutex::new(0));
    let replay = async |missed: Vec<Arc<StoredEvent>>| {
        seen.lock().unwrap().extend(missed.iter().map(|event| event.seq));
        let lap = {
            let mut laps = laps.lock().unwrap();
            *laps += 1;
            *laps
        };
        if lap <= 3 {
            for _ in 0..40 {
                let event = stage_ref.store().await;
                *delivered.lock().unwrap() = event.seq;
                stage_ref.publisher.publish(vec![event]).await;
            }
        }
    };
    let enter = move |attached: Attached| drop(sender.send(attached));
    stage.publisher.attach(stage.key.clone(), Some(Cursor { epoch, seq: 0 }), replay, enter).await.unwrap();
    let attached = receiver.await.unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.extend(attached.missed.iter().map(|event| event.seq));
    assert_eq!(seen, (1..=attached.cursor.seq).collect::<Vec<_>>());
    assert!(attached.recovered);
    assert_eq!(*delivered.lock().unwrap(), attached.cursor.seq);
    assert!(*laps.lock().unwrap() >= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_change_does_not_wait_for_its_delivery_unless_somebody_loses_something_by_it() {
    /// An outlet that delivers nothing until it is told to.
    struct Held(std::sync::Mutex<std::sync::mpsc::Receiver<()>>, mpsc::UnboundedSender<i64>);
    impl Outlet for Held {
        fn deliver(&self, event: Arc<StoredEvent>) {
            let _ = self.0.lock().unwrap().recv();
            let _ = self.1.send(event.seq);
        }
        fn tell_state(&self, _: &StreamKey, _: &Cursor) {}
    }
    let stage = Stage::set(10).await;
    let (release, held) = std::sync::mpsc::channel();
    let (sender, mut delivered) = mpsc::unbounded_channel();
    let (database, interval) = (stage.database.clone(), Duration::from_secs(3_600));
    let outlet = Held(std::sync::Mutex::new(held), sender);
    let publisher =
        Publisher::start(database, outlet, Relay::alone(), interval, 10, &Supervisor::default()).await.unwrap();
    let [first, second] = [stage.store().await, stage.store().await];
    let first = Arc::new(StoredEvent { name: "load:updated".into(), ..(*first).clone() });
    publisher.publish(vec![first]).await;
    assert!(delivered.try_recv().is_err(), "it was not waited for");
    let parting = tokio::spawn(async move { publisher.publish(vec![second]).await });
    release.send(()).unwrap();
    assert_eq!(delivered.recv().await, Some(1));
    assert!(!parting.is_finished(), "somebody lost a load, and has not left its rooms yet");
    release.send(()).unwrap();
    parting.await.unwrap();
    assert_eq!(delivered.try_recv().ok(), Some(2));
}

#[tokio::test]
async fn an_event_of_another_epoch_is_never_the_next_and_the_stream_goes_on_where_the_database_stands() {
    let mut stage = Stage::set(10).await;
    for seq in 1..=3 {
        let event = stage.store().await;
        stage.publisher.publish(vec![event]).await;
        assert_eq!(stage.next().await, seq);
    }
    let before = stage.attach(None).await.1;
    assert_eq!(before, 3);
    // Somebody who can speak to the nodes makes up the next event.
    let forged = StoredEvent { epoch: "made up".into(), seq: 4, ..(*stage.store().await).clone() };
    stage.publisher.publish_from_other_node(vec![Arc::new(forged)]);
    // The true fourth is in the database, and is found by the look there.
    assert_eq!(stage.next().await, 4);

    // The database is restored under the running node: other events have the numbers now.
    let mut tx = stage.database.begin_write().await.unwrap();
    sqlx::query("DELETE FROM events").execute(&mut *tx).await.unwrap();
    sqlx::query("UPDATE streams SET epoch = 'new', seq = 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let second = stage.store().await;
    assert_eq!((second.epoch.as_str(), second.seq), ("new", 2));
    stage.publisher.publish(vec![second]).await;
    let came = async {
        while stage.attach(None).await.1 != 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), came).await.expect("the stream stands where the database does");
    let at = |seq| Some(Cursor { epoch: "new".into(), seq });
    assert_eq!(stage.attach(at(2)).await, (vec![], 2, true));
    let third = stage.store().await;
    stage.publisher.publish(vec![third]).await;
    assert_eq!(stage.next().await, 3);
}
