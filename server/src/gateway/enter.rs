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
    stream::{Attached, Room, StoredEvent, StreamKey},
};
use app::{
    domain::role::Role,
    events::{STREAM_STATE, StreamState},
};
use socketioxide::extract::SocketRef;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Semaphore;

/// After so many events of a replay others have a turn.
const TURN: usize = 50;

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
    let visit = Visit { seat: seat.clone(), socket: socket.clone() };
    let replays = gateway.sockets.add(&visit);
    gateway.expiry.watch(visit.clone());
    presence::join(&visit);
    let caller = claims.caller();
    let streams = caller.streams(seat.namespace);
    let rooms = rooms_of_claims(&caller, &claims.sid, &seat, &streams);
    socket.join(names(&rooms));
    let of_streams = rooms.into_iter().filter(|room| matches!(room, Room::User(_) | Room::Carrier(_)));
    gateway.sockets.count_in(&seat, of_streams);
    // Who is shut out from now on is found among the sockets; who was between the guard and that is not.
    if gateway.door.is_revoked(&claims) {
        return session::close(socket).await;
    }
    let mut cursors = seat.take_cursors();
    for key in streams {
        let mut rooms = vec![Room::of_stream(&key)];
        if key.stream == crate::stream::StreamName::Tenant {
            rooms.push(Room::tenant_by_finance(caller.tenant, caller.sees_finance()));
        }
        let stream = key.stream.to_string();
        let from = cursors.remove(&stream);
        let replay = Arc::new(Replay {
            visit: visit.clone(),
            sees_finance: caller.sees_finance(),
            turns: replays.clone(),
            is_whole: AtomicBool::new(true),
        });
        let before = |missed| replay.clone().send_all(missed);
        let last = replay.clone();
        let attached = gateway.services.publisher.attach(key, from, before, move |attached| {
            last.end(stream, attached, rooms);
        });
        if let Err(error) = attached.await {
            if matches!(error, StoreError::Sql(sqlx::Error::PoolClosed)) {
                tracing::debug!("a client came while the server stopped");
            } else {
                tracing::error!(%error, "a client could not enter its stream");
            }
            return session::close(socket).await;
        }
        if !socket.connected() || seat.is_deaf() {
            return;
        }
    }
}

/// What a client missed of a stream, on its way to the client.
struct Replay {
    visit: Visit,
    sees_finance: bool,
    /// A person's replays are sent one after the other, however many sockets ask for one.
    turns: Arc<Semaphore>,
    /// Whether everything was sent so far.
    is_whole: AtomicBool,
}

impl Replay {
    /// Sends what was missed, apart from the task that delivers to everybody, and lets others have turns.
    async fn send_all(self: Arc<Self>, missed: Vec<Arc<StoredEvent>>) {
        let _turn = self.turns.acquire().await;
        for some in missed.chunks(TURN) {
            self.send(some);
            tokio::task::yield_now().await;
        }
    }

    fn send(&self, missed: &[Arc<StoredEvent>]) {
        if !self.is_whole.load(Ordering::Relaxed) {
            return;
        }
        let socket = &self.visit.socket;
        let sent = missed.iter().all(|event| socket.emit(&event.name, &event.envelope(self.sees_finance)).is_ok());
        self.is_whole.store(sent, Ordering::Relaxed);
        metrics::counter!(REPLAYED_EVENTS).increment(missed.len() as u64);
    }

    /// Sends what came since, joins the rooms, and says where the stream stands. Runs between two events of the stream.
    fn end(&self, stream: String, attached: Attached, rooms: Vec<Room>) {
        let (seat, socket) = (&self.visit.seat, &self.visit.socket);
        self.send(&attached.missed);
        socket.join(names(&rooms));
        seat.gateway.sockets.count_in(seat, rooms);
        let recovered = attached.recovered && self.is_whole.load(Ordering::Relaxed);
        metrics::counter!(REPLAYS, "outcome" => if recovered { "recovered" } else { "anew" }).increment(1);
        let state = StreamState { stream, epoch: attached.cursor.epoch, seq: attached.cursor.seq, recovered };
        if let Err(error) = socket.emit(STREAM_STATE, &state) {
            tracing::debug!(%error, "a client left while it entered its stream");
        }
        // Joining after the disconnection would leave the room a dead member; and one that is being closed hears no more.
        if !socket.connected() || seat.is_deaf() {
            socket.leave_all();
        }
    }
}

/// The rooms that a client is in from the start, apart from those of its streams, which are joined with the streams.
fn rooms_of_claims(caller: &Caller, session: &str, seat: &Seat, streams: &[StreamKey]) -> Vec<Room> {
    let mut rooms = vec![Room::Session(session.to_owned()), Room::Role(caller.tenant, caller.role)];
    rooms.extend(caller.person.as_ref().map(|person| Room::User(person.id)));
    // A driver belongs to a carrier, too, but sees own loads only.
    rooms.extend(caller.carrier.filter(|_| caller.role == Role::Carrier).map(Room::Carrier));
    if seat.namespace == app::events::Namespace::Tracking && caller.role.is_staff() {
        let tenant = caller.tenant;
        rooms.push(if seat.takes_batches { Room::TenantBatch(tenant) } else { Room::TenantSingle(tenant) });
    }
    rooms.retain(|room| !streams.iter().any(|stream| Room::of_stream(stream) == *room));
    rooms
}

fn names(rooms: &[Room]) -> Vec<String> {
    rooms.iter().map(Room::to_string).collect()
}
