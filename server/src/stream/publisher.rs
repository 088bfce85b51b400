//! Hands committed events to the sockets, each stream in the order of its numbers.

use super::{StoredEvent, StreamKey, line::Line, lookup};
use crate::{
    metrics::{GAPS, PUBLISH_QUEUE},
    relay::{NodeMessage, Relay},
    store::{Database, StoreError, streams},
    supervise::{Ended, Supervisor},
};
use app::events::{Cursor, Event, LoadDeleted};
use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::{Instant, MissedTickBehavior},
};

/// How long a number may at least be missing before it is looked up in the database. Two commits that overtake one another
/// are together again within milliseconds; only a failure leaves a number out for longer.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many look-ups run at a time: those who come back after an outage must not take every connection to the database.
const LOOKUPS: usize = 4;

/// How often old events are let go of.
const TIDY: Duration = Duration::from_secs(30);

/// So many events are sent to a newcomer between two events of the stream, at most at first. More are sent before, outside
/// of the task that delivers to everybody. The number doubles with each attempt, so that a newcomer gets into a stream in
/// which more happens than can be sent at a time.
pub(super) const TOP_UP: usize = 8;

/// How long a change waits until those who lost something by it have left their rooms. It is committed by then, and they
/// leave all the same.
const PARTING: Duration = Duration::from_secs(2);

/// Of so many streams is told at a time where they stand; events that came meanwhile are delivered between.
const SLICE: usize = 256;

/// Where published events go. Never waits, so that one stream does not hold up another.
pub trait Outlet: Send + Sync + 'static {
    /// Sends an event to all who are in its stream.
    fn deliver(&self, event: Arc<StoredEvent>);

    /// Tells all who are in a stream where it stands.
    fn tell_state(&self, key: &StreamKey, cursor: &Cursor);
}

/// What a client that enters a stream gets: what it missed and was not sent before, and where the stream stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    pub missed: Vec<Arc<StoredEvent>>,
    pub cursor: Cursor,
    pub recovered: bool,
}

type Enter = Box<dyn FnOnce(Attached) + Send>;

/// A client at the door of a stream.
struct Newcomer {
    key: StreamKey,
    from: Option<Cursor>,
    /// So many events are sent as it enters.
    top_up: usize,
    enter: Enter,
    /// Told what becomes of the client.
    done: oneshot::Sender<Result<Step, StoreError>>,
}

/// What becomes of a client at the door.
enum Step {
    /// It is in.
    Entered,
    /// It missed more than is sent on the way in: this is to be sent first, up to the cursor.
    Replay(Enter, Vec<Arc<StoredEvent>>, Cursor),
}

enum Command {
    /// Events, and whom to tell that they were handed on.
    Publish(Vec<Arc<StoredEvent>>, Option<oneshot::Sender<()>>),
    Enter(Newcomer),
    /// The newcomer, and what the database holds for it.
    EnterWith(Newcomer, lookup::Backlog),
    /// Where the streams stand in the database.
    Heads(Vec<(StreamKey, Cursor)>),
    /// A look-up of missing numbers has ended.
    LookedUp(StreamKey),
    /// Where a stream stands of which events of another epoch came.
    BeginsAnew(StreamKey, Option<Cursor>),
}

/// The way to the publishing task. It ends when the last handle is dropped.
#[derive(Clone)]
pub struct Publisher {
    commands: mpsc::UnboundedSender<Command>,
    database: Database,
    relay: Relay,
}

impl Publisher {
    /// Starts the task. Streams begin where the database says they stand.
    pub async fn start(
        database: Database,
        outlet: impl Outlet,
        relay: Relay,
        state_interval: Duration,
        replay_cap: u32,
        supervisor: &Supervisor,
    ) -> Result<Self, StoreError> {
        let lines = streams::all(&database).await?.into_iter().map(|(key, cursor)| (key, Line::at(cursor))).collect();
        let (commands, receiver) = mpsc::unbounded_channel();
        let task = Task {
            database: database.clone(),
            outlet,
            lines,
            replay_cap: replay_cap as usize,
            // Weak, so that the task ends with the last handle.
            commands: commands.downgrade(),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            looking_up: HashSet::new(),
            stuck: HashSet::new(),
            warm: HashSet::new(),
            to_tell: Vec::new(),
        };
        let (running, mut is_first) = (Arc::new(tokio::sync::Mutex::new((task, receiver))), true);
        supervisor.run("publisher", move || {
            let (running, is_first) = (running.clone(), std::mem::replace(&mut is_first, false));
            async move {
                let (task, commands) = &mut *running.lock().await;
                if !is_first && let Err(error) = task.read_anew().await {
                    tracing::error!(%error, "where the streams stand could not be read");
                    return Ended::Unexpected("the streams could not be read");
                }
                task.run(commands, state_interval).await;
                Ended::Done
            }
        });
        Ok(Self { commands, database, relay })
    }

