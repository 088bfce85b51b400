//! Loads: reading them, and every change of one.

mod assign;
mod bulk;
mod claim;
mod create;
mod delete;
mod detail;
mod eta;
mod export;
mod fitness;
mod import;
mod passage;
mod patch;
mod read;
mod stats;
mod status;
mod step;
mod stops;
mod tender;
mod timeline;
mod undo;
mod values;

pub(super) use eta::{expecting, note_eta};

pub use bulk::Outcome;
pub use export::ExportRequest;
pub use read::ListRequest;

use super::{Caller, Right, ServiceError, Services};
use crate::{
    store::{self, StoreError, Tx},
    stream::{Audience, Change},
};
use app::{
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{LoadStatus, check_reach},
        time::Timestamp,
    },
    events::{LoadDeleted, Namespace},
};

impl Services {
    /// Begins a change of a load: locked, read, seen by the caller, who has the right, and at the version that the
    /// caller saw. Whoever lacks the right learns nothing of the load's state.
    async fn begin_load_change(
        &self,
        caller: &Caller,
        load: LoadId,
        right: Right,
        version: Option<i64>,
    ) -> Result<(Change, LoadCard), ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut change = self.begin(caller).await?;
        store::loads::lock(&mut change.tx, caller.tenant, load).await?;
        change.read_clock();
        let card = store::loads::find(&mut change.tx, caller.tenant, scope, load)
            .await?
            .ok_or(ServiceError::NotFound("load"))?;
        right.judge(caller)?;
        check_version(caller, &card, version)?;
        Ok((change, card))
    }

    /// Begins a step to a status, as [`Self::begin_load_change`] does. Whoever could take no load there learns only that.
    async fn begin_step(
        &self,
        caller: &Caller,
        load: LoadId,
        to: LoadStatus,
        version: i64,
    ) -> Result<(Change, LoadCard), ServiceError> {
        let (change, card) = self.begin_load_change(caller, load, Right::MoveLoads, None).await?;
        check_reach(caller.mover(), to).map_err(|refusal| ServiceError::refused(&card.load_number, refusal))?;
        check_version(caller, &card, Some(version))?;
        Ok((change, card))
    }
}

/// Refuses a change that was made on an older version.
fn check_version(caller: &Caller, card: &LoadCard, version: Option<i64>) -> Result<(), ServiceError> {
    if version.is_none_or(|version| version == card.version) {
        return Ok(());
    }
    Err(ServiceError::stale(&shown_to(caller, card.clone())))
}

/// The card with what the caller may see.
fn shown_to(caller: &Caller, card: LoadCard) -> LoadCard {
    match caller.role {
        _ if caller.sees_finance() => card,
        role if role.is_staff() => card.without_finance(),
        _ => card.for_outside(),
    }
}

/// The outside parties that see a load: from the tender on, its carrier and its driver.
pub(super) async fn audience(tx: &mut Tx, card: &LoadCard) -> Result<Audience, StoreError> {
    let mut audience = Audience::default();
    if matches!(card.status, LoadStatus::Planning | LoadStatus::Pending) {
        return Ok(audience);
    }
    audience.carriers.extend(card.carrier.as_ref().map(|carrier| carrier.id));
    if let Some(driver) = &card.driver {
        audience.users.extend(store::users::find_of_driver(tx, driver.id).await?);
    }
    Ok(audience)
}

/// Since when the caller has seen a load: the staff always, an outside party since it became theirs.
///
/// A party whose stream does not tell, such as a driver who got a login after the load, sees no more than what happened
/// since the load took its last step: what was before may be another carrier's.
pub(super) async fn seen_since(tx: &mut Tx, caller: &Caller, card: &LoadCard) -> Result<Timestamp, StoreError> {
    if caller.role.is_staff() {
        return Ok(Timestamp::from_millis(i64::MIN));
    }
    let Some(key) = caller.stream(Namespace::Dispatch) else { return Ok(card.status_since) };
    let told = store::streams::seen_since(tx, &key, card.id).await?;
    Ok(told.unwrap_or(card.status_since))
}

/// Clears a load of what was heard of its truck, where it is another carrier's now: it says nothing of the next one.
async fn forget_the_road(change: &mut Change, before: &LoadCard, after: &mut LoadCard) -> Result<(), StoreError> {
    if before.carrier.is_none() || before.carrier == after.carrier {
        return Ok(());
    }
    (after.last_check_call_at, after.eta, after.on_track_at) = (None, None, None);
    store::positions::forget_the_latest(&mut change.tx, after.id).await
}

/// Tells those who saw the load before a change, and do so no more, that it is gone. They learn nothing of what it is
/// now. Returns who sees it after the change.
async fn part_ways(change: &mut Change, before: &LoadCard, after: &LoadCard) -> Result<Audience, StoreError> {
    let was = audience(&mut change.tx, before).await?;
    let is = audience(&mut change.tx, after).await?;
    let gone = LoadDeleted {
        load_id: after.id,
        load_number: after.load_number.clone(),
        version: after.version,
        updated_by: after.updated_by.clone(),
    };
    change.record_outside(&was.without(&is), Some(after.id), &gone)?;
    Ok(is)
}
