//! Who is shut out before the end of their last token: sessions that were logged out, and people.

use super::{
    Database, StoreError, Tx, commit,
    row::{Columns, id},
};
use app::domain::{id::UserId, time::Timestamp};

/// Makes the tokens of a session worthless until they have all ended.
pub async fn revoke(tx: &mut Tx, session: &str, expires_at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    // Those whose tokens have ended by themselves need not be known any more.
    sqlx::query("DELETE FROM revoked_sessions WHERE expires_at <= $1").bind(now.millis()).execute(&mut **tx).await?;
    sqlx::query("INSERT INTO revoked_sessions (session_id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(session)
        .bind(expires_at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn is_revoked(database: &Database, session: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS revoked FROM revoked_sessions WHERE session_id = $1")
        .bind(session)
        .fetch_one(database.reader())
        .await?;
    row.flag("revoked")
}

/// Those whose tokens would still be valid.
pub async fn list_revoked(database: &Database, now: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = sqlx::query("SELECT session_id, expires_at FROM revoked_sessions WHERE expires_at > $1")
        .bind(now.millis())
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(|row| Ok((row.text("session_id")?, row.time("expires_at")?))).collect()
}

/// The generation of tokens that is valid of each person who has had an earlier one shut out.
pub async fn list_generations(database: &Database) -> Result<Vec<(UserId, i64)>, StoreError> {
    let rows = sqlx::query("SELECT id, token_generation FROM users WHERE token_generation > 0")
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(|row| Ok((row.parsed("id")?, row.int("token_generation")?))).collect()
}

/// Makes every token of a person that was issued so far worthless. Returns the generation that is valid from now on.
pub async fn next_generation(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "UPDATE users SET token_generation = token_generation + 1 WHERE id = $1 RETURNING token_generation",
    )
    .bind(id(user))
    .fetch_one(&mut **tx)
    .await?;
    row.int("token_generation")
}

/// The signing key that the nodes of one database share: the one that is there, or else this one.
pub async fn share_key(database: &Database, key_base64: &str) -> Result<String, StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("INSERT INTO signing_keys (id, key_base64) VALUES (1, $1) ON CONFLICT DO NOTHING")
        .bind(key_base64)
        .execute(&mut *tx)
        .await?;
    let row = sqlx::query("SELECT key_base64 FROM signing_keys WHERE id = 1").fetch_one(&mut *tx).await?;
    commit(tx).await?;
    row.text("key_base64")
}
