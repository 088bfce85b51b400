//! How refusals of the layers below become answers. Use [`Failure`] in handlers; `?` converts the rest.

use crate::{auth::DoorError, services::ServiceError, store::StoreError};
use app::api::{ApiError, ErrorBody, ErrorCode};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// Marks an answer to a request that came to nothing and may be done again.
#[derive(Debug, Clone, Copy)]
pub(super) struct NothingDone;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Failure {
    error: ApiError,
    /// Seconds, for `Retry-After`.
    retry_after: Option<u64>,
    /// Others were in the way in the database, and the request may be done again at once.
    nothing_done: bool,
}

impl Failure {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        // Who is told to come back is told when.
        let retry_after = (code == ErrorCode::Unavailable).then_some(1);
        Self { error: ApiError::new(code, message), retry_after, nothing_done: false }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    /// The refusal without its HTTP status, for an answer that carries several.
    pub fn into_error(self) -> ApiError {
        self.error
    }

    pub fn with_details(mut self, details: Value) -> Self {
        self.error.details = details;
        self
    }

    /// Others were in the way, and nothing was done. What is answered with it is done again a few times; see
    /// [`super::retry`].
    fn unavailable(cause: &StoreError, message: impl Into<String>) -> Self {
        tracing::warn!(id = %super::trace::request_id(), error = %cause, "a request was in the way of others");
        Self { nothing_done: true, ..Self::new(ErrorCode::Unavailable, message) }
    }

    /// With the time after which it may be asked again.
    pub fn after(mut self, wait: std::time::Duration) -> Self {
        self.retry_after = Some(wait.as_secs() + 1);
        self
    }

    /// Our fault: logged with the request's id, which is all that leaves the server.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Self {
        let id = super::trace::request_id();
        tracing::error!(%id, %error, "a request failed");
        Self::new(ErrorCode::Internal, format!("Something went wrong on our side. Report it with the id {id}."))
    }
}

/// The HTTP status of a code.
pub fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthorized | ErrorCode::Expired => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::ForbiddenOrigin => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RuleBroken => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal | ErrorCode::Unreachable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code of a refusal at the door.
pub fn code_of(error: &DoorError) -> ErrorCode {
    match error {
        DoorError::Expired => ErrorCode::Expired,
        DoorError::ForeignOrigin => ErrorCode::ForbiddenOrigin,
        DoorError::TooManyLogins(_) => ErrorCode::RateLimited,
        DoorError::Busy => ErrorCode::Unavailable,
        DoorError::Internal(_) => ErrorCode::Internal,
        DoorError::NoToken
        | DoorError::TokenInQuery
        | DoorError::TokensDisagree
        | DoorError::InvalidToken
        | DoorError::WrongPassword => ErrorCode::Unauthorized,
    }
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        match &error {
            DoorError::Internal(cause) => Failure::internal(cause),
            DoorError::TooManyLogins(wait) => Failure::new(code_of(&error), error.to_string()).after(*wait),
            _ => Failure::new(code_of(&error), error.to_string()),
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let message = error.to_string();
        match error {
            ServiceError::NotFound(what) => {
                Failure::new(ErrorCode::NotFound, message).with_details(json!({ "what": what }))
            }
            ServiceError::Forbidden { rule, .. } => {
                Failure::new(ErrorCode::Forbidden, message).with_details(json!({ "rule": rule }))
            }
            ServiceError::Rule { rule, details, .. } => {
                let mut facts = json!({ "rule": rule });
                if let (Value::Object(facts), Value::Object(details)) = (&mut facts, details) {
                    facts.extend(details);
                }
                Failure::new(ErrorCode::RuleBroken, message).with_details(facts)
            }
            ServiceError::Conflict { details, .. } => Failure::new(ErrorCode::Conflict, message).with_details(details),
            ServiceError::Busy => Failure { retry_after: Some(1), ..Failure::new(ErrorCode::RateLimited, message) },
            ServiceError::Unavailable(cause) => Failure::unavailable(&cause, message),
            ServiceError::Store(cause) => Failure::internal(&cause),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status_of(self.error.code);
        let mut response = (status, Json(ErrorBody { error: self.error })).into_response();
        if self.nothing_done {
            response.extensions_mut().insert(NothingDone);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
