//! What the sockets of a node are sent, and how often.

use super::*;
use crate::{
    clock::Clock,
    relay::Relay,
    store::Database,
    stream::{Broadcast, Broadcaster, Outlet, Publisher, StoredEvent, StreamKey},
};
use app::{
    domain::{
        geo::LatLng,
        id::{CarrierId, UserId},
        position::{EtaState, PositionSource},
    },
    events::{Cursor, LoadLocationUpdated},
};
use tokio::sync::mpsc;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);

/// Writes down what is sent to the sockets of this node, and when. Panics at a load of this number.
struct Recorder(mpsc::UnboundedSender<(Instant, Broadcast)>);

const POISON: u128 = 66_666;

impl Broadcaster for Recorder {
    fn broadcast(&self, _: Broadcast) {
        panic!("the other nodes have frames of their own");
    }
    fn broadcast_here(&self, message: Broadcast) {
        assert!(!message.payload.to_string().contains(&located(POISON, 0).position.load_number), "by a test");
        let _ = self.0.send((Instant::now(), message));
    }
}

struct Deaf;

impl Outlet for Deaf {
    fn deliver(&self, _: Arc<StoredEvent>) {}
    fn tell_state(&self, _: &StreamKey, _: &Cursor) {}
}

struct Stage {
    frames: PositionFrames,
    sent: mpsc::UnboundedReceiver<(Instant, Broadcast)>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
        let interval = Duration::from_secs(3_600);
        let publisher = Publisher::start(database.clone(), Deaf, Relay::alone(), interval, 10, &Supervisor::default())
            .await
            .unwrap();
        let (sender, sent) = mpsc::unbounded_channel();
        let events = EventService::new(database, publisher, Arc::new(Recorder(sender)), Clock::from_fn(|| NOW));
        Self { frames: PositionFrames::new(events, Supervisor::default()), sent, _folder: folder }
    }

    /// The entries of the next batch that is sent, and when that was. What goes out one by one is passed over.
    async fn batch(&mut self) -> (Instant, Vec<LoadLocationUpdated>) {
        loop {
            let (at, message) = self.sent.recv().await.unwrap();
            if message.name == "load:location:batch" {
                let positions = message.payload["data"]["positions"].clone();
                return (at, serde_json::from_value(positions).unwrap());
            }
        }
    }
}

fn tenant(number: u128) -> TenantId {
    TenantId(Uuid::from_u128(number))
}

fn located(load: u128, second: i64) -> Located {
    let position = LoadLocationUpdated {
        load_id: LoadId(Uuid::from_u128(load)),
        load_number: format!("LD-202611-{load:05}"),
        location: LatLng { lat: 41.0, lng: -87.0 },
        heading: None,
        speed: None,
        recorded_at: NOW.plus(second * 1_000),
        source: PositionSource::Driver,
        eta: None,
        eta_state: EtaState::OnTime,
    };
    Located { tenant: tenant(1), carrier: None, driver: None, position }
}

#[tokio::test]
async fn the_first_goes_out_at_once_and_the_latest_of_each_load_with_the_next_frame() {
    let mut stage = Stage::set().await;
    stage.frames.note(vec![located(1, 0), located(2, 0)]);
    let (first, positions) = stage.batch().await;
    assert_eq!(positions, [located(1, 0).position, located(2, 0).position]);
    for second in 1..50 {
        stage.frames.note(vec![located(1, second)]);
    }
    let (second, positions) = stage.batch().await;
    assert_eq!(positions, [located(1, 49).position]);
    assert!(second.duration_since(first) >= BEAT, "{:?}", second.duration_since(first));
}

#[tokio::test]
async fn a_stream_of_changes_makes_four_frames_a_second() {
    let mut stage = Stage::set().await;
    let frames = stage.frames.clone();
    let feeding = tokio::spawn(async move {
        for second in 0.. {
            frames.note(vec![located(1, second)]);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let (mut before, mut newest) = (None, NOW.plus(-1));
    for _ in 0..5 {
        let (at, positions) = stage.batch().await;
        assert!(positions.len() == 1 && positions[0].recorded_at > newest, "each frame tells something new");
        assert!(before.is_none_or(|before| at.duration_since(before) >= BEAT));
        (before, newest) = (Some(at), positions[0].recorded_at);
    }
    feeding.abort();
}

#[tokio::test]
async fn what_is_older_than_what_was_told_is_dropped() {
    let mut stage = Stage::set().await;
    stage.frames.note(vec![located(1, 10)]);
    assert_eq!(stage.batch().await.1.len(), 1);
    // Late, as from another node, and the same once more.
    stage.frames.note(vec![located(1, 9), located(1, 10)]);
    stage.frames.note(vec![located(2, 0)]);
    assert_eq!(stage.batch().await.1, [located(2, 0).position]);
}

#[tokio::test]
async fn each_entry_goes_to_the_rooms_of_those_who_see_the_load_once() {
    let mut stage = Stage::set().await;
    let (carrier, driver) = (CarrierId(Uuid::from_u128(7)), UserId(Uuid::from_u128(8)));
    stage.frames.note(vec![Located { carrier: Some(carrier), driver: Some(driver), ..located(1, 0) }]);
    let (_, batch) = stage.sent.recv().await.unwrap();
    assert_eq!((&*batch.name, batch.rooms), ("load:location:batch", vec![Room::TenantBatch(tenant(1))]));
    assert_eq!(batch.payload["seq"], serde_json::Value::Null);
    let (_, single) = stage.sent.recv().await.unwrap();
    let load = located(1, 0).position.load_id;
    let rooms = vec![Room::TenantSingle(tenant(1)), Room::Load(load), Room::Carrier(carrier), Room::User(driver)];
    assert_eq!((&*single.name, single.rooms), ("load:location:updated", rooms));
    assert_eq!(single.payload["data"]["loadNumber"], "LD-202611-00001");
}

#[tokio::test]
async fn a_large_frame_is_split() {
    let mut stage = Stage::set().await;
    stage.frames.note((0..1_201).map(|load| located(load, 0)).collect());
    for expected in [500, 500, 201] {
        assert_eq!(stage.batch().await.1.len(), expected);
    }
}

#[tokio::test]
async fn one_tenant_does_not_hold_up_or_hear_another() {
    let mut stage = Stage::set().await;
    stage.frames.note(vec![located(1, 0), Located { tenant: tenant(2), ..located(2, 0) }]);
    let mut heard = Vec::new();
    for _ in 0..4 {
        let (_, message) = stage.sent.recv().await.unwrap();
        let text = message.payload.to_string();
        let loads = (text.contains("LD-202611-00001"), text.contains("LD-202611-00002"));
        heard.push((message.payload["tenantId"].clone(), loads));
    }
    assert!(heard.iter().all(|(of, loads)| *loads == (*of == tenant(1).to_string(), *of == tenant(2).to_string())));
}

#[tokio::test]
async fn frames_go_on_after_one_that_panics() {
    let mut stage = Stage::set().await;
    for second in 0..3 {
        stage.frames.note(vec![located(POISON, second)]);
        stage.frames.note(vec![located(1, second)]);
        // The first frame holds both or the poison alone; what is noted from then on is told all the same.
        while stage.frames.supervisor.failing().is_empty() {
            tokio::task::yield_now().await;
        }
        stage.frames.note(vec![located(2, second)]);
        let (_, positions) = stage.batch().await;
        assert!(positions.contains(&located(2, second).position), "{positions:?}");
    }
}
