//! Steps of the status machine.

use super::{super::ServiceError, Caller, Services, audience, part_ways, shown_to, values};
use crate::{
    store::{self, StoreError, loads::LoadRow},
    stream::{Audience, Change},
};
use app::{
    api::loads::StatusChange,
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{LoadStatus, Step, check_step},
    },
    events::{CarrierLoadAssigned, LoadAssigned, LoadDelivered, LoadDispatched, LoadStatusChanged, LoadUpdated},
};

impl Services {
    /// Takes a step, on the version that the caller saw, and tells everybody who sees the load.
    pub async fn change_status(
        &self,
        caller: &Caller,
        load: LoadId,
        request: StatusChange,
    ) -> Result<LoadCard, ServiceError> {
        let reason = values::reason(request.reason)?;
        let (mut change, before) = self.begin_load_change(caller, load, Some(request.version)).await?;
        let to = request.status;
        let step = check_step(caller.mover(), before.status, to, before.carrier.is_some(), reason.as_deref())
            .map_err(|refusal| ServiceError::refused(&before.load_number, refusal))?;

        let after = LoadCard {
            status: to,
            version: before.version + 1,
            status_since: change.now,
            updated_at: change.now,
            updated_by: caller.person.clone(),
            tender_expires_at: (to == LoadStatus::Tendered).then(|| change.now.plus(self.trade.tender_window.millis())),
            carrier: before.carrier.clone().filter(|_| step != Step::Decline),
            driver: before.driver.clone().filter(|_| step != Step::Decline),
            ..before.clone()
        };
        store::loads::update(&mut change.tx, caller.tenant, &LoadRow::from(&after)).await?;

        // Who takes a step hears of it, even where it is the last that they see of the load.
        let was = audience(&mut change.tx, &before).await?;
        let is = audience(&mut change.tx, &after).await?;
        let hearers = if step == Step::Decline { &was } else { &is };
        let event = LoadStatusChanged {
            load_id: load,
            load_number: after.load_number.clone(),
            previous_status: before.status,
            new_status: to,
            version: after.version,
            updated_by: caller.person.clone(),
            reason: reason.clone(),
        };
        change.record(hearers, Some(load), &event).await?;
        let audience = part_ways(&mut change, &before, &after).await?;
        record_milestone(&mut change, &audience, &after).await?;
        // The step tells of the status alone; what else it changed on the card is told by the card.
        if (&after.carrier, after.tender_expires_at) != (&before.carrier, before.tender_expires_at) {
            change.record(&audience, Some(load), &LoadUpdated(after.clone())).await?;
        }
        if step == Step::Decline {
            self.notify_of_decline(&mut change, &before, reason.as_deref()).await?;
        }
        change.commit().await?;
        Ok(shown_to(caller, after))
    }
}

/// Steps that have an event of their own, for those who wait for nothing else.
async fn record_milestone(change: &mut Change, audience: &Audience, card: &LoadCard) -> Result<(), StoreError> {
    match (card.status, LoadAssigned::of_card(card)) {
        (LoadStatus::Tendered, Some(assigned)) => {
            let offices = Audience { carriers: audience.carriers.clone(), users: Vec::new() };
            change.record_outside(&offices, Some(card.id), &CarrierLoadAssigned(assigned)).await
        }
        (LoadStatus::Dispatched, Some(assigned)) => {
            change.record(audience, Some(card.id), &LoadDispatched(assigned)).await
        }
        (LoadStatus::Delivered, _) => {
            let delivered = LoadDelivered {
                load_id: card.id,
                load_number: card.load_number.clone(),
                delivered_at: card.status_since,
                version: card.version,
            };
            change.record(audience, Some(card.id), &delivered).await
        }
        _ => Ok(()),
    }
}
