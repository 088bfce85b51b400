//! What every event travels in, and the places in the numbered streams.

use super::{AnyEvent, Namespace, Payload};
use crate::domain::{
    id::{EventId, TenantId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The stream that the tenant's staff see whole.
pub const TENANT_STREAM: &str = "tenant";

/// Name of the message that tells a client where a stream stands.
pub const STREAM_STATE: &str = "stream:state";

/// Name of the message that tells a client that its login runs out soon: `{"expiresAt"}`.
pub const AUTH_EXPIRING: &str = "auth:expiring";

/// An event as it is sent: `{"event", "data", "timestamp", "tenantId", "id", "stream", "epoch", "seq"}`.
///
/// `stream`, `epoch` and `seq` are null for volatile events, which belong to no stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    pub event: String,
    pub data: T,
    pub timestamp: Timestamp,
    pub tenant_id: TenantId,
    pub id: EventId,
    pub stream: Option<String>,
    pub epoch: Option<String>,
    pub seq: Option<i64>,
}

/// An envelope whose event was read by its namespace and name.
pub type AnyEnvelope = Envelope<AnyEvent>;

impl<T> Envelope<T> {
    /// The same envelope around other data.
    pub fn with<U>(self, data: U) -> Envelope<U> {
        Envelope {
            event: self.event,
            data,
            timestamp: self.timestamp,
            tenant_id: self.tenant_id,
            id: self.id,
            stream: self.stream,
            epoch: self.epoch,
            seq: self.seq,
        }
    }
}

/// An envelope whose event was not read yet.
pub type RawEnvelope = Envelope<Payload>;

impl RawEnvelope {
    /// Reads the data by the event's name in this namespace. `Ok(None)`: an event that the catalogue does not know.
    pub fn read(self, namespace: Namespace) -> serde_json::Result<Option<AnyEnvelope>> {
        let data = AnyEvent::read(namespace, &self.event, &self.data)?;
        Ok(data.map(|data| self.with(data)))
    }
}

/// A place in a stream: everything up to `seq` of this `epoch` is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Cursor {
    /// Changes when the numbering starts anew; places of different epochs can't be compared.
    pub epoch: String,
    pub seq: i64,
}

/// The places that a snapshot is true at, by namespace and stream.
pub type Cursors = BTreeMap<Namespace, BTreeMap<String, Cursor>>;

/// Where a stream stands, and whether what the client had missed was sent just before.
///
/// `recovered: false` means that the client must fetch its snapshot anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamState {
    pub stream: String,
    pub epoch: String,
    pub seq: i64,
    pub recovered: bool,
}
