//! A live query at work: asks what its fold wants to know, polls while there is no socket, and tells its model.

use super::{
    alarm::Alarm,
    fold::{Due, Fold, Heard, Job, Next},
    hub::{Hub, is_over},
    link,
};
use crate::{
    api::{
        ApiError, ErrorCode,
        events::{EventPage, GetEvents},
    },
    domain::time::Timestamp,
    events::{Cursor, Cursors, Namespace, RawEnvelope},
};
use leptos::{prelude::*, reactive::owner::WeakOwner};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
};

/// How the connection stands, as far as a query cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// Events come over the socket.
    Connected,
    /// There is no socket for the time being: poll.
    Polling,
    /// Neither; it is being decided.
    Waiting,
}

/// A snapshot on its way into the model, with the places at which it is true.
pub struct Fetched {
    pub reset: Box<dyn FnOnce()>,
    pub cursors: Cursors,
}

/// The future of a fetch.
pub type Fetching = Pin<Box<dyn Future<Output = Result<Fetched, ApiError>>>>;

/// The future of a question for the events after a place.
pub type Filling = Pin<Box<dyn Future<Output = Result<EventPage, ApiError>>>>;

/// A screen's request and model, without their types.
pub trait Target {
    fn fetch(&self) -> Fetching;
    /// Names what `fetch` asks for now. It changes with the screen's filter, say.
    fn request(&self) -> String;
    /// Asks for the events after a place.
    fn fill(&self, request: GetEvents) -> Filling;
    /// Takes in an event; fails where it can't be read.
    fn fold(&self, namespace: Namespace, event: Rc<RawEnvelope>) -> serde_json::Result<()>;
    /// Loads the first snapshot again, if that has failed.
    fn retry_first(&self);
}

/// A question that is not answered by then has failed, in milliseconds.
const ANSWER_LIMIT: u32 = 20_000;

/// The freshness is told no more often than this, in milliseconds: what shows it counts seconds.
const FRESHNESS_STEP: i64 = 1_000;

pub struct Query {
    /// How often it polls while there is no socket, in seconds; `None`: never.
    poll_seconds: Option<u32>,
    target: Box<dyn Target>,
    hub: Weak<Hub>,
    /// Whose signals the model makes.
    owner: Option<WeakOwner>,
    fold: RefCell<Fold>,
    live: Cell<Live>,
    ended: Cell<bool>,
    /// Counts the questions, so that an answer that comes after its time is known by its number.
    question: Cell<u32>,
    /// What the fetch that is under way asked for.
    fetching: RefCell<Option<String>>,
    polled_at: Cell<Option<i64>>,
    poll_alarm: Alarm,
    retry_alarm: Alarm,
    answer_alarm: Alarm,
    fresh_at: ArcRwSignal<Option<Timestamp>>,
    error: ArcRwSignal<Option<ApiError>>,
}

impl Query {
    pub fn new(
        poll_seconds: Option<u32>,
        target: Box<dyn Target>,
        hub: Weak<Hub>,
        fresh_at: ArcRwSignal<Option<Timestamp>>,
        error: ArcRwSignal<Option<ApiError>>,
    ) -> Rc<Self> {
        Rc::new(Self {
            poll_seconds,
            target,
            hub,
            owner: Owner::current().map(|owner| owner.downgrade()),
            fold: RefCell::default(),
            live: Cell::new(Live::Waiting),
            ended: Cell::new(false),
            question: Cell::new(0),
            fetching: RefCell::default(),
            polled_at: Cell::new(None),
            poll_alarm: Alarm::default(),
            retry_alarm: Alarm::default(),
            answer_alarm: Alarm::default(),
            fresh_at,
            error,
        })
    }

    pub fn poll_seconds(&self) -> Option<u32> {
        self.poll_seconds
    }

    pub fn has_snapshot(&self) -> bool {
        self.fold.borrow().has_snapshot()
    }

    /// Puts the first snapshot into the model, and what came after it.
    pub fn install(self: &Rc<Self>, fetched: Fetched, asked_at: i64) {
        self.in_owner(fetched.reset);
        let events = self.fold.borrow_mut().fetched(fetched.cursors, asked_at, link::now());
        self.apply(events);
        self.proceed();
    }