    /// Hands over the events of a committed change, here and to the other nodes. Does not wait for their delivery, unless
    /// somebody lost something by the change: then it waits until they have left their rooms, or for two seconds.
    pub async fn publish(&self, events: Vec<Arc<StoredEvent>>) {
        if events.is_empty() {
            return;
        }
        if self.relay.is_joined() {
            self.relay.tell(NodeMessage::Published(events.clone()));
        }
        if !events.iter().any(|event| event.name == LoadDeleted::NAME) {
            return self.send(Command::Publish(events, None));
        }
        let (done, handed_on) = oneshot::channel();
        self.send(Command::Publish(events, Some(done)));
        if !matches!(tokio::time::timeout(PARTING, handed_on).await, Ok(Ok(()))) {
            tracing::warn!("a change was answered before those who lost something by it had left their rooms");
        }
    }

    /// Hands over events that another node has committed.
    pub fn publish_from_other_node(&self, events: Vec<Arc<StoredEvent>>) {
        self.send(Command::Publish(events, None));
    }

    /// Looks into the database for events that were never heard of, in the background.
    pub fn catch_up(&self) {
        let this = self.clone();
        tokio::spawn(async move {
            match streams::all(&this.database).await {
                // In portions, so that events are delivered between them.
                Ok(heads) => heads.chunks(SLICE).for_each(|heads| this.send(Command::Heads(heads.to_vec()))),
                Err(error) => tracing::warn!(%error, "where the streams stand could not be read"),
            }
        });
    }

    /// Lets a client into a stream. What it missed is sent by `replay`, in portions and outside of the task that delivers to
    /// everybody; `enter` is called between two events, with what came since: all that was given to `replay` and is in
    /// `Attached` comes before whatever is delivered after `enter` returns, so `enter` joins the room.
    pub async fn attach<R: Future<Output = ()> + Send>(
        &self,
        key: StreamKey,
        from: Option<Cursor>,
        replay: impl Fn(Vec<Arc<StoredEvent>>) -> R,
        enter: impl FnOnce(Attached) + Send + 'static,
    ) -> Result<(), StoreError> {
        let (mut from, mut enter, mut top_up): (_, Enter, _) = (from, Box::new(enter), TOP_UP);
        loop {
            let (done, outcome) = oneshot::channel();
            self.send(Command::Enter(Newcomer { key: key.clone(), from, top_up, enter, done }));
            match outcome.await.unwrap_or(Err(StoreError::TaskEnded("publishes events")))? {
                Step::Entered => return Ok(()),
                Step::Replay(back, missed, cursor) => {
                    replay(missed).await;
                    (from, enter, top_up) = (Some(cursor), back, top_up.saturating_mul(2));
                }
            }
        }
    }

    fn send(&self, command: Command) {
        metrics::gauge!(PUBLISH_QUEUE).increment(1);
        if self.commands.send(command).is_err() {
            tracing::error!("the publisher has ended; an event waits in the database for the next start");
        }
    }
}

struct Task<O> {
    database: Database,
    outlet: O,
    lines: HashMap<StreamKey, Line>,
    replay_cap: usize,
    commands: mpsc::WeakUnboundedSender<Command>,
    lookups: Arc<Semaphore>,
    /// Streams whose missing numbers are being fetched.
    looking_up: HashSet<StreamKey>,
    /// Streams in which a number is missing.
    stuck: HashSet<StreamKey>,
    /// Streams of which events are kept in memory.
    warm: HashSet<StreamKey>,
    /// Streams of which it is still to be told where they stand.
    to_tell: Vec<StreamKey>,
}

impl<O: Outlet> Task<O> {
    /// Begins anew where the database says the streams stand, after a run that failed. Events that were not delivered by
    /// then are told by the states, which are sent at once: whoever misses one fetches it.
    async fn read_anew(&mut self) -> Result<(), StoreError> {
        let heads = streams::all(&self.database).await?;
        self.looking_up.clear();
        self.to_tell.clear();
        for (key, stored) in heads {
            let line = self.lines.get(&key).map(|line| (line.is_of(&stored.epoch), line.is_behind(&stored)));
            match line {
                Some((true, false)) => {}
                // What waits in the queue is still to be delivered; what is missing is fetched.
                Some((true, true)) => self.look_up(key),
                _ => drop(self.lines.insert(key, Line::at(stored))),
            }
        }
        Ok(())
    }

