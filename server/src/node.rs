//! This node among the others: what it does with what they tell, and how it makes up for what it did not hear.

use crate::{
    auth::Door,
    gateway::{Gateway, SocketOutlet, hear_talk},
    relay::{Heard, NodeMessage, Relay},
    services::Services,
    stream::{Broadcast, Broadcaster, Room},
    supervise::Ended,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
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
