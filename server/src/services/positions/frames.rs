//! Positions on their way to those who watch: of each tenant at most 4 frames a second, each with the latest of each load.
//!
//! Every node has its own and sends to its own sockets: it is told of what it stored itself, and of what the others did.

use crate::{
    relay::Located,
    stream::{EventService, Room},
    supervise::{Ended, Supervisor},
};
use app::{
    domain::{
        id::{LoadId, TenantId},
        time::Timestamp,
    },
    events::LoadLocationBatch,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Between two frames of a tenant.
const BEAT: Duration = Duration::from_millis(250);
/// Entries of one batch. A message of this size is read without a hitch.
const BATCH: usize = 500;
/// For how long it is remembered what was told of a load: much longer than a node's message is under way.
const MEMORY: Duration = Duration::from_secs(600);
/// Loads that are remembered before those of old are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Clone)]
pub struct PositionFrames {
    events: EventService,
    supervisor: Supervisor,
    tenants: Arc<Mutex<HashMap<TenantId, Beat>>>,
}

/// What a tenant is to be told next, and was told last.
#[derive(Default)]
struct Beat {
    next: BTreeMap<LoadId, Located>,
    /// When the newest position of a load was recorded that was noted here, and when that was.
    noted: HashMap<LoadId, (Timestamp, Instant)>,
    /// A task sends the frames. It is supervised until there are none, so this can't stay set without one.
    is_beating: bool,
}

impl PositionFrames {
    pub fn new(events: EventService, supervisor: Supervisor) -> Self {
        Self { events, supervisor, tenants: Arc::default() }
    }

    /// Takes the newest positions of loads. The first of a tenant go out at once, others with the next frame; one that is
    /// not newer than what was noted before is dropped. Must be called within the runtime.
    pub fn note(&self, news: Vec<Located>) {
        let mut tenants = self.lock();
        for located in news {
            let tenant = located.tenant;
            let beat = tenants.entry(tenant).or_default();
            if !beat.take(located) || beat.is_beating {
                continue;
            }
            beat.is_beating = true;
            // It begins when the lock is free, with all that is noted here.
            let frames = self.clone();
            self.supervisor.run("position_frames", move || frames.clone().send(tenant));
        }
    }

    async fn send(self, tenant: TenantId) -> Ended {
        while let Some(frame) = self.next(tenant) {
            for batch in frame.chunks(BATCH) {
                let positions = batch.iter().map(|located| located.position.clone()).collect();
                let rooms = vec![Room::TenantBatch(tenant)];
                self.events.emit_to_room_here(tenant, rooms, &LoadLocationBatch { positions });
            }
            for located in frame {
                let mut rooms = vec![Room::TenantSingle(tenant), Room::Load(located.position.load_id)];
                rooms.extend(located.carrier.map(Room::Carrier));
                rooms.extend(located.driver.map(Room::User));
                self.events.emit_to_room_here(tenant, rooms, &located.position);
            }
            tokio::time::sleep(BEAT).await;
        }
        Ended::Done
    }

    /// The next frame; none where nothing has come since the last.
    fn next(&self, tenant: TenantId) -> Option<Vec<Located>> {
        let mut tenants = self.lock();
        let beat = tenants.get_mut(&tenant)?;
        if beat.noted.len() > REMEMBERED {
            beat.noted.retain(|_, (_, at)| at.elapsed() < MEMORY);
        }
        let frame = std::mem::take(&mut beat.next);
        beat.is_beating = !frame.is_empty();
        beat.is_beating.then(|| frame.into_values().collect())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Beat>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beat {
    /// Whether it is news.
    fn take(&mut self, located: Located) -> bool {
        let (load, recorded_at) = (located.position.load_id, located.position.recorded_at);
        if self.noted.get(&load).is_some_and(|(known, _)| *known >= recorded_at) {
            return false;
        }
        self.noted.insert(load, (recorded_at, Instant::now()));
        self.next.insert(load, located);
        true
    }
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;
