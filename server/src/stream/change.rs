//! A change: one transaction and the events in it.

use super::{Publisher, StoredEvent, StreamName};
use crate::{
    clock::Clock,
    store::{self, Database, StoreError, Tx, idempotency, streams},
};
use app::{
    domain::{
        id::{CarrierId, EventId, LoadId, TenantId, UserId},
        time::Timestamp,
    },
    events::Event,
};
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

/// A transaction that collects its events, numbers and stores them last, and publishes them once it is committed.
pub struct Change {
    pub tx: Tx,
    pub tenant: TenantId,
    /// When it happens: not before the changes that it has waited for.
    pub now: Timestamp,
    /// Who makes it; none where the system does.
    pub actor: Option<UserId>,
    events: Vec<StoredEvent>,
    publisher: Publisher,
    clock: Clock,
}

impl Change {
    pub async fn begin(
        database: &Database,
        publisher: &Publisher,
        tenant: TenantId,
        actor: Option<UserId>,
        clock: &Clock,
    ) -> Result<Self, StoreError> {
        let tx = database.begin_write().await?;
        // On SQLite it has waited for its turn.
        let now = clock.now();
        Ok(Self { tx, tenant, now, actor, events: Vec::new(), publisher: publisher.clone(), clock: clock.clone() })
    }

    /// Takes the time once more, where something was locked: whoever had it before has changed it before.
    pub fn read_clock(&mut self) {
        self.now = self.clock.now();
    }

    /// Tells an event to the tenant's stream and to those of the audience. It has one id in all of them, and its places
    /// when the change is committed.
    pub fn record<E: Event>(&mut self, audience: &Audience, load: Option<LoadId>, event: &E) -> Result<(), StoreError> {
        let happening = self.happening(load, event)?;
        self.events.push(happening.clone());
        self.record_of(audience, &happening, event)
    }

    /// Tells an event to the streams of the audience alone: what is news to them and not to the staff.
    pub fn record_outside<E: Event>(
        &mut self,
        audience: &Audience,
        load: Option<LoadId>,
        event: &E,
    ) -> Result<(), StoreError> {
        let happening = self.happening(load, event)?;
        self.record_of(audience, &happening, event)
    }

    fn happening<E: Event>(&self, load: Option<LoadId>, event: &E) -> Result<StoredEvent, StoreError> {
        StoredEvent::of_tenant((self.tenant, load, self.actor), (EventId(Uuid::now_v7()), self.now), event)
    }

    fn record_of<E: Event>(
        &mut self,
        audience: &Audience,
        happening: &StoredEvent,
        event: &E,
    ) -> Result<(), StoreError> {
        if audience.carriers.is_empty() && audience.users.is_empty() {
            return Ok(());
        }
        let carriers = audience.carriers.iter().copied().map(StreamName::Carrier);
        let streams = carriers.chain(audience.users.iter().copied().map(StreamName::User));
        self.events.extend(happening.outside(event, streams)?);
        Ok(())
    }

    /// Stores the events, commits, then publishes. The last two happen even if the caller goes away meanwhile: a client
    /// that hangs up between them must not leave others waiting for an event that is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Change { mut tx, events, publisher, .. } = self;
        idempotency::note_done(&mut tx).await?;
        // The places in the streams come last: whoever has them holds up the whole tenant.
        let events = if events.is_empty() { Vec::new() } else { streams::append(&mut tx, events).await? };
        let committed = tokio::spawn(async move {
            store::commit(tx).await?;
            publisher.publish(events).await;
            Ok(())
        });
        committed.await.unwrap_or(Err(StoreError::TaskEnded("commits a change")))
    }
}
