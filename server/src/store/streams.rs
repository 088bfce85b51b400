//! The numbered streams: where each stands, and what happened in it.

use super::{
    Database, StoreError, Tx,
    many::{self, CHUNK},
    row::{Columns, id, maybe_id, readable},
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
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};
use uuid::Uuid;

/// How many events one statement stores at most. An event is about a kilobyte.
const EVENTS_AT_ONCE: usize = 100;
/// Statements about so few rows are kept prepared: nearly every change has no more.
const FEW: usize = 8;

/// Gives events their places at the ends of their streams, and stores them. Those of one stream keep their order.
///
/// Until the transaction ends nobody else can take a place in these streams, so that numbers follow the order of the
/// commits. Hence it is the last that a transaction does; and all take streams in the order of their keys, so that none
/// waits for another that waits for it.
pub async fn append(tx: &mut Tx, mut events: Vec<StoredEvent>) -> Result<Vec<Arc<StoredEvent>>, StoreError> {
    let mut counts: BTreeMap<StreamKey, i64> = BTreeMap::new();
    for event in &events {
        *counts.entry(event.key.clone()).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().collect();
    let mut places = advance(tx, &counts).await?;
    for event in &mut events {
        let column = "stream";
        let place = places.get_mut(&event.key);
        let place = place.ok_or_else(|| StoreError::Unreadable { column, value: event.key.stream.to_string() })?;
        (event.epoch, event.seq) = (place.epoch.clone(), place.seq);
        place.seq += 1;
    }
    insert_events(tx, &events).await?;
    Ok(events.into_iter().map(Arc::new).collect())
}

/// Takes so many places in each of these streams, which are in order, and creates those that are not there yet. Returns
/// the first place of each.
async fn advance(tx: &mut Tx, counts: &[(StreamKey, i64)]) -> Result<HashMap<StreamKey, Cursor>, StoreError> {
    let mut places = HashMap::new();
    for chunk in counts.chunks(CHUNK) {
        let sql = format!(
            "INSERT INTO streams (tenant_id, namespace, stream, epoch, seq) VALUES {}
             ON CONFLICT (tenant_id, namespace, stream) DO UPDATE SET seq = streams.seq + excluded.seq
             RETURNING tenant_id, namespace, stream, epoch, seq",
            many::rows(chunk.len(), 5)
        );
        let mut upsert = many::Many::new(sql).kept(chunk.len() <= FEW);
        for (key, count) in chunk {
            upsert = upsert
                .bind(id(key.tenant))
                .bind(key.namespace.path())
                .bind(key.stream.to_string())
                .bind(new_epoch())
                .bind(*count);
        }
        let taken: HashMap<&StreamKey, i64> = chunk.iter().map(|(key, count)| (key, *count)).collect();
        for row in upsert.fetch_all(tx).await? {
            let (key, last) = (read_key(&row)?, read_cursor(&row)?);
            let count = taken.get(&key).copied().unwrap_or_default();
            places.insert(key, Cursor { seq: last.seq - count + 1, ..last });
        }
    }
    Ok(places)
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
    readable(&rows, "streams", |row| Ok((read_key(row)?, read_cursor(row)?)))
}

/// Stores events that have their places.
pub async fn insert_events(tx: &mut Tx, events: &[StoredEvent]) -> Result<(), StoreError> {
    for chunk in events.chunks(EVENTS_AT_ONCE) {
        let sql = format!(
            "INSERT INTO events (tenant_id, namespace, stream, seq, id, event, happened_at, load_id, actor_id, data,
                                 plain_data)
             VALUES {}",
            many::rows(chunk.len(), 11)
        );
        let mut insert = many::Many::new(sql).kept(chunk.len() <= FEW);
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

/// Events `e` of one stream by their numbers, the newest first. Those below 1, which the demo has put before the
/// beginnings of streams, follow their ids, which are of their times.
macro_rules! newest_first {
    ($select:literal, $rest:literal) => {
        concat!($select, " ORDER BY CASE WHEN e.seq > 0 THEN e.seq ELSE 0 END DESC, e.id DESC ", $rest)
    };
}

/// The last event of one name about a load in the tenant's own stream.
pub async fn last_of_load(
    tx: &mut Tx,
    tenant: TenantId,
    load: LoadId,
    name: &str,
) -> Result<Option<StoredEvent>, StoreError> {
    // One name is of one namespace.
    let row = sqlx::query(newest_first!(
        "SELECT e.namespace, e.stream, e.seq, e.id, e.event, e.happened_at, e.load_id, e.actor_id, e.data, e.plain_data
         FROM events e WHERE e.load_id = $1 AND e.tenant_id = $2 AND e.stream = 'tenant' AND e.event = $3",
        "LIMIT 1"
    ))
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
pub async fn seen_since(tx: &mut Tx, key: &StreamKey, load: LoadId) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "SELECT MIN(e.happened_at) AS since FROM events e
         WHERE e.load_id = $1 AND e.tenant_id = $2 AND e.stream = $3 AND e.namespace = $4
           AND e.seq > COALESCE((SELECT MAX(g.seq) FROM events g
                WHERE g.load_id = $1 AND g.tenant_id = $2 AND g.stream = $3 AND g.namespace = $4
                  AND g.event = 'load:deleted'), $5)",
    )
    .bind(id(load))
    .bind(id(key.tenant))
    .bind(key.stream.to_string())
    .bind(key.namespace.path())
    .bind(i64::MIN)
    .fetch_one(&mut **tx)
    .await?;
    row.maybe_time("since")
}

/// An event as it is told in a history, and who did it.
pub type Told = (StoredEvent, Option<Person>);

/// The newest happenings of a load in the streams of one audience, up to `limit`, newest first, and who did each.
///
/// Within a stream they follow its numbers, whatever the clocks of the nodes said; those of two streams, the time.
pub async fn history_of_load(
    tx: &mut Tx,
    tenant: TenantId,
    stream: StreamName,
    load: LoadId,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let mut histories = Vec::new();
    for namespace in [Namespace::Dispatch, Namespace::Tracking] {
        let key = StreamKey { tenant, namespace, stream };
        let rows = sqlx::query(newest_first!(
            "SELECT e.seq, e.id, e.event, e.happened_at, e.load_id, e.actor_id, e.data, e.plain_data,
                    u.name AS actor_name
             FROM events e LEFT JOIN users u ON u.id = e.actor_id
             WHERE e.load_id = $1 AND e.tenant_id = $2 AND e.stream = $3 AND e.namespace = $4",
            "LIMIT $5"
        ))
        .bind(id(load))
        .bind(id(tenant))
        .bind(stream.to_string())
        .bind(namespace.path())
        .bind(limit)
        .fetch_all(&mut **tx)
        .await?;
        histories.push(readable(&rows, "events", |row| {
            let event = read_event(row, key.clone(), "")?;
            let by = event.actor.zip(row.maybe_text("actor_name")?).map(|(id, name)| Person { id, name });
            Ok((event, by))
        })?);
    }
    let mut history = merged(histories);
    history.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(history)
}

/// Histories that are each newest first, as one that is.
fn merged(histories: Vec<Vec<Told>>) -> Vec<Told> {
    let mut histories: Vec<VecDeque<Told>> = histories.into_iter().map(VecDeque::from).collect();
    let mut merged = Vec::new();
    loop {
        let newest = histories.iter_mut().max_by_key(|history| history.front().map(|(event, _)| (event.at, event.id)));
        match newest.and_then(VecDeque::pop_front) {
            Some(told) => merged.push(told),
            None => return merged,
        }
    }
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

fn read_key(row: &AnyRow) -> Result<StreamKey, StoreError> {
    Ok(StreamKey {
        tenant: row.parsed("tenant_id")?,
        namespace: row.word("namespace", Namespace::from_path)?,
        stream: row.parsed("stream")?,
    })
}

fn read_cursor(row: &AnyRow) -> Result<Cursor, StoreError> {
    Ok(Cursor { epoch: row.text("epoch")?, seq: row.int("seq")? })
}

fn new_epoch() -> String {
    Uuid::new_v4().simple().to_string()
}
