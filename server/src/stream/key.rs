//! Which stream: of which tenant, in which namespace, for which audience.

use app::{
    domain::id::{CarrierId, TenantId, UserId},
    events::{Namespace, TENANT_STREAM},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An audience that sees a stream whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StreamName {
    /// The tenant's staff.
    Tenant,
    Carrier(CarrierId),
    User(UserId),
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StreamName::Tenant => f.write_str(TENANT_STREAM),
            StreamName::Carrier(carrier) => write!(f, "carrier:{carrier}"),
            StreamName::User(user) => write!(f, "user:{user}"),
        }
    }
}

/// The text names no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("takes tenant, carrier:<id> or user:<id>")]
pub struct UnknownStream;

impl FromStr for StreamName {
    type Err = UnknownStream;
    fn from_str(text: &str) -> Result<Self, UnknownStream> {
        match text.split_once(':') {
            None if text == TENANT_STREAM => Ok(StreamName::Tenant),
            Some(("carrier", id)) => id.parse().map(StreamName::Carrier).map_err(|_| UnknownStream),
            Some(("user", id)) => id.parse().map(StreamName::User).map_err(|_| UnknownStream),
            _ => Err(UnknownStream),
        }
    }
}

/// In the order of keys a change takes its places: all nodes in the same, so that none waits for another that waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamKey {
    pub tenant: TenantId,
    pub namespace: Namespace,
    pub stream: StreamName,
}
