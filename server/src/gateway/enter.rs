//! What happens when a client has been let in: its rooms, and what it missed.

use super::{Gateway, expiry, guard::Seat, rooms};
use crate::stream::Attached;
use app::events::{Namespace, STREAM_STATE, StreamState};
use socketioxide::extract::SocketRef;

/// The handler of a namespace that lets nobody in.
pub async fn nobody() {}

/// Joins the rooms of the claims and enters the stream of the audience that the client belongs to.
pub async fn enter(gateway: &Gateway, namespace: Namespace, socket: SocketRef) {
    let Some(seat) = socket.extensions.get::<Seat>() else {
        // The guard runs first, so this can't be; a socket without a person has no business here.
        let _ = socket.disconnect();
        return;
    };
    expiry::watch(gateway, &socket, &seat.claims);
    let caller = seat.claims.caller();
    let key = caller.stream(namespace);
    let stream_room = key.as_ref().map(rooms::stream);
    socket.join(rooms::from_claims(&caller, &seat.claims.sid, stream_room.as_deref()));
    // A logout between the guard and this room would not have found the socket.
    if gateway.door.is_revoked(&seat.claims) {
        return expiry::close(socket).await;
    }
    let Some((key, stream_room)) = key.zip(stream_room) else { return };

    let sees_finance = caller.sees_finance();
    let mut rooms = vec![stream_room];
    if caller.role.is_staff() {
        rooms.push(rooms::tenant_by_finance(caller.tenant, sees_finance));
    }
    let stream = key.stream.to_string();
    let from = seat.cursors.get(&stream).cloned();
    let entering = socket.clone();
    let attached = gateway.services.publisher.attach(&gateway.services.database, key, from, move |attached| {
        welcome(&entering, &stream, attached, rooms, sees_finance);
    });
    if let Err(error) = attached.await {
        tracing::error!(%error, "a client could not enter its stream");
        expiry::close(socket).await;
    }
}

/// Sends what was missed, joins the room, and says where the stream stands. Runs between two events of the stream.
fn welcome(socket: &SocketRef, stream: &str, attached: Attached, rooms: Vec<String>, sees_finance: bool) {
    let sent = attached.missed.iter().all(|event| socket.emit(&event.name, &event.envelope(sees_finance)).is_ok());
    socket.join(rooms);
    let state = StreamState {
        stream: stream.to_owned(),
        epoch: attached.cursor.epoch,
        seq: attached.cursor.seq,
        recovered: attached.recovered && sent,
    };
    if let Err(error) = socket.emit(STREAM_STATE, &state) {
        tracing::debug!(%error, "a client left while it entered its stream");
    }
    // Joining after the disconnection would leave the room a dead member.
    if !socket.connected() {
        socket.leave_all();
    }
}
