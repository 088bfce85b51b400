//! Tokens that were logged out before their end.

use super::{Database, StoreError, row::Columns};
use app::domain::time::Timestamp;

pub async fn revoke(database: &Database, token_id: &str, expires_at: Timestamp) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("INSERT INTO revoked_tokens (token_id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(token_id)
        .bind(expires_at.millis())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Those that would still be valid had they not been revoked.
pub async fn list_revoked(database: &Database, now: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = sqlx::query("SELECT token_id, expires_at FROM revoked_tokens WHERE expires_at > $1")
        .bind(now.millis())
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(|row| Ok((row.text("token_id")?, row.time("expires_at")?))).collect()
}
