//! The realtime kit: what a page needs to be live, and nothing of sockets.
//!
//! [`SocketProvider`] keeps one connection for all below it. [`use_live_query`] makes a screen of a snapshot and the
//! events after it; [`use_socket_event`] hears one kind of event; [`use_socket_status`] says how live all this is.
//!
//! [`use_room`] hears what only a room is told, [`use_presence`] knows who else is there, [`use_emit_with_ack`] sends a
//! command and awaits its answer. `docs/REALTIME-KIT.md` shows each at work, and how to add events, commands and rooms.
//!
//! Four parts decide and touch nothing, and are tested natively: `reconnect` (when to try again), `fold` (what becomes
//! of an event), `rooms` (which to join) and `presence` (who is online). `hub`, `query` and the keepers carry out what
//! they decide; `event_feed` brings events to handlers; `link` is the way to the browser.

mod alarm;
mod emit;
mod event_feed;
mod fold;
#[cfg(any(test, doctest))]
mod guide;
mod handlers;
mod hub;
mod link;
mod once;
mod places;
mod presence;
mod presence_keeper;
mod query;
mod reconnect;
mod renewal;
mod ring;
mod room_keeper;
mod rooms;
mod socket_config;
mod socket_provider;
mod use_live_query;
mod use_presence;
mod use_ring;
mod use_room;
mod use_socket_event;
mod use_socket_status;
#[cfg(all(debug_assertions, target_arch = "wasm32", feature = "hydrate"))]
mod workbench;

pub use emit::EmitError;
pub use link::leave_for_login;
pub use presence::Presence;
pub use ring::Ring;
pub use rooms::{Room, RoomStatus};
pub use socket_config::{Screen, SocketConfig};
pub use socket_provider::{Answered, Realtime, SocketProvider, use_emit_with_ack, use_realtime};
pub use use_live_query::{LiveModel, LiveQuery, use_live_query};
pub use use_presence::{use_presence, use_presence_view};
pub use use_ring::use_ring;
pub use use_room::use_room;
pub use use_socket_event::use_socket_event;
pub use use_socket_status::{SocketStatus, Transport, use_close, use_reconnect, use_socket_status, use_transport};

#[cfg(test)]
#[path = "realtime/hooks_tests.rs"]
mod hooks_tests;
