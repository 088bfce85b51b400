//! Answers to client events: `{"ok": true, …}` or `{"ok": false, "error": {"code", "message"}}`.

use crate::services::ServiceError;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use socketioxide::{
    ParserError,
    extract::{AckSender, SocketRef, TryData},
};

/// Why a client event is refused. The code is one of the contract's.
#[derive(Debug)]
pub struct Refused {
    code: &'static str,
    message: String,
}

impl Refused {
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { code: "bad_request", message: message.into() }
    }

    pub fn rate_limited(message: impl Into<String>) -> Self {
        Self { code: "rate_limited", message: message.into() }
    }

    pub fn not_found(what: &str) -> Self {
        Self { code: "not_found", message: format!("There is no such {what}.") }
    }
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        let code = match &error {
            ServiceError::NotFound(_) => "not_found",
            ServiceError::Forbidden { .. } => "forbidden",
            ServiceError::Rule { .. } => "bad_request",
            ServiceError::Conflict { .. } => "conflict",
            ServiceError::Store(cause) => {
                tracing::error!(error = %cause, "a client event failed");
                return Self { code: "internal", message: "Something went wrong on our side.".into() };
            }
        };
        Self { code, message: error.to_string() }
    }
}

/// Sends the answer, where the client waits for one.
pub fn send(ack: AckSender, answer: Result<Value, Refused>) {
    let answer = answer.unwrap_or_else(
        |refused| json!({ "ok": false, "error": { "code": refused.code, "message": refused.message } }),
    );
    if let Err(error) = ack.send(&answer) {
        tracing::debug!(%error, "an answer found its client gone");
    }
}

/// Reads the payload of a client event.
pub fn read<T: DeserializeOwned>(data: Result<Value, ParserError>) -> Result<T, Refused> {
    let value = data.map_err(|_| Refused::bad_request("The event needs one argument."))?;
    serde_json::from_value(value)
        .map_err(|error| Refused::bad_request(format!("The event could not be read: {error}.")))
}

/// Answers events that the namespace does not know.
pub fn refuse_unknown(socket: &SocketRef) {
    socket.on_fallback(async |TryData(_): TryData<Value>, ack: AckSender| {
        send(ack, Err(Refused::bad_request("This namespace does not know the event.")));
    });
}
