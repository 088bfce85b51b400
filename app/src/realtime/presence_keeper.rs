//! Keeps who is online for all of the page that want to know, and tells others what the page shows.

use super::{
    alarm::Alarm,
    emit::{EmitError, Message, read_fields},
    hub::Hub,
    presence::{Presence, PresenceFold, PresenceHeard},
};
use crate::events::{Event, ListPresence, PresenceUpdate, RawEnvelope, UserOffline, UserOnline, View, ViewPresence};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

/// What is shown changes with every key that moves through a list: others are told where it came to rest.
/// Milliseconds.
const AT_REST: u32 = 150;

#[derive(Default)]
pub struct PresenceKeeper {
    presence: ArcRwSignal<Presence>,
    fold: RefCell<PresenceFold>,
    users: Cell<u32>,
    handlers: RefCell<Vec<u32>>,
    /// What the parts of the page show; the last one counts.
    views: RefCell<BTreeMap<u32, View>>,
    next_view: Cell<u32>,
    /// What the server was told over this connection.
    told: RefCell<Option<View>>,
    alarm: Alarm,
}

impl PresenceKeeper {
    /// One more on the page wants to know who is online.
    pub fn enter(&self, hub: &Rc<Hub>) -> ArcRwSignal<Presence> {
        if self.users.replace(self.users.get() + 1) == 0 {
            *self.handlers.borrow_mut() = vec![
                hear::<UserOnline>(hub, PresenceHeard::Online),
                hear::<UserOffline>(hub, PresenceHeard::Offline),
                hear::<PresenceUpdate>(hub, PresenceHeard::Update),
            ];
            self.ask(hub);
        }
        self.presence.clone()
    }

    pub fn leave(&self, hub: &Rc<Hub>) {
        self.users.set(self.users.get().saturating_sub(1));
        if self.users.get() == 0 {
            self.handlers.take().into_iter().for_each(|key| hub.handlers.remove(key));
        }
    }

    /// A part of the page shows something. The key by which it says so again.
    pub fn add_view(&self) -> u32 {
        self.next_view.replace(self.next_view.get().wrapping_add(1))
    }

    /// What a part of the page shows; none: it shows nothing any more.
    pub fn show(&self, hub: &Rc<Hub>, key: u32, view: Option<View>) {
        match view {
            Some(view) => self.views.borrow_mut().insert(key, view),
            None => self.views.borrow_mut().remove(&key),
        };
        let hub = Rc::downgrade(hub);
        self.alarm.set(AT_REST, move || {
            if let Some(hub) = hub.upgrade() {
                hub.presence.rest(&hub);
            }
        });
    }

    pub fn connected(&self, hub: &Rc<Hub>) {
        self.told.take();
        self.rest(hub);
        self.ask(hub);
    }

    /// The page is left.
    pub fn end(&self) {
        self.alarm.stop();
    }

    pub fn count(&self) -> usize {
        self.views.borrow().len()
    }

    /// Says what the page shows, if the server does not know.
    pub fn rest(&self, hub: &Rc<Hub>) {
        if !hub.is_connected() {
            return;
        }
        let shown = self.views.borrow().last_key_value().map(|(_, view)| view.clone());
        if *self.told.borrow() == shown {
            return;
        }
        *self.told.borrow_mut() = shown.clone();
        hub.send(Message::of(&ViewPresence(shown)), Box::new(|_| {}));
    }

    fn ask(&self, hub: &Rc<Hub>) {
        if self.users.get() == 0 || !hub.is_connected() {
            return;
        }
        let question = self.fold.borrow_mut().ask();
        let weak = Rc::downgrade(hub);
        let on_answer = move |answer| {
            let Some(hub) = weak.upgrade() else { return };
            match read_fields::<ListPresence>(answer) {
                Ok(list) => hub.presence.change(|fold, presence| fold.listed(presence, question, list.users)),
                Err(error) => {
                    let was_last = hub.presence.fold.borrow_mut().failed(question);
                    // One that was refused would be again.
                    if was_last && error == EmitError::TimedOut {
                        hub.presence.ask(&hub);
                    }
                }
            }
        };
        hub.send(Message::of(&ListPresence::default()), Box::new(on_answer));
    }

    fn change(&self, change: impl FnOnce(&mut PresenceFold, &mut Presence) -> bool) {
        self.presence.maybe_update(|presence| change(&mut self.fold.borrow_mut(), presence));
    }
}

fn hear<E: Event>(hub: &Rc<Hub>, heard: fn(E) -> PresenceHeard) -> u32 {
    let weak = Rc::downgrade(hub);
    let take = move |event: &RawEnvelope| {
        if let (Some(hub), Ok(data)) = (weak.upgrade(), event.data.read()) {
            hub.presence.change(|fold, presence| fold.hear(presence, heard(data)));
        }
    };
    hub.handlers.add(E::NAMESPACE, E::NAME, Rc::new(take))
}
