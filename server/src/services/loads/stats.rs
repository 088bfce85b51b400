//! The loads on the road, and counts of all.

use super::{Caller, Services, read::COMPLETED_SHOWN, shown_to};
use crate::{services::ServiceError, store};
use app::{
    api::{
        Snapshot,
        road::{ActiveLoads, LaneCount, LoadStats, StatusCount},
    },
    domain::{
        load::LoadCard,
        status::{Lane, LoadStatus},
        urgency::{Urgency, urgency},
    },
    events::Namespace,
};

impl Services {
    /// The loads on the road, and the places in the streams at which that is true.
    pub async fn active_loads(&self, caller: &Caller) -> Result<Snapshot<ActiveLoads>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("board"))?;
        let keys: Vec<_> =
            [Namespace::Dispatch, Namespace::Tracking].into_iter().filter_map(|space| caller.stream(space)).collect();
        let now = self.clock.now();
        let (mut tx, cursors) = self.begin_snapshot(&keys).await?;
        let cards = store::loads::active(&mut tx, caller.tenant, scope).await?;
        let cards = cards.into_iter().map(|card| shown_to(caller, card)).collect();
        Ok(Snapshot { data: ActiveLoads { cards, now }, cursors })
    }

    /// Counts of the loads that the caller sees, and the places in the streams at which they are true.
    pub async fn load_stats(&self, caller: &Caller) -> Result<Snapshot<LoadStats>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("board"))?;
        let keys: Vec<_> = caller.stream(Namespace::Dispatch).into_iter().collect();
        let now = self.clock.now();
        let (mut tx, cursors) = self.begin_snapshot(&keys).await?;
        let counts = store::loads::count_by_status(&mut tx, caller.tenant, scope).await?;
        let board = store::loads::board(&mut tx, caller.tenant, scope, now.plus(-COMPLETED_SHOWN)).await?;
        let count = |counted: &dyn Fn(&LoadCard) -> bool| {
            i64::try_from(board.iter().filter(|card| counted(card)).count()).unwrap_or(i64::MAX)
        };
        let in_lane = |lane: Lane| count(&|card| card.status.lane() == Some(lane));
        let data = LoadStats {
            by_status: LoadStatus::ALL
                .into_iter()
                .map(|status| StatusCount { status, count: counts.get(&status).copied().unwrap_or(0) })
                .collect(),
            by_lane: Lane::ALL.into_iter().map(|lane| LaneCount::of(lane, in_lane(lane))).collect(),
            unassigned: in_lane(Lane::Unassigned),
            at_risk: count(&|card| urgency(card, now) == Urgency::AtRisk),
            late: count(&|card| urgency(card, now) == Urgency::Late),
            tenders_open: in_lane(Lane::Tendered),
            hot: count(&|card| card.hot && !card.status.is_final()),
            now,
        };
        Ok(Snapshot { data, cursors })
    }
}
