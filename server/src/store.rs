//! SQL: one file a noun. The same statements run on SQLite and on PostgreSQL, and so do their tests.

pub mod alerts;
pub mod audit;
pub mod carriers;
pub mod conversations;
pub mod customers;
pub mod database;
pub mod facilities;
pub mod idempotency;
pub mod imports;
pub mod loads;
mod many;
pub mod messages;
pub mod notifications;
pub mod positions;
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

/// What can go wrong with the database. Never shown to a client: it becomes `internal` (500), and is logged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value that this program can't have written.
    #[error("stored {column} is unreadable: {value:?}")]
    Unreadable { column: &'static str, value: String },
}

impl StoreError {
    /// The name of the constraint that refused, where one did.
    pub fn constraint(&self) -> Option<Constraint> {
        let StoreError::Sql(sqlx::Error::Database(error)) = self else { return None };
        let said = error.constraint().map_or_else(|| error.message().to_owned(), str::to_owned);
        // PostgreSQL tells the constraint's name, SQLite the columns.
        Constraint::NAMES.iter().find(|(_, name, columns)| said.contains(name) || said.contains(columns)).map(|c| c.0)
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
