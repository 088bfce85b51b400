//! The heart of the kit in the browser: keeps the connection by the policy, and hands what comes to who wants it.

use super::{
    SocketConfig, SocketStatus,
    alarm::Alarm,
    emit::{self, EmitError, Message, OnAnswer, Unanswered},
    event_feed::{EventFeed, Fill},
    fold::Heard,
    handlers::Handlers,
    link::{self, Callbacks, Change, Link},
    presence_keeper::PresenceKeeper,
    query::{Live, Query},
    reconnect::{Action, Happening, Reconnect, Wake},
    renewal::Renewal,
    room_keeper::RoomKeeper,
    use_socket_status::Transport,
};
use crate::{
    api::{ApiError, ErrorCode, call},
    events::{AUTH_EXPIRING, Cursor, Namespace, Payload, RawEnvelope, STREAM_STATE, StreamState},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

/// How often a page without a live query would poll, in seconds: nothing does.
const POLL_OF_NOBODY: u32 = 30;

/// What a refused connect says, where the server refused it.
#[derive(Deserialize)]
struct Refusal {
    code: ErrorCode,
}

pub struct Hub {
    policy: RefCell<Reconnect>,
    pub link: RefCell<Option<Rc<Link>>>,
    /// The one alarm of the policy.
    alarm: Alarm,
    pub handlers: Handlers,
    /// Brings numbered events to the handlers.
    pub feed: EventFeed,
    pub rooms: RoomKeeper,
    pub presence: PresenceKeeper,
    pub renewal: Renewal,
    unanswered: Unanswered,
    queries: RefCell<BTreeMap<u32, Rc<Query>>>,
    next_key: Cell<u32>,
    status: ArcRwSignal<SocketStatus>,
    pub transport: ArcRwSignal<Transport>,
}

impl Hub {
    pub fn new(status: ArcRwSignal<SocketStatus>) -> Rc<Self> {
        Self::filling(status, Box::new(|request| Box::pin(call(request))))
    }

    /// `fill` asks the server for the events that handlers have missed.
    fn filling(status: ArcRwSignal<SocketStatus>, fill: Fill) -> Rc<Self> {
        Rc::new_cyclic(|hub| Self {
            policy: RefCell::new(Reconnect::new(SocketConfig::BROWSER)),
            link: RefCell::new(None),
            alarm: Alarm::default(),
            handlers: Handlers::default(),
            feed: EventFeed::new(hub.clone(), fill),
            rooms: RoomKeeper::default(),
            presence: PresenceKeeper::default(),
            renewal: Renewal::default(),
            unanswered: Unanswered::default(),
            queries: RefCell::default(),
            next_key: Cell::new(0),
            status,
            transport: ArcRwSignal::default(),
        })
    }

    /// Begins to connect.
    pub fn open(self: &Rc<Self>) {
        if self.link.borrow().is_some() {
            return;
        }
        let link = Rc::new(Link::new(SocketConfig::BROWSER.namespaces, self.callbacks()));
        *self.link.borrow_mut() = Some(link);
        self.step(Happening::Opened { online: link::is_online() });
    }

    /// Disconnects and stays so. The handlers stay with their owners.
    pub fn close(self: &Rc<Self>) {
        self.step(Happening::Closed);
        drop(self.link.take());
        self.presence.end();
        self.renewal.end();
        self.unanswered.give_up();
    }

    pub fn reconnect(self: &Rc<Self>) {
        self.step(Happening::ButtonPressed);
    }

    /// The server does not know who this is any more.
    pub fn end_session(self: &Rc<Self>) {
        self.close();
        link::leave_for_login();
    }

    /// Sends a command; its answer comes in order with the events.
    pub fn send(&self, message: Message, on_answer: OnAnswer) {
        let number = self.unanswered.add(on_answer);
        let link = self.link.borrow().clone();
        let sent = link.is_some_and(|link| link.emit(&message, number, SocketConfig::BROWSER.answer_limit));
        if !sent {
            self.unanswered.answer(number, Err(EmitError::NotConnected));
        }
    }

    pub fn add_query(self: &Rc<Self>, query: Rc<Query>) -> u32 {
        let key = self.new_key();
        self.queries.borrow_mut().insert(key, query.clone());
        // Before the connection is opened nothing changes: the page is still taking over what the server rendered.
        if self.link.borrow().is_some() {
            self.show_status();
        }
        query.live_changed(self.live());
        key
    }

    pub fn remove_query(&self, key: u32) {
        let removed = self.queries.borrow_mut().remove(&key);
        drop(removed);
        self.show_status();
    }

    fn callbacks(self: &Rc<Self>) -> Callbacks {
        let hub = Rc::downgrade(self);
        let (of_batch, of_change, of_cursors) = (hub.clone(), hub.clone(), hub.clone());
        Callbacks {
            batch: Box::new(move |events| {
                if let Some(hub) = of_batch.upgrade() {
                    hub.receive(&events);
                }
            }),
            change: Box::new(move |change| {
                if let Some(hub) = of_change.upgrade() {
                    hub.change(change);
                }
            }),
            cursors: Box::new(move |namespace| {
                of_cursors.upgrade().map_or_else(|| "{}".into(), |hub| hub.cursors(namespace))
            }),
            handlers: Box::new(move || hub.upgrade().map_or(0, |hub| hub.count())),
        }
    }

    fn change(self: &Rc<Self>, change: Change) {
        self.step(match change {
            Change::Connected(transport) => {
                if self.transport.get_untracked() != transport {
                    self.transport.set(transport);
                }
                Happening::Connected
            }
            Change::Lost => Happening::Lost,
            Change::Online => Happening::Online,
            Change::Offline => Happening::Offline,
            Change::Visible => Happening::Visible,
            Change::Refused(message) => match serde_json::from_str::<Refusal>(&message) {
                Ok(Refusal { code: ErrorCode::Unauthorized | ErrorCode::Expired }) => {
                    return self.end_session();
                }
                Ok(Refusal { code: ErrorCode::RateLimited }) => Happening::RateLimited,
                _ => Happening::AttemptFailed,
            },
        });
    }

    /// Asks the policy, and does what it says.
    pub fn step(self: &Rc<Self>, happening: Happening) {
        let was_connected = self.is_connected();
        let step = self.policy.borrow_mut().on(happening, link::jitter());
        match step.wake {
            Wake::AsBefore => {}
            Wake::Never => self.alarm.stop(),
            Wake::In(millis) => {
                let hub = Rc::downgrade(self);
                self.alarm.set(millis, move || {
                    if let Some(hub) = hub.upgrade() {
                        hub.step(Happening::Due);
                    }
                });
            }
        }
        let link = self.link.borrow().clone();
        match (step.action, link) {
            (Action::Connect, Some(link)) => link.connect(),
            (Action::Disconnect, Some(link)) => link.disconnect(),
            _ => {}
        }
        self.show_status();
        match (was_connected, self.is_connected()) {
            (false, true) => {
                self.rooms.connected(self);
                self.presence.connected(self);
            }
            (true, false) => self.rooms.disconnected(),
            _ => {}
        }
        let live = self.live();
        self.queries_now().iter().for_each(|query| query.live_changed(live));
        self.feed.live_changed(live);
    }

    pub fn receive(self: &Rc<Self>, events: &str) {
        let Ok(events) = serde_json::from_str::<Vec<(String, String, Payload)>>(events) else { return };
        let queries = self.queries_now();
        for (path, name, payload) in events {
            if path.is_empty() {
                self.answer(&name, payload);
                continue;
            }
            if name == AUTH_EXPIRING {
                if let Ok(warning) = payload.read() {
                    self.renewal.warned(self, warning);
                }
                continue;
            }
            let Some(heard) = Namespace::from_path(&path).and_then(|namespace| read(namespace, &name, &payload)) else {
                continue;
            };
            self.feed.hear(&heard);
            queries.iter().for_each(|query| query.hear(&heard));
        }
        queries.iter().for_each(Query::proceed);
        self.feed.proceed();
    }

    fn answer(&self, number: &str, answer: Payload) {
        if let Ok(number) = number.parse() {
            self.unanswered.answer(number, emit::read_answer(answer));
        }
    }

    /// The places to continue from. Of the live queries the one furthest behind decides, so that nobody misses any.
    fn cursors(&self, namespace: Namespace) -> String {
        let mut places: BTreeMap<String, Cursor> = BTreeMap::new();
        for query in self.queries_now() {
            query.add_cursors(namespace, &mut places);
        }
        self.feed.add_cursors(namespace, &mut places);
        serde_json::to_string(&places).unwrap_or_else(|_| "{}".into())
    }

    fn show_status(&self) {
        let every =
            self.queries.borrow().values().filter_map(|query| query.poll_seconds()).min().unwrap_or(POLL_OF_NOBODY);
        let status = self.policy.borrow().status(every);
        if self.status.get_untracked() != status {
            self.status.set(status);
        }
    }

    pub fn is_connected(&self) -> bool {
        self.live() == Live::Connected
    }

    fn live(&self) -> Live {
        match self.policy.borrow().status(0) {
            SocketStatus::Connected => Live::Connected,
            SocketStatus::Polling { .. } => Live::Polling,
            _ => Live::Waiting,
        }
    }

    pub fn has_queries(&self) -> bool {
        !self.queries.borrow().is_empty()
    }

    fn queries_now(&self) -> Vec<Rc<Query>> {
        self.queries.borrow().values().cloned().collect()
    }

    fn new_key(&self) -> u32 {
        self.next_key.replace(self.next_key.get().wrapping_add(1))
    }

    /// What the page holds of handlers, queries, rooms and the like.
    pub fn count(&self) -> u32 {
        let queries = self.queries.borrow().len();
        u32::try_from(self.handlers.count() + self.rooms.count() + self.presence.count() + queries).unwrap_or(u32::MAX)
    }
}

/// Reads a message. One that can't be read is not one of the streams' and says nothing.
fn read(namespace: Namespace, name: &str, payload: &Payload) -> Option<Heard> {
    if name == STREAM_STATE {
        return payload.read().ok().map(|state: StreamState| Heard::State(namespace, state));
    }
    payload.read().ok().map(|event: RawEnvelope| Heard::Event(namespace, Rc::new(event)))
}

/// Whether a refusal means that nobody is logged in any more.
pub fn is_over(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::Unauthorized | ErrorCode::Expired)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
