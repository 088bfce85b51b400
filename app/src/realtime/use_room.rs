//! Keeps a screen in a room: one load's, one unit's, one conversation's.

use super::{
    rooms::{Room, RoomStatus},
    socket_provider::use_realtime,
};
use leptos::prelude::*;

/// Joins a room until the owner is cleaned up, and again after every loss of the connection. What the room hears comes
/// to [`use_socket_event`](super::use_socket_event) and to live queries like anything else.
///
/// Several on a page may use the same room: it is joined once, and left after the last. For a room that changes, call
/// it in an effect, which leaves the one before:
///
/// ```
/// # use app::{domain::id::LoadId, realtime::{Room, use_room}};
/// # use leptos::prelude::*;
/// # fn watch_the_chosen(chosen: Signal<Option<LoadId>>) {
/// Effect::new(move |_| {
///     if let Some(load) = chosen.get() {
///         use_room(Room::TrackedLoad(load));
///     }
/// });
/// # }
/// ```
pub fn use_room(room: Room) -> Signal<RoomStatus> {
    let realtime = use_realtime();
    let Some(hub) = realtime.hub() else { return Signal::stored(RoomStatus::Joining) };
    let status = untrack(|| hub.rooms.enter(&hub, room));
    on_cleanup(move || {
        if let Some(hub) = realtime.hub() {
            hub.rooms.leave(&hub, room);
        }
    });
    status.into()
}
