//! The way of events to the sockets of this node.

use super::sockets::Sockets;
use crate::{
    metrics::{DELIVERIES, EMITS, MISSED},
    stream::{Broadcast, Outlet, Room, StoredEvent, StreamKey, StreamName},
};
use app::domain::id::ConversationId;
use app::events::{Cursor, Event, LoadDeleted, Namespace, STREAM_STATE, StreamState};
use futures::FutureExt;
use serde::Serialize;
use socketioxide::{SocketIo, operators::BroadcastOperators};
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
        let audience = Room::of_stream(&event.key).to_string();
        for namespace in [Namespace::Dispatch, Namespace::Tracking] {
            if let Some(io) = self.io.of(namespace.path()) {
                io.to(audience.clone()).leave(Room::Load(load).to_string()).now_or_never();
            }
        }
        if let Some(io) = self.io.of(Namespace::Chat.path()) {
            super::chat::show_out(io.to(audience).sockets(), ConversationId(load.0));
        }
    }

    /// Closes every socket of a person or of a session, in all namespaces. What let them in must be revoked before.
    pub fn close(&self, room: &Room) {
        for socket in self.sockets.within(room) {
            tokio::spawn(super::session::close(socket));
        }
    }
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
