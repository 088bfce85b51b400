//! Reading positions: the map, one load, the way of a load.

use super::super::{Caller, ServiceError, Services, loads};
use crate::store::{
    self, StoreError, Tx,
    positions::{self, Position, Stretch, Way},
};
use app::{
    api::{
        Page, PageInfo, Snapshot,
        positions::{PastPosition, TrackedPositions},
    },
    domain::{
        id::LoadId,
        position::{EtaState, eta, next_stop},
        status::LoadStatus,
        time::Timestamp,
    },
    events::{LoadLocationUpdated, Namespace},
};

/// Which stretch of a load's way.
#[derive(Debug, Clone)]
pub struct HistoryRequest {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Only what follows this moment.
    pub after: Option<Timestamp>,
    pub limit: i64,
}

impl Services {
    /// Where the trucks on the road are that the caller sees, and the places in the streams at which that is true.
    pub async fn tracked_positions(&self, caller: &Caller) -> Result<Snapshot<TrackedPositions>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("map"))?;
        let keys: Vec<_> = caller.stream(Namespace::Tracking).into_iter().collect();
        let now = self.clock.now();
        let (mut tx, cursors) = self.begin_snapshot(&keys).await?;
        let tracked = positions::on_the_road(&mut tx, caller.tenant, scope).await?;
        let ids: Vec<LoadId> = tracked.iter().map(|(_, _, position)| position.load_id).collect();
        let mut ways = positions::ways(&mut tx, &ids).await?;
        let positions = tracked.into_iter().map(|(number, status, position)| {
            let way = ways.remove(&position.load_id).unwrap_or_default();
            self.or_no_signal(shown(number, status, &position, &way, now), now)
        });
        Ok(Snapshot { data: TrackedPositions { positions: positions.collect(), now }, cursors })
    }

    /// The newest position of a load, on the road or not.
    pub async fn tracked_position(&self, caller: &Caller, load: LoadId) -> Result<LoadLocationUpdated, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let now = self.clock.now();
        let mut tx = self.database.begin_snapshot().await?;
        let card =
            store::loads::find(&mut tx, caller.tenant, scope, load).await?.ok_or(ServiceError::NotFound("load"))?;
        let position = positions::latest(&mut tx, load).await?.ok_or(ServiceError::NotFound("position"))?;
        let way = way(&mut tx, load).await?;
        Ok(self.or_no_signal(shown(card.load_number, card.status, &position, &way, now), now))
    }

    /// Where a load was, oldest first.
    pub async fn position_history(
        &self,
        caller: &Caller,
        load: LoadId,
        request: HistoryRequest,
    ) -> Result<Page<PastPosition>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut tx = self.database.begin_snapshot().await?;
        let card =
            store::loads::find(&mut tx, caller.tenant, scope, load).await?.ok_or(ServiceError::NotFound("load"))?;
        let since = loads::seen_since(&mut tx, caller, &card).await?;
        let stretch = Stretch {
            from: request.from.map_or(since, |from| from.max(since)),
            to: request.to.unwrap_or(Timestamp::from_millis(i64::MAX)),
            after: request.after,
            // One more than asked for tells whether there is a next page.
            limit: request.limit.saturating_add(1),
        };
        let (mut past, total) = positions::history(&mut tx, load, stretch).await?;
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let is_more = past.len() > limit;
        past.truncate(limit);
        let next = past.last().filter(|_| is_more).map(|position| position.recorded_at.to_string());
        let data = past.into_iter().map(|position| PastPosition {
            location: position.at,
            heading: position.heading,
            speed: position.speed,
            recorded_at: position.recorded_at,
            source: position.source,
        });
        Ok(Page { data: data.collect(), page: PageInfo { next, total } })
    }

    /// A position of which nothing has followed for too long says nothing of the arrival any more. Only who fetches a
    /// snapshot is told: nothing happens at the moment when a signal is lost.
    fn or_no_signal(&self, position: LoadLocationUpdated, now: Timestamp) -> LoadLocationUpdated {
        let is_stale = now.since(position.recorded_at) > self.tracking.stale_after.millis();
        let eta_state = if is_stale { EtaState::NoSignal } else { position.eta_state };
        LoadLocationUpdated { eta_state, ..position }
    }
}

async fn way(tx: &mut Tx, load: LoadId) -> Result<Way, StoreError> {
    Ok(positions::ways(tx, &[load]).await?.remove(&load).unwrap_or_default())
}

/// A position as it is shown, with the ETA at the next stop. A load that has arrived everywhere is late nowhere.
pub(super) fn shown(
    load_number: String,
    status: LoadStatus,
    position: &Position,
    way: &Way,
    now: Timestamp,
) -> LoadLocationUpdated {
    let stop = next_stop(status, &way.stops);
    let eta = stop.map(|stop| (eta(now, position.at, position.recorded_at, stop, way.told), stop.window_end));
    LoadLocationUpdated {
        load_id: position.load_id,
        load_number,
        location: position.at,
        heading: position.heading,
        speed: position.speed,
        recorded_at: position.recorded_at,
        source: position.source,
        eta: eta.map(|(eta, _)| eta),
        eta_state: eta.map_or(EtaState::OnTime, |(eta, window_end)| EtaState::of(eta, window_end)),
    }
}
