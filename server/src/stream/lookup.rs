//! What the publisher fetches from the database, apart from its task so that nobody waits for it there.

use super::{StoredEvent, StreamKey};
use crate::store::{Database, StoreError, commit, streams};
use app::events::Cursor;
use std::sync::Arc;

/// How many events are fetched at once into a gap. What is still missing then is fetched at the next look.
const GAP_LIMIT: i64 = 1_000;

/// What the database holds for a client that enters a stream.
pub struct Backlog {
    /// Where the stream stood.
    pub stored: Cursor,
    /// What follows the place that the client knows; empty where there is more than `cap` of it.
    pub events: Vec<Arc<StoredEvent>>,
}

/// Reads the backlog behind `from`, and creates the stream where there is none yet.
pub async fn backlog(
    database: &Database,
    key: &StreamKey,
    from: Option<&Cursor>,
    cap: usize,
) -> Result<Backlog, StoreError> {
    let stored = stored_cursor(database, key).await?;
    let mut events = Vec::new();
    if let Some(from) = from.filter(|from| from.epoch == stored.epoch) {
        let mut tx = database.begin_snapshot().await?;
        let limit = i64::try_from(cap).unwrap_or(i64::MAX).saturating_add(1);
        events = streams::events_after(&mut tx, key, &from.epoch, from.seq, limit).await?;
    }
    if events.len() > cap {
        events.clear();
    }
    Ok(Backlog { stored, events })
}

/// What follows a place in a stream.
pub async fn following(
    database: &Database,
    key: &StreamKey,
    from: &Cursor,
) -> Result<Vec<Arc<StoredEvent>>, StoreError> {
    let mut tx = database.begin_snapshot().await?;
    streams::events_after(&mut tx, key, &from.epoch, from.seq, GAP_LIMIT).await
}

/// Where a stream stands in the database; `None` where there is none.
pub async fn standing(database: &Database, key: &StreamKey) -> Result<Option<Cursor>, StoreError> {
    let mut tx = database.begin_snapshot().await?;
    streams::cursor(&mut tx, key).await
}

async fn stored_cursor(database: &Database, key: &StreamKey) -> Result<Cursor, StoreError> {
    let mut tx = database.begin_snapshot().await?;
    if let Some(cursor) = streams::cursor(&mut tx, key).await? {
        return Ok(cursor);
    }
    drop(tx);
    let mut tx = database.begin_write().await?;
    streams::ensure(&mut tx, key).await?;
    let cursor = streams::cursor(&mut tx, key).await?;
    commit(tx).await?;
    cursor.ok_or_else(|| StoreError::Unreadable { column: "stream", value: key.stream.to_string() })
}
