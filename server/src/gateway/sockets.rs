//! The sockets of this node by person and by session, from before they enter their first room: whoever is shut out is
//! found here, whatever rooms their sockets have joined by then.

use super::seat::{Seat, Visit};
use crate::stream::Room;
use app::{domain::id::UserId, events::Namespace};
use socketioxide::extract::SocketRef;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// So many replays are sent to one person at a time.
const REPLAYS: usize = 1;

/// The sockets of this node.
#[derive(Clone, Default)]
pub struct Sockets(Arc<Mutex<Index>>);

#[derive(Default)]
struct Index {
    people: HashMap<UserId, Present>,
    sessions: HashMap<String, HashMap<Uuid, SocketRef>>,
    /// How many sockets hear what is sent to a room of streams.
    audiences: HashMap<(Namespace, Room), usize>,
    /// The rooms that each socket was counted in.
    counted: HashMap<Uuid, Vec<Room>>,
}

/// A person with at least one socket.
struct Present {
    sockets: HashMap<Uuid, SocketRef>,
    replays: Arc<Semaphore>,
}

impl Sockets {
    /// Notes a socket until it is removed. Gives what its replays wait for.
    pub fn add(&self, visit: &Visit) -> Arc<Semaphore> {
        let (claims, id) = (visit.seat.claims(), visit.seat.connection);
        let replays = {
            let mut index = self.lock();
            index.sessions.entry(claims.sid.clone()).or_default().insert(id, visit.socket.clone());
            let new = || Present { sockets: HashMap::new(), replays: Arc::new(Semaphore::new(REPLAYS)) };
            let present = index.people.entry(claims.sub).or_insert_with(new);
            present.sockets.insert(id, visit.socket.clone());
            present.replays.clone()
        };
        // One that has left meanwhile would stay for ever.
        if !visit.socket.connected() {
            self.remove(&visit.seat);
        }
        replays
    }

    /// Counts a socket among those who hear what is sent to these rooms, unless it has left.
    pub fn count_in(&self, seat: &Seat, rooms: impl IntoIterator<Item = Room>) {
        let (user, id) = (seat.claims().sub, seat.connection);
        let mut index = self.lock();
        if !index.people.get(&user).is_some_and(|present| present.sockets.contains_key(&id)) {
            return;
        }
        let Index { audiences, counted, .. } = &mut *index;
        let counted = counted.entry(id).or_default();
        for room in rooms {
            if !counted.contains(&room) {
                *audiences.entry((seat.namespace, room.clone())).or_default() += 1;
                counted.push(room);
            }
        }
    }

    /// How many sockets hear what is sent to a room of streams.
    pub fn audience(&self, namespace: Namespace, room: Room) -> usize {
        self.lock().audiences.get(&(namespace, room)).copied().unwrap_or_default()
    }

    /// Lets go of a socket that has left.
    pub fn remove(&self, seat: &Seat) {
        let claims = seat.claims();
        let mut index = self.lock();
        if let Some(present) = index.people.get_mut(&claims.sub) {
            present.sockets.remove(&seat.connection);
            if present.sockets.is_empty() {
                index.people.remove(&claims.sub);
            }
        }
        index.leave_session(&claims.sid, seat.connection);
        for room in index.counted.remove(&seat.connection).unwrap_or_default() {
            let key = (seat.namespace, room);
            if let Some(count) = index.audiences.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    index.audiences.remove(&key);
                }
            }
        }
    }

    /// Notes that a socket is in this session now as well.
    pub fn enter_session(&self, visit: &Visit, session: &str) {
        let socket = visit.socket.clone();
        self.lock().sessions.entry(session.to_owned()).or_default().insert(visit.seat.connection, socket);
        if !visit.socket.connected() {
            self.leave_session(&visit.seat, session);
        }
    }

    /// Notes that a socket is in this session no more.
    pub fn leave_session(&self, seat: &Seat, session: &str) {
        self.lock().leave_session(session, seat.connection);
    }

    /// Those of a person or of a session. Others than these are not known here.
    pub fn within(&self, room: &Room) -> Vec<SocketRef> {
        let index = self.lock();
        let sockets = match room {
            Room::User(user) => index.people.get(user).map(|present| &present.sockets),
            Room::Session(session) => index.sessions.get(session),
            _ => None,
        };
        sockets.into_iter().flat_map(|sockets| sockets.values().cloned()).collect()
    }

    /// How many sockets a person has in a namespace.
    pub fn count(&self, user: UserId, namespace: Namespace) -> usize {
        let index = self.lock();
        let sockets = index.people.get(&user).into_iter().flat_map(|present| present.sockets.values());
        sockets.filter(|socket| socket.ns() == namespace.path()).count()
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    fn leave_session(&mut self, session: &str, id: Uuid) {
        if let Some(sockets) = self.sessions.get_mut(session) {
            sockets.remove(&id);
            if sockets.is_empty() {
                self.sessions.remove(session);
            }
        }
    }
}
