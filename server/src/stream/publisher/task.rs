//! The task that publishes: one at a time, events go out, clients enter their streams, and what is missing is fetched.
//! It never waits for the database: look-ups run beside it and come back as commands.

use super::{Attached, Command, Newcomer, Outlet, SLICE, Step};
use crate::{
    metrics::{GAPS, PUBLISH_QUEUE},
    store::{Database, StoreError, streams},
    stream::{StoredEvent, StreamKey, line::Line, lookup},
};
use app::events::Cursor;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, MissedTickBehavior},
};

/// How long a number may at least be missing before it is looked up in the database. Two commits that overtake one another
/// are together again within milliseconds; only a failure leaves a number out for longer.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many look-ups run at a time: those who come back after an outage must not take every connection to the database.
const LOOKUPS: usize = 4;

/// How often old events are let go of.
const TIDY: Duration = Duration::from_secs(30);

/// The streams as they are being published.
pub(super) struct Task<O> {
    database: Database,
    outlet: O,
    lines: HashMap<StreamKey, Line>,
    replay_cap: usize,
    /// For what is done in the background and comes back.
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
    pub(super) fn new(
        database: Database,
        outlet: O,
        lines: HashMap<StreamKey, Line>,
        replay_cap: usize,
        commands: mpsc::WeakUnboundedSender<Command>,
    ) -> Self {
        Self {
            database,
            outlet,
            lines,
            replay_cap,
            commands,
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            looking_up: HashSet::new(),
            stuck: HashSet::new(),
            warm: HashSet::new(),
            to_tell: Vec::new(),
        }
    }

    /// Takes up the streams after a run that failed: what waits in the queue is still delivered, and what the database
    /// holds beyond it is fetched. The event at which it failed is not tried again: the states, which are sent at once, tell
    /// those who miss it.
    pub(super) async fn take_up(&mut self) -> Result<(), StoreError> {
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

    pub(super) async fn run(&mut self, commands: &mut mpsc::UnboundedReceiver<Command>, state_interval: Duration) {
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
