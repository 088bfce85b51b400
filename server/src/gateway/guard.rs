//! Who may connect. Runs as middleware: a client that is refused here never was connected.

use super::{
    Gateway,
    connections::{self, Connection},
    seat::Seat,
};
use crate::{
    auth::DoorError,
    client_address::ClientAddress,
    metrics::{CONNECTS, THROTTLED},
    rest,
};
use app::{
    api::ErrorCode,
    events::{Cursor, Namespace},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketioxide::extract::{SocketRef, TryData};
use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

/// What a client says when it connects: `{token?, cursors?: {"<stream>": {epoch, seq}}, positions?: "batch"}`, or nothing.
pub type Handshake = TryData<Value>;

/// Why a client is not let in; written as JSON, since `connect_error` carries nothing but a message.
#[derive(Debug, Serialize)]
pub struct Refusal {
    code: ErrorCode,
    message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl From<DoorError> for Refusal {
    fn from(error: DoorError) -> Self {
        let message = match &error {
            DoorError::Internal(cause) => {
                tracing::error!(%cause, "a client could not be let in");
                "Something went wrong on our side. Try again.".into()
            }
            _ => error.to_string(),
        };
        Refusal { code: rest::code_of(&error), message }
    }
}

impl Refusal {
    fn too_many(wait: Duration) -> Self {
        metrics::counter!(THROTTLED, "limit" => "connects").increment(1);
        let message = format!("Too many connects. Come back in {} s or later.", wait.as_secs() + 1);
        Refusal { code: ErrorCode::RateLimited, message }
    }

    fn too_many_at_once() -> Self {
        metrics::counter!(THROTTLED, "limit" => "sockets").increment(1);
        let message = "Too many tabs and devices are connected at once. Close some of them.".into();
        Refusal { code: ErrorCode::RateLimited, message }
    }
}

/// How positions are wanted.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Positions {
    Batch,
}

/// Finds out who connects, and gives them a seat.
///
/// A connection counts once, by its address and by its person, whatever the number of namespaces that it opens; and it
/// opens a limited number of them. One that goes on knocking is ended.
pub async fn check(
    gateway: &Arc<Gateway>,
    namespace: Namespace,
    socket: &SocketRef,
    TryData(handshake): Handshake,
) -> Result<Arc<Seat>, Refusal> {
    let connection = Connection::of(socket.req_parts(), &gateway.limits);
    let admitted = admit(gateway, namespace, socket, &connection, handshake.unwrap_or_default()).await;
    let seat = admitted.inspect_err(|refusal| {
        if refusal.code == ErrorCode::RateLimited
            && connection.is_worn_out()
            && let Some(open) = gateway.open.get()
        {
            connections::end(open, socket.req_parts());
        }
    })?;
    metrics::counter!(CONNECTS, "namespace" => namespace.path()).increment(1);
    socket.extensions.insert(seat.clone());
    Ok(seat)
}

async fn admit(
    gateway: &Arc<Gateway>,
    namespace: Namespace,
    socket: &SocketRef,
    connection: &Arc<Connection>,
    handshake: Value,
) -> Result<Arc<Seat>, Refusal> {
    let parts = socket.req_parts();
    let client = parts.extensions.get::<ClientAddress>();
    let entered = connection.enter(|| client.map_or(Ok(()), |client| gateway.connects.count_address(*client)));
    entered.map_err(Refusal::too_many)?;
    let token = match &handshake["token"] {
        Value::Null => None,
        Value::String(token) => Some(token.as_str()),
        _ => return Err(DoorError::InvalidToken.into()),
    };
    let claims = gateway.door.identify(&parts.uri, &parts.headers, token)?;
    if connection.count_person()
        && let Err(wait) = gateway.connects.count_user(claims.sub)
    {
        connection.refuse(wait);
        return Err(Refusal::too_many(wait));
    }
    if gateway.sockets.count(claims.sub, namespace) >= gateway.limits.sockets_per_user {
        return Err(Refusal::too_many_at_once());
    }
    // A socket outlives its handshake by hours, so the database is asked as well.
    gateway.door.current_user(&claims).await?;
    // Cursors that can't be read are as good as none: the client is told so by `recovered: false`.
    let cursors: BTreeMap<String, Cursor> = serde_json::from_value(handshake["cursors"].clone()).unwrap_or_default();
    let takes_batches = Positions::deserialize(&handshake["positions"]).is_ok();
    Ok(Arc::new(Seat::new(gateway.clone(), namespace, connection.clone(), claims, cursors, takes_batches)))
}

/// The namespace `/` has nothing to offer.
pub async fn refuse_root() -> Result<(), Refusal> {
    let message = "Connect to one of the namespaces, such as /dispatch.".into();
    Err(Refusal { code: ErrorCode::Unauthorized, message })
}
