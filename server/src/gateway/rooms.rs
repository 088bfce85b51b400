//! Names of rooms. All are joined by the server, from the claims or after a check.

use crate::{
    services::Caller,
    stream::{StreamKey, StreamName},
};
use app::domain::{
    id::{CarrierId, LoadId, TenantId, UserId},
    role::Role,
};

/// All staff of a tenant.
pub fn tenant(tenant: TenantId) -> String {
    format!("tenant:{tenant}")
}

/// The staff of a tenant who see money, or those who don't.
pub fn tenant_by_finance(tenant: TenantId, sees_finance: bool) -> String {
    format!("tenant:{tenant}:{}", if sees_finance { "finance" } else { "plain" })
}

pub fn user(user: UserId) -> String {
    format!("user:{user}")
}

pub fn role(tenant: TenantId, role: Role) -> String {
    format!("role:{tenant}:{}", role.code())
}

pub fn carrier(carrier: CarrierId) -> String {
    format!("carrier:{carrier}")
}

pub fn load(load: LoadId) -> String {
    format!("load:{load}")
}

/// Everything that was opened within one session.
pub fn session(session: &str) -> String {
    format!("session:{session}")
}

/// The room in which a stream is heard.
pub fn stream(key: &StreamKey) -> String {
    match key.stream {
        StreamName::Tenant => tenant(key.tenant),
        StreamName::Carrier(id) => carrier(id),
        StreamName::User(id) => user(id),
    }
}

/// The rooms that a caller is in from the start, apart from that of the stream, which is joined with the stream.
pub fn from_claims(caller: &Caller, session_id: &str, stream: Option<&str>) -> Vec<String> {
    let mut rooms = vec![session(session_id), role(caller.tenant, caller.role)];
    rooms.extend(caller.person.as_ref().map(|person| user(person.id)));
    // A driver belongs to a carrier, too, but sees own loads only.
    rooms.extend(caller.carrier.filter(|_| caller.role == Role::Carrier).map(carrier));
    rooms.retain(|room| Some(room.as_str()) != stream);
    rooms
}
