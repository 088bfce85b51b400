//! Joining and leaving rooms on request. Whether one may is checked before.

use super::{answer::Refused, seat::Visit};
use crate::stream::Room;

/// Joins a room, unless the socket is in too many. A socket's commands are worked off one by one, so that none slips past.
pub fn join(visit: &Visit, room: &Room) -> Result<(), Refused> {
    let name = room.to_string();
    let most = visit.gateway().limits.rooms_per_socket;
    let joined = visit.socket.rooms().into_iter().filter(|joined| Room::is_on_request(joined) && **joined != *name);
    if joined.count() >= most {
        return Err(Refused::breach(format!("A socket joins at most {most} rooms.")));
    }
    visit.socket.join(name);
    // Joining after the disconnection would leave the room a dead member; and one that is being closed hears no more.
    if !visit.socket.connected() || visit.seat.is_deaf() {
        visit.socket.leave_all();
    }
    Ok(())
}

pub fn leave(visit: &Visit, room: &Room) {
    visit.socket.leave(room.to_string());
}
