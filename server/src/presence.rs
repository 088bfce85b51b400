//! Who is online, and what each looks at: the book of it, and what staff and other nodes are told when it changes.

mod book;

pub use book::{News, Notice, PresenceBook};

use crate::{
    relay::{NodeMessage, Relay},
    stream::{EventService, Room},
    supervise::{Ended, Supervisor},
};
use app::{
    domain::{
        id::{TenantId, UserId},
        load::Person,
    },
    events::{PresenceUpdate, UserOffline, UserOnline, View},
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

/// How exact the grace is.
const TICK: Duration = Duration::from_millis(250);

/// How often the other nodes are told of everybody who is here, so that what they missed does not last.
const WHOLE: Duration = Duration::from_secs(5);

/// Keeps the book of this node. Events go to this node's own sockets only: each node hears the changes and tells its own.
#[derive(Clone)]
pub struct PresenceService(Arc<Inner>);

struct Inner {
    desk: Mutex<Desk>,
    relay: Relay,
    /// What staff are to hear, in order. Sent by a task of its own, since it may take many sockets.
    notices: mpsc::UnboundedSender<Notice>,
}

struct Desk {
    book: PresenceBook,
    /// This node stops, and has said so: the others are told no more.
    has_left: bool,
    /// When the others are told of everybody next, and whether they could be reached at the last look.
    whole_at: Instant,
    was_up: bool,
}

impl PresenceService {
    /// Starts the clock of the grace; it ends when nobody holds the service any more.
    pub fn start(events: EventService, relay: Relay, grace: Duration, supervisor: &Supervisor) -> Self {
        let (notices, waiting) = mpsc::unbounded_channel();
        let desk = Desk { book: PresenceBook::new(grace), has_left: false, whole_at: Instant::now(), was_up: false };
        let service = Self(Arc::new(Inner { desk: Mutex::new(desk), relay, notices }));
        // A notice that can't be sent is lost; those that follow it are not.
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        supervisor.run("presence_notices", move || tell_staff(events.clone(), waiting.clone()));
        let weak = Arc::downgrade(&service.0);
        supervisor.run("presence_clock", move || {
            let weak = weak.clone();
            async move {
                let mut ticks = tokio::time::interval(TICK);
                loop {
                    ticks.tick().await;
                    let Some(inner) = weak.upgrade() else { return Ended::Done };
                    Self(inner).tick();
                }
            }
        });
        service
    }

    /// A tab of a person is connected.
    pub fn join(&self, tenant: TenantId, person: &Person, tab: Uuid) {
        self.note(|book, _| book.join(tenant, person, tab));
    }

    /// A tab is gone.
    pub fn leave(&self, user: UserId, tab: Uuid) {
        self.note(|book, now| book.leave(user, tab, now));
    }

    /// A tab shows something else, or nothing of interest.
    pub fn show(&self, tenant: TenantId, person: &Person, tab: Uuid, view: Option<View>) {
        self.note(|book, _| book.show(tenant, person, tab, view));
    }

    /// Everybody of a tenant who is online, by name.
    pub fn list(&self, tenant: TenantId) -> Vec<PresenceUpdate> {
        self.lock().book.list(tenant)
    }

    /// Takes what another node says; anything that it says shows that it is alive.
    pub fn hear(&self, node: Uuid, message: &NodeMessage) {
        self.note(|book, now| {
            book.hear(node, now);
            match message {
                NodeMessage::People(people) => book.hear_people(node, people, now),
                NodeMessage::Person(person) => book.hear_person(node, person, now),
                NodeMessage::Goodbye => book.hear_goodbye(node, now),
                _ => News::default(),
            }
        });
    }

    /// This node stops: the others give its people the grace to come to them.
    pub fn say_goodbye(&self) {
        let mut desk = self.lock();
        if !std::mem::replace(&mut desk.has_left, true) {
            self.0.relay.tell(NodeMessage::Goodbye);
        }
    }

    fn tick(&self) {
        let is_up = self.0.relay.is_up();
        self.note(|book, now| book.tick(now, is_up));
        let mut desk = self.lock();
        let (now, was_up) = (Instant::now(), std::mem::replace(&mut desk.was_up, is_up));
        // Those who could not be reached for a while are told at once.
        if is_up && self.0.relay.is_joined() && !desk.has_left && (!was_up || now >= desk.whole_at) {
            desk.whole_at = now + WHOLE;
            self.0.relay.tell(NodeMessage::People(desk.book.people_here()));
        }
    }

    fn note(&self, change: impl FnOnce(&mut PresenceBook, Instant) -> News) {
        let mut desk = self.lock();
        let news = change(&mut desk.book, Instant::now());
        // Both within the lock, so that all hear it in the order in which it happened.
        for presence in news.of_here.into_iter().filter(|_| !desk.has_left) {
            self.0.relay.tell(NodeMessage::Person(presence));
        }
        for notice in news.notices {
            // The task that takes them lives as long as this sender.
            let _ = self.0.notices.send(notice);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Notices = Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Notice>>>;

/// Sends what changed to the staff who are at this node, in order.
async fn tell_staff(events: EventService, waiting: Notices) -> Ended {
    let mut waiting = waiting.lock().await;
    while let Some(notice) = waiting.recv().await {
        match notice {
            Notice::Online { tenant, person: Person { id, name } } => {
                events.emit_to_room_here(tenant, vec![Room::Tenant(tenant)], &UserOnline { user_id: id, name });
            }
            Notice::Offline { tenant, user } => {
                events.emit_to_room_here(tenant, vec![Room::Tenant(tenant)], &UserOffline { user_id: user });
            }
            Notice::Views { tenant, shown } => {
                events.emit_to_room_here(tenant, vec![Room::Tenant(tenant)], &shown);
            }
        }
    }
    Ended::Done
}

#[cfg(test)]
#[path = "presence/service_tests.rs"]
mod tests;