    /// Fetches the snapshot anew. An answer on its way to what is not asked for any more is dropped.
    pub fn refetch(self: &Rc<Self>) {
        let is_outdated = |asked: &String| *asked != self.target.request();
        if self.fetching.borrow().as_ref().is_some_and(is_outdated) {
            self.start_over();
        }
        self.fold.borrow_mut().refetch();
        self.proceed();
    }

    /// Whether nothing is known to be missing.
    pub fn is_settled(&self) -> bool {
        self.fold.borrow().is_settled()
    }

    /// Stands at a place in a stream from now on, unless it stands there already in the same numbering.
    pub fn follow(&self, namespace: Namespace, stream: &str, cursor: Cursor) {
        self.fold.borrow_mut().follow(namespace, stream, cursor, link::now());
    }

    /// Stands in no stream of this namespace any more.
    pub fn forget(&self, namespace: Namespace) {
        self.fold.borrow_mut().forget(namespace);
    }

    /// Takes what came over the socket. [`Query::proceed`] follows after the batch.
    pub fn hear(&self, heard: &Heard) {
        let event = self.fold.borrow_mut().hear(heard, link::now());
        self.apply(event.into_iter().collect());
    }

    /// Adds the places of this query, or those further behind of the same streams.
    pub fn add_cursors(&self, namespace: Namespace, places: &mut BTreeMap<String, Cursor>) {
        for (stream, cursor) in self.fold.borrow().cursors(namespace) {
            let place = places.entry(stream.clone()).or_insert_with(|| cursor.clone());
            if place.epoch == cursor.epoch && cursor.seq < place.seq {
                place.seq = cursor.seq;
            }
        }
    }

    pub fn live_changed(self: &Rc<Self>, live: Live) {
        if self.live.replace(live) == live || self.ended.get() {
            return;
        }
        self.poll_alarm.stop();
        match live {
            Live::Connected => {
                // A question asked of a server that was away may hang, and what the socket brings would wait for it.
                self.start_over();
                if !self.has_snapshot() {
                    self.target.retry_first();
                }
                self.proceed();
            }
            Live::Polling => self.poll_when_due(),
            Live::Waiting => {}
        }
    }

    /// The page is left. Nothing reaches the model any more.
    pub fn end(&self) {
        self.ended.set(true);
        self.forget_question();
        self.poll_alarm.stop();
        self.retry_alarm.stop();
    }

    /// Asks the next question, if there is one and none is under way.
    pub fn proceed(self: &Rc<Self>) {
        if self.ended.get() {
            return;
        }
        self.show_freshness();
        let next = self.fold.borrow_mut().next(link::now());
        match next {
            Next::Nothing => {}
            Next::Run(job) => self.ask(job),
            // While polling, the next poll is the next try.
            Next::Wait(_) if self.live.get() == Live::Polling => {}
            Next::Wait(millis) => {
                self.ring(&self.retry_alarm, u32::try_from(millis).unwrap_or(u32::MAX), Self::proceed);
            }
        }
    }

    /// Gives up the question that is under way; it is asked anew.
    fn start_over(&self) {
        self.forget_question();
        let events = self.fold.borrow_mut().start_over(link::now());
        self.apply(events);
    }

    fn poll_when_due(self: &Rc<Self>) {
        let Some(seconds) = self.poll_seconds else { return };
        let every = i64::from(seconds) * 1_000;
        let wait = self.polled_at.get().map_or(0, |at| (at + every - link::now()).clamp(0, every));
        if wait == 0 {
            return self.poll();
        }
        self.ring(&self.poll_alarm, u32::try_from(wait).unwrap_or(u32::MAX), Self::poll);
    }

    fn poll(self: &Rc<Self>) {
        self.polled_at.set(Some(link::now()));
        if self.has_snapshot() {
            self.fold.borrow_mut().poll();
        } else {
            self.target.retry_first();
        }
        self.proceed();
        self.poll_when_due();
    }

