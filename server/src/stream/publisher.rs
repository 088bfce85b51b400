//! Hands committed events to the sockets, each stream in the order of its numbers.

use super::{StoredEvent, StreamKey};
use crate::store::{Database, StoreError, streams};
use app::events::Cursor;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    future::Future,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior},
};

/// How many events of a stream are kept in memory. A replay comes from the database; the ring bridges what is
/// delivered between that reading and the client's entry.
const RING: usize = 256;

/// How long a number may at least be missing before it is looked up in the database. Two commits that overtake one another
/// are together again within milliseconds; only a failure leaves a number out for longer.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where published events go.
pub trait Outlet: Send + Sync + 'static {
    /// Sends an event to all who are in its stream.
    fn deliver(&self, event: Arc<StoredEvent>) -> impl Future<Output = ()> + Send;

    /// Tells all who are in a stream where it stands.
    fn tell_state(&self, key: &StreamKey, cursor: &Cursor) -> impl Future<Output = ()> + Send;
}

/// What a client that enters a stream gets: what it missed, and where the stream stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    pub missed: Vec<Arc<StoredEvent>>,
    pub cursor: Cursor,
    pub recovered: bool,
}

/// A client at the door of a stream.
struct Newcomer {
    key: StreamKey,
    /// Where the stream stood in the database, for a stream that is new here.
    stored: Cursor,
    from: Option<Cursor>,
    /// What the database holds after `from`.
    backlog: Vec<Arc<StoredEvent>>,
    enter: Box<dyn FnOnce(Attached) + Send>,
}

enum Command {
    Publish(Vec<Arc<StoredEvent>>),
    Attach(Newcomer),
}

/// The way to the publishing task. It ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub struct Publisher {
    commands: mpsc::UnboundedSender<Command>,
    replay_cap: usize,
}

impl Publisher {
    /// Starts the task. Streams begin where the database says they stand.
    pub async fn start(
        database: Database,
        outlet: impl Outlet,
        state_interval: Duration,
        replay_cap: u32,
    ) -> Result<Self, StoreError> {
        let lines = streams::all(&database).await?.into_iter().map(|(key, cursor)| (key, Line::at(cursor))).collect();
        let (sender, receiver) = mpsc::unbounded_channel();
        let replay_cap = replay_cap as usize;
        tokio::spawn(Task { database, outlet, lines, replay_cap }.run(receiver, state_interval));
        Ok(Self { commands: sender, replay_cap })
    }

    /// Hands over the events of a committed change.
    pub fn publish(&self, events: Vec<Arc<StoredEvent>>) {
        if !events.is_empty() {
            self.send(Command::Publish(events));
        }
    }

    /// Lets a client into a stream. `enter` is called between two events: all that is in `Attached` comes before
    /// whatever is delivered after it returns, so `enter` sends what was missed and joins the room.
    pub async fn attach(
        &self,
        database: &Database,
        key: StreamKey,
        from: Option<Cursor>,
        enter: impl FnOnce(Attached) + Send + 'static,
    ) -> Result<(), StoreError> {
        let stored = self.stored_cursor(database, &key).await?;
        let mut backlog = Vec::new();
        if let Some(from) = from.as_ref().filter(|from| from.epoch == stored.epoch) {
            let mut tx = database.begin_snapshot().await?;
            let limit = i64::try_from(self.replay_cap).unwrap_or(i64::MAX).saturating_add(1);
            backlog = streams::events_after(&mut tx, &key, &from.epoch, from.seq, limit).await?;
        }
        if backlog.len() > self.replay_cap {
            backlog.clear();
        }
        let newcomer = Newcomer { key, stored, from, backlog, enter: Box::new(enter) };
        self.send(Command::Attach(newcomer));
        Ok(())
    }

    async fn stored_cursor(&self, database: &Database, key: &StreamKey) -> Result<Cursor, StoreError> {
        let mut tx = database.begin_snapshot().await?;
        if let Some(cursor) = streams::cursor(&mut tx, key).await? {
            return Ok(cursor);
        }
        drop(tx);
        let mut tx = database.begin_write().await?;
        streams::ensure(&mut tx, key).await?;
        let cursor = streams::cursor(&mut tx, key).await?;
        tx.commit().await?;
        cursor.ok_or(StoreError::Sql(sqlx::Error::RowNotFound))
    }

    fn send(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::error!("the publisher has ended; an event waits in the database for the next start");
        }
    }
}

/// One stream as it is being published.
struct Line {
    epoch: String,
    /// The last number that was delivered.
    head: i64,
    ring: VecDeque<Arc<StoredEvent>>,
    /// Events whose predecessors have not come yet.
    waiting: BTreeMap<i64, Arc<StoredEvent>>,
    /// Since when the next number has been missing.
    stuck_since: Option<Instant>,
}

impl Line {
    fn at(cursor: Cursor) -> Self {
        Self {
            epoch: cursor.epoch,
            head: cursor.seq,
            ring: VecDeque::new(),
            waiting: BTreeMap::new(),
            stuck_since: None,
        }
    }

