//! Socket.IO: who is let in, which rooms they are in, and how events reach them.

mod answer;
mod dispatch;
mod enter;
mod expiry;
mod guard;
mod outlet;
mod rooms;

pub use outlet::SocketOutlet;

use crate::{
    auth::{Door, token::Claims},
    services::Services,
    settings::Settings,
};
use app::events::Namespace;
use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler, layer::SocketIoLayer};
use std::{sync::Arc, time::Duration};

/// What the namespaces work with.
#[derive(Clone)]
pub struct Gateway {
    pub services: Services,
    pub door: Door,
    /// Rooms that one socket may have joined on request.
    pub rooms_per_socket: usize,
    /// How long before its end a socket is told that its login runs out.
    pub expiry_warning: Duration,
}

/// Packets that wait for one connection. Must hold a whole replay of each namespace and what happens meanwhile.
fn buffer_size(settings: &Settings) -> usize {
    Namespace::ALL.len() * settings.realtime.replay_cap as usize + 256
}

/// The Socket.IO server, still without namespaces.
pub fn build(settings: &Settings) -> (SocketIoLayer, SocketIo) {
    let message_bytes = settings.limits.message_bytes;
    SocketIo::builder()
        .max_payload(message_bytes as u64)
        .ws_max_message_size(message_bytes)
        .ws_max_frame_size(message_bytes)
        .max_buffer_size(buffer_size(settings))
        .connect_timeout(Duration::from_secs(10))
        .build_layer()
}

/// The index of the protocol: each namespace, who may connect, and what it answers to.
pub fn register(io: &SocketIo, gateway: Gateway) {
    io.ns("/", enter::nobody.with(guard::refuse_root));
    for namespace in Namespace::ALL {
        let gateway = Arc::new(gateway.clone());
        let entered = gateway.clone();
        let enter = move |socket: SocketRef| {
            let gateway = entered.clone();
            async move { enter::enter(&gateway, namespace, socket).await }
        };
        let guard = move |socket: SocketRef, handshake: guard::Handshake| {
            let gateway = gateway.clone();
            async move {
                guard::check(&gateway.door, &socket, handshake)?;
                // Here and not in `enter`, which runs after the client was told that it is connected: what it sends at
                // once would find nobody to answer.
                listen(&gateway, namespace, &socket);
                Ok::<(), guard::Refusal>(())
            }
        };
        io.ns(namespace.path(), enter.with(guard));
    }
}

/// What a namespace answers to.
fn listen(gateway: &Arc<Gateway>, namespace: Namespace, socket: &SocketRef) {
    match namespace {
        Namespace::Events => {}
        Namespace::Dispatch => dispatch::listen(gateway, socket),
    }
    answer::refuse_unknown(socket);
}

/// Closes every socket of a session.
pub async fn close_session(io: &SocketIo, claims: &Claims) {
    for namespace in Namespace::ALL {
        if let Some(sockets) = io.of(namespace.path())
            && let Err(error) = sockets.to(rooms::session(&claims.sid)).disconnect().await
        {
            tracing::warn!(%error, "a socket of a session that was logged out could not be closed");
        }
    }
}
