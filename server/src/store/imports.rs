//! Files of loads that are being booked.

use super::{
    Database, StoreError, Tx, commit,
    row::{Columns, id},
};
use app::{
    api::{load_files::Import, loads::CreateLoad},
    domain::{
        id::{TenantId, UserId},
        time::Timestamp,
    },
};
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// An import that was begun, with all that is needed to go on with it.
#[derive(Debug, Clone, PartialEq)]
pub struct BegunImport {
    pub id: Uuid,
    pub tenant: TenantId,
    pub user: UserId,
    /// All loads of the file that can be booked, with the numbers of their rows.
    pub loads: Vec<(usize, CreateLoad)>,
    pub progress: Progress,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// How many of its loads were booked or refused.
    pub passed: usize,
    /// What its user is told.
    pub outcome: Import,
}

pub async fn insert(tx: &mut Tx, import: &BegunImport, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO imports (id, tenant_id, user_id, loads, passed, outcome, finished, moved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(import.id.to_string())
    .bind(id(import.tenant))
    .bind(id(import.user))
    .bind(json(&import.loads)?)
    .bind(import.progress.passed as i64)
    .bind(json(&import.progress.outcome)?)
    .bind(i64::from(import.progress.outcome.finished))
    .bind(now.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How far an import of a user is.
pub async fn find(database: &Database, import: Uuid, user: UserId) -> Result<Option<Import>, StoreError> {
    let row = sqlx::query("SELECT outcome FROM imports WHERE id = $1 AND user_id = $2")
        .bind(import.to_string())
        .bind(id(user))
        .fetch_optional(database.reader())
        .await?;
    row.as_ref().map(|row| parsed(row, "outcome")).transpose()
}

/// Notes how far an import is, if it stood at `from` until now; else somebody else works on it, and the caller must stop.
/// Until the transaction ends nobody else can go on with it.
pub async fn advance(
    tx: &mut Tx,
    import: Uuid,
    from: usize,
    progress: &Progress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let moved = sqlx::query(
        "UPDATE imports SET passed = $3, outcome = $4, finished = $5, moved_at = $6,
            loads = CASE WHEN $5 = 1 THEN '[]' ELSE loads END
         WHERE id = $1 AND passed = $2 AND finished = 0",
    )
    .bind(import.to_string())
    .bind(from as i64)
    .bind(progress.passed as i64)
    .bind(json(&progress.outcome)?)
    .bind(i64::from(progress.outcome.finished))
    .bind(now.millis())
    .execute(&mut **tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Takes over an import that has not gone on since `before`; none if there is none, or another node was faster.
pub async fn take_over(
    database: &Database,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<BegunImport>, StoreError> {
    // Nearly always there is none, and looking takes no turn from those who write.
    let lost = sqlx::query("SELECT id FROM imports WHERE finished = 0 AND moved_at < $1 LIMIT 1")
        .bind(before.millis())
        .fetch_optional(database.reader())
        .await?;
    if lost.is_none() {
        return Ok(None);
    }
    let mut tx = database.begin_write().await?;
    let row = sqlx::query(
        "UPDATE imports SET moved_at = $2
         WHERE finished = 0 AND moved_at < $1
           AND id = (SELECT id FROM imports WHERE finished = 0 AND moved_at < $1 ORDER BY moved_at LIMIT 1)
         RETURNING id, tenant_id, user_id, loads, passed, outcome",
    )
    .bind(before.millis())
    .bind(now.millis())
    .fetch_optional(&mut *tx)
    .await?;
    commit(tx).await?;
    row.as_ref().map(read).transpose()
}

/// Forgets imports that have been finished since before that.
pub async fn remove_finished(database: &Database, before: Timestamp) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("DELETE FROM imports WHERE finished = 1 AND moved_at < $1")
        .bind(before.millis())
        .execute(&mut *tx)
        .await?;
    commit(tx).await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<BegunImport, StoreError> {
    Ok(BegunImport {
        id: row.parsed("id")?,
        tenant: row.parsed("tenant_id")?,
        user: row.parsed("user_id")?,
        loads: parsed(row, "loads")?,
        progress: Progress {
            passed: row.int("passed")?.try_into().unwrap_or_default(),
            outcome: parsed(row, "outcome")?,
        },
    })
}

fn parsed<T: DeserializeOwned>(row: &AnyRow, column: &'static str) -> Result<T, StoreError> {
    let value = row.text(column)?;
    serde_json::from_str(&value).map_err(|_| StoreError::Unreadable { column, value })
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unwritable("an import", error))
}