    fn ask(self: &Rc<Self>, job: Job) {
        let question = self.question.get().wrapping_add(1);
        self.question.set(question);
        self.ring(&self.answer_alarm, ANSWER_LIMIT, |query| {
            query.forget_question();
            query.refused(ApiError::unreachable("The server did not answer in time."));
        });
        let query = self.clone();
        let asked_at = link::now();
        match job {
            Job::Fetch => {
                self.fetching.replace(Some(self.target.request()));
                let answer = self.target.fetch();
                link::spawn(async move {
                    let answer = answer.await;
                    if query.has_another_request(question) {
                        query.start_over();
                        return query.proceed();
                    }
                    query.answered(question, answer, |query, fetched| query.install(fetched, asked_at));
                });
            }
            Job::Fill(request) => {
                let after = request.after.clone();
                let answer = self.target.fill(request);
                link::spawn(async move {
                    let answer = answer.await.or_else(|error| match error.code {
                        // The stream is not this person's any more, or the place is none: the snapshot tells.
                        ErrorCode::NotFound | ErrorCode::BadRequest => {
                            Ok(EventPage { data: Vec::new(), cursor: after, recovered: false, more: false })
                        }
                        _ => Err(error),
                    });
                    query.answered(question, answer, |query, page| query.filled(page, asked_at));
                });
            }
        }
    }

    /// Whether the fetch of this number is still awaited, and the screen asks for something else meanwhile.
    fn has_another_request(&self, question: u32) -> bool {
        self.question.get() == question && *self.fetching.borrow() != Some(self.target.request())
    }

    /// The answer to what was asked last is not wanted any more.
    fn forget_question(&self) {
        self.fetching.take();
        self.question.set(self.question.get().wrapping_add(1));
        self.answer_alarm.stop();
    }

    fn answered<A>(self: &Rc<Self>, question: u32, answer: Result<A, ApiError>, take: impl FnOnce(&Rc<Self>, A)) {
        if self.question.get() != question {
            return;
        }
        self.answer_alarm.stop();
        self.fetching.take();
        match answer {
            Ok(answer) => {
                self.show_error(None);
                take(self, answer);
            }
            Err(error) => self.refused(error),
        }
    }

    fn filled(self: &Rc<Self>, page: EventPage, asked_at: i64) {
        let events = self.fold.borrow_mut().filled(page, asked_at, link::now());
        // Handlers hear what a page brought that was missed, wherever they stand in the stream.
        if let Some(hub) = self.hub.upgrade() {
            events.iter().for_each(|(namespace, event)| hub.feed.hear(&Heard::Event(*namespace, event.clone())));
            hub.feed.proceed();
        }
        self.apply(events);
        self.proceed();
    }

    fn refused(self: &Rc<Self>, error: ApiError) {
        // Not shown: the page is left, and whoever else saw the error might leave it as well.
        if is_over(&error) {
            match self.hub.upgrade() {
                Some(hub) => hub.end_session(),
                None => link::leave_for_login(),
            }
            return;
        }
        self.show_error(Some(error));
        let events = self.fold.borrow_mut().failed(link::now());
        self.apply(events);
        self.proceed();
    }

    fn apply(&self, events: Vec<Due>) {
        if events.is_empty() || self.ended.get() {
            return;
        }
        self.in_owner(|| {
            for (namespace, event) in events {
                let volatile = event.stream.is_none();
                if self.target.fold(namespace, event).is_err() && !volatile {
                    self.fold.borrow_mut().lose_track();
                }
            }
        });
    }

    fn show_freshness(&self) {
        let fresh_at = self.fold.borrow().fresh_at().map(Timestamp::from_millis);
        let shown = self.fresh_at.get_untracked();
        let step = match (shown, fresh_at) {
            (Some(shown), Some(fresh_at)) => fresh_at.since(shown).abs() >= FRESHNESS_STEP,
            _ => shown != fresh_at,
        };
        if step {
            self.fresh_at.set(fresh_at);
        }
        // The socket has brought what a question could not.
        if self.live.get() == Live::Connected && self.fold.borrow().is_settled() {
            self.show_error(None);
        }
    }

    fn show_error(&self, error: Option<ApiError>) {
        if self.error.with_untracked(|shown| *shown != error) {
            self.error.set(error);
        }
    }

    fn in_owner(&self, run: impl FnOnce()) {
        match self.owner.as_ref().and_then(WeakOwner::upgrade) {
            Some(owner) => owner.with(|| untrack(run)),
            None => untrack(run),
        }
    }

    fn ring(self: &Rc<Self>, alarm: &Alarm, millis: u32, then: impl FnOnce(&Rc<Self>) + 'static) {
        let query = Rc::downgrade(self);
        alarm.set(millis, move || {
            if let Some(query) = query.upgrade() {
                then(&query);
            }
        });
    }
}
