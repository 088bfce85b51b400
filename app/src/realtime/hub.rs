//! The heart of the kit in the browser: keeps the connection by the policy, and hands what comes to who wants it.

use super::{
    SocketConfig, SocketStatus,
    alarm::Alarm,
    fold::{Heard, RawEvent},
    link::{self, Callbacks, Change, Link},
    once::Once,
    query::{Live, Query},
    reconnect::{Action, Happening, Reconnect, Wake},
};
use crate::{
    api::{ApiError, ErrorCode},
    events::{Cursor, Namespace, STREAM_STATE, StreamState},
};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

/// Events that are remembered, so that a repeated one is not handed over again: two replays of the longest kind.
const REMEMBERED: usize = 2_000;

/// How often a page without a live query would poll, in seconds: nothing does.
const POLL_OF_NOBODY: u32 = 30;

/// Takes the events of one name.
type Handler = Rc<dyn Fn(&RawEvent)>;

/// What a refused connect says, where the server refused it.
#[derive(Deserialize)]
struct Refusal {
    code: ErrorCode,
}

pub struct Hub {
    policy: RefCell<Reconnect>,
    link: RefCell<Option<Rc<Link>>>,
    /// The one alarm of the policy.
    alarm: Alarm,
    handlers: RefCell<BTreeMap<u32, (Namespace, &'static str, Handler)>>,
    queries: RefCell<BTreeMap<u32, Rc<Query>>>,
    next_key: Cell<u32>,
    once: RefCell<Once>,
    /// The last place of each stream that was heard, for streams that no live query holds.
    heard: RefCell<BTreeMap<Namespace, BTreeMap<String, Cursor>>>,
    status: ArcRwSignal<SocketStatus>,
}

impl Hub {
    pub fn new(status: ArcRwSignal<SocketStatus>) -> Rc<Self> {
        Rc::new(Self {
            policy: RefCell::new(Reconnect::new(SocketConfig::BROWSER)),
            link: RefCell::new(None),
            alarm: Alarm::default(),
            handlers: RefCell::default(),
            queries: RefCell::default(),
            next_key: Cell::new(0),
            once: RefCell::new(Once::with_capacity(REMEMBERED)),
            heard: RefCell::default(),
            status,
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
    }

    pub fn reconnect(self: &Rc<Self>) {
        self.step(Happening::ButtonPressed);
    }

    /// The server does not know who this is any more.
    pub fn end_session(self: &Rc<Self>) {
        self.close();
        link::leave_for_login();
    }

    pub fn add_handler(&self, namespace: Namespace, name: &'static str, handler: Handler) -> u32 {
        let key = self.new_key();
        self.handlers.borrow_mut().insert(key, (namespace, name, handler));
        key
    }

    pub fn remove_handler(&self, key: u32) {
        let removed = self.handlers.borrow_mut().remove(&key);
        // What it holds may in turn reach for the hub, so it goes after the borrow.
        drop(removed);
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

    /// Hands an event to the handlers of its name, once however often it comes.
    pub fn hand_over(&self, namespace: Namespace, event: &RawEvent) {
        let mut wanted = Vec::new();
        let mut known_as = None;
        for (key, (of, name, _)) in self.handlers.borrow().iter() {
            if *of == namespace && *name == event.event {
                wanted.push(*key);
                known_as = Some(*name);
            }
        }
        let Some(name) = known_as else { return };
        // Volatile events are never repeated.
        if event.stream.is_some() && !self.once.borrow_mut().is_first((namespace, name, event.id)) {
            return;
        }
        for key in wanted {
            // One handler may have removed another.
            let handler = self.handlers.borrow().get(&key).map(|(_, _, handler)| handler.clone());
            if let Some(handler) = handler {
                handler(event);
            }
        }
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
            Change::Connected => Happening::Connected,
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
    fn step(self: &Rc<Self>, happening: Happening) {
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
        let live = self.live();
        self.queries_now().iter().for_each(|query| query.live_changed(live));
    }

    fn receive(&self, events: &str) {
        let Ok(events) = serde_json::from_str::<Vec<(String, String, Value)>>(events) else { return };
        let queries = self.queries_now();
        for (path, name, payload) in events {
            let Some(heard) = Namespace::from_path(&path).and_then(|namespace| read(namespace, &name, payload)) else {
                continue;
            };
            self.remember_place(&heard);
            if let Heard::Event(namespace, event) = &heard {
                self.hand_over(*namespace, event);
            }
            queries.iter().for_each(|query| query.hear(&heard));
        }
        queries.iter().for_each(Query::proceed);
    }

    fn remember_place(&self, heard: &Heard) {
        let mut places = self.heard.borrow_mut();
        match heard {
            Heard::Event(namespace, event) => {
                if let (Some(stream), Some(epoch), Some(seq)) = (&event.stream, &event.epoch, event.seq) {
                    let cursor = Cursor { epoch: epoch.clone(), seq };
                    places.entry(*namespace).or_default().insert(stream.clone(), cursor);
                }
            }
            Heard::State(namespace, state) => {
                let streams = places.entry(*namespace).or_default();
                // A place that was recovered is where the events have led; the state adds nothing.
                let known = streams.get(&state.stream).is_some_and(|place| place.epoch == state.epoch);
                if !state.recovered || !known {
                    let cursor = Cursor { epoch: state.epoch.clone(), seq: state.seq };
                    streams.insert(state.stream.clone(), cursor);
                }
            }
        }
    }

    /// The places to continue from. Of the live queries the one furthest behind decides, so that nobody misses any.
    fn cursors(&self, namespace: Namespace) -> String {
        let mut places: BTreeMap<String, Cursor> = BTreeMap::new();
        for query in self.queries_now() {
            query.add_cursors(namespace, &mut places);
        }
        for (stream, cursor) in self.heard.borrow().get(&namespace).into_iter().flatten() {
            places.entry(stream.clone()).or_insert_with(|| cursor.clone());
        }
        serde_json::to_string(&places).unwrap_or_else(|_| "{}".into())
    }

    fn show_status(&self) {
        let every = self.queries.borrow().values().map(|query| query.poll_seconds()).min().unwrap_or(POLL_OF_NOBODY);
        let status = self.policy.borrow().status(every);
        if self.status.get_untracked() != status {
            self.status.set(status);
        }
    }

    fn live(&self) -> Live {
        match self.policy.borrow().status(0) {
            SocketStatus::Connected => Live::Connected,
            SocketStatus::Polling { .. } => Live::Polling,
            _ => Live::Waiting,
        }
    }

    fn queries_now(&self) -> Vec<Rc<Query>> {
        self.queries.borrow().values().cloned().collect()
    }

    fn new_key(&self) -> u32 {
        self.next_key.replace(self.next_key.get().wrapping_add(1))
    }

    fn count(&self) -> u32 {
        u32::try_from(self.handlers.borrow().len() + self.queries.borrow().len()).unwrap_or(u32::MAX)
    }
}

/// Reads a message. One that can't be read is not one of the streams' and says nothing.
fn read(namespace: Namespace, name: &str, payload: Value) -> Option<Heard> {
    if name == STREAM_STATE {
        return serde_json::from_value::<StreamState>(payload).ok().map(|state| Heard::State(namespace, state));
    }
    serde_json::from_value::<RawEvent>(payload).ok().map(|event| Heard::Event(namespace, Rc::new(event)))
}

/// Whether a refusal means that nobody is logged in any more.
pub fn is_over(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::Unauthorized | ErrorCode::Expired)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
