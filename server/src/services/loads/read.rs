//! Reading loads: the board, the list, one.

use super::{Caller, Right, ServiceError, Services, shown_to};
use crate::store::{self, StoreError, Tx, loads::Search, stops};
use app::{
    api::{
        LivePage, PageInfo, Snapshot,
        loads::{Board, BoardRules},
    },
    domain::{
        id::LoadId,
        load::{Load, LoadCard},
        load_filter::LoadFilter,
        time::DAY,
    },
    events::Namespace,
};

/// For how long the board keeps a completed load.
pub(super) const COMPLETED_SHOWN: i64 = 7 * DAY;

/// Which loads to list.
#[derive(Debug, Clone)]
pub struct ListRequest {
    pub filter: LoadFilter,
    /// Only those older than this one.
    pub before: Option<LoadId>,
    pub limit: i64,
}

impl Services {
    /// The board and the places in the streams at which it is true.
    pub async fn board(&self, caller: &Caller) -> Result<Snapshot<Board>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("board"))?;
        let keys: Vec<_> = caller.stream(Namespace::Dispatch).into_iter().collect();
        let now = self.clock.now();
        let (mut tx, cursors) = self.begin_snapshot(&keys).await?;
        let cards = store::loads::board(&mut tx, caller.tenant, scope, now.plus(-COMPLETED_SHOWN)).await?;
        let cards = cards.into_iter().map(|card| shown_to(caller, card)).collect();
        Ok(Snapshot { data: Board { cards, now, rules: self.board_rules() }, cursors })
    }

    /// What cards are judged by.
    pub(super) fn board_rules(&self) -> BoardRules {
        BoardRules { check_call_interval: self.trade.check_call_interval.millis() }
    }

    /// Loads, newest first, and the places in the streams at which they are true.
    pub async fn list_loads(&self, caller: &Caller, request: ListRequest) -> Result<LivePage<LoadCard>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let ListRequest { filter, before, limit } = request;
        let now = self.clock.now();
        let me = caller.person.as_ref().map(|person| person.id);
        let keys: Vec<_> = caller.stream(Namespace::Dispatch).into_iter().collect();
        let (this, tenant) = (self.clone(), caller.tenant);
        let scanned = self.scan(!filter.is_empty(), async move {
            let search = Search { filter: &filter, me, now, loads: None };
            let (mut tx, cursors) = this.begin_snapshot(&keys).await?;
            // One more than asked for tells whether there is a next page.
            let found = store::loads::list(&mut tx, tenant, scope, &search, before, limit.saturating_add(1)).await?;
            Ok((found, cursors))
        });
        let ((mut cards, total), cursors) = scanned.await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = (cards.len() > limit).then(|| cards.get(limit.saturating_sub(1)).map(|card| card.id.to_string()));
        cards.truncate(limit);
        let data = cards.into_iter().map(|card| shown_to(caller, card)).collect();
        Ok(LivePage { data, page: PageInfo { next: next.flatten(), total }, now, cursors })
    }

    /// Does what may look through all loads of the tenant when it is its turn, and to its end even if the caller goes
    /// away: the turn is what keeps readers free for the others.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        is_long: bool,
        work: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
    ) -> Result<T, ServiceError> {
        if !is_long {
            return work.await;
        }
        let turn = self.database.scan_turn().await.ok_or(ServiceError::Busy)?;
        let scanned = tokio::spawn(async move {
            let found = work.await;
            drop(turn);
            found
        });
        let failed = |error| StoreError::Sql(sqlx::Error::Io(std::io::Error::other(error)));
        scanned.await.unwrap_or_else(|error| Err(failed(error).into()))
    }

    pub async fn load(&self, caller: &Caller, load: LoadId) -> Result<Load, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut tx = self.database.begin_snapshot().await?;
        let card = store::loads::find(&mut tx, caller.tenant, scope, load).await?;
        let card = card.ok_or(ServiceError::NotFound("load"))?;
        Ok(with_stops(&mut tx, shown_to(caller, card)).await?)
    }

    /// Does something while it is certain that the caller sees the load: an outside party can't lose it meanwhile.
    /// `None` where the caller does not see it.
    pub async fn while_seen<T>(
        &self,
        caller: &Caller,
        load: LoadId,
        act: impl FnOnce() -> T,
    ) -> Result<Option<T>, ServiceError> {
        // Staff see every load, so there is nothing to lose.
        if caller.role.is_staff() {
            return Ok(self.sees_load(caller, load).await?.then(act));
        }
        match self.begin_load_change(caller, load, Right::Anyone, None).await {
            // Its lock ends here, with nothing changed.
            Ok(_held) => Ok(Some(act())),
            Err(ServiceError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the caller may see this load.
    pub async fn sees_load(&self, caller: &Caller, load: LoadId) -> Result<bool, ServiceError> {
        let Some(scope) = caller.scope() else { return Ok(false) };
        let mut tx = self.database.begin_snapshot().await?;
        Ok(store::loads::find(&mut tx, caller.tenant, scope, load).await?.is_some())
    }
}

pub(super) async fn with_stops(tx: &mut Tx, card: LoadCard) -> Result<Load, StoreError> {
    let stops = stops::list(tx, card.id).await?;
    Ok(Load { card, stops })
}
