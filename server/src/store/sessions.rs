//! Sessions that were logged out before their last token ends.

use super::{Database, StoreError, row::Columns};
use app::domain::time::Timestamp;

pub async fn revoke(database: &Database, session: &str, expires_at: Timestamp) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("INSERT INTO revoked_sessions (session_id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(session)
        .bind(expires_at.millis())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Those whose tokens would still be valid.
pub async fn list_revoked(database: &Database, now: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = sqlx::query("SELECT session_id, expires_at FROM revoked_sessions WHERE expires_at > $1")
        .bind(now.millis())
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(|row| Ok((row.text("session_id")?, row.time("expires_at")?))).collect()
}
