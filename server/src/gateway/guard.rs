//! Who may connect. Runs as middleware: a client that is refused here never was connected.

use crate::{
    auth::{Door, DoorError, token::Claims},
    rest,
};
use app::{api::ErrorCode, events::Cursor};
use serde::Serialize;
use serde_json::Value;
use socketioxide::extract::{SocketRef, TryData};
use std::{collections::BTreeMap, fmt};

/// What a client says when it connects: `{token?, cursors?: {"<stream>": {epoch, seq}}}`, or nothing.
pub type Handshake = TryData<Value>;

/// What is known of a socket that was let in.
#[derive(Debug, Clone)]
pub struct Seat {
    pub claims: Claims,
    /// The places in the streams that the client knows.
    pub cursors: BTreeMap<String, Cursor>,
}

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
        Refusal { code: rest::code_of(&error), message: error.to_string() }
    }
}

/// Finds out who connects and remembers it with the socket.
pub fn check(door: &Door, socket: &SocketRef, TryData(handshake): Handshake) -> Result<(), Refusal> {
    let handshake = handshake.unwrap_or_default();
    let token = match &handshake["token"] {
        Value::Null => None,
        Value::String(token) => Some(token.as_str()),
        _ => return Err(DoorError::InvalidToken.into()),
    };
    let parts = socket.req_parts();
    let claims = door.identify(&parts.uri, &parts.headers, token)?;
    // Cursors that can't be read are as good as none: the client is told so by `recovered: false`.
    let cursors = serde_json::from_value(handshake["cursors"].clone()).unwrap_or_default();
    socket.extensions.insert(Seat { claims, cursors });
    Ok(())
}

/// The namespace `/` has nothing to offer.
pub async fn refuse_root() -> Result<(), Refusal> {
    let message = "Connect to one of the namespaces, such as /dispatch.".into();
    Err(Refusal { code: ErrorCode::Unauthorized, message })
}
