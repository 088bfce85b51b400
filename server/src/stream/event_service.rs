//! Events that stand for themselves, outside of any change of a load.

use super::{Audience, Change, Publisher, Room};
use crate::{
    clock::Clock,
    store::{Database, StoreError},
};
use app::{
    domain::{
        id::{CarrierId, EventId, TenantId, UserId},
        role::{Permission, Role},
    },
    events::{Envelope, Event, Namespace},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{borrow::Cow, sync::Arc};
use uuid::Uuid;

/// A message for everybody who is in one of some rooms, once each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Broadcast {
    pub namespace: Namespace,
    pub rooms: Vec<Room>,
    /// Not to those who are in this room.
    #[serde(default)]
    pub except: Option<Room>,
    pub name: Cow<'static, str>,
    /// The envelope.
    pub payload: Value,
}

/// Where broadcasts go: to the sockets of this node, and of the others.
pub trait Broadcaster: Send + Sync + 'static {
    /// Never waits, and does not fail: who does not hear it was not there.
    fn broadcast(&self, message: Broadcast);

    /// To the sockets of this node alone, where the other nodes learn it in another way.
    fn broadcast_here(&self, message: Broadcast);
}

/// Sends events to audiences. What belongs to a stream is stored first, numbered, and sent again to those who missed it;
/// what is volatile reaches those who are there. Money is removed for whoever may not see it.
#[derive(Clone)]
pub struct EventService {
    database: Database,
    publisher: Publisher,
    broadcaster: Arc<dyn Broadcaster>,
    clock: Clock,
}

impl EventService {
    pub fn new(database: Database, publisher: Publisher, broadcaster: Arc<dyn Broadcaster>, clock: Clock) -> Self {
        Self { database, publisher, broadcaster, clock }
    }

    /// To all staff.
    pub async fn emit_to_tenant<E: Event>(&self, tenant: TenantId, event: &E) -> Result<(), StoreError> {
        if !E::VOLATILE {
            let mut change = self.begin(tenant).await?;
            change.record(&Audience::default(), None, event)?;
            return change.commit().await;
        }
        self.pass_by(tenant, vec![Room::Tenant(tenant)], event);
        Ok(())
    }

    /// To one person, on all devices.
    pub async fn emit_to_user<E: Event>(&self, tenant: TenantId, user: UserId, event: &E) -> Result<(), StoreError> {
        if !E::VOLATILE {
            return self.record_outside(tenant, Audience { carriers: vec![], users: vec![user] }, event).await;
        }
        self.pass_by(tenant, vec![Room::User(user)], event);
        Ok(())
    }

    /// To the office of a carrier.
    pub async fn emit_to_carrier<E: Event>(
        &self,
        tenant: TenantId,
        carrier: CarrierId,
        event: &E,
    ) -> Result<(), StoreError> {
        if !E::VOLATILE {
            return self.record_outside(tenant, Audience { carriers: vec![carrier], users: vec![] }, event).await;
        }
        self.pass_by(tenant, vec![Room::Carrier(carrier)], event);
        Ok(())
    }

    /// To those of a role who are there. A role has no stream, so nothing is stored.
    pub fn emit_to_role<E: Event>(&self, tenant: TenantId, role: Role, event: &E) {
        let rooms = vec![Room::Role(tenant, role)];
        if role.may(Permission::FinanceView) {
            self.send(tenant, rooms, None, event.clone());
        } else {
            self.pass_by(tenant, rooms, event);
        }
    }

    /// To everybody who is in one of these rooms, once each, without money. A room has no stream, so nothing is stored.
    pub fn emit_to_room<E: Event>(&self, tenant: TenantId, rooms: Vec<Room>, event: &E) {
        self.pass_by(tenant, rooms, event);
    }

    /// The same, to the sockets of this node alone: where the other nodes learn it in another way.
    pub fn emit_to_room_here<E: Event>(&self, tenant: TenantId, rooms: Vec<Room>, event: &E) {
        if let Some(message) = self.message(tenant, rooms, None, event.clone().without_finance()) {
            self.broadcaster.broadcast_here(message);
        }
    }

    /// To everybody who is in one of these rooms but one person, on whichever device. Nothing is stored.
    pub fn emit_to_others<E: Event>(&self, tenant: TenantId, rooms: Vec<Room>, person: UserId, event: &E) {
        self.send(tenant, rooms, Some(Room::User(person)), event.clone().without_finance());
    }

    fn pass_by<E: Event>(&self, tenant: TenantId, rooms: Vec<Room>, event: &E) {
        self.send(tenant, rooms, None, event.clone().without_finance());
    }

    fn send<E: Event>(&self, tenant: TenantId, rooms: Vec<Room>, except: Option<Room>, event: E) {
        if let Some(message) = self.message(tenant, rooms, except, event) {
            self.broadcaster.broadcast(message);
        }
    }

    /// What an event of no stream is sent in.
    pub fn envelope<E: Event>(&self, tenant: TenantId, event: E) -> Envelope<E> {
        Envelope {
            event: E::NAME.to_owned(),
            data: event,
            timestamp: self.clock.now(),
            tenant_id: tenant,
            id: EventId(Uuid::now_v7()),
            stream: None,
            epoch: None,
            seq: None,
        }
    }

    /// The event as it is sent. `None` where it could not be written, which is logged.
    fn message<E: Event>(
        &self,
        tenant: TenantId,
        rooms: Vec<Room>,
        except: Option<Room>,
        event: E,
    ) -> Option<Broadcast> {
        let written = serde_json::to_value(self.envelope(tenant, event));
        let written =
            written.inspect_err(|error| tracing::error!(%error, event = E::NAME, "an event could not be written"));
        let payload = written.ok()?;
        Some(Broadcast { namespace: E::NAMESPACE, rooms, except, name: Cow::Borrowed(E::NAME), payload })
    }

    async fn begin(&self, tenant: TenantId) -> Result<Change, StoreError> {
        Change::begin(&self.database, &self.publisher, tenant, None, &self.clock).await
    }

    async fn record_outside<E: Event>(
        &self,
        tenant: TenantId,
        audience: Audience,
        event: &E,
    ) -> Result<(), StoreError> {
        let mut change = self.begin(tenant).await?;
        change.record_outside(&audience, None, event)?;
        change.commit().await
    }
}
