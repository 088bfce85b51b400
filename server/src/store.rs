//! SQL: one file a noun. The same statements run on SQLite and on PostgreSQL, and so do their tests.

pub mod alerts;
pub mod audit;
pub mod backup;
pub mod carriers;
mod conflict;
pub mod conversations;
pub mod customers;
pub mod database;
pub mod demo_seeds;
pub mod facilities;
pub mod idempotency;
pub mod identity;
pub mod imports;
pub mod loads;
mod many;
pub mod messages;
pub mod node_lock;
pub mod notifications;
pub mod positions;
mod postgres_url;
pub mod presets;
pub mod private;
pub mod readings;
pub mod row;
pub mod sessions;
pub mod sites;
pub mod stops;
pub mod streams;
pub mod tenants;
pub mod units;
pub mod users;

pub use database::{Database, Tx};

use std::sync::Arc;

/// What can go wrong with the database. Never shown to a client, but logged. [`StoreError::Conflict`] becomes
/// `unavailable` (503), the others become `internal` (500).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Sql(#[source] sqlx::Error),
    /// Others were in the way, or the database could not be reached. Nothing was done, and it may be tried again.
    #[error("database, for the moment: {0}")]
    Conflict(#[source] sqlx::Error),
    /// The connection was lost during the commit: whether it was done is unknown, so it is not tried again.
    #[error("database, lost during a commit: {0}")]
    OutcomeUnknown(#[source] sqlx::Error),
    /// What goes to the database would leave this machine in plain text, or may.
    #[error(
        "database.url: sslmode=prefer and =allow may send everything to {0} in plain text; take verify-full, or disable \
         where it is meant to"
    )]
    MayBePlain(String),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value that this program can't have written.
    #[error("stored {column} is unreadable: {}", shown(value))]
    Unreadable { column: &'static str, value: String },
    /// A value that can't be written as JSON.
    #[error("{0} can't be written as JSON: {1}")]
    Unwritable(&'static str, #[source] serde_json::Error),
    /// The same failure of several that were done together.
    #[error(transparent)]
    Shared(Arc<StoreError>),
    /// The task that would have done it has ended.
    #[error("the task that {0} has ended")]
    TaskEnded(&'static str),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if conflict::is_conflict(&error) { StoreError::Conflict(error) } else { StoreError::Sql(error) }
    }
}

/// Commits a transaction. The only way to: nothing else tells apart what was undone from what may have been done.
pub async fn commit(tx: Tx) -> Result<(), StoreError> {
    tx.commit().await.map_err(|error| match error {
        error if conflict::is_lost(&error) => StoreError::OutcomeUnknown(error),
        error => error.into(),
    })
}

impl StoreError {
    /// Whether nothing was done and it may be tried again.
    pub fn is_conflict(&self) -> bool {
        match self {
            StoreError::Conflict(_) => true,
            StoreError::Shared(error) => error.is_conflict(),
            _ => false,
        }
    }

    /// The name of the constraint that refused, where one did.
    pub fn constraint(&self) -> Option<Constraint> {
        let StoreError::Sql(sqlx::Error::Database(error)) = self else { return None };
        let said = error.constraint().map_or_else(|| error.message().to_owned(), str::to_owned);
        // PostgreSQL tells the constraint's name, SQLite the columns.
        Constraint::NAMES.iter().find(|(_, name, columns)| said.contains(name) || said.contains(columns)).map(|c| c.0)
    }
}

/// What is logged of a value: short ones are codes and ids; longer ones may be customers and rates.
fn shown(value: &str) -> String {
    let is_code = |c: char| c.is_ascii_alphanumeric() || "-_:/.".contains(c);
    if value.len() <= 40 && value.chars().all(is_code) {
        format!("{value:?}")
    } else {
        format!("{} bytes", value.len())
    }
}

/// A constraint that a request can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    TenantSlug,
    UserEmail,
    /// A driver has one login at most.
    UserDriver,
    CarrierMcNumber,
    /// A person's names of saved views are each used once.
    PresetName,
    FacilityName,
}

impl Constraint {
    const NAMES: [(Constraint, &'static str, &'static str); 6] = [
        (Constraint::TenantSlug, "tenants_slug_unique", "tenants.slug"),
        (Constraint::UserEmail, "users_email_unique", "users.email"),
        (Constraint::UserDriver, "users_driver_unique", "users.driver_id"),
        (Constraint::CarrierMcNumber, "carriers_mc_unique", "carriers.mc_number"),
        (Constraint::PresetName, "saved_views_name_unique", "saved_views.name_key"),
        (Constraint::FacilityName, "facilities_name_unique", "facilities.name"),
    ];
}

#[cfg(test)]
#[path = "store/source_tests.rs"]
mod source_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_value_is_logged_as_far_as_it_is_a_code() {
        let said = |value: &str| StoreError::Unreadable { column: "status", value: value.into() }.to_string();
        assert_eq!(said("LOST_IN_TRANSIT"), r#"stored status is unreadable: "LOST_IN_TRANSIT""#);
        let file = r#"[{"customer":"Prairie Paper","revenue":420000}]"#;
        assert_eq!(said(file), "stored status is unreadable: 47 bytes");
        assert_eq!(said("Prairie Paper"), "stored status is unreadable: 13 bytes");
    }
}
