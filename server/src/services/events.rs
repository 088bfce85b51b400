//! Reading the numbered streams back, and the places at which a snapshot is true.

use super::{Caller, ServiceError, Services};
use crate::{
    store::{self, StoreError, Tx, streams},
    stream::{StreamKey, StreamName},
};
use app::{
    api::events::EventPage,
    events::{Cursor, Cursors, Namespace},
};
use std::collections::BTreeMap;

/// What follows a place in a stream.
#[derive(Debug, Clone)]
pub struct EventRequest {
    pub namespace: Namespace,
    pub stream: StreamName,
    /// None: whatever the epoch is now.
    pub epoch: Option<String>,
    pub after: i64,
    /// At most this many events.
    pub limit: i64,
}

impl Services {
    /// The events after a place, in order. A stream that is not the caller's own is not found.
    pub async fn read_events(&self, caller: &Caller, request: EventRequest) -> Result<EventPage, ServiceError> {
        let mut streams = caller.streams(request.namespace).into_iter();
        let key = streams.find(|key| key.stream == request.stream).ok_or(ServiceError::NotFound("stream"))?;
        let (mut tx, cursors) = self.begin_snapshot(std::slice::from_ref(&key)).await?;
        let head = cursors.into_values().flatten().map(|(_, cursor)| cursor).next();
        let head = head.ok_or(ServiceError::NotFound("stream"))?;
        let other_epoch = request.epoch.is_some_and(|epoch| epoch != head.epoch);
        if other_epoch || request.after > head.seq {
            return Ok(EventPage { data: vec![], cursor: head, recovered: false, more: false });
        }
        let events = streams::events_after(&mut tx, &key, &head.epoch, request.after, request.limit).await?;
        let seq = events.last().map_or(request.after, |event| event.seq);
        let sees_finance = caller.sees_finance();
        let data = events.iter().map(|event| event.raw_envelope(sees_finance)).collect::<Result<_, _>>()?;
        Ok(EventPage { data, more: seq < head.seq, cursor: Cursor { epoch: head.epoch, seq }, recovered: true })
    }

    /// Begins to read a snapshot, and says where these streams stand at its moment.
    pub(super) async fn begin_snapshot(&self, keys: &[StreamKey]) -> Result<(Tx, Cursors), StoreError> {
        let mut tx = self.database.begin_snapshot().await?;
        let cursors = read_cursors(&mut tx, keys).await?;
        if cursors.values().map(BTreeMap::len).sum::<usize>() == keys.len() {
            return Ok((tx, cursors));
        }
        // A stream in which nothing has happened yet is created, so that the snapshot has a place to name.
        drop(tx);
        let mut tx = self.database.begin_write().await?;
        for key in keys {
            streams::ensure(&mut tx, key).await?;
        }
        store::commit(tx).await?;
        let mut tx = self.database.begin_snapshot().await?;
        let cursors = read_cursors(&mut tx, keys).await?;
        Ok((tx, cursors))
    }
}

async fn read_cursors(tx: &mut Tx, keys: &[StreamKey]) -> Result<Cursors, StoreError> {
    let mut cursors = Cursors::new();
    for key in keys {
        if let Some(cursor) = streams::cursor(tx, key).await? {
            cursors.entry(key.namespace).or_default().insert(key.stream.to_string(), cursor);
        }
    }
    Ok(cursors)
}
