//! This node among the others: what it does with what they tell, and how it makes up for what it did not hear.

use crate::{
    auth::Door,
    gateway::{Gateway, SocketOutlet, hear_talk},
    relay::{Heard, NodeMessage, Relay},
    services::Services,
    settings::Settings,
    store::{
        StoreError,
        node_lock::{NodeLock, Sharing},
    },
    stream::{Broadcast, Broadcaster, Room},
    supervise::Ended,
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// How often a node that hears the others looks into the database all the same.
const ROUTINE: Duration = Duration::from_secs(15);

/// How often one that does not hear them looks.
const CUT_OFF: Duration = Duration::from_secs(1);

/// How long a node that missed something waits for what else it may have missed: one look finds all of it.
const TOGETHER: Duration = Duration::from_millis(200);

/// Sends to the sockets of every node.
#[derive(Clone)]
pub struct EveryNode {
    pub outlet: SocketOutlet,
    pub relay: Relay,
}

impl Broadcaster for EveryNode {
    fn broadcast(&self, message: Broadcast) {
        self.outlet.broadcast(&message);
        self.relay.tell(NodeMessage::Broadcast(message));
    }

    fn broadcast_here(&self, message: Broadcast) {
        self.outlet.broadcast(&message);
    }
}

impl EveryNode {
    /// Closes every socket in a room, on all nodes. What let them in must be revoked before.
    pub fn close(&self, room: Room) {
        self.outlet.close(&room);
        self.relay.tell(NodeMessage::Revoked);
        self.relay.tell(NodeMessage::Close(room));
    }
}

/// How often a node makes sure that it holds its database's lock, and tries to take one that another holds.
const LOCK_LOOK: Duration = Duration::from_secs(1);

/// How often it tries to take a lock again that it has lost, before it holds that another node has it.
const LOCK_ATTEMPTS: u32 = 5;

/// Takes the lock of the database, so that a node without Redis is the only one. Waits as long as the settings say for one
/// that is being stopped. `None` on SQLite, which is this node's alone.
///
/// # Errors
/// `Ok(Err(sharing))` where a node goes on working that this one, which would share the database so, may not run beside.
pub async fn lock_database(settings: &Settings) -> Result<Result<Option<NodeLock>, Sharing>, StoreError> {
    let url = &settings.database.url;
    if url.starts_with("sqlite:") {
        return Ok(Ok(None));
    }
    let sharing = if settings.realtime.redis_url.is_empty() { Sharing::Alone } else { Sharing::Together };
    let until = Instant::now() + settings.realtime.takeover_wait.0;
    let mut has_told = false;
    loop {
        if let Some(lock) = NodeLock::take(url, sharing).await? {
            return Ok(Ok(Some(lock)));
        }
        if Instant::now() >= until {
            return Ok(Err(sharing));
        }
        if !has_told {
            tracing::info!("another node works on this database; this one waits for its end");
            has_told = true;
        }
        tokio::time::sleep(LOCK_LOOK.min(until.saturating_duration_since(Instant::now()))).await;
    }
}

/// Keeps the lock of the database until the node is told to stop, and gives it back then: it is held until nothing is
/// written any more. `None` where it was lost and another node has taken it meanwhile: this one must stop.
pub async fn keep_lock(mut lock: NodeLock, stop: CancellationToken) -> Option<NodeLock> {
    let mut attempts = 0;
    while stop.run_until_cancelled(tokio::time::sleep(LOCK_LOOK)).await.is_some() {
        if attempts == 0 && lock.is_held().await {
            continue;
        }
        match lock.retake().await {
            Ok(true) => {
                attempts = 0;
                tracing::warn!("the lock of the database was lost with its connection, and taken again");
            }
            Ok(false) if attempts + 1 < LOCK_ATTEMPTS => attempts += 1,
            Ok(false) => {
                tracing::error!("another node has come to work on this database meanwhile; this one stops");
                return None;
            }
            Err(error) => tracing::warn!(%error, "the lock of the database is lost, and can't be taken again yet"),
        }
    }
    Some(lock)
}

/// Takes part in the system until it is told to stop.
pub fn take_part(every_node: EveryNode, gateway: Arc<Gateway>, stop: CancellationToken) {
    if !every_node.relay.is_joined() {
        return;
    }
    let supervisor = gateway.services.supervisor.clone();
    let listening = Arc::new(Node { every_node, gateway, missed: Notify::new() });
    let looking = listening.clone();
    supervisor.run_until(&stop, "node_listener", move || {
        let node = listening.clone();
        async move { node.listen().await }
    });
    supervisor.run_until(&stop, "node_look", move || {
        let node = looking.clone();
        async move { node.look().await }
    });
}

struct Node {
    every_node: EveryNode,
    gateway: Arc<Gateway>,
    /// Told when something did not come.
    missed: Notify,
}

impl Node {
    /// Does what the others tell, until the relay ends.
    async fn listen(&self) -> Ended {
        let (Gateway { services, door, .. }, EveryNode { outlet, relay }) = (&*self.gateway, &self.every_node);
        let mut hearing = relay.listen();
        // What was said before nobody here has heard.
        self.missed.notify_one();
        while let Some(heard) = hearing.next().await {
            match heard {
                Heard::Message(node, message) => {
                    services.presence.hear(node, &message);
                    match message {
                        NodeMessage::Published(events) => services.publisher.publish_from_other_node(events),
                        NodeMessage::Broadcast(message) => outlet.broadcast(&message),
                        NodeMessage::Readings { tenant, readings } => services.hot.take_in(tenant, &readings),
                        NodeMessage::Positions(news) => services.positions.frames.note(news),
                        NodeMessage::Talk(talk) => hear_talk(&self.gateway, talk),
                        NodeMessage::Close(room) => outlet.close(&room),
                        NodeMessage::Revoked => shut_out(door, outlet).await,
                        // All that presence takes.
                        NodeMessage::Alive | NodeMessage::People(_) | NodeMessage::Person(_) | NodeMessage::Goodbye => {
                        }
                    }
                }
                Heard::Lost => self.missed.notify_one(),
            }
        }
        Ended::Done
    }

    /// Looks into the database for what was not heard. Never ends.
    async fn look(&self) -> Ended {
        let (Gateway { services, door, .. }, EveryNode { outlet, relay }) = (&*self.gateway, &self.every_node);
        let mut was_up = false;
        loop {
            let is_up = relay.is_up();
            if !is_up || !was_up {
                make_up(services, door, outlet).await;
            }
            was_up = is_up;
            let pause = if is_up { ROUTINE } else { CUT_OFF };
            let mut waited = Duration::ZERO;
            // A change of state is noticed at once, and so is that something did not come.
            while waited < pause && relay.is_up() == is_up {
                tokio::select! {
                    () = tokio::time::sleep(CUT_OFF) => waited += CUT_OFF,
                    () = self.missed.notified() => {
                        tokio::time::sleep(TOGETHER).await;
                        break;
                    }
                }
            }
            if is_up {
                make_up(services, door, outlet).await;
            }
        }
    }
}

/// Finds out what the others may have said unheard.
async fn make_up(services: &Services, door: &Door, outlet: &SocketOutlet) {
    services.publisher.catch_up();
    services.hot.forget();
    shut_out(door, outlet).await;
}

/// Reads who was shut out by another node, and closes their sockets here.
async fn shut_out(door: &Door, outlet: &SocketOutlet) {
    match door.read_revocations().await {
        Ok(rooms) => rooms.iter().for_each(|room| outlet.close(room)),
        Err(error) => tracing::warn!(%error, "who was shut out elsewhere could not be read"),
    }
}
