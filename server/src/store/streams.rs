//! The numbered streams: where each stands, and what happened in it.

use super::{
    Database, StoreError, Tx,
    many::{self, CHUNK, Many},
    row::{Columns, id, maybe_id},
};
use crate::stream::{StoredEvent, StreamKey, StreamName};
use app::{
    domain::{
        id::{LoadId, TenantId},
        load::Person,
        time::Timestamp,
    },
    events::{Cursor, Namespace},
};
use sqlx::any::AnyRow;
use std::sync::Arc;
use uuid::Uuid;

/// Takes the next place in a stream, and creates the stream where there is none yet.
/// Until the transaction ends nobody else can take one, so that numbers follow the order of the commits.
pub async fn advance(tx: &mut Tx, key: &StreamKey) -> Result<Cursor, StoreError> {
    let row = sqlx::query(
        "INSERT INTO streams (tenant_id, namespace, stream, epoch, seq) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (tenant_id, namespace, stream) DO UPDATE SET seq = streams.seq + 1
         RETURNING epoch, seq",
    )
    .bind(id(key.tenant))
    .bind(key.namespace.path())
    .bind(key.stream.to_string())
    .bind(new_epoch())
    .fetch_one(&mut **tx)
    .await?;
    read_cursor(&row)
}

/// Creates a stream that stands at 0, unless it is there.
pub async fn ensure(tx: &mut Tx, key: &StreamKey) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO streams (tenant_id, namespace, stream, epoch, seq) VALUES ($1, $2, $3, $4, 0)
         ON CONFLICT DO NOTHING",
    )
    .bind(id(key.tenant))
    .bind(key.namespace.path())
    .bind(key.stream.to_string())
    .bind(new_epoch())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Where a stream stands; `None` where there is no such stream yet.
pub async fn cursor(tx: &mut Tx, key: &StreamKey) -> Result<Option<Cursor>, StoreError> {
    let row = sqlx::query("SELECT epoch, seq FROM streams WHERE tenant_id = $1 AND namespace = $2 AND stream = $3")
        .bind(id(key.tenant))
        .bind(key.namespace.path())
        .bind(key.stream.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read_cursor).transpose()
}

/// Where every stream stands.
pub async fn all(database: &Database) -> Result<Vec<(StreamKey, Cursor)>, StoreError> {
    let rows = sqlx::query("SELECT tenant_id, namespace, stream, epoch, seq FROM streams")
        .fetch_all(database.reader())
        .await?;
    rows.iter()
        .map(|row| {
            let key = StreamKey {
                tenant: row.parsed("tenant_id")?,
                namespace: row.word("namespace", Namespace::from_path)?,
                stream: row.parsed("stream")?,
            };
            Ok((key, read_cursor(row)?))
        })
        .collect()
}

pub async fn insert_event(tx: &mut Tx, event: &StoredEvent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO events (tenant_id, namespace, stream, seq, id, event, happened_at, load_id, actor_id, data,
                             plain_data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id(event.key.tenant))
    .bind(event.key.namespace.path())
    .bind(event.key.stream.to_string())
    .bind(event.seq)
    .bind(id(event.id))
    .bind(&event.name)
    .bind(event.at.millis())
    .bind(maybe_id(event.load))
    .bind(maybe_id(event.actor))
    .bind(event.full.to_string())
    .bind(event.plain.as_ref().map(|plain| plain.to_string()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stores events, many at a time.
pub async fn insert_events(tx: &mut Tx, events: &[StoredEvent]) -> Result<(), StoreError> {
    for chunk in events.chunks(CHUNK) {
        let values = many::rows(chunk.len(), 11);
        let mut insert = Many::new(format!(
            "INSERT INTO events (tenant_id, namespace, stream, seq, id, event, happened_at, load_id, actor_id, data,
                                 plain_data)
             VALUES {values}"
        ));
        for event in chunk {
            insert = insert
                .bind(id(event.key.tenant))
                .bind(event.key.namespace.path())
                .bind(event.key.stream.to_string())
                .bind(event.seq)
                .bind(id(event.id))
                .bind(event.name.clone())
                .bind(event.at.millis())
                .bind(maybe_id(event.load))
                .bind(maybe_id(event.actor))
                .bind(event.full.to_string())
                .bind(event.plain.as_ref().map(|plain| plain.to_string()));
        }
        insert.execute(tx).await?;
    }
    Ok(())
}

/// The number of the oldest event of a stream; `None` where nothing has happened in it.
pub async fn oldest(tx: &mut Tx, key: &StreamKey) -> Result<Option<i64>, StoreError> {
    let row =
        sqlx::query("SELECT MIN(seq) AS oldest FROM events WHERE tenant_id = $1 AND namespace = $2 AND stream = $3")
            .bind(id(key.tenant))
            .bind(key.namespace.path())
            .bind(key.stream.to_string())
            .fetch_one(&mut **tx)
            .await?;
    row.maybe_int("oldest")
}

/// Up to `limit` events after `seq`, in order.
pub async fn events_after(
    tx: &mut Tx,
    key: &StreamKey,
    epoch: &str,
    seq: i64,
    limit: i64,
) -> Result<Vec<Arc<StoredEvent>>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, id, event, happened_at, load_id, actor_id, data, plain_data FROM events
         WHERE tenant_id = $1 AND namespace = $2 AND stream = $3 AND seq > $4 ORDER BY seq LIMIT $5",
    )
    .bind(id(key.tenant))
    .bind(key.namespace.path())
    .bind(key.stream.to_string())
    .bind(seq)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok(Arc::new(read_event(row, key.clone(), epoch)?))).collect()
}

