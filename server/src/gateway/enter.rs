//! What happens when a client has been let in: its rooms, and what it missed.

use super::{
    presence,
    seat::{Seat, Visit},
    session,
};
use crate::{
    metrics::{REPLAYED_EVENTS, REPLAYS},
    services::Caller,
    store::StoreError,
    stream::{Attached, Room, StreamKey},
};
use app::{
    domain::role::Role,
    events::{STREAM_STATE, StreamState},
};
use socketioxide::extract::SocketRef;
use std::sync::Arc;

/// The handler of a namespace that lets nobody in.
pub async fn nobody() {}

/// Joins the rooms of the claims and enters the streams of the audiences that the client belongs to.
pub async fn enter(socket: SocketRef) {
    let Some(seat) = socket.extensions.get::<Arc<Seat>>() else {
        // The guard runs first, so this can't be; a socket without a person has no business here.
        let _ = socket.disconnect();
        return;
    };
    let (gateway, claims) = (seat.gateway.clone(), seat.claims());
    gateway.expiry.watch(Visit { seat: seat.clone(), socket: socket.clone() });
    presence::join(&Visit { seat: seat.clone(), socket: socket.clone() });
    let caller = claims.caller();
    let streams = caller.streams(seat.namespace);
    socket.join(rooms_of_claims(&caller, &claims.sid, &seat, &streams));
    // A logout between the guard and this room would not have found the socket.
    if gateway.door.is_revoked(&claims) {
        return session::close(socket).await;
    }
    let mut cursors = seat.take_cursors();
    for key in streams {
        let mut rooms = vec![Room::of_stream(&key).to_string()];
        if key.stream == crate::stream::StreamName::Tenant {
            rooms.push(Room::tenant_by_finance(caller.tenant, caller.sees_finance()).to_string());
        }
        let (stream, sees_finance, entering) = (key.stream.to_string(), caller.sees_finance(), socket.clone());
        let from = cursors.remove(&stream);
        let attached = gateway.services.publisher.attach(key, from, move |attached| {
            welcome(&entering, stream, attached, rooms, sees_finance);
        });
        if let Err(error) = attached.await {
            if matches!(error, StoreError::Sql(sqlx::Error::PoolClosed)) {
                tracing::debug!("a client came while the server stopped");
            } else {
                tracing::error!(%error, "a client could not enter its stream");
            }
            return session::close(socket).await;
        }
    }
}

/// Sends what was missed, joins the room, and says where the stream stands. Runs between two events of the stream.
fn welcome(socket: &SocketRef, stream: String, attached: Attached, rooms: Vec<String>, sees_finance: bool) {
    let sent = attached.missed.iter().all(|event| socket.emit(&event.name, &event.envelope(sees_finance)).is_ok());
    socket.join(rooms);
    let recovered = attached.recovered && sent;
    metrics::counter!(REPLAYS, "outcome" => if recovered { "recovered" } else { "anew" }).increment(1);
    metrics::counter!(REPLAYED_EVENTS).increment(attached.missed.len() as u64);
    let state = StreamState { stream, epoch: attached.cursor.epoch, seq: attached.cursor.seq, recovered };
    if let Err(error) = socket.emit(STREAM_STATE, &state) {
        tracing::debug!(%error, "a client left while it entered its stream");
    }
    // Joining after the disconnection would leave the room a dead member.
    if !socket.connected() {
        socket.leave_all();
    }
}

/// The rooms that a client is in from the start, apart from those of its streams, which are joined with the streams.
fn rooms_of_claims(caller: &Caller, session: &str, seat: &Seat, streams: &[StreamKey]) -> Vec<String> {
    let mut rooms = vec![Room::Session(session.to_owned()), Room::Role(caller.tenant, caller.role)];
    rooms.extend(caller.person.as_ref().map(|person| Room::User(person.id)));
    // A driver belongs to a carrier, too, but sees own loads only.
    rooms.extend(caller.carrier.filter(|_| caller.role == Role::Carrier).map(Room::Carrier));
    if seat.namespace == app::events::Namespace::Tracking && caller.role.is_staff() {
        let tenant = caller.tenant;
        rooms.push(if seat.takes_batches { Room::TenantBatch(tenant) } else { Room::TenantSingle(tenant) });
    }
    rooms.retain(|room| !streams.iter().any(|stream| Room::of_stream(stream) == *room));
    rooms.iter().map(Room::to_string).collect()
}
