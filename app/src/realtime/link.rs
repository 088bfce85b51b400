//! The way to the browser: sockets, timers, its clock. On the server there is none, and nothing of it is called.

#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
mod browser;
#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
pub use browser::{Link, Timer, is_online, jitter, leave_for_login, now};
#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
pub use leptos::task::spawn_local as spawn;

#[cfg(not(all(target_arch = "wasm32", feature = "hydrate")))]
mod no_browser;
#[cfg(not(all(target_arch = "wasm32", feature = "hydrate")))]
#[cfg(test)]
pub use no_browser::run_tasks;
#[cfg(not(all(target_arch = "wasm32", feature = "hydrate")))]
pub use no_browser::{Link, Timer, is_online, jitter, leave_for_login, now, spawn};

use super::use_socket_status::Transport;
use crate::events::Namespace;

/// Whether this is the browser, where things live on.
pub const IN_BROWSER: bool = cfg!(all(target_arch = "wasm32", feature = "hydrate"));

/// What the browser reports of the connection and of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(all(target_arch = "wasm32", feature = "hydrate")), allow(dead_code, reason = "only a browser reports"))]
pub enum Change {
    /// Every namespace is connected, in this way. Said again when the way changes.
    Connected(Transport),
    /// A namespace was connected and is not any more.
    Lost,
    /// A namespace could not be connected; with the message, which is JSON where it is the server's.
    Refused(String),
    Online,
    Offline,
    /// The tab came back into view.
    Visible,
}

/// What a link tells, and asks.
#[cfg_attr(not(all(target_arch = "wasm32", feature = "hydrate")), allow(dead_code, reason = "only a browser calls"))]
pub struct Callbacks {
    /// Events as JSON: `[[namespace, name, payload], …]`; and, among them, answers: `["", number, answer]`.
    pub batch: Box<dyn Fn(String)>,
    pub change: Box<dyn Fn(Change)>,
    /// The places known in the streams of a namespace, as JSON.
    pub cursors: Box<dyn Fn(Namespace) -> String>,
    /// How many handlers there are, for who looks for leaks.
    pub handlers: Box<dyn Fn() -> u32>,
}
