//! What a refused call answers: `{"error": {"code", "message", "details"}}`.

use serde::{Deserialize, Serialize};

/// Why a call was refused. Each has one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: the request could not be read.
    BadRequest,
    /// 401: no login, or one that is not valid.
    Unauthorized,
    /// 401: the login has run out.
    Expired,
    /// 403: the role may not.
    Forbidden,
    /// 403: a request with the cookie came from a foreign site.
    ForbiddenOrigin,
    /// 404: there is none, or it belongs to another tenant.
    NotFound,
    /// 405: the path does not take this method.
    MethodNotAllowed,
    /// 409: somebody else changed it first.
    Conflict,
    /// 413: the body is too large.
    PayloadTooLarge,
    /// 415: the body is not JSON.
    UnsupportedMediaType,
    /// 422: a rule of the trade forbids it.
    RuleBroken,
    /// 429: too many; `Retry-After` says when to come back.
    RateLimited,
    /// 503: busy, and nothing was done; `Retry-After` says when to come back.
    Unavailable,
    /// 504: it took too long and was given up; it may have been done.
    Timeout,
    /// 500: our fault; the message carries the id to report.
    Internal,
    /// The server could not be reached. Never sent by it.
    Unreachable,
}

/// A refusal, as sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub error: ApiError,
}

/// A refusal. `message` says what happened, to which thing, and what to do next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct ApiError {
    pub code: ErrorCode,
    pub message: String,
    /// Facts for a program: the rule, the current version, who changed it.
    #[serde(default)]
    pub details: serde_json::Value,
}

impl ApiError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: serde_json::Value::Null }
    }

    /// The server could not be reached, or what came back was not its answer.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unreachable, message)
    }

    /// The rule that refused, where `code` is [`ErrorCode::RuleBroken`] or [`ErrorCode::Forbidden`].
    pub fn rule(&self) -> Option<&str> {
        self.details.get("rule")?.as_str()
    }
}
