//! Names of rooms. All are joined by the server: from the claims, or on request after a check.

use super::{StreamKey, StreamName};
use app::domain::{
    id::{CarrierId, ConversationId, LoadId, SiteId, TenantId, UnitId, UserId},
    role::Role,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An audience that an event can be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Room {
    /// All staff of a tenant.
    Tenant(TenantId),
    /// The staff who see money.
    TenantFinance(TenantId),
    /// The staff who don't.
    TenantPlain(TenantId),
    /// The staff who take positions in batches.
    TenantBatch(TenantId),
    /// The staff who take positions one by one.
    TenantSingle(TenantId),
    User(UserId),
    Role(TenantId, Role),
    Carrier(CarrierId),
    Load(LoadId),
    Site(SiteId),
    Unit(UnitId),
    Conversation(ConversationId),
    /// Everything that was opened within one session.
    Session(String),
}

impl Room {
    /// The room in which a stream is heard.
    pub fn of_stream(key: &StreamKey) -> Self {
        match key.stream {
            StreamName::Tenant => Room::Tenant(key.tenant),
            StreamName::Carrier(id) => Room::Carrier(id),
            StreamName::User(id) => Room::User(id),
        }
    }

    /// The staff of a tenant who see money, or those who don't.
    pub fn tenant_by_finance(tenant: TenantId, sees_finance: bool) -> Self {
        if sees_finance { Room::TenantFinance(tenant) } else { Room::TenantPlain(tenant) }
    }

    /// Whether a name is that of a room which is joined on request.
    pub fn is_on_request(name: &str) -> bool {
        ["load:", "site:", "unit:", "conversation:"].iter().any(|kind| name.starts_with(kind))
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Room::Tenant(tenant) => write!(f, "tenant:{tenant}"),
            Room::TenantFinance(tenant) => write!(f, "tenant:{tenant}:finance"),
            Room::TenantPlain(tenant) => write!(f, "tenant:{tenant}:plain"),
            Room::TenantBatch(tenant) => write!(f, "tenant:{tenant}:batch"),
            Room::TenantSingle(tenant) => write!(f, "tenant:{tenant}:single"),
            Room::User(user) => write!(f, "user:{user}"),
            Room::Role(tenant, role) => write!(f, "role:{tenant}:{}", role.code()),
            Room::Carrier(carrier) => write!(f, "carrier:{carrier}"),
            Room::Load(load) => write!(f, "load:{load}"),
            Room::Site(site) => write!(f, "site:{site}"),
            Room::Unit(unit) => write!(f, "unit:{unit}"),
            Room::Conversation(conversation) => write!(f, "conversation:{conversation}"),
            Room::Session(session) => write!(f, "session:{session}"),
        }
    }
}
