//! Why a service refuses.
//!
//! | variant | HTTP | code | when |
//! |---|---|---|---|
//! | `NotFound` | 404 | `not_found` | there is none, or it is not the caller's to see |
//! | `Forbidden` | 403 | `forbidden` | the role lacks a right |
//! | `Rule` | 422 | `rule_broken` | a rule of the trade, or a value outside its bounds |
//! | `Conflict` | 409 | `conflict` | somebody else was first: changed the load, has the e-mail address |
//! | `Busy` | 429 | `rate_limited` | more waits to be stored, or to be looked for, than there is room for |
//! | `Unavailable` | 503 | `unavailable` | others were in the way, and are still; nothing was done, and it may be sent again |
//! | `Store` | 500 | `internal` | the database failed; logged, never shown |

use crate::store::StoreError;
use app::domain::{carrier::Unfit, load::LoadCard, status::Refusal};
use serde_json::{Value, json};

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    #[error("{message}")]
    Forbidden { rule: &'static str, message: String },
    #[error("{message}")]
    Rule { rule: &'static str, message: String, details: Value },
    #[error("{message}")]
    Conflict { message: String, details: Value },
    #[error("More is asked for than there is room for. Send it again in a moment.")]
    Busy,
    #[error("The server is busy. Nothing was done; send it again in a moment.")]
    Unavailable(#[source] StoreError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        if error.is_conflict() { ServiceError::Unavailable(error) } else { ServiceError::Store(error) }
    }
}

impl ServiceError {
    /// Whether nothing was done, and the same may succeed in a moment.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, ServiceError::Unavailable(_))
    }

    /// A step that the status machine refuses, said of the load that it was asked for.
    pub fn refused(load_number: &str, refusal: Refusal) -> Self {
        let message = format!("{load_number} was not moved: {refusal}.");
        if refusal.is_about_permission() {
            ServiceError::Forbidden { rule: refusal.code(), message }
        } else {
            ServiceError::Rule { rule: refusal.code(), message, details: Value::Null }
        }
    }

    /// A change that was made on an older version.
    pub fn stale(card: &LoadCard) -> Self {
        let who = card.updated_by.as_ref().map_or("the system", |person| person.name.as_str());
        ServiceError::Conflict {
            message: format!("{} was changed by {who} meanwhile. Your change was not applied.", card.load_number),
            details: json!({
                "currentVersion": card.version,
                "status": card.status,
                "updatedBy": card.updated_by,
                "updatedAt": card.updated_at,
            }),
        }
    }

    /// A value outside its bounds.
    pub fn field(field: &'static str, problem: impl std::fmt::Display) -> Self {
        ServiceError::Rule {
            rule: "value_out_of_bounds",
            message: format!("{field} {problem}."),
            details: json!({ "field": field }),
        }
    }

    /// A rule that needs no more facts than its name.
    pub fn rule(rule: &'static str, message: impl Into<String>) -> Self {
        ServiceError::Rule { rule, message: message.into(), details: Value::Null }
    }

    /// A value that is somebody else's already.
    pub fn taken(field: &'static str, message: impl Into<String>) -> Self {
        ServiceError::Conflict { message: message.into(), details: json!({ "field": field }) }
    }

    pub fn unfit(carrier_name: &str, unfit: Unfit) -> Self {
        ServiceError::Rule {
            rule: unfit.code(),
            message: format!("{carrier_name} can't be assigned: {unfit}."),
            details: Value::Null,
        }
    }

    pub fn no_right_to_change() -> Self {
        ServiceError::Forbidden { rule: "load_change", message: "Your role may not change loads.".into() }
    }

    pub fn no_right_to_money() -> Self {
        ServiceError::Forbidden { rule: "finance_view", message: "Your role may not set rates.".into() }
    }
}
