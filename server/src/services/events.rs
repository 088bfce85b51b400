//! Reading the numbered streams back, and the places at which a snapshot is true.

use super::{Caller, ServiceError, Services};
use crate::{
    store::{StoreError, Tx, streams},
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
        let key = caller
            .stream(request.namespace)
            .filter(|key| key.stream == request.stream)
            .ok_or(ServiceError::NotFound("stream"))?;
        let mut tx = self.database.begin_snapshot().await?;
        let Some(head) = streams::cursor(&mut tx, &key).await? else {
            let cursor = Cursor { epoch: request.epoch.unwrap_or_default(), seq: 0 };
            return Ok(EventPage { data: vec![], recovered: request.after == 0, cursor, more: false });
        };
        let other_epoch = request.epoch.is_some_and(|epoch| epoch != head.epoch);
        if other_epoch || request.after > head.seq {
            return Ok(EventPage { data: vec![], cursor: head, recovered: false, more: false });
        }
        let events = streams::events_after(&mut tx, &key, &head.epoch, request.after, request.limit).await?;
        let seq = events.last().map_or(request.after, |event| event.seq);
        let sees_finance = caller.sees_finance();
        let data = events
            .iter()
            .map(|event| {
                let envelope = event.envelope(sees_finance);
                let value = envelope.data.clone();
                envelope.with(value)
            })
            .collect();
        Ok(EventPage { data, more: seq < head.seq, cursor: Cursor { epoch: head.epoch, seq }, recovered: true })
    }

    /// Makes sure that the caller's streams of these namespaces exist, so that a snapshot can name its places in them.
    pub(super) async fn ensure_streams(&self, keys: &[StreamKey]) -> Result<(), StoreError> {
        let mut tx = self.database.begin_snapshot().await?;
        let mut missing = Vec::new();
        for key in keys {
            if streams::cursor(&mut tx, key).await?.is_none() {
                missing.push(key);
            }
        }
        drop(tx);
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = self.database.begin_write().await?;
        for key in missing {
            streams::ensure(&mut tx, key).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Where the streams stand within the transaction that reads the snapshot.
    pub(super) async fn cursors(&self, tx: &mut Tx, keys: &[StreamKey]) -> Result<Cursors, StoreError> {
        let mut cursors = Cursors::new();
        for key in keys {
            if let Some(cursor) = streams::cursor(tx, key).await? {
                let streams: &mut BTreeMap<_, _> = cursors.entry(key.namespace).or_default();
                streams.insert(key.stream.to_string(), cursor);
            }
        }
        Ok(cursors)
    }
}
