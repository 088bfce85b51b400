//! What the nodes of one system tell one another, over Redis.
//!
//! Nothing is confirmed here and nothing is kept: what was missed stands in the database. Events of the streams are
//! published by every node in the order of their numbers, whichever node wrote them, and one that did not come through
//! is fetched. The letters of each node are numbered, and each says something every second: whoever missed one soon knows.
//! They are signed, and hold for the nodes of one database alone.
//! So a node that can't reach Redis goes on serving its own sockets, and is as up to date as its last look into the
//! database.

mod message;
mod redis;
mod roll;
mod signature;
mod tls;

pub use message::{Located, NodeMessage, Presence};

use crate::{clock::Clock, settings::Realtime, store::identity::Identity, supervise::Supervisor};
use message::Letter;
use signature::Signer;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

/// Letters that wait to be sent or read. More are dropped, and made up for by the database.
const QUEUE: usize = 16_384;

/// How often a node makes sure that it still hears what it says.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// A node that has not heard itself for so long is cut off.
const SILENCE: Duration = Duration::from_secs(3);

/// A node's place in the system.
#[derive(Clone)]
pub struct Relay {
    /// This node, made anew at each start.
    pub node: Uuid,
    out: Option<mpsc::Sender<NodeMessage>>,
    heard: broadcast::Sender<Sound>,
    is_up: Arc<AtomicBool>,
    /// How many messages found the queue full since the last letter.
    dropped: Arc<AtomicU64>,
}

/// Why a relay can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("Redis: {0}")]
pub struct RelayError(String);

impl Relay {
    /// A node that is alone.
    pub fn alone() -> Self {
        let (heard, _) = broadcast::channel(1);
        Self::new(None, heard, true)
    }

    /// Joins the nodes that use the same database and the same Redis. Does not wait for Redis: it may come later, and go
    /// and come again.
    pub fn join(
        realtime: &Realtime,
        identity: &Identity,
        clock: Clock,
        supervisor: &Supervisor,
    ) -> Result<Self, RelayError> {
        let failed = |error: &dyn std::fmt::Display| RelayError(error.to_string());
        let config = tls::configure(realtime).map_err(|error| failed(&error))?;
        let signer = Signer::new(identity).map_err(|error| failed(&error))?;
        let (sender, messages) = mpsc::channel(QUEUE);
        let (heard, _) = broadcast::channel(QUEUE);
        let relay = Self::new(Some(sender), heard, false);
        redis::start(config, signer, clock, relay.clone(), messages, supervisor).map_err(|error| failed(&error))?;
        Ok(relay)
    }

    fn new(out: Option<mpsc::Sender<NodeMessage>>, heard: broadcast::Sender<Sound>, is_up: bool) -> Self {
        Self { node: Uuid::new_v4(), out, heard, is_up: Arc::new(is_up.into()), dropped: Arc::default() }
    }

    /// Whether there may be other nodes.
    pub fn is_joined(&self) -> bool {
        self.out.is_some()
    }

    /// Whether the other nodes can be reached; true where there are none.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// Tells the other nodes. Never waits.
    pub fn tell(&self, message: NodeMessage) {
        let Some(out) = &self.out else { return };
        if out.try_send(message).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            metrics::counter!(crate::metrics::RELAY_LOST).increment(1);
        }
    }

    /// Hears what the other nodes tell from now on.
    pub fn listen(&self) -> Hearing {
        Hearing { node: self.node, sounds: self.heard.subscribe() }
    }
}

/// What came from Redis.
#[derive(Clone)]
enum Sound {
    Letter(Arc<Letter>),
    /// A letter did not come.
    Hole,
}

/// What the other nodes tell.
pub struct Hearing {
    node: Uuid,
    sounds: broadcast::Receiver<Sound>,
}

/// Something that came, or a hole.
pub enum Heard {
    /// From a node that is not this one.
    Message(Uuid, NodeMessage),
    /// Something did not come, and nobody knows what.
    Lost,
}

impl Hearing {
    /// What comes next; `None` when the relay has ended.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            match self.sounds.recv().await {
                Ok(Sound::Letter(letter)) if letter.from == self.node => {}
                Ok(Sound::Letter(letter)) => return Some(Heard::Message(letter.from, letter.message.clone())),
                // This node was too slow, or the way was broken.
                Ok(Sound::Hole) | Err(broadcast::error::RecvError::Lagged(_)) => return Some(Heard::Lost),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
