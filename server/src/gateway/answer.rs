//! Answers to commands: `{"ok": true, …}` or `{"ok": false, "error": {"code", "message"}}`.

use crate::services::ServiceError;
use serde::Serialize;
use serde_json::{Value, json};
use socketioxide::extract::AckSender;

/// Why a command is refused. The code is one of the contract's.
#[derive(Debug)]
pub struct Refused {
    code: &'static str,
    message: String,
    /// A limit was broken.
    pub is_breach: bool,
    /// The socket is closed after the answer.
    pub is_final: bool,
}

/// Others were in the way; nothing was done.
const UNAVAILABLE: &str = "unavailable";

impl Refused {
    /// Whether nothing was done, and the same may succeed in a moment.
    pub fn is_unavailable(&self) -> bool {
        self.code == UNAVAILABLE
    }

    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_breach: false, is_final: false }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new("bad_request", message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new("forbidden", message)
    }

    /// A limit was broken; the socket is closed.
    pub fn breach(message: impl Into<String>) -> Self {
        Self { is_breach: true, is_final: true, ..Self::new("rate_limited", message) }
    }

    /// What let the socket in is worth nothing any more; it is closed.
    pub fn shut_out(message: impl Into<String>) -> Self {
        Self { is_final: true, ..Self::forbidden(message) }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new("not_found", format!("There is no such {what}."))
    }

    /// Our fault; the cause is logged and not told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "a command failed");
        Self::new("internal", "Something went wrong on our side.")
    }
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        let code = match &error {
            ServiceError::NotFound(_) => "not_found",
            ServiceError::Forbidden { .. } => "forbidden",
            ServiceError::Rule { .. } => "bad_request",
            ServiceError::Conflict { .. } => "conflict",
            ServiceError::Busy => "rate_limited",
            ServiceError::Unavailable(cause) => {
                tracing::warn!(error = %cause, "a command was in the way of others");
                UNAVAILABLE
            }
            ServiceError::Store(cause) => return Self::internal(cause),
        };
        Self::new(code, error.to_string())
    }
}

/// The answer as it is sent.
pub fn written(answer: Result<impl Serialize, Refused>) -> Result<Value, Refused> {
    let answer = serde_json::to_value(answer?).map_err(|error| Refused::internal(&error))?;
    let mut fields = match answer {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    fields.insert("ok".into(), Value::Bool(true));
    Ok(Value::Object(fields))
}

/// Sends the answer, where the client waits for one.
pub fn send(ack: AckSender, answer: &Result<Value, Refused>) {
    let refusal;
    let answer = match answer {
        Ok(answer) => answer,
        Err(refused) => {
            refusal = json!({ "ok": false, "error": { "code": refused.code, "message": refused.message } });
            &refusal
        }
    };
    if let Err(error) = ack.send(answer) {
        tracing::debug!(%error, "an answer found its client gone");
    }
}
