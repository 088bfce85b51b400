//! The newest readings of units, in memory. A unit's are fetched from the database when they are first asked for; from
//! then on they are kept up to date by this node's own readings and by those that other nodes tell of.

use crate::relay::{NodeMessage, Relay};
use app::{
    domain::id::{TenantId, UnitId},
    events::SensorReading,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many of each unit.
pub(super) const KEPT: usize = 100;

/// By tenant, too: a unit is only ever asked for together with the tenant that it is of.
type Key = (TenantId, UnitId);

#[derive(Clone)]
pub struct HotReadings {
    rings: Arc<Mutex<Rings>>,
    relay: Relay,
}

#[derive(Default)]
struct Rings {
    by_unit: HashMap<Key, Ring>,
    /// How often everything was forgotten.
    forgotten: u64,
}

/// The newest readings of one unit, oldest first, no two of one moment.
#[derive(Default)]
struct Ring {
    readings: VecDeque<SensorReading>,
    /// What was stored before the ring was there has been fetched, too.
    is_filled: bool,
}

impl Ring {
    fn put(&mut self, reading: &SensorReading) {
        let Err(place) = self.readings.binary_search_by_key(&reading.recorded_at, |kept| kept.recorded_at) else {
            return;
        };
        if self.readings.len() >= KEPT {
            if place == 0 {
                return;
            }
            self.readings.pop_front();
            self.readings.insert(place - 1, reading.clone());
        } else {
            self.readings.insert(place, reading.clone());
        }
    }
}

/// A look into the database that is under way for a ring; none where the memory can't be relied on now.
#[must_use]
pub(super) struct Filling(Option<(Key, u64)>);

impl HotReadings {
    pub fn new(relay: Relay) -> Self {
        Self { rings: Arc::default(), relay }
    }

    /// Up to `count` readings, newest first; `None` where the database has to be asked.
    pub(super) fn newest(&self, tenant: TenantId, unit: UnitId, count: usize) -> Option<Vec<SensorReading>> {
        if !self.relay.is_up() {
            return None;
        }
        let rings = self.lock();
        let ring = rings.by_unit.get(&(tenant, unit)).filter(|ring| ring.is_filled)?;
        Some(ring.readings.iter().rev().take(count).cloned().collect())
    }

    /// To be called before the database is asked: from here on, what is stored is put into the ring.
    pub(super) fn begin_filling(&self, tenant: TenantId, unit: UnitId) -> Filling {
        if !self.relay.is_up() {
            return Filling(None);
        }
        let mut rings = self.lock();
        rings.by_unit.entry((tenant, unit)).or_default();
        Filling(Some(((tenant, unit), rings.forgotten)))
    }

    /// The newest [`KEPT`] readings that the database has.
    pub(super) fn fill(&self, Filling(filling): Filling, readings: &[SensorReading]) {
        let Some((key, forgotten)) = filling else { return };
        let mut rings = self.lock();
        // What the database said before the memory was given up may lack what was missed.
        if rings.forgotten != forgotten {
            return;
        }
        if let Some(ring) = rings.by_unit.get_mut(&key) {
            readings.iter().rev().for_each(|reading| ring.put(reading));
            ring.is_filled = true;
        }
    }

    /// There is no such unit, so there will be no readings of it.
    pub(super) fn give_up(&self, Filling(filling): Filling) {
        let Some((key, _)) = filling else { return };
        let mut rings = self.lock();
        if rings.by_unit.get(&key).is_some_and(|ring| !ring.is_filled) {
            rings.by_unit.remove(&key);
        }
    }

    /// Readings of one tenant that were stored here, for this node and for the others.
    pub(super) fn share(&self, tenant: TenantId, readings: &[SensorReading]) {
        self.take_in(tenant, readings);
        if self.relay.is_joined() {
            let newest = &readings[readings.len().saturating_sub(KEPT)..];
            self.relay.tell(NodeMessage::Readings { tenant, readings: newest.to_vec() });
        }
    }

    /// Readings of one tenant that were stored, here or by another node, oldest first.
    pub fn take_in(&self, tenant: TenantId, readings: &[SensorReading]) {
        let mut rings = self.lock();
        for reading in readings {
            // Of units that nobody asked for nothing is kept.
            if let Some(ring) = rings.by_unit.get_mut(&(tenant, reading.unit_id)) {
                ring.put(reading);
            }
        }
    }

    /// Forgets everything, since other nodes may have said what was not heard here. It is fetched anew when asked for.
    pub fn forget(&self) {
        let mut rings = self.lock();
        rings.by_unit.clear();
        rings.forgotten += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "hot_tests.rs"]
mod tests;
