//! The rooms of a page: who is in when, as tables; and what holds on any path.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeSet, VecDeque};
use uuid::Uuid;

fn load(number: u128) -> Room {
    Room::Load(LoadId(Uuid::from_u128(number)))
}

fn joins(due: &Due) -> Vec<(Room, u32)> {
    let join = |say: &Say| match *say {
        Say::Join { room, ticket } => Some((room, ticket)),
        Say::Leave(_) => None,
    };
    due.say.iter().filter_map(join).collect()
}

/// The one room that is to be joined, with its ticket.
fn joined(rooms: &mut Rooms) -> u32 {
    let due = rooms.due(0);
    assert_eq!((due.say.len(), due.again_in), (1, None));
    joins(&due)[0].1
}

/// A page that is in one room.
fn inside() -> Rooms {
    let mut rooms = Rooms::default();
    rooms.connect();
    rooms.enter(load(1));
    let ticket = joined(&mut rooms);
    rooms.answered(load(1), ticket, Ok(()));
    assert_eq!(rooms.status(load(1)), RoomStatus::Joined);
    rooms
}

#[test]
fn a_room_is_joined_for_its_first_user_and_left_after_its_last() {
    let mut rooms = inside();
    rooms.enter(load(1));
    assert_eq!(rooms.due(0), Due::default(), "one join for both");
    assert!(!rooms.leave(load(1)));
    assert_eq!(rooms.due(0), Due::default(), "the other is still there");
    assert!(rooms.leave(load(1)));
    assert_eq!(rooms.due(0).say, [Say::Leave(load(1))]);
    assert_eq!(rooms.due(0), Due::default(), "left once");
}

#[test]
fn nothing_is_said_without_a_connection_and_all_after_each() {
    let mut rooms = Rooms::default();
    rooms.enter(load(1));
    rooms.enter(Room::TrackedLoad(LoadId(Uuid::from_u128(1))));
    assert_eq!(rooms.due(0), Due::default());
    for _ in 0..3 {
        rooms.connect();
        let due = rooms.due(0);
        assert_eq!(joins(&due).len(), 2, "the load's two rooms are two");
        for (room, ticket) in joins(&due) {
            rooms.answered(room, ticket, Ok(()));
        }
        assert_eq!(rooms.status(load(1)), RoomStatus::Joined);
        rooms.disconnect();
        assert_eq!(rooms.status(load(1)), RoomStatus::Joining);
        assert_eq!(rooms.due(0), Due::default());
    }
}

#[test]
fn a_room_that_is_left_without_a_connection_is_not_joined_again() {
    let mut rooms = inside();
    rooms.disconnect();
    rooms.leave(load(1));
    rooms.connect();
    assert_eq!(rooms.due(0), Due::default());
}

#[test]
fn the_answer_says_how_it_stands() {
    let refused = |code| Err(EmitError::Refused { code, message: "No.".into() });
    for (answer, status, asked_again) in [
        (Ok(()), RoomStatus::Joined, false),
        (refused(ErrorCode::NotFound), RoomStatus::Refused(ErrorCode::NotFound), false),
        (Err(EmitError::Unreadable), RoomStatus::Refused(ErrorCode::Internal), false),
        (Err(EmitError::TimedOut), RoomStatus::Joining, true),
        (Err(EmitError::NotConnected), RoomStatus::Joining, false),
    ] {
        let mut rooms = Rooms::default();
        rooms.connect();
        rooms.enter(load(1));
        let ticket = joined(&mut rooms);
        rooms.answered(load(1), ticket, answer.clone());
        assert_eq!(rooms.status(load(1)), status, "{answer:?}");
        assert_eq!(!rooms.due(0).say.is_empty(), asked_again, "{answer:?}");
        rooms.connect();
        assert_eq!(joins(&rooms.due(0)).len(), 1, "a new connection is a new chance: {answer:?}");
    }
}

#[test]
fn whoever_broke_a_limit_does_not_do_it_again_by_itself() {
    let mut rooms = Rooms::default();
    rooms.connect();
    rooms.enter(load(1));
    let ticket = joined(&mut rooms);
    let error = EmitError::Refused { code: ErrorCode::RateLimited, message: "Too many rooms.".into() };
    rooms.answered(load(1), ticket, Err(error));
    rooms.disconnect();
    rooms.connect();
    assert_eq!(rooms.due(0), Due::default());
    rooms.leave(load(1));
    rooms.due(0);
    rooms.enter(load(1));
    assert_eq!(joins(&rooms.due(0)).len(), 1, "somebody wants it anew");
}

