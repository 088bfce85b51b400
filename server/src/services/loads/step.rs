//! A step of the status machine, once it is decided: written, and told to everybody who sees the load.

use super::{Caller, Services, audience, forget_the_road, part_ways, passage::settle_stops};
use crate::{
    services::ServiceError,
    store::{self, StoreError, loads::LoadRow},
    stream::{Audience, Change},
};
use app::{
    domain::{
        load::{CarrierRef, DriverRef, LoadCard},
        status::{LoadStatus, Step, check_step, tender_returned},
        time::Timestamp,
    },
    events::{CarrierLoadAssigned, LoadAssigned, LoadDelivered, LoadDispatched, LoadStatusChanged, LoadUpdated},
};

/// A step to be taken, and what it changes beside the status.
pub(super) struct Move {
    pub to: LoadStatus,
    pub step: Step,
    pub reason: Option<String>,
    pub carrier: Option<CarrierRef>,
    pub driver: Option<DriverRef>,
    /// How long a tender stands, in milliseconds; the usual time unless set.
    pub tender_window: Option<i64>,
    /// Since when the load stands in the status, where that is not now.
    pub since: Option<Timestamp>,
    /// The truck is where its ETA was for.
    pub has_arrived: bool,
}

impl Move {
    /// A step that changes nothing else, if the status machine allows it.
    pub fn plain(
        caller: &Caller,
        before: &LoadCard,
        to: LoadStatus,
        reason: Option<String>,
    ) -> Result<Self, ServiceError> {
        let has_carrier = before.carrier.is_some();
        let step = check_step(caller.mover(), before.status, to, has_carrier, reason.as_deref())
            .map_err(|refusal| ServiceError::refused(&before.load_number, refusal))?;
        Ok(Self::checked(before, to, step, reason))
    }

    /// A step whose right was established elsewhere. One that is declined leaves carrier and driver behind.
    pub fn checked(before: &LoadCard, to: LoadStatus, step: Step, reason: Option<String>) -> Self {
        let stays = step != Step::Decline;
        Self {
            to,
            step,
            reason,
            carrier: before.carrier.clone().filter(|_| stays),
            driver: before.driver.clone().filter(|_| stays),
            tender_window: None,
            since: None,
            has_arrived: false,
        }
    }
}

impl Services {
    /// Takes a step within a change. The caller commits.
    pub(super) async fn take_step(
        &self,
        change: &mut Change,
        caller: &Caller,
        before: &LoadCard,
        step: Move,
    ) -> Result<LoadCard, ServiceError> {
        let Move { to, step, reason, carrier, driver, tender_window, since, has_arrived } = step;
        let window = tender_window.unwrap_or_else(|| self.trade.tender_window.millis());
        let status_since = since.unwrap_or(change.now).max(before.status_since);
        let settled = settle_stops(change, before, to, status_since).await?;
        let mut after = LoadCard {
            status: to,
            version: before.version + 1,
            status_since,
            updated_at: change.now,
            updated_by: caller.person.clone(),
            tender_returned: tender_returned(before.status, to, reason.as_deref()).map(str::to_owned),
            tender_expires_at: (to == LoadStatus::Tendered).then(|| change.now.plus(window)),
            carrier,
            driver,
            eta: before.eta.filter(|_| settled.eta_stands && !has_arrived),
            ..before.clone()
        };
        forget_the_road(change, before, &mut after).await?;
        store::loads::update(&mut change.tx, caller.tenant, &LoadRow::from(&after)).await?;

        // Who takes a step hears of it, even where it is the last that they see of the load.
        let was = audience(&mut change.tx, before).await?;
        let is = audience(&mut change.tx, &after).await?;
        let hearers = if step == Step::Decline { &was } else { &is };
        settled.record(change, &is, &after)?;
        let event = LoadStatusChanged {
            load_id: after.id,
            load_number: after.load_number.clone(),
            previous_status: before.status,
            new_status: to,
            version: after.version,
            updated_by: caller.person.clone(),
            reason: reason.clone(),
        };
        change.record(hearers, Some(after.id), &event)?;
        let audience = part_ways(change, before, &after).await?;
        record_milestone(change, &audience, &after)?;
        // The step tells of the status alone, and of the moment; what else it changed on the card is told by the card.
        let is_more = (&after.carrier, &after.driver, after.tender_expires_at, after.eta)
            != (&before.carrier, &before.driver, before.tender_expires_at, before.eta);
        if is_more || after.status_since != change.now {
            change.record(&audience, Some(after.id), &LoadUpdated(after.clone()))?;
        }
        if step == Step::Decline {
            self.notify_of_decline(change, before, reason.as_deref()).await?;
        }
        Ok(after)
    }
}

/// Steps that have an event of their own, for those who wait for nothing else.
fn record_milestone(change: &mut Change, audience: &Audience, card: &LoadCard) -> Result<(), StoreError> {
    match (card.status, LoadAssigned::of_card(card)) {
        (LoadStatus::Tendered, Some(assigned)) => {
            let offices = Audience { carriers: audience.carriers.clone(), users: Vec::new() };
            change.record_outside(&offices, Some(card.id), &CarrierLoadAssigned(assigned))
        }
        (LoadStatus::Dispatched, Some(assigned)) => change.record(audience, Some(card.id), &LoadDispatched(assigned)),
        (LoadStatus::Delivered, _) => {
            let delivered = LoadDelivered {
                load_id: card.id,
                load_number: card.load_number.clone(),
                delivered_at: card.status_since,
                version: card.version,
            };
            change.record(audience, Some(card.id), &delivered)
        }
        _ => Ok(()),
    }
}
