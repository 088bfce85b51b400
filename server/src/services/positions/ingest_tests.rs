//! The queue of positions: when it is full, and when the database fails.

use super::*;
use crate::stream::{Broadcast, Broadcaster, EventService, Outlet, Publisher, StoredEvent, StreamKey};
use app::{
    domain::{
        geo::LatLng,
        id::{LoadId, TenantId},
        position::PositionSource,
        time::Timestamp,
    },
    events::Cursor,
};
use std::sync::Arc;
use uuid::Uuid;

struct Nobody;

impl Broadcaster for Nobody {
    fn broadcast(&self, _: Broadcast) {}
    fn broadcast_here(&self, _: Broadcast) {}
}

impl Outlet for Nobody {
    fn deliver(&self, _: Arc<StoredEvent>) {}
    fn tell_state(&self, _: &StreamKey, _: &Cursor) {}
}

struct Stage {
    database: Database,
    ingest: PositionIngest,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn set(room: usize) -> Self {
        Self::with_clock(room, Clock::system()).await
    }

    async fn with_clock(room: usize, clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
        let relay = Relay::alone();
        let interval = Duration::from_secs(3_600);
        let publisher = Publisher::start(database.clone(), Nobody, relay.clone(), interval, 10, &Supervisor::default())
            .await
            .unwrap();
        let events = EventService::new(database.clone(), publisher, Arc::new(Nobody), Clock::system());
        let frames = PositionFrames::new(events, Supervisor::default());
        let ingest = PositionIngest::with_room(room, database.clone(), clock, relay, frames, &Supervisor::default());
        Self { database, ingest, _folder: folder }
    }

    /// Reports positions of a load that is not there.
    fn report(&self, count: usize) -> tokio::task::JoinHandle<Vec<Result<(), ServiceError>>> {
        let position = Position {
            load_id: LoadId(Uuid::nil()),
            recorded_at: Timestamp::from_millis(0),
            at: LatLng { lat: 41.0, lng: -87.0 },
            heading: None,
            speed: None,
            source: PositionSource::Api,
        };
        let report = Report { caller: Caller::system(TenantId(Uuid::nil())), positions: vec![position; count] };
        let ingest = self.ingest.clone();
        tokio::spawn(async move { ingest.store(report).await })
    }
}

#[tokio::test]
async fn what_there_is_no_room_for_is_refused_and_what_waits_is_answered() {
    // One tenant has half of the places.
    let stage = Stage::set(6).await;
    // Nothing can be stored meanwhile.
    let lock = stage.database.begin_write().await.unwrap();
    let waiting = stage.report(2);
    while stage.ingest.places.free() > 4 {
        tokio::task::yield_now().await;
    }
    let refused = stage.report(2).await.unwrap();
    assert!(refused.len() == 2 && refused.iter().all(|result| matches!(result, Err(ServiceError::Busy))));
    let last = stage.report(1);
    while stage.ingest.places.free() > 3 {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished() && !last.is_finished(), "nothing is answered before it is committed");
    drop(lock);
    for (answers, count) in [(waiting.await.unwrap(), 2), (last.await.unwrap(), 1)] {
        assert_eq!(answers.len(), count);
        assert!(answers.iter().all(|answer| matches!(answer, Err(ServiceError::NotFound("load")))));
    }
    // Room is given back a moment after the answer.
    while stage.ingest.places.free() < 6 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_transaction_that_fails_answers_an_error_to_each_and_the_next_is_tried_anew() {
    let stage = Stage::set(100).await;
    stage.database.close().await;
    for _ in 0..2 {
        let answers = futures::future::join_all((1..4).map(|count| stage.report(count))).await;
        for (answer, count) in answers.into_iter().zip(1..) {
            let answer = answer.unwrap();
            assert_eq!(answer.len(), count);
            assert!(answer.iter().all(|result| matches!(result, Err(ServiceError::Store(_)))));
        }
    }
}

#[tokio::test]
async fn a_panic_answers_those_whom_it_hits_and_stores_for_the_others() {
    let panics = Arc::new(std::sync::atomic::AtomicUsize::new(2));
    let left = panics.clone();
    let clock = Clock::from_fn(move || {
        let count_down = |left: usize| left.checked_sub(1);
        let (set, fetch) = (std::sync::atomic::Ordering::SeqCst, std::sync::atomic::Ordering::SeqCst);
        assert!(left.fetch_update(set, fetch, count_down).is_err(), "by a test");
        Timestamp::from_millis(0)
    });
    let stage = Stage::with_clock(100, clock).await;
    for _ in 0..2 {
        let answers = stage.report(2).await.unwrap();
        assert!(answers.len() == 2 && answers.iter().all(|answer| matches!(answer, Err(ServiceError::Store(_)))));
    }
    let answers = stage.report(2).await.unwrap();
    assert!(answers.iter().all(|answer| matches!(answer, Err(ServiceError::NotFound("load")))), "{answers:?}");
    // Room is given back a moment after the answer, by those who were hit, too.
    while stage.ingest.places.free() < 100 {
        tokio::task::yield_now().await;
    }
}
