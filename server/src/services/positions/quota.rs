//! Who may have how many of the places in the queue of positions: nobody fills it for the others.

use super::super::Caller;
use app::domain::id::{TenantId, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So large a part of the places, in quarters, may be one tenant's, and one person's.
const OF_A_TENANT: usize = 2;
const OF_A_PERSON: usize = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Tenant(TenantId),
    Person(UserId),
}

/// The places of the queue.
#[derive(Clone)]
pub struct Places {
    all: Arc<Semaphore>,
    room: usize,
    held: Arc<Mutex<HashMap<Holder, usize>>>,
}

/// Places that are held until this is dropped.
pub struct Held {
    held: Arc<Mutex<HashMap<Holder, usize>>>,
    holders: Vec<Holder>,
    count: usize,
    _all: OwnedSemaphorePermit,
}

impl Places {
    pub fn new(room: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(room)), room, held: Arc::default() }
    }

    /// Takes so many places for a caller; `None` where there are not as many left for that caller.
    pub fn take(&self, caller: &Caller, count: usize) -> Option<Held> {
        let person = caller.person.as_ref().map(|person| Holder::Person(person.id));
        let holders: Vec<Holder> = person.into_iter().chain([Holder::Tenant(caller.tenant)]).collect();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = holders.iter().all(|holder| {
            let quarters = if matches!(holder, Holder::Tenant(_)) { OF_A_TENANT } else { OF_A_PERSON };
            held.get(holder).copied().unwrap_or(0) + count <= self.room * quarters / 4
        });
        let places = u32::try_from(count).ok().filter(|_| has_room)?;
        let all = self.all.clone().try_acquire_many_owned(places).ok()?;
        for holder in &holders {
            *held.entry(*holder).or_default() += count;
        }
        Some(Held { held: self.held.clone(), holders, count, _all: all })
    }

    #[cfg(test)]
    pub fn free(&self) -> usize {
        self.all.available_permits()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for holder in &self.holders {
            if let Some(count) = held.get_mut(holder) {
                *count -= self.count;
                if *count == 0 {
                    held.remove(holder);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{load::Person, role::Role};
    use uuid::Uuid;

    fn caller(tenant: u128, person: u128) -> Caller {
        let person = Person { id: UserId(Uuid::from_u128(person)), name: String::new() };
        Caller { role: Role::Dispatcher, person: Some(person), ..Caller::system(TenantId(Uuid::from_u128(tenant))) }
    }

    #[test]
    fn one_person_and_one_tenant_leave_room_for_the_others() {
        let places = Places::new(100);
        let mine = places.take(&caller(1, 1), 25).unwrap();
        assert!(places.take(&caller(1, 1), 1).is_none(), "a quarter is the most for a person");
        let colleagues = places.take(&caller(1, 2), 25).unwrap();
        assert!(places.take(&caller(1, 3), 1).is_none(), "half of it is the most for a tenant");
        assert!(places.take(&caller(2, 4), 25).is_some(), "the others have theirs");
        drop(mine);
        assert!(places.take(&caller(1, 3), 25).is_some());
        drop(colleagues);
        assert_eq!(places.free(), 100);
        assert!(places.held.lock().unwrap().is_empty());
    }
}
