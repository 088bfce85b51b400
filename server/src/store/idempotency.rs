//! Answers to writes that carried a key.

use super::{
    Database, StoreError, Tx, commit,
    row::{Columns, id},
};
use app::domain::{
    id::UserId,
    time::{HOUR, Timestamp},
};

/// For how long an answer is kept, in milliseconds.
pub const KEPT: i64 = 24 * HOUR;

/// Of one person so many keys are remembered, the newest, and answers of so many bytes.
const KEYS: i64 = 10_000;
const ANSWER_BYTES: i64 = 50 << 20;

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
    /// It was done, and no answer was kept.
    Done,
    /// It was used for another request.
    OfAnother,
    Answered(KeptAnswer),
}

/// A statement about keys that are free at `$1`: nothing was done under them, or their answers were kept long enough.
/// One that was done and never answered is kept as long as an answer, until `$2`.
macro_rules! expired {
    ($statement:literal) => {
        concat!($statement, "expires_at <= $1 AND (done = 0 OR status IS NOT NULL OR expires_at <= $2)")
    };
}

/// Takes a key for a request until `ends`, unless it is taken.
pub async fn begin(
    database: &Database,
    request: &KeyedRequest,
    now: Timestamp,
    ends: Timestamp,
) -> Result<Begun, StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query(expired!("DELETE FROM idempotency_keys WHERE user_id = $3 AND request_key = $4 AND "))
        .bind(now.millis())
        .bind(now.plus(-KEPT).millis())
        .bind(id(request.user))
        .bind(&request.key)
        .execute(&mut *tx)
        .await?;
    forget_oldest(&mut tx, request.user, now).await?;
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
        commit(tx).await?;
        return Ok(Begun::First);
    }
    let row = sqlx::query(
        "SELECT fingerprint, done, expires_at, status, content_type, body FROM idempotency_keys WHERE user_id = $1 AND request_key = $2",
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
    let Some(status) = row.maybe_int("status")? else {
        let is_lost = row.flag("done")? && row.time("expires_at")? <= now;
        return Ok(if is_lost { Begun::Done } else { Begun::UnderWay });
    };
    let status =
        u16::try_from(status).map_err(|_| StoreError::Unreadable { column: "status", value: status.to_string() })?;
    let body = row.maybe_text("body")?.unwrap_or_default();
    Ok(Begun::Answered(KeptAnswer { status, content_type: row.maybe_text("content_type")?, body }))
}

/// Forgets the oldest keys of a person who has as many as are remembered, but none that is under way.
async fn forget_oldest(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM idempotency_keys WHERE user_id = $1 AND (status IS NOT NULL OR expires_at <= $4) AND request_key IN (
             SELECT request_key FROM idempotency_keys WHERE user_id = $1 ORDER BY expires_at DESC LIMIT $2 OFFSET $3)",
    )
    .bind(id(user))
    .bind(KEYS)
    .bind(KEYS - 1)
    .bind(now.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Drops the oldest answers of a person beyond the room that one has. That they were given is still known.
async fn drop_oldest_answers(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    let row =
        sqlx::query("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS total FROM idempotency_keys WHERE user_id = $1")
            .bind(id(user))
            .fetch_one(&mut **tx)
            .await?;
    if row.int("total")? <= ANSWER_BYTES {
        return Ok(());
    }
    sqlx::query(
        "UPDATE idempotency_keys
         SET done = 1, status = NULL, content_type = NULL, body = NULL, bytes = 0, expires_at = expires_at - $2
         WHERE user_id = $1 AND request_key IN (
             SELECT request_key FROM (
                 SELECT request_key, SUM(bytes) OVER (ORDER BY expires_at DESC, request_key) AS newer
                 FROM idempotency_keys WHERE user_id = $1 AND bytes > 0) AS kept
             WHERE newer > $3)",
    )
    .bind(id(user))
    .bind(KEPT)
    .bind(ANSWER_BYTES)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

tokio::task_local! {
    /// `None` where the work is a part of the request that says nothing of the whole.
    static REQUEST: Option<KeyedRequest>;
}

/// Runs a request whose key was taken. What it commits notes that it is done, in the same transaction.
pub async fn under_key<T>(request: KeyedRequest, run: impl Future<Output = T>) -> T {
    REQUEST.scope(Some(request), run).await
}

/// Takes the key along into a task of its own, which would not have it otherwise.
pub fn with_key_of_this_task<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    REQUEST.scope(REQUEST.try_with(Clone::clone).unwrap_or_default(), work)
}

/// Runs one of several transactions of a request: that it is committed does not mean that the request is done.
pub async fn as_a_part<T>(work: impl Future<Output = T>) -> T {
    REQUEST.scope(None, work).await
}

/// Notes that the request that this task works for is done once the transaction is committed. Does nothing for one
/// without a key.
pub async fn note_done(tx: &mut Tx) -> Result<(), StoreError> {
    let Ok(Some(request)) = REQUEST.try_with(Clone::clone) else { return Ok(()) };
    sqlx::query("UPDATE idempotency_keys SET done = 1 WHERE user_id = $1 AND request_key = $2 AND fingerprint = $3")
        .bind(id(request.user))
        .bind(request.key)
        .bind(request.fingerprint)
        .execute(&mut **tx)
        .await?;
    Ok(())
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
        "UPDATE idempotency_keys SET status = $4, content_type = $5, body = $6, expires_at = $7, bytes = $8
         WHERE user_id = $1 AND request_key = $2 AND fingerprint = $3",
    )
    .bind(id(request.user))
    .bind(&request.key)
    .bind(&request.fingerprint)
    .bind(i64::from(answer.status))
    .bind(answer.content_type.clone())
    .bind(&answer.body)
    .bind(ends.millis())
    .bind(i64::try_from(answer.body.len()).unwrap_or(i64::MAX))
    .execute(&mut *tx)
    .await?;
    drop_oldest_answers(&mut tx, request.user).await?;
    commit(tx).await
}

/// Frees the key of a request that came to nothing; not of one that was done before it failed.
pub async fn forget(database: &Database, request: &KeyedRequest) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query(
        "DELETE FROM idempotency_keys WHERE user_id = $1 AND request_key = $2 AND fingerprint = $3 AND done = 0",
    )
    .bind(id(request.user))
    .bind(&request.key)
    .bind(&request.fingerprint)
    .execute(&mut *tx)
    .await?;
    commit(tx).await
}

/// Removes what has expired.
pub async fn remove_expired(database: &Database, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = database.begin_write().await?;
    sqlx::query(expired!("DELETE FROM idempotency_keys WHERE "))
        .bind(now.millis())
        .bind(now.plus(-KEPT).millis())
        .execute(&mut *tx)
        .await?;
    commit(tx).await
}