    async fn run(&mut self, commands: &mut mpsc::UnboundedReceiver<Command>, state_interval: Duration) {
        let ticker = |period| {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        };
        let (mut states, mut patience, mut tidy) = (ticker(state_interval), ticker(PATIENCE), ticker(TIDY));
        loop {
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    metrics::gauge!(PUBLISH_QUEUE).decrement(1);
                    self.obey(command);
                }
                _ = states.tick() => {
                    // Those who were not told since the last time are told now, once.
                    self.to_tell = self.lines.keys().cloned().collect();
                }
                () = std::future::ready(()), if !self.to_tell.is_empty() => self.tell_states(),
                _ = patience.tick() => self.fill_gaps(),
                _ = tidy.tick() => self.tidy(),
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Publish(events, done) => {
                self.publish(events);
                if let Some(done) = done {
                    let _ = done.send(());
                }
            }
            Command::Enter(newcomer) => self.let_in(newcomer),
            Command::EnterWith(newcomer, backlog) => self.let_in_with(newcomer, backlog),
            Command::Heads(heads) => {
                for (key, stored) in heads {
                    let line = self
                        .lines
                        .entry(key.clone())
                        // Nobody here has heard anything of it, so it may begin where it stands.
                        .or_insert_with(|| Line::at(stored.clone()));
                    if !line.is_of(&stored.epoch) {
                        self.begin_anew(key, stored);
                    } else if line.is_behind(&stored) {
                        self.look_up(key);
                    }
                }
            }
            Command::LookedUp(key) => {
                self.looking_up.remove(&key);
            }
            Command::BeginsAnew(key, stored) => {
                self.looking_up.remove(&key);
                let Some(stored) = stored else { return };
                if self.lines.get(&key).is_some_and(|line| !line.is_of(&stored.epoch)) {
                    self.begin_anew(key.clone(), stored);
                }
                // What came meanwhile was not taken in.
                self.look_up(key);
            }
        }
    }

    fn publish(&mut self, events: Vec<Arc<StoredEvent>>) {
        let now = Instant::now();
        for event in events {
            // A stream that was not there at the start begins at 0.
            let line = self
                .lines
                .entry(event.key.clone())
                .or_insert_with(|| Line::at(Cursor { epoch: event.epoch.clone(), seq: 0 }));
            let key = event.key.clone();
            if !line.put(event) {
                self.look_where_it_stands(key);
                continue;
            }
            let mut has_moved = false;
            while let Some(next) = line.take_next(now) {
                has_moved = true;
                self.outlet.deliver(next);
            }
            if line.stuck_since().is_some() {
                self.stuck.insert(key.clone());
            } else {
                self.stuck.remove(&key);
            }
            if has_moved {
                self.warm.insert(key);
            }
        }
    }

    /// Tells some of those who wait for it where their streams stand.
    fn tell_states(&mut self) {
        let rest = self.to_tell.len().saturating_sub(SLICE);
        for key in self.to_tell.drain(rest..) {
            if let Some(line) = self.lines.get(&key) {
                self.outlet.tell_state(&key, &line.cursor());
            }
        }
    }

    /// Lets go of what is too old to be asked for.
    fn tidy(&mut self) {
        let (now, lines) = (Instant::now(), &mut self.lines);
        self.warm.retain(|key| {
            lines.get_mut(key).is_some_and(|line| {
                line.forget_old(now);
                line.keeps_events()
            })
        });
    }

    /// Out of memory where it can be, which after a short loss is nearly always; else with the help of the database.
    fn let_in(&mut self, newcomer: Newcomer) {
        let attached = self.lines.get(&newcomer.key).and_then(|line| match &newcomer.from {
            None => Some(Attached { missed: Vec::new(), cursor: line.cursor(), recovered: false }),
            Some(from) => line.recall(from).filter(|missed| missed.len() <= self.replay_cap).map(|missed| Attached {
                missed,
                cursor: line.cursor(),
                recovered: true,
            }),
        });
        match attached {
            Some(attached) => newcomer.proceed(attached),
            None => self.fetch_backlog(newcomer),
        }
    }

    fn fetch_backlog(&self, newcomer: Newcomer) {
        let (database, lookups, commands) = (self.database.clone(), self.lookups.clone(), self.commands.clone());
        let cap = self.replay_cap;
        tokio::spawn(async move {
            let _turn = lookups.acquire().await;
            match lookup::backlog(&database, &newcomer.key, newcomer.from.as_ref(), cap).await {
                Ok(backlog) => {
                    if let Some(commands) = commands.upgrade() {
                        metrics::gauge!(PUBLISH_QUEUE).increment(1);
                        let _ = commands.send(Command::EnterWith(newcomer, backlog));
                    }
                }
                Err(error) => drop(newcomer.done.send(Err(error))),
            }
        });
    }

    fn let_in_with(&mut self, newcomer: Newcomer, backlog: lookup::Backlog) {
        let lookup::Backlog { stored, events } = backlog;
        if self.lines.get(&newcomer.key).is_some_and(|line| !line.is_of(&stored.epoch)) {
            self.begin_anew(newcomer.key.clone(), stored.clone());
        }
        // Of a stream that is new here nobody has heard anything, so it begins where it stands.
        let begin = stored.clone();
        let line = self.lines.entry(newcomer.key.clone()).or_insert_with(|| Line::at(begin));
        let missed = newcomer.from.as_ref().and_then(|from| line.missed_since(from, stored.seq, events));
        let missed = missed.filter(|missed| missed.len() <= self.replay_cap);
        let recovered = missed.is_some();
        let attached = Attached { missed: missed.unwrap_or_default(), cursor: line.cursor(), recovered };
        newcomer.proceed(attached);
    }

    /// Goes on where the database says: it was restored, and its numbers mean other events than before. Clients see the
    /// new epoch and read what they show anew.
    fn begin_anew(&mut self, key: StreamKey, stored: Cursor) {
        tracing::warn!(stream = %key.stream, namespace = key.namespace.path(), "a stream has begun anew");
        self.stuck.remove(&key);
        self.warm.remove(&key);
        self.lines.insert(key.clone(), Line::at(stored.clone()));
        self.outlet.tell_state(&key, &stored);
    }

    /// Finds out where a stream stands of which an event of another epoch has come, in the background.
    fn look_where_it_stands(&mut self, key: StreamKey) {
        if !self.looking_up.insert(key.clone()) {
            return;
        }
        let (database, lookups, commands) = (self.database.clone(), self.lookups.clone(), self.commands.clone());
        tokio::spawn(async move {
            let _turn = lookups.acquire().await;
            let stored = lookup::standing(&database, &key).await.unwrap_or_else(|error| {
                tracing::error!(%error, stream = %key.stream, "where a stream stands could not be read");
                None
            });
            if let Some(commands) = commands.upgrade() {
                metrics::gauge!(PUBLISH_QUEUE).increment(1);
                let _ = commands.send(Command::BeginsAnew(key, stored));
            }
        });
    }

    /// Fetches numbers that have been missing for too long.
    fn fill_gaps(&mut self) {
        let has_waited = |line: &Line| line.stuck_since().is_some_and(|since| since.elapsed() >= PATIENCE);
        let stuck = self.stuck.iter().filter(|key| self.lines.get(*key).is_some_and(has_waited));
        let stuck: Vec<StreamKey> = stuck.cloned().collect();
        stuck.into_iter().for_each(|key| self.look_up(key));
    }

    /// Fetches what follows the head of a stream, in the background.
    fn look_up(&mut self, key: StreamKey) {
        let Some(from) = self.lines.get(&key).map(Line::cursor) else { return };
        if !self.looking_up.insert(key.clone()) {
            return;
        }
        metrics::counter!(GAPS).increment(1);
        let (database, lookups, commands) = (self.database.clone(), self.lookups.clone(), self.commands.clone());
        tokio::spawn(async move {
            let _turn = lookups.acquire().await;
            let found = lookup::following(&database, &key, &from).await;
            let Some(commands) = commands.upgrade() else { return };
            metrics::gauge!(PUBLISH_QUEUE).increment(2);
            let events = found.unwrap_or_else(|error| {
                tracing::error!(%error, stream = %key.stream, "a gap in a stream could not be filled");
                Vec::new()
            });
            let _ = commands.send(Command::Publish(events, None));
            let _ = commands.send(Command::LookedUp(key));
        });
    }
}

impl Newcomer {
    /// In, or back with what is to be sent first.
    fn proceed(self, attached: Attached) {
        let step = if attached.missed.len() <= self.top_up {
            (self.enter)(attached);
            Step::Entered
        } else {
            Step::Replay(self.enter, attached.missed, attached.cursor)
        };
        let _ = self.done.send(Ok(step));
    }
}

#[cfg(test)]
#[path = "publisher_restart_tests.rs"]
mod restart_tests;
