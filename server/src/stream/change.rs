//! A change: one transaction and the events in it.

use super::{Publisher, StoredEvent, StreamName};
use crate::store::{Database, StoreError, Tx, idempotency, streams};
use app::{
    domain::{
        id::{CarrierId, EventId, LoadId, TenantId, UserId},
        time::Timestamp,
    },
    events::Event,
};
use std::sync::Arc;
use uuid::Uuid;

/// Outside parties that are told of a happening, beside the tenant's staff.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    pub carriers: Vec<CarrierId>,
    /// Logins of drivers.
    pub users: Vec<UserId>,
}

impl Audience {
    /// Those of this audience who are not in `other`.
    pub fn without(&self, other: &Audience) -> Audience {
        Audience {
            carriers: self.carriers.iter().filter(|carrier| !other.carriers.contains(carrier)).copied().collect(),
            users: self.users.iter().filter(|user| !other.users.contains(user)).copied().collect(),
        }
    }
}

/// A transaction that collects its events and publishes them once it is committed.
pub struct Change {
    pub tx: Tx,
    pub tenant: TenantId,
    pub now: Timestamp,
    /// Who makes it; none where the system does.
    pub actor: Option<UserId>,
    events: Vec<Arc<StoredEvent>>,
    publisher: Publisher,
}

impl Change {
    pub async fn begin(
        database: &Database,
        publisher: &Publisher,
        tenant: TenantId,
        actor: Option<UserId>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let tx = database.begin_write().await?;
        Ok(Self { tx, tenant, now, actor, events: Vec::new(), publisher: publisher.clone() })
    }

    /// Appends an event to the tenant's stream and to those of the audience. It has one id in all of them.
    pub async fn record<E: Event>(
        &mut self,
        audience: &Audience,
        load: Option<LoadId>,
        event: &E,
    ) -> Result<(), StoreError> {
        let happening = self.happening(load, event)?;
        self.append(happening.clone()).await?;
        self.append_outside(audience, happening, event).await
    }

    /// Appends an event to the streams of the audience alone: what is news to them and not to the staff.
    pub async fn record_outside<E: Event>(
        &mut self,
        audience: &Audience,
        load: Option<LoadId>,
        event: &E,
    ) -> Result<(), StoreError> {
        let happening = self.happening(load, event)?;
        self.append_outside(audience, happening, event).await
    }

    fn happening<E: Event>(&self, load: Option<LoadId>, event: &E) -> Result<StoredEvent, StoreError> {
        StoredEvent::of_tenant((self.tenant, load, self.actor), (EventId(Uuid::now_v7()), self.now), event)
    }

    async fn append_outside<E: Event>(
        &mut self,
        audience: &Audience,
        happening: StoredEvent,
        event: &E,
    ) -> Result<(), StoreError> {
        if audience.carriers.is_empty() && audience.users.is_empty() {
            return Ok(());
        }
        let carriers = audience.carriers.iter().copied().map(StreamName::Carrier);
        let streams = carriers.chain(audience.users.iter().copied().map(StreamName::User));
        for event in happening.outside(event, streams)? {
            self.append(event).await?;
        }
        Ok(())
    }

    async fn append(&mut self, mut event: StoredEvent) -> Result<(), StoreError> {
        let cursor = streams::advance(&mut self.tx, &event.key).await?;
        (event.epoch, event.seq) = (cursor.epoch, cursor.seq);
        streams::insert_event(&mut self.tx, &event).await?;
        self.events.push(Arc::new(event));
        Ok(())
    }

    /// Commits, then publishes. Both happen even if the caller goes away meanwhile: a client that hangs up
    /// between the two must not leave others waiting for an event that is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Change { mut tx, events, publisher, .. } = self;
        idempotency::note_done(&mut tx).await?;
        let committed = tokio::spawn(async move {
            tx.commit().await?;
            publisher.publish(events).await;
            Ok(())
        });
        committed.await.unwrap_or_else(|error| Err(StoreError::Sql(sqlx::Error::Io(std::io::Error::other(error)))))
    }
}
