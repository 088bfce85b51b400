//! What comes from the road: positions and check calls.

use super::{Caller, ServiceError, Services};
use crate::store::{
    self,
    loads::Scope,
    positions::{self, CheckCall, Position},
};
use app::events::{CheckCallReceived, LoadUpdated};

impl Services {
    /// Stores positions, in one transaction.
    pub async fn record_positions(&self, positions: &[Position]) -> Result<(), ServiceError> {
        let mut tx = self.database.begin_write().await?;
        for position in positions {
            positions::insert(&mut tx, position).await?;
        }
        tx.commit().await.map_err(store::StoreError::Sql)?;
        Ok(())
    }

    /// Stores a check call and shows it on the load's card. The load's version stays: nobody's change is overtaken.
    pub async fn record_check_call(&self, caller: &Caller, check_call: CheckCall) -> Result<(), ServiceError> {
        let mut change = self.begin(caller).await?;
        let load = check_call.load_id;
        store::loads::lock(&mut change.tx, caller.tenant, load).await?;
        let found = store::loads::find(&mut change.tx, caller.tenant, Scope::Tenant, load).await?;
        let before = found.ok_or(ServiceError::NotFound("load"))?;
        positions::insert_check_call(&mut change.tx, &check_call).await?;
        let audience = super::loads::audience(&mut change.tx, &before).await?;
        let card = app::domain::load::LoadCard { last_check_call_at: Some(check_call.received_at), ..before };
        let received = CheckCallReceived {
            load_id: load,
            load_number: card.load_number.clone(),
            location: check_call.at,
            notes: check_call.notes,
            eta: check_call.eta,
            received_at: check_call.received_at,
        };
        change.record(&audience, Some(load), &LoadUpdated(card)).await?;
        change.record(&audience, Some(load), &received).await?;
        change.commit().await?;
        Ok(())
    }
}