/// The last event of one name about a load in the tenant's own stream.
pub async fn last_of_load(
    tx: &mut Tx,
    tenant: TenantId,
    load: LoadId,
    name: &str,
) -> Result<Option<StoredEvent>, StoreError> {
    let row = sqlx::query(
        "SELECT namespace, stream, seq, id, event, happened_at, load_id, actor_id, data, plain_data FROM events
         WHERE load_id = $1 AND tenant_id = $2 AND stream = 'tenant' AND event = $3 ORDER BY id DESC LIMIT 1",
    )
    .bind(id(load))
    .bind(id(tenant))
    .bind(name)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let key = StreamKey {
            tenant,
            namespace: row.word("namespace", Namespace::from_path)?,
            stream: row.parsed("stream")?,
        };
        read_event(&row, key, "")
    })
    .transpose()
}

/// Whether any outside party was ever told of a load.
pub async fn was_seen_outside(tx: &mut Tx, tenant: TenantId, load: LoadId) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT 1 AS seen FROM events WHERE load_id = $1 AND tenant_id = $2 AND stream <> 'tenant' LIMIT 1",
    )
    .bind(id(load))
    .bind(id(tenant))
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// Since when an outside party has seen a load without a break, by the events of its stream; none where none tells.
pub async fn seen_since(
    tx: &mut Tx,
    tenant: TenantId,
    stream: StreamName,
    load: LoadId,
) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "SELECT MIN(e.happened_at) AS since FROM events e
         WHERE e.load_id = $1 AND e.tenant_id = $2 AND e.stream = $3
           AND e.id > COALESCE((SELECT MAX(g.id) FROM events g
                WHERE g.load_id = $1 AND g.tenant_id = $2 AND g.stream = $3 AND g.event = 'load:deleted'), '')",
    )
    .bind(id(load))
    .bind(id(tenant))
    .bind(stream.to_string())
    .fetch_one(&mut **tx)
    .await?;
    row.maybe_time("since")
}

/// The newest happenings of a load in the streams of one audience, up to `limit`, newest first, and who did each.
pub async fn history_of_load(
    tx: &mut Tx,
    tenant: TenantId,
    stream: StreamName,
    load: LoadId,
    limit: i64,
) -> Result<Vec<(StoredEvent, Option<Person>)>, StoreError> {
    let rows = sqlx::query(
        "SELECT e.namespace, e.seq, e.id, e.event, e.happened_at, e.load_id, e.actor_id, e.data, e.plain_data,
                u.name AS actor_name
         FROM events e LEFT JOIN users u ON u.id = e.actor_id
         WHERE e.load_id = $1 AND e.tenant_id = $2 AND e.stream = $3 AND e.namespace IN ($4, $5)
         ORDER BY e.id DESC LIMIT $6",
    )
    .bind(id(load))
    .bind(id(tenant))
    .bind(stream.to_string())
    .bind(Namespace::Dispatch.path())
    .bind(Namespace::Tracking.path())
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let key = StreamKey { tenant, namespace: row.word("namespace", Namespace::from_path)?, stream };
            let event = read_event(row, key, "")?;
            let by = event.actor.zip(row.maybe_text("actor_name")?).map(|(id, name)| Person { id, name });
            Ok((event, by))
        })
        .collect()
}

fn read_event(row: &AnyRow, key: StreamKey, epoch: &str) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        key,
        epoch: epoch.to_owned(),
        seq: row.int("seq")?,
        id: row.parsed("id")?,
        name: row.text("event")?,
        at: Timestamp::from_millis(row.int("happened_at")?),
        load: row.maybe_parsed("load_id")?,
        actor: row.maybe_parsed("actor_id")?,
        full: row.parsed("data")?,
        plain: row.maybe_parsed("plain_data")?,
    })
}

fn read_cursor(row: &AnyRow) -> Result<Cursor, StoreError> {
    Ok(Cursor { epoch: row.text("epoch")?, seq: row.int("seq")? })
}

fn new_epoch() -> String {
    Uuid::new_v4().simple().to_string()
}
