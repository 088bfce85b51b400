//! The numbered event streams: append in the transaction of the change, publish after the commit, replay.
//!
//! A change and its events are one transaction ([`Change`]). After the commit the [`Publisher`] hands each stream's
//! events to the sockets in the order of their numbers, and lets a client in exactly between two of them, so that it
//! gets what it missed and then what follows, without a gap and without a repetition.

mod change;
mod event;
mod event_service;
mod key;
mod line;
mod lookup;
mod publisher;
mod room;

pub use change::{Audience, Change};
pub use event::StoredEvent;
pub use event_service::{Broadcast, Broadcaster, EventService};
pub use key::{StreamKey, StreamName};
pub use publisher::{Attached, Outlet, Publisher};
pub use room::Room;

#[cfg(test)]
mod publisher_tests;
