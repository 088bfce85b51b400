//! An event as it stands in a stream.

use super::StreamKey;
use app::{
    domain::{
        id::{EventId, LoadId, UserId},
        time::Timestamp,
    },
    events::Envelope,
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
