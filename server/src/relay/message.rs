//! What nodes say.

use crate::{
    gateway::Talk,
    stream::{Broadcast, Room, StoredEvent},
};
use app::{
    domain::{
        id::{CarrierId, TenantId, UserId},
        time::Timestamp,
    },
    events::{LoadLocationUpdated, PresenceUpdate, SensorReading},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum NodeMessage {
    /// Still here.
    Alive,
    /// Events of a change that was committed.
    Published(Vec<Arc<StoredEvent>>),
    Broadcast(Broadcast),
    /// Readings of a tenant that were stored, oldest first.
    Readings {
        tenant: TenantId,
        readings: Vec<SensorReading>,
    },
    /// New positions of loads, for each node's own sockets.
    Positions(Vec<Located>),
    /// Of conversations that are open at several nodes.
    Talk(Talk),
    /// Close every socket in this room.
    Close(Room),
    /// Sessions or people were shut out: read who.
    Revoked,
    /// Everybody who is at the node, in place of what it said before.
    People(Vec<Presence>),
    /// What became of one of them.
    Person(Presence),
    /// The node stops; its people are gone.
    Goodbye,
}

/// A person at a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub tenant: app::domain::id::TenantId,
    /// False where the last tab is gone and the grace is over.
    pub is_online: bool,
    pub shown: PresenceUpdate,
}

/// The newest position of a load, with the outside parties who hear of it beside the tenant's staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Located {
    pub tenant: TenantId,
    pub carrier: Option<CarrierId>,
    /// The driver's login.
    pub driver: Option<UserId>,
    pub position: LoadLocationUpdated,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    pub from: Uuid,
    /// Counts what its node has said, from 1, and what it could not say as well.
    pub number: u64,
    /// When it was sent, by the clock of its node: one that is kept and sent again later is not heard.
    pub sent_at: Timestamp,
    pub message: NodeMessage,
}
