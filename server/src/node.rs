//! This node among the others: what it does with what they tell, and how it makes up for what it did not hear.

use crate::{
    auth::Door,
    gateway::{Gateway, SocketOutlet, hear_talk},
    relay::{Heard, NodeMessage, Relay},
    services::Services,
    stream::{Broadcast, Broadcaster, Room},
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
    let (services, door) = (gateway.services.clone(), gateway.door.clone());
    let EveryNode { outlet, relay } = every_node;
    if !relay.is_joined() {
        return;
    }
    let mut hearing = relay.listen();
    let missed = Arc::new(Notify::new());
    let has_missed = missed.clone();
    let (of_outlet, of_door, heard_by) = (outlet.clone(), door.clone(), services.clone());
    let listen = async move {
        while let Some(heard) = hearing.next().await {
            match heard {
                Heard::Message(node, message) => {
                    heard_by.presence.hear(node, &message);
                    match message {
                        NodeMessage::Published(events) => heard_by.publisher.publish_from_other_node(events),
                        NodeMessage::Broadcast(message) => of_outlet.broadcast(&message),
                        NodeMessage::Readings { tenant, readings } => heard_by.hot.take_in(tenant, &readings),
                        NodeMessage::Positions(news) => heard_by.positions.frames.note(news),
                        NodeMessage::Talk(talk) => hear_talk(&gateway, talk),
                        NodeMessage::Close(room) => of_outlet.close(&room),
                        NodeMessage::Revoked => shut_out(&of_door, &of_outlet).await,
                        // All that presence takes.
                        NodeMessage::Alive | NodeMessage::People(_) | NodeMessage::Person(_) | NodeMessage::Goodbye => {
                        }
                    }
                }
                Heard::Lost => missed.notify_one(),
            }
        }
    };
    let look = async move {
        let mut was_up = false;
        loop {
            let is_up = relay.is_up();
            if !is_up || !was_up {
                make_up(&services, &door, &outlet).await;
            }
            was_up = is_up;
            let pause = if is_up { ROUTINE } else { CUT_OFF };
            let mut waited = Duration::ZERO;
            // A change of state is noticed at once, and so is that something did not come.
            while waited < pause && relay.is_up() == is_up {
                tokio::select! {
                    () = tokio::time::sleep(CUT_OFF) => waited += CUT_OFF,
                    () = has_missed.notified() => {
                        tokio::time::sleep(TOGETHER).await;
                        break;
                    }
                }
            }
            if is_up {
                make_up(&services, &door, &outlet).await;
            }
        }
    };
    tokio::spawn(async move {
        stop.run_until_cancelled(async { tokio::join!(listen, look) }).await;
    });
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
