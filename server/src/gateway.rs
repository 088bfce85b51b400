//! Socket.IO: who is let in, which rooms they are in, what they may ask, and how events reach them.

mod answer;
mod chat;
mod connections;
mod enter;
mod expiry;
mod farewell;
mod guard;
pub mod handshake;
mod inbox;
mod load_rooms;
mod notifications;
mod outlet;
pub mod polls;
mod presence;
mod protocol;
mod request_rooms;
mod seat;
mod sensors;
mod session;
mod sockets;
mod throttle;
mod tracking;

pub use chat::elsewhere::{Talk, hear as hear_talk};
pub use farewell::say_goodbye;
pub use outlet::SocketOutlet;

use crate::{
    auth::Door,
    listen::OpenConnections,
    relay::Relay,
    services::Services,
    settings::{Limits, Settings},
};
use app::events::Namespace;
use chat::elsewhere::Elsewhere;
use expiry::ExpiryClock;
use protocol::Protocol;
use seat::Seat;
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler, layer::SocketIoLayer};
use sockets::Sockets;
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use throttle::ConnectThrottle;

/// What the namespaces work with.
pub struct Gateway {
    pub services: Services,
    pub door: Door,
    pub limits: Limits,
    /// The way to the sockets of this node.
    io: SocketIo,
    sockets: Sockets,
    relay: Relay,
    elsewhere: Elsewhere,
    protocol: Protocol,
    /// The connections below, once the server listens.
    open: OnceLock<OpenConnections>,
    connects: ConnectThrottle,
    expiry: ExpiryClock,
    /// How long before its end a socket is told that its login runs out.
    expiry_warning_millis: i64,
}

impl Gateway {
    pub fn new(settings: &Settings, services: Services, door: Door, outlet: SocketOutlet, relay: Relay) -> Self {
        let clock = services.clock.clone();
        let expiry = ExpiryClock::start(move || clock.now(), &services.supervisor);
        Self {
            services,
            door,
            limits: settings.limits.clone(),
            io: outlet.io,
            sockets: outlet.sockets,
            relay,
            elsewhere: Elsewhere::default(),
            protocol: protocol::table(),
            open: OnceLock::new(),
            connects: ConnectThrottle::new(&settings.limits),
            expiry,
            expiry_warning_millis: settings.auth.expiry_warning.millis(),
        }
    }

    /// Makes the connections known that the server has open, so that one of them can be ended.
    pub fn know_connections(&self, open: OpenConnections) {
        let _ = self.open.set(open);
    }
}

/// Packets that wait for one connection. Must hold a whole replay of each namespace and what happens meanwhile.
fn buffer_size(settings: &Settings) -> usize {
    Namespace::ALL.len() * settings.realtime.replay_cap as usize + 256
}

/// Bytes that are read from a WebSocket at once. Commands are small, and every connection keeps a buffer of this size.
const READ_BUFFER: usize = 1024;

/// The Socket.IO server, still without namespaces.
pub fn build(settings: &Settings) -> (SocketIoLayer, SocketIo) {
    let message_bytes = settings.limits.message_bytes;
    SocketIo::builder()
        .max_payload(message_bytes as u64)
        .ws_read_buffer_size(READ_BUFFER)
        .ws_max_message_size(message_bytes)
        .ws_max_frame_size(message_bytes)
        .max_buffer_size(buffer_size(settings))
        .connect_timeout(Duration::from_secs(10))
        .build_layer()
}

/// Opens the namespaces. What each answers to stands in `protocol`.
pub fn register(io: &SocketIo, gateway: Arc<Gateway>) {
    io.ns("/", enter::nobody.with(guard::refuse_root));
    for namespace in Namespace::ALL {
        let gateway = gateway.clone();
        let guard = move |socket: SocketRef, handshake: guard::Handshake| {
            let gateway = gateway.clone();
            async move {
                let seat = guard::check(&gateway, namespace, &socket, handshake).await?;
                // Here and not in `enter`, which runs after the client was told that it is connected: what it sends at
                // once would find nobody to answer.
                socket.on_disconnect(async move |socket: SocketRef| leave(&seat, &socket));
                protocol::listen(&socket);
                Ok::<(), guard::Refusal>(())
            }
        };
        io.ns(namespace.path(), enter::enter.with(guard));
    }
}

/// What remains to be done when a socket has left.
fn leave(seat: &Arc<Seat>, socket: &SocketRef) {
    chat::part(seat, socket);
    seat.gateway.sockets.remove(seat);
    seat.gateway.expiry.forget(seat);
    presence::leave(seat);
}
