//! Keeps the page in the rooms that it uses: says what `rooms` decides, and shows how the page stands to each.

use super::{
    alarm::Alarm,
    emit::{Message, OnAnswer},
    hub::Hub,
    link,
    rooms::{Room, RoomStatus, Rooms, Say},
};
use crate::events::{
    JoinConversation, JoinLoad, LeaveConversation, LeaveLoad, SubscribeSite, SubscribeUnit, TrackLoad, UnsubscribeSite,
    UnsubscribeUnit, UntrackLoad,
};
use leptos::prelude::*;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

#[derive(Default)]
pub struct RoomKeeper {
    rooms: RefCell<Rooms>,
    shown: RefCell<BTreeMap<Room, ArcRwSignal<RoomStatus>>>,
    /// Rings when more may be said.
    alarm: Alarm,
}

impl RoomKeeper {
    pub fn enter(&self, hub: &Rc<Hub>, room: Room) -> ArcRwSignal<RoomStatus> {
        self.rooms.borrow_mut().enter(room);
        let status =
            self.shown.borrow_mut().entry(room).or_insert_with(|| ArcRwSignal::new(RoomStatus::Joining)).clone();
        self.proceed(hub);
        status
    }

    pub fn leave(&self, hub: &Rc<Hub>, room: Room) {
        if self.rooms.borrow_mut().leave(room) {
            self.shown.borrow_mut().remove(&room);
        }
        self.proceed(hub);
    }

    pub fn connected(&self, hub: &Rc<Hub>) {
        self.rooms.borrow_mut().connect();
        self.proceed(hub);
    }

    pub fn disconnected(&self) {
        self.alarm.stop();
        self.rooms.borrow_mut().disconnect();
        self.show();
    }

    pub fn count(&self) -> usize {
        self.shown.borrow().len()
    }

    fn proceed(&self, hub: &Rc<Hub>) {
        let due = self.rooms.borrow_mut().due(link::now());
        for say in due.say {
            match say {
                Say::Join { room, ticket } => hub.send(join(room), on_join(hub, room, ticket)),
                // If that fails, the connection is gone, and with it the room.
                Say::Leave(room) => hub.send(leave(room), Box::new(|_| {})),
            }
        }
        if let Some(millis) = due.again_in {
            let hub = Rc::downgrade(hub);
            self.alarm.set(millis, move || {
                if let Some(hub) = hub.upgrade() {
                    hub.rooms.proceed(&hub);
                }
            });
        }
        self.show();
    }

    fn show(&self) {
        let shown: Vec<_> = self.shown.borrow().iter().map(|(room, signal)| (*room, signal.clone())).collect();
        for (room, signal) in shown {
            let status = self.rooms.borrow().status(room);
            if signal.get_untracked() != status {
                signal.set(status);
            }
        }
    }
}

fn on_join(hub: &Rc<Hub>, room: Room, ticket: u32) -> OnAnswer {
    let hub = Rc::downgrade(hub);
    Box::new(move |answer| {
        if let Some(hub) = hub.upgrade() {
            hub.rooms.rooms.borrow_mut().answered(room, ticket, answer.map(drop));
            hub.rooms.proceed(&hub);
        }
    })
}

fn join(room: Room) -> Message {
    match room {
        Room::Load(load_id) => Message::of(&JoinLoad { load_id }),
        Room::TrackedLoad(load_id) => Message::of(&TrackLoad { load_id }),
        Room::Site(site_id) => Message::of(&SubscribeSite { site_id }),
        Room::Unit(unit_id) => Message::of(&SubscribeUnit { unit_id }),
        Room::Conversation(conversation_id) => Message::of(&JoinConversation { conversation_id }),
    }
}

fn leave(room: Room) -> Message {
    match room {
        Room::Load(load_id) => Message::of(&LeaveLoad { load_id }),
        Room::TrackedLoad(load_id) => Message::of(&UntrackLoad { load_id }),
        Room::Site(site_id) => Message::of(&UnsubscribeSite { site_id }),
        Room::Unit(unit_id) => Message::of(&UnsubscribeUnit { unit_id }),
        Room::Conversation(conversation_id) => Message::of(&LeaveConversation { conversation_id }),
    }
}
