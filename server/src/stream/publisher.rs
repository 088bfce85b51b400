//! Hands committed events to the sockets, each stream in the order of its numbers: the handle that everybody has of it.
//! What it does is in `publisher/task.rs`.

mod task;

use super::{StoredEvent, StreamKey, line::Line, lookup};
use crate::{
    metrics::PUBLISH_QUEUE,
    relay::{NodeMessage, Relay},
    store::{Database, StoreError, streams},
    supervise::{Ended, Supervisor},
};
use app::events::{Cursor, Event, LoadDeleted};
use std::{future::Future, sync::Arc, time::Duration};
use task::Task;
use tokio::sync::{mpsc, oneshot};

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
        // It has a weak handle, so that it ends with the last strong one.
        let task = Task::new(database.clone(), outlet, lines, replay_cap as usize, commands.downgrade());
        let (running, mut is_first) = (Arc::new(tokio::sync::Mutex::new((task, receiver))), true);
        supervisor.run("publisher", move || {
            let (running, is_first) = (running.clone(), std::mem::replace(&mut is_first, false));
            async move {
                let (task, commands) = &mut *running.lock().await;
                if !is_first && let Err(error) = task.take_up().await {
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

#[cfg(test)]
#[path = "publisher_restart_tests.rs"]
mod restart_tests;
