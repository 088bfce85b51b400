//! The way of events to the sockets of this node.

use super::{seat::Seat, sockets::Sockets};
use crate::{
    metrics::{DELIVERIES, EMITS, MISSED},
    stream::{Broadcast, Outlet, Room, StoredEvent, StreamKey, StreamName},
};
use app::domain::id::ConversationId;
use app::events::{Cursor, Event, LoadDeleted, Namespace, STREAM_STATE, StreamState};
use futures::FutureExt;
use serde::Serialize;
use socketioxide::{SocketIo, extract::SocketRef, operators::BroadcastOperators};
use std::sync::Arc;

#[derive(Clone)]
pub struct SocketOutlet {
    pub io: SocketIo,
    pub sockets: Sockets,
}

impl SocketOutlet {
    pub fn new(io: SocketIo) -> Self {
        Self { io, sockets: Sockets::default() }
    }

    /// Sends to every socket of this node that hears the streams of a room. Never waits.
    ///
    /// A socket whose buffer is full misses the event; it learns so by the next number or state of the stream.
    fn emit(&self, namespace: Namespace, room: Room, name: &str, message: &impl Serialize) {
        let name_of_room = room.to_string();
        let receivers = self.sockets.audience(namespace, room);
        if receivers > 0
            && let Some(io) = self.io.of(namespace.path())
        {
            send(io.to(name_of_room), namespace, receivers, name, message);
        }
    }

    /// Sends to every socket of this node that is in one of the rooms, once each, but to nobody who is in the room `except`.
    fn emit_to_others(
        &self,
        namespace: Namespace,
        rooms: Vec<String>,
        except: Option<String>,
        name: &str,
        message: &impl Serialize,
    ) {
        let Some(io) = self.io.of(namespace.path()) else { return };
        let io = match except {
            Some(except) => io.to(rooms).except(except),
            None => io.to(rooms),
        };
        let receivers = io.clone().sockets().len();
        if receivers > 0 {
            send(io, namespace, receivers, name, message);
        }
    }

    pub fn broadcast(&self, message: &Broadcast) {
        let rooms = message.rooms.iter().map(Room::to_string).collect();
        let except = message.except.as_ref().map(Room::to_string);
        self.emit_to_others(message.namespace, rooms, except, &message.name, &message.payload);
    }

    /// Those who lost a load leave what they had joined of it.
    fn show_out(&self, event: &StoredEvent) {
        let Some(load) = event.load.filter(|_| event.name == LoadDeleted::NAME) else { return };
        // One that is still entering its stream may be in the load's room already.
        let inside = |namespace: Namespace, room: Room| {
            let sockets = self.io.of(namespace.path()).map(|io| io.within(room.to_string()).sockets());
            sockets.into_iter().flatten().filter(|socket| hears(socket, &event.key)).collect::<Vec<_>>()
        };
        let room = Room::Load(load);
        for namespace in [Namespace::Dispatch, Namespace::Tracking] {
            for socket in inside(namespace, room.clone()) {
                socket.leave(room.to_string());
            }
        }
        let conversation = ConversationId(load.0);
        super::chat::show_out(inside(Namespace::Chat, Room::Conversation(conversation)), conversation);
    }

    /// Closes every socket of a person or of a session, in all namespaces. What let them in must be revoked before.
    pub fn close(&self, room: &Room) {
        for socket in self.sockets.within(room) {
            tokio::spawn(super::session::close(socket));
        }
    }
}

/// Whether a socket is one of those that a stream is for.
fn hears(socket: &SocketRef, key: &StreamKey) -> bool {
    let seat = socket.extensions.get::<Arc<Seat>>();
    seat.is_some_and(|seat| seat.caller().stream(key.namespace).as_ref() == Some(key))
}

fn send(io: BroadcastOperators, namespace: Namespace, receivers: usize, name: &str, message: &impl Serialize) {
    metrics::counter!(EMITS, "namespace" => namespace.path()).increment(1);
    metrics::counter!(DELIVERIES, "namespace" => namespace.path()).increment(receivers as u64);
    if let Some(Err(error)) = io.emit(name, message).now_or_never() {
        metrics::counter!(MISSED).increment(1);
        tracing::debug!(%error, name, "an event did not reach every socket");
    }
}

impl Outlet for SocketOutlet {
    fn deliver(&self, event: Arc<StoredEvent>) {
        let (key, name) = (&event.key, event.name.as_str());
        if key.stream == StreamName::Tenant && event.plain.is_some() {
            for sees_finance in [true, false] {
                let room = Room::tenant_by_finance(key.tenant, sees_finance);
                self.emit(key.namespace, room, name, &event.envelope(sees_finance));
            }
        } else {
            self.emit(key.namespace, Room::of_stream(key), name, &event.envelope(false));
        }
        self.show_out(&event);
    }

    fn tell_state(&self, key: &StreamKey, cursor: &Cursor) {
        let Cursor { epoch, seq } = cursor.clone();
        let state = StreamState { stream: key.stream.to_string(), epoch, seq, recovered: true };
        self.emit(key.namespace, Room::of_stream(key), STREAM_STATE, &state);
    }
}