    /// The event that comes next, if it is here.
    fn take_next(&mut self) -> Option<Arc<StoredEvent>> {
        let event = self.waiting.remove(&(self.head + 1))?;
        self.head = event.seq;
        if self.ring.len() == RING {
            self.ring.pop_front();
        }
        self.ring.push_back(event.clone());
        Some(event)
    }

    fn cursor(&self) -> Cursor {
        Cursor { epoch: self.epoch.clone(), seq: self.head }
    }

    /// Everything from `from` to the head, out of what the database gave and the ring; `None` where it is not all there.
    ///
    /// A client may be ahead of the head when its snapshot was read between a commit and its publication, but never
    /// ahead of what is `stored`.
    fn missed_since(
        &self,
        from: &Cursor,
        stored: i64,
        backlog: Vec<Arc<StoredEvent>>,
    ) -> Option<Vec<Arc<StoredEvent>>> {
        if from.epoch != self.epoch || from.seq < 0 || from.seq > self.head.max(stored) {
            return None;
        }
        if from.seq >= self.head {
            return Some(Vec::new());
        }
        let mut missed: Vec<_> = backlog.into_iter().filter(|event| event.seq <= self.head).collect();
        let known = missed.last().map_or(from.seq, |event| event.seq);
        missed.extend(self.ring.iter().filter(|event| event.seq > known).cloned());
        let whole = missed.iter().zip(from.seq + 1..).all(|(event, seq)| event.seq == seq);
        let count = usize::try_from(self.head - from.seq).unwrap_or(usize::MAX);
        (whole && missed.len() == count).then_some(missed)
    }
}

struct Task<O> {
    database: Database,
    outlet: O,
    lines: HashMap<StreamKey, Line>,
    replay_cap: usize,
}

impl<O: Outlet> Task<O> {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>, state_interval: Duration) {
        let mut states = tokio::time::interval(state_interval);
        let mut patience = tokio::time::interval(PATIENCE);
        states.set_missed_tick_behavior(MissedTickBehavior::Delay);
        patience.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Publish(events)) => self.publish(events).await,
                    Some(Command::Attach(newcomer)) => self.attach(newcomer),
                    None => return,
                },
                _ = states.tick() => {
                    for (key, line) in &self.lines {
                        self.outlet.tell_state(key, &line.cursor()).await;
                    }
                }
                _ = patience.tick() => self.fill_gaps().await,
            }
        }
    }

    async fn publish(&mut self, events: Vec<Arc<StoredEvent>>) {
        for event in events {
            let key = event.key.clone();
            // A stream that was not there at the start begins at 0.
            let line = self
                .lines
                .entry(key.clone())
                .or_insert_with(|| Line::at(Cursor { epoch: event.epoch.clone(), seq: 0 }));
            if event.seq > line.head {
                line.waiting.insert(event.seq, event);
            }
            self.deliver_ready(&key).await;
        }
    }

    async fn deliver_ready(&mut self, key: &StreamKey) {
        while let Some(event) = self.lines.get_mut(key).and_then(Line::take_next) {
            self.outlet.deliver(event).await;
        }
        if let Some(line) = self.lines.get_mut(key) {
            line.stuck_since = (!line.waiting.is_empty()).then(|| line.stuck_since.unwrap_or_else(Instant::now));
        }
    }

    fn attach(&mut self, newcomer: Newcomer) {
        let Newcomer { key, stored, from, backlog, enter } = newcomer;
        // What is stored but not yet delivered here is on its way, so a stream that is new here begins at 0.
        let begin = Cursor { epoch: stored.epoch, seq: 0 };
        let line = self.lines.entry(key).or_insert_with(|| Line::at(begin));
        let missed = from.and_then(|from| line.missed_since(&from, stored.seq, backlog));
        let missed = missed.filter(|missed| missed.len() <= self.replay_cap);
        let recovered = missed.is_some();
        enter(Attached { missed: missed.unwrap_or_default(), cursor: line.cursor(), recovered });
    }

    /// Fetches numbers that have been missing for too long.
    async fn fill_gaps(&mut self) {
        let is_stuck = |line: &Line| line.stuck_since.is_some_and(|since| since.elapsed() >= PATIENCE);
        let stuck = self.lines.iter().filter(|(_, line)| is_stuck(line));
        let stuck: Vec<StreamKey> = stuck.map(|(key, _)| key.clone()).collect();
        for key in stuck {
            if let Err(error) = self.fill_gap(&key).await {
                tracing::error!(%error, stream = %key.stream, "a gap in a stream could not be filled");
            }
        }
    }

    async fn fill_gap(&mut self, key: &StreamKey) -> Result<(), StoreError> {
        let Some(line) = self.lines.get(key) else { return Ok(()) };
        let mut tx = self.database.begin_snapshot().await?;
        let events = streams::events_after(&mut tx, key, &line.epoch, line.head, RING as i64).await?;
        drop(tx);
        self.publish(events).await;
        Ok(())
    }
}
