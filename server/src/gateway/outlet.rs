//! The way of published events to the sockets.

use super::rooms;
use crate::stream::{Outlet, StoredEvent, StreamKey, StreamName};
use app::events::{Cursor, STREAM_STATE, StreamState};
use serde::Serialize;
use socketioxide::SocketIo;
use std::sync::Arc;

pub struct SocketOutlet(pub SocketIo);

impl SocketOutlet {
    /// A socket whose buffer is full misses the event; it learns so by the next number or state of the stream.
    async fn emit(&self, key: &StreamKey, room: String, name: &str, message: &impl Serialize) {
        let Some(namespace) = self.0.of(key.namespace.path()) else { return };
        if let Err(error) = namespace.to(room).emit(name, message).await {
            tracing::debug!(%error, name, "an event did not reach every socket");
        }
    }
}

impl Outlet for SocketOutlet {
    async fn deliver(&self, event: Arc<StoredEvent>) {
        let (key, name) = (&event.key, event.name.as_str());
        if key.stream == StreamName::Tenant && event.plain.is_some() {
            for sees_finance in [true, false] {
                let room = rooms::tenant_by_finance(key.tenant, sees_finance);
                self.emit(key, room, name, &event.envelope(sees_finance)).await;
            }
        } else {
            self.emit(key, rooms::stream(key), name, &event.envelope(false)).await;
        }
    }

    async fn tell_state(&self, key: &StreamKey, cursor: &Cursor) {
        let Cursor { epoch, seq } = cursor.clone();
        let state = StreamState { stream: key.stream.to_string(), epoch, seq, recovered: true };
        self.emit(key, rooms::stream(key), STREAM_STATE, &state).await;
    }
}
