//! Answers to writes that carried a key.

use super::{
    Database, StoreError,
    row::{Columns, id},
};
use app::domain::{id::UserId, time::Timestamp};

/// Whose key it is, and of which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    pub user: UserId,
    pub key: String,
    pub fingerprint: String,
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: String,
}

/// What is known of a key when a request comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: the request may go on. The key is taken until it is answered or forgotten.
    First,
    UnderWay,
    /// It was used for another request.
    OfAnother,
    Answered(KeptAnswer),
}

/// Takes a key for a request until `ends`, unless it is taken.
pub async fn begin(
    database: &Database,
    request: &KeyedRequest,
    now: Timestamp,
    ends: Timestamp,
) -> Result<Begun, StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("DELETE FROM idempotency_keys WHERE user_id = $1 AND request_key = $2 AND expires_at <= $3")
        .bind(id(request.user))
        .bind(&request.key)
        .bind(now.millis())
        .execute(&mut *tx)
        .await?;
    let taken = sqlx::query(
        "INSERT INTO idempotency_keys (user_id, request_key, fingerprint, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(id(request.user))
    .bind(&request.key)
    .bind(&request.fingerprint)
    .bind(ends.millis())
    .execute(&mut *tx)
    .await?;
    if taken.rows_affected() == 1 {
        tx.commit().await?;
        return Ok(Begun::First);
    }
    let row = sqlx::query(
        "SELECT fingerprint, status, content_type, body FROM idempotency_keys WHERE user_id = $1 AND request_key = $2",
    )
    .bind(id(request.user))
    .bind(&request.key)
    .fetch_optional(&mut *tx)
    .await?;
    // Forgotten this moment: whoever asks again finds it free.
    let Some(row) = row else { return Ok(Begun::UnderWay) };
    if row.text("fingerprint")? != request.fingerprint {
        return Ok(Begun::OfAnother);
    }
    let Some(status) = row.maybe_int("status")? else { return Ok(Begun::UnderWay) };
    let status =
        u16::try_from(status).map_err(|_| StoreError::Unreadable { column: "status", value: status.to_string() })?;
    let body = row.maybe_text("body")?.unwrap_or_default();
    Ok(Begun::Answered(KeptAnswer { status, content_type: row.maybe_text("content_type")?, body }))
}

/// Keeps the answer until `ends`.
pub async fn keep(
    database: &Database,
    request: &KeyedRequest,
    answer: &KeptAnswer,
    ends: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query(
        "UPDATE idempotency_keys SET status = $4, content_type = $5, body = $6, expires_at = $7
         WHERE user_id = $1 AND request_key = $2 AND fingerprint = $3",
    )
    .bind(id(request.user))
    .bind(&request.key)
    .bind(&request.fingerprint)
    .bind(i64::from(answer.status))
    .bind(answer.content_type.clone())
    .bind(&answer.body)
    .bind(ends.millis())
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Frees the key of a request that came to nothing.
pub async fn forget(database: &Database, request: &KeyedRequest) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("DELETE FROM idempotency_keys WHERE user_id = $1 AND request_key = $2 AND fingerprint = $3")
        .bind(id(request.user))
        .bind(&request.key)
        .bind(&request.fingerprint)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Removes what has expired.
pub async fn remove_expired(database: &Database, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query("DELETE FROM idempotency_keys WHERE expires_at <= $1").bind(now.millis()).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
