//! How live the page is, and the button that tries again.

use super::socket_provider::use_realtime;
use leptos::prelude::*;

/// Whether events come over the socket, and what is done about it if not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketStatus {
    /// The first connection is under way.
    Connecting,
    /// Every namespace is connected.
    Connected,
    /// The connection was lost; this attempt, counted from 1, is under way or about to begin.
    Reconnecting { attempt: u32 },
    /// There is no socket: the screen asks for what happened every so many seconds, and probes look for the socket.
    Polling { every: u32 },
    /// The browser has no network, or the connection was closed on purpose.
    Offline,
}

/// How Socket.IO is carried. Events come at once by either; long polling costs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    #[default]
    WebSocket,
    /// HTTP requests that wait for their answer: where a proxy lets no WebSocket through.
    LongPolling,
}

impl Transport {
    /// As the client names it.
    #[cfg_attr(not(all(target_arch = "wasm32", feature = "hydrate")), allow(dead_code, reason = "only a browser says"))]
    pub(super) fn from_name(name: &str) -> Self {
        if name == "polling" { Transport::LongPolling } else { Transport::WebSocket }
    }
}

/// How the connection of the [`SocketProvider`](super::SocketProvider) around is carried, while there is one.
pub fn use_transport() -> Signal<Transport> {
    use_realtime().transport()
}

/// The status of the connection of the [`SocketProvider`](super::SocketProvider) around; `Offline` without one.
pub fn use_socket_status() -> Signal<SocketStatus> {
    use_realtime().status()
}

/// Tries to connect at once: what a "Retry now" button does. Does nothing while connected.
pub fn use_reconnect() -> impl Fn() + Copy + Send + Sync + 'static {
    let realtime = use_realtime();
    move || realtime.reconnect()
}

/// Closes the connection for good, as a logout does before it leaves the page.
pub fn use_close() -> impl Fn() + Copy + Send + Sync + 'static {
    let realtime = use_realtime();
    move || realtime.close()
}