#[test]
fn the_answer_to_an_earlier_join_says_nothing_of_a_later_one() {
    let mut rooms = Rooms::default();
    rooms.connect();
    rooms.enter(load(1));
    let first = joined(&mut rooms);
    rooms.leave(load(1));
    assert_eq!(rooms.due(0).say, [Say::Leave(load(1))]);
    rooms.enter(load(1));
    let second = joined(&mut rooms);
    rooms.answered(load(1), first, Err(EmitError::TimedOut));
    assert_eq!(rooms.due(0), Due::default());
    rooms.answered(load(1), second, Ok(()));
    assert_eq!(rooms.status(load(1)), RoomStatus::Joined);
}

#[test]
fn many_rooms_are_joined_a_few_in_a_second() {
    let mut rooms = Rooms::default();
    rooms.connect();
    for number in 0..100 {
        rooms.enter(load(number));
    }
    let first = rooms.due(5_000);
    assert_eq!((first.say.len(), first.again_in), (SAID_AT_ONCE, Some(1_000)));
    assert_eq!(rooms.due(5_400), Due { say: vec![], again_in: Some(600) });
    assert_eq!(rooms.due(6_000).say.len(), SAID_AT_ONCE);
    let last = rooms.due(7_000);
    assert_eq!((last.say.len(), last.again_in), (20, None));
}

/// What may happen on the way of a page.
#[derive(Debug, Clone, Copy)]
enum Chance {
    Enter(u128),
    Leave(u128),
    Connect,
    Disconnect,
    /// The server works off what it was told next, and its answer comes.
    Work,
    /// It works it off; the answer is lost in time.
    WorkUnheard,
    Wait(i64),
}

fn chances() -> impl Strategy<Value = Chance> {
    prop_oneof![
        3 => (0u128..4).prop_map(Chance::Enter),
        3 => (0u128..4).prop_map(Chance::Leave),
        1 => Just(Chance::Connect),
        1 => Just(Chance::Disconnect),
        4 => Just(Chance::Work),
        1 => Just(Chance::WorkUnheard),
        2 => (0i64..700).prop_map(Chance::Wait),
    ]
}

/// The server's half, which lets nobody into room 3.
#[derive(Default)]
struct World {
    rooms: Rooms,
    users: [u32; 4],
    now: i64,
    wire: VecDeque<Say>,
    inside: BTreeSet<Room>,
}

impl World {
    fn tell(&mut self) {
        let due = self.rooms.due(self.now);
        assert!(self.rooms.connected || due.say.is_empty());
        self.wire.extend(due.say);
    }

    fn work(&mut self, heard: bool) {
        match self.wire.pop_front() {
            None => {}
            Some(Say::Leave(room)) => assert!(self.inside.remove(&room) || room == load(3), "left without being in"),
            Some(Say::Join { room, ticket }) => {
                let refused = EmitError::Refused { code: ErrorCode::NotFound, message: "No.".into() };
                let answer = if room == load(3) { Err(refused) } else { Ok(()) };
                if answer.is_ok() {
                    self.inside.insert(room);
                }
                self.rooms.answered(room, ticket, if heard { answer } else { Err(EmitError::TimedOut) });
            }
        }
        self.tell();
    }

    fn happen(&mut self, chance: Chance) {
        match chance {
            Chance::Enter(number) => {
                self.users[number as usize] += 1;
                self.rooms.enter(load(number));
            }
            Chance::Leave(number) if self.users[number as usize] > 0 => {
                self.users[number as usize] -= 1;
                self.rooms.leave(load(number));
            }
            Chance::Leave(_) => {}
            Chance::Connect | Chance::Disconnect => {
                self.wire.clear();
                self.inside.clear();
                self.rooms.disconnect();
                if let Chance::Connect = chance {
                    self.rooms.connect();
                }
            }
            Chance::Work => return self.work(true),
            Chance::WorkUnheard => return self.work(false),
            Chance::Wait(millis) => self.now += millis,
        }
        self.tell();
    }
}

proptest! {
    #[test]
    fn at_rest_the_server_has_the_page_in_the_rooms_that_are_used_and_no_other(
        path in prop::collection::vec(chances(), 0..150),
    ) {
        let mut world = World::default();
        for chance in path {
            world.happen(chance);
        }
        world.happen(Chance::Connect);
        for _ in 0..40 {
            world.happen(Chance::Work);
            world.happen(Chance::Wait(1_000));
        }
        let used: BTreeSet<Room> = (0..3).filter(|number| world.users[*number as usize] > 0).map(load).collect();
        prop_assert_eq!(&world.inside, &used);
        for room in used {
            prop_assert_eq!(world.rooms.status(room), RoomStatus::Joined);
        }
        if world.users[3] > 0 {
            prop_assert_eq!(world.rooms.status(load(3)), RoomStatus::Refused(ErrorCode::NotFound));
        }
        prop_assert!(world.wire.is_empty());
        prop_assert_eq!(world.rooms.members.len(), world.users.iter().filter(|users| **users > 0).count());
    }
}
