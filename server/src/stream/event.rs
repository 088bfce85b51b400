//! An event as it stands in a stream.

use super::{StreamKey, StreamName};
use crate::store::StoreError;
use app::{
    domain::{
        id::{EventId, LoadId, TenantId, UserId},
        time::Timestamp,
    },
    events::{Envelope, Event, Payload, RawEnvelope},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredEvent {
    pub key: StreamKey,
    pub epoch: String,
    pub seq: i64,
    pub id: EventId,
    pub name: String,
    pub at: Timestamp,
    pub load: Option<LoadId>,
    pub actor: Option<UserId>,
    pub full: Value,
    /// What those without `finance_view` get, where it differs.
    pub plain: Option<Value>,
}

impl StoredEvent {
    /// What happens to a load, or to none, as it stands in the tenant's stream, still without its number.
    pub fn of_tenant<E: Event>(
        (tenant, load, actor): (TenantId, Option<LoadId>, Option<UserId>),
        (id, at): (EventId, Timestamp),
        event: &E,
    ) -> Result<Self, StoreError> {
        let full = to_json(event)?;
        let plain = to_json(&event.clone().without_finance())?;
        let plain = (full != plain).then_some(plain);
        Ok(Self {
            key: StreamKey { tenant, namespace: E::NAMESPACE, stream: StreamName::Tenant },
            epoch: String::new(),
            seq: 0,
            id,
            name: E::NAME.to_owned(),
            at,
            load,
            actor,
            full,
            plain,
        })
    }

    /// The same happening in the streams of outside parties, who are shown less of it.
    pub fn outside<E: Event>(
        &self,
        event: &E,
        streams: impl IntoIterator<Item = StreamName>,
    ) -> Result<Vec<Self>, StoreError> {
        let full = to_json(&event.clone().for_outside())?;
        let to = |stream| {
            let key = StreamKey { stream, ..self.key.clone() };
            Self { key, full: full.clone(), plain: None, ..self.clone() }
        };
        Ok(streams.into_iter().map(to).collect())
    }

    /// How much memory it takes, about: in bytes.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.name.len() + weigh(&self.full) + self.plain.as_ref().map_or(0, weigh)
    }

    /// The event as it is sent to those who see money, or to those who don't.
    pub fn envelope(&self, sees_finance: bool) -> Envelope<&Value> {
        let data = if sees_finance { &self.full } else { self.plain.as_ref().unwrap_or(&self.full) };
        Envelope {
            event: self.name.clone(),
            data,
            timestamp: self.at,
            tenant_id: self.key.tenant,
            id: self.id,
            stream: Some(self.key.stream.to_string()),
            epoch: Some(self.epoch.clone()),
            seq: Some(self.seq),
        }
    }

    /// As [`StoredEvent::envelope`], with the data written out.
    pub fn raw_envelope(&self, sees_finance: bool) -> Result<RawEnvelope, StoreError> {
        let envelope = self.envelope(sees_finance);
        let data = Payload::of(envelope.data).map_err(unwritten)?;
        Ok(envelope.with(data))
    }
}

fn unwritten(error: serde_json::Error) -> StoreError {
    StoreError::Unwritable("an event", error)
}

fn weigh(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(weigh).sum(),
            Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + 32 + weigh(value)).sum(),
            _ => 0,
        }
}

fn to_json(event: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(event).map_err(unwritten)
}
