//! One transaction of many positions: who may report them, which are possible, and which are the newest of their loads.

use super::{
    super::{Caller, Right, ServiceError},
    ingest::Report,
    read::shown,
    rules,
};
use crate::{
    relay::Located,
    store::{
        self, Database, StoreError,
        loads::Scope,
        positions::{self, Position, TrackedLoad},
    },
};
use app::{
    domain::{id::LoadId, status::LoadStatus, time::Timestamp, urgency::ON_TRACK_STEP},
    events::LoadLocationUpdated,
};
use std::collections::HashMap;

/// What became of a group.
pub struct Stored {
    /// Of each report, the answer to each of its positions.
    pub results: Vec<Vec<Result<(), ServiceError>>>,
    /// The loads whose newest position is in the group.
    pub news: Vec<Located>,
}

/// The loads of these ids as they are now, before anything is queued.
pub async fn known(
    database: &Database,
    loads: impl Iterator<Item = LoadId>,
) -> Result<HashMap<LoadId, TrackedLoad>, StoreError> {
    let mut ids: Vec<LoadId> = loads.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut tx = database.begin_snapshot().await?;
    positions::tracked(&mut tx, &ids).await
}

/// Whether a caller may report where this load is.
pub fn check_reporter(caller: &Caller, load: Option<&TrackedLoad>) -> Result<(), ServiceError> {
    load.filter(|load| sees(caller, load)).ok_or(ServiceError::NotFound("load"))?;
    Right::ReportPositions.judge(caller)
}

/// Stores what may be stored of a group, all of it or nothing.
pub async fn store(database: &Database, now: Timestamp, reports: &[&Report]) -> Result<Stored, StoreError> {
    let mut ids: Vec<LoadId> = reports.iter().flat_map(|report| &report.positions).map(|p| p.load_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let tenants = reports.iter().map(|report| report.caller.tenant).collect();
    let mut tx = database.begin_write().await?;
    // Whose a load is stays as it is read until its positions are stored. Loads are locked before what is known of
    // where they are, as by every change of a load.
    positions::lock_all(&mut tx, database.dialect(), &tenants, &ids).await?;
    let mut judge = Judge { loads: positions::tracked(&mut tx, &ids).await?, ..Judge::default() };
    let judged = |report: &&Report| report.positions.iter().map(|p| judge.admit(&report.caller, p)).collect();
    let results = reports.iter().map(judged).collect();
    let Judge { loads, taken, newest } = judge;
    if taken.is_empty() {
        return Ok(Stored { results, news: Vec::new() });
    }
    positions::insert_all(&mut tx, &taken).await?;
    let newest = newest.into_iter().filter_map(|id| {
        let load = loads.get(&id)?;
        Some((load.tenant, load.latest?))
    });
    // Another node may have stored a newer one meanwhile.
    let kept = positions::keep_latest(&mut tx, newest.collect()).await?;
    let mut ways = positions::ways(&mut tx, &kept).await?;
    let news = kept.iter().filter_map(|id| {
        let load = loads.get(id)?;
        let way = ways.remove(id).unwrap_or_default();
        Some(located(load, shown(load.load_number.clone(), load.status, load.latest.as_ref()?, &way, now)))
    });
    let news: Vec<Located> = news.collect();
    positions::note_on_track(&mut tx, &on_track_anew(&loads, &news)).await?;
    store::commit(tx).await?;
    Ok(Stored { results, news })
}

/// The loads on the road that have not been known to be on their way and in time for a while, and are now.
fn on_track_anew(loads: &HashMap<LoadId, TrackedLoad>, news: &[Located]) -> Vec<LoadId> {
    let is_anew = |position: &LoadLocationUpdated| {
        loads.get(&position.load_id).is_some_and(|load| {
            load.status.is_heard_of()
                && load.on_track_at.is_none_or(|known| position.recorded_at.since(known) >= ON_TRACK_STEP)
        })
    };
    let positions = news.iter().map(|located| &located.position);
    positions.filter(|position| position.is_on_track() && is_anew(position)).map(|position| position.load_id).collect()
}

/// Judges position by position, in the order in which they came.
#[derive(Default)]
struct Judge {
    /// Each with the newest position that is known so far.
    loads: HashMap<LoadId, TrackedLoad>,
    taken: Vec<Position>,
    /// The loads that have a new one.
    newest: std::collections::HashSet<LoadId>,
}

impl Judge {
    fn admit(&mut self, caller: &Caller, position: &Position) -> Result<(), ServiceError> {
        let id = position.load_id;
        let load = self.loads.get_mut(&id);
        check_reporter(caller, load.as_deref())?;
        let load = load.ok_or(ServiceError::NotFound("load"))?;
        match &load.latest {
            Some(latest) if latest.recorded_at >= position.recorded_at => {}
            latest => {
                if let Some(latest) = latest {
                    rules::check_jump(latest, position)?;
                }
                load.latest = Some(*position);
                self.newest.insert(id);
            }
        }
        self.taken.push(*position);
        Ok(())
    }
}

/// Whether outside parties see a load: from the tender on, as [`store::loads::Scope`](Scope) reads it.
fn is_offered(load: &TrackedLoad) -> bool {
    !matches!(load.status, LoadStatus::Planning | LoadStatus::Pending)
}

fn sees(caller: &Caller, load: &TrackedLoad) -> bool {
    caller.tenant == load.tenant
        && match caller.scope() {
            Some(Scope::Tenant) => true,
            Some(Scope::Carrier(carrier)) => is_offered(load) && load.carrier == Some(carrier),
            Some(Scope::Driver(driver)) => is_offered(load) && load.driver == Some(driver),
            None => false,
        }
}

/// The position with those who hear of it: the audience of [`super::super::loads::audience`].
fn located(load: &TrackedLoad, position: LoadLocationUpdated) -> Located {
    let is_offered = is_offered(load);
    Located {
        tenant: load.tenant,
        carrier: load.carrier.filter(|_| is_offered),
        driver: load.login.filter(|_| is_offered),
        position,
    }
}
