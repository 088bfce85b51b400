//! Brings the numbered events to the handlers: each once and in order, also where no live query stands in their stream.
//!
//! It is a live query without a screen: a gap is filled by asking for the events in between, and what comes after them
//! waits. Where they can't be had any more, it goes on from where the stream stands.

use super::{
    alarm::Alarm,
    fold::Heard,
    hub::Hub,
    places::Places,
    query::{Fetched, Fetching, Filling, Live, Query, Target},
};
use crate::{
    api::events::GetEvents,
    events::{Cursor, Cursors, Namespace, RawEnvelope, StreamState},
};
use leptos::prelude::ArcRwSignal;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};

/// How long a live query that may fill the same gap is waited for, in milliseconds.
const QUERIES_FIRST: u32 = 500;

/// Asks for the events after a place.
pub type Fill = Box<dyn Fn(GetEvents) -> Filling>;

pub struct EventFeed {
    hub: Weak<Hub>,
    query: Rc<Query>,
    /// Of every stream, whether there are handlers for it or not.
    last_heard: Rc<RefCell<Places>>,
    alarm: Alarm,
    is_waiting: Rc<Cell<bool>>,
}

impl EventFeed {
    /// `fill` asks the server for the events after a place.
    pub fn new(hub: Weak<Hub>, fill: Fill) -> Self {
        let last_heard = Rc::new(RefCell::new(Places::default()));
        let target = Box::new(ToHandlers { hub: hub.clone(), last_heard: last_heard.clone(), fill });
        let query = Query::new(None, target, Weak::new(), ArcRwSignal::new(None), ArcRwSignal::new(None));
        query.install(Fetched { reset: Box::new(|| {}), cursors: Cursors::default() }, -1_000);
        Self { hub, query, last_heard, alarm: Alarm::default(), is_waiting: Rc::default() }
    }

    /// Takes what came over the socket, or with the answer to a live query. [`EventFeed::proceed`] follows.
    pub fn hear(&self, heard: &Heard) {
        let Some(hub) = self.hub.upgrade() else { return };
        match heard {
            Heard::Event(namespace, event) => match (&event.stream, &event.epoch, event.seq) {
                (Some(stream), Some(epoch), Some(seq)) if hub.handlers.listen_to(*namespace) => {
                    self.follow(*namespace, stream, Cursor { epoch: epoch.clone(), seq: seq - 1 });
                    self.query.hear(heard);
                }
                (Some(_), ..) => self.query.forget(*namespace),
                (None, ..) => hub.handlers.hand_over(*namespace, event),
            },
            Heard::State(namespace, state) if hub.handlers.listen_to(*namespace) => {
                let StreamState { stream, epoch, seq, .. } = state;
                self.follow(*namespace, stream, Cursor { epoch: epoch.clone(), seq: *seq });
                // What the socket does not repeat may still be asked for.
                self.query.hear(&Heard::State(*namespace, StreamState { recovered: true, ..state.clone() }));
            }
            Heard::State(namespace, _) => self.query.forget(*namespace),
        }
        self.last_heard.borrow_mut().remember(heard);
    }

    /// Begins where the stream was heard last, else at `now`.
    fn follow(&self, namespace: Namespace, stream: &str, now: Cursor) {
        let known = self.last_heard.borrow().get(namespace, stream).filter(|known| known.epoch == now.epoch).cloned();
        self.query.follow(namespace, stream, known.unwrap_or(now));
    }

    /// Asks for what was missed, if anything was.
    pub fn proceed(&self) {
        if self.query.is_settled() || self.is_waiting.get() {
            return;
        }
        if !self.hub.upgrade().is_some_and(|hub| hub.has_queries()) {
            return self.query.proceed();
        }
        self.is_waiting.set(true);
        let (query, is_waiting) = (Rc::downgrade(&self.query), self.is_waiting.clone());
        self.alarm.set(QUERIES_FIRST, move || {
            is_waiting.set(false);
            if let Some(query) = query.upgrade() {
                query.proceed();
            }
        });
    }

    pub fn live_changed(&self, live: Live) {
        self.query.live_changed(live);
    }

    /// Adds the places of the handlers, or those further behind of the same streams; and where other streams were heard
    /// last.
    pub fn add_cursors(&self, namespace: Namespace, places: &mut BTreeMap<String, Cursor>) {
        self.query.add_cursors(namespace, places);
        self.last_heard.borrow().add_to(namespace, places);
    }
}

struct ToHandlers {
    hub: Weak<Hub>,
    fill: Fill,
    last_heard: Rc<RefCell<Places>>,
}

impl Target for ToHandlers {
    /// There is no snapshot of what handlers do: they go on from where the streams were heard last.
    fn fetch(&self) -> Fetching {
        let last_heard = self.last_heard.clone();
        Box::pin(async move {
            let cursors = last_heard.borrow().cursors();
            Ok(Fetched { reset: Box::new(|| {}), cursors })
        })
    }

    fn request(&self) -> String {
        String::new()
    }

    fn fill(&self, request: GetEvents) -> Filling {
        (self.fill)(request)
    }

    fn fold(&self, namespace: Namespace, event: Rc<RawEnvelope>) -> serde_json::Result<()> {
        if let Some(hub) = self.hub.upgrade() {
            hub.handlers.hand_over(namespace, &event);
        }
        Ok(())
    }

    fn retry_first(&self) {}
}
