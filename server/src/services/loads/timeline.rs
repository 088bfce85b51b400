//! The timeline of a load: its stored events, told as sentences.
//!
//! What the caller was not told is not in it: outside parties read their own streams, which begin when the load became
//! theirs, and staff without `finance_view` the events without money.

mod changes;
mod entry;

use super::{Caller, Services};
use crate::{
    services::ServiceError,
    store::{self, streams},
};
use app::{
    api::{Page, PageInfo, timeline::TimelineEntry},
    domain::{
        id::{EventId, LoadId},
        load::Person,
        time::Timestamp,
    },
    events::{AnyEvent, Namespace},
};

/// The most happenings of a load that are read: a load has about fifty. Older ones are left out.
const MOST: i64 = 5_000;

/// A happening as the caller may see it.
struct Happening {
    id: EventId,
    name: String,
    at: Timestamp,
    by: Option<Person>,
    event: AnyEvent,
}

impl Services {
    /// What happened to a load, newest first.
    pub async fn load_timeline(
        &self,
        caller: &Caller,
        load: LoadId,
        before: Option<EventId>,
        limit: i64,
    ) -> Result<Page<TimelineEntry>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let key = caller.stream(Namespace::Dispatch).ok_or(ServiceError::NotFound("load"))?;
        let mut tx = self.database.begin_snapshot().await?;
        store::loads::find(&mut tx, caller.tenant, scope, load).await?.ok_or(ServiceError::NotFound("load"))?;
        let stored = streams::history_of_load(&mut tx, caller.tenant, key.stream, load, MOST).await?;
        drop(tx);
        let sees_finance = caller.sees_finance();
        let happenings = stored.into_iter().rev().filter_map(|(stored, by)| {
            // An event of an older form tells nothing any more.
            let namespace = stored.key.namespace;
            let event = stored.raw_envelope(sees_finance).ok()?.read(namespace).ok().flatten()?;
            Some(Happening { id: event.id, name: event.event, at: event.timestamp, by, event: event.data })
        });
        let mut entries = entry::tell(&happenings.collect::<Vec<_>>());
        entries.reverse();
        Ok(page(entries, before, usize::try_from(limit).unwrap_or(usize::MAX)))
    }
}

/// Up to `limit` of the entries, which are newest first, before one of them.
fn page(entries: Vec<TimelineEntry>, before: Option<EventId>, limit: usize) -> Page<TimelineEntry> {
    let total = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let passed = match before {
        // Ids are of clocks, and do not say what comes after what.
        Some(before) => entries.iter().position(|entry| entry.id == before).map_or(entries.len(), |place| place + 1),
        None => 0,
    };
    let mut data: Vec<_> = entries.into_iter().skip(passed).take(limit + 1).collect();
    let is_more = data.len() > limit;
    data.truncate(limit);
    let next = data.last().filter(|_| is_more).map(|entry| entry.id.to_string());
    Page { data, page: PageInfo { next, total } }
}
