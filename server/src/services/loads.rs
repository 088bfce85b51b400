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

use super::{Caller, ServiceError, Services};
use crate::{
    store::{self, StoreError, Tx},
    stream::{Audience, Change},
};
use app::{
    domain::{id::LoadId, load::LoadCard, status::LoadStatus},
    events::LoadDeleted,
};

impl Services {
    /// Begins a change of a load: locked, read, seen by the caller, and at the version that the caller saw.
    async fn begin_load_change(
        &self,
        caller: &Caller,
        load: LoadId,
        version: Option<i64>,
    ) -> Result<(Change, LoadCard), ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut change = self.begin(caller).await?;
        store::loads::lock(&mut change.tx, caller.tenant, load).await?;
        let card = store::loads::find(&mut change.tx, caller.tenant, scope, load)
            .await?
            .ok_or(ServiceError::NotFound("load"))?;
        if version.is_some_and(|version| version != card.version) {
            return Err(ServiceError::stale(&shown_to(caller, card)));
        }
        Ok((change, card))
    }
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
    change.record_outside(&was.without(&is), Some(after.id), &gone).await?;
    Ok(is)
}
