//! Which rooms the page is in: what is wanted against what the server was told, apart from sockets and clocks.
//!
//! A room is joined for its first user and left after its last. After a loss the server knows of none, so all are
//! joined again. Nobody hurries: the server closes a socket that sends too many commands in a second.

use super::emit::EmitError;
use crate::{
    api::ErrorCode,
    domain::id::{ConversationId, LoadId, SiteId, UnitId},
};
use std::collections::BTreeMap;

/// A room that is joined on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// The watchers of a load, in `/dispatch`.
    Load(LoadId),
    /// The watchers of a load on the road, in `/tracking`: its single positions.
    TrackedLoad(LoadId),
    /// The readings of every unit of a site.
    Site(SiteId),
    /// The readings of a unit.
    Unit(UnitId),
    /// Who writes in a conversation, and who has it open.
    Conversation(ConversationId),
}

/// How a page stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomStatus {
    /// Not in yet, or not in any more: it is joined as soon as there is a connection.
    Joining,
    Joined,
    /// The server does not let this person in.
    Refused(ErrorCode),
}

/// What to say to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// Answered by [`Rooms::answered`] with the ticket.
    Join {
        room: Room,
        ticket: u32,
    },
    Leave(Room),
}

/// What to say now, and when to ask again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Due {
    pub say: Vec<Say>,
    /// In so many milliseconds; none: not before something happens.
    pub again_in: Option<u32>,
}

/// What may be said in a second: less than the server takes, since other commands want room, too.
const SAID_AT_ONCE: usize = 40;
const SECOND: i64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// To be joined.
    Out,
    /// The answer to the join with this ticket is awaited.
    Asked(u32),
    In,
    /// No answer came: it is asked again, and left if it is not wanted any more.
    Unsure,
    /// To be joined with the next connection.
    Cut,
    Refused(ErrorCode),
}

#[derive(Debug)]
struct Member {
    users: u32,
    standing: Standing,
}

/// The rooms of the page. Times are milliseconds of the browser's clock.
#[derive(Debug, Default)]
pub struct Rooms {
    members: BTreeMap<Room, Member>,
    connected: bool,
    next_ticket: u32,
    /// When the second began in which so much was said.
    since: i64,
    said: usize,
}

impl Rooms {
    /// One more on the page wants to be in.
    pub fn enter(&mut self, room: Room) {
        self.members.entry(room).or_insert(Member { users: 0, standing: Standing::Out }).users += 1;
    }

    /// One less. Whether it was the last.
    pub fn leave(&mut self, room: Room) -> bool {
        let Some(member) = self.members.get_mut(&room) else { return false };
        member.users = member.users.saturating_sub(1);
        member.users == 0
    }

    /// A new connection: the server knows of no room.
    pub fn connect(&mut self) {
        self.connected = true;
        for member in self.members.values_mut() {
            // Who went beyond the limit would do so again and again.
            if member.standing != Standing::Refused(ErrorCode::RateLimited) {
                member.standing = Standing::Out;
            }
        }
    }

    pub fn disconnect(&mut self) {
        self.connected = false;
        for member in self.members.values_mut() {
            if matches!(member.standing, Standing::Asked(_) | Standing::In | Standing::Unsure) {
                member.standing = Standing::Cut;
            }
        }
    }

    /// The server's answer to a join. One that came too late to matter is dropped.
    pub fn answered(&mut self, room: Room, ticket: u32, answer: Result<(), EmitError>) {
        let Some(member) = self.members.get_mut(&room) else { return };
        if member.standing != Standing::Asked(ticket) {
            return;
        }
        member.standing = match answer {
            Ok(()) => Standing::In,
            Err(EmitError::Refused { code, .. }) => Standing::Refused(code),
            Err(EmitError::Unreadable) => Standing::Refused(ErrorCode::Internal),
            Err(EmitError::TimedOut) => Standing::Unsure,
            Err(EmitError::NotConnected) => Standing::Cut,
        };
    }

    /// What is to be said now. It counts as said.
    pub fn due(&mut self, now: i64) -> Due {
        // A clock that was put back begins a second anew.
        if !(0..SECOND).contains(&(now - self.since)) {
            self.since = now;
            self.said = 0;
        }
        let mut due = Due::default();
        let (connected, since) = (self.connected, self.since);
        let (said, next_ticket) = (&mut self.said, &mut self.next_ticket);
        self.members.retain(|room, member| {
            let wanted = member.users > 0;
            let is_due = connected
                && match member.standing {
                    Standing::Unsure => true,
                    Standing::Out => wanted,
                    Standing::Asked(_) | Standing::In => !wanted,
                    Standing::Cut | Standing::Refused(_) => false,
                };
            if !is_due {
                return wanted;
            }
            if *said == SAID_AT_ONCE {
                due.again_in = u32::try_from(since + SECOND - now).ok();
                return true;
            }
            *said += 1;
            if !wanted {
                due.say.push(Say::Leave(*room));
                return false;
            }
            let ticket = *next_ticket;
            *next_ticket = ticket.wrapping_add(1);
            member.standing = Standing::Asked(ticket);
            due.say.push(Say::Join { room: *room, ticket });
            true
        });
        due
    }

    pub fn status(&self, room: Room) -> RoomStatus {
        match self.members.get(&room).map(|member| member.standing) {
            Some(Standing::In) => RoomStatus::Joined,
            Some(Standing::Refused(code)) => RoomStatus::Refused(code),
            _ => RoomStatus::Joining,
        }
    }
}

#[cfg(test)]
#[path = "rooms_tests.rs"]
mod tests;
