//! The tender: offering a load to a carrier, and the carrier's answer.

use super::{super::ServiceError, Caller, Right, Services, fitness::fit_carrier, shown_to, step::Move, values};
use app::{
    api::load_actions::{Acceptance, Dispatch, Rejection, Tender},
    domain::{
        id::{LoadId, TenantId},
        load::LoadCard,
        status::{LoadStatus, Refusal, Step},
        time::{MINUTE, Timestamp},
    },
};

/// What a tender that nobody answered is said to have ended by.
const EXPIRED: &str = "The tender expired.";

/// The longest window of a tender: two days.
const MAX_WINDOW_MINUTES: u32 = 2 * 24 * 60;

/// Refuses a tender whose window has run out, a moment before the clock returns it.
pub(super) fn check_open(card: &LoadCard, now: Timestamp) -> Result<(), ServiceError> {
    if card.status == LoadStatus::Tendered && card.tender_expires_at.is_some_and(|end| end <= now) {
        let message = format!("The tender of {} has expired.", card.load_number);
        return Err(ServiceError::rule("tender_expired", message));
    }
    Ok(())
}

impl Services {
    /// Offers a load to a carrier. One that is in planning becomes pending on the way.
    pub async fn tender_load(&self, caller: &Caller, load: LoadId, request: Tender) -> Result<LoadCard, ServiceError> {
        let window = request.window_minutes;
        if window.is_some_and(|minutes| !(1..=MAX_WINDOW_MINUTES).contains(&minutes)) {
            return Err(ServiceError::field("windowMinutes", format_args!("takes 1 to {MAX_WINDOW_MINUTES}")));
        }
        let override_reason = values::reason(request.override_reason)?;
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::ChangeLoads, Some(request.version)).await?;
        let mut card = before;
        if card.status == LoadStatus::Planning {
            let step = Move::plain(caller, &card, LoadStatus::Pending, None)?;
            card = self.take_step(&mut change, caller, &card, step).await?;
        }
        let carrier = request.carrier_id.or(card.carrier.as_ref().map(|carrier| carrier.id));
        let Some(carrier) = carrier else {
            return Err(ServiceError::refused(&card.load_number, Refusal::NoCarrier));
        };
        let fit = fit_carrier(&mut change, caller, carrier, override_reason).await?;
        let driver = card.driver.clone().filter(|_| card.carrier.as_ref() == Some(&fit.carrier));
        let offered = LoadCard { carrier: Some(fit.carrier), driver, ..card.clone() };
        let mut step = Move::plain(caller, &offered, LoadStatus::Tendered, fit.overridden)?;
        step.tender_window = window.map(|minutes| i64::from(minutes) * MINUTE);
        let after = self.take_step(&mut change, caller, &card, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }

    /// The carrier takes the load.
    pub async fn accept_tender(
        &self,
        caller: &Caller,
        load: LoadId,
        request: Acceptance,
    ) -> Result<LoadCard, ServiceError> {
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::AnswerTenders, Some(request.version)).await?;
        check_open(&before, change.now)?;
        let step = Move::plain(caller, &before, LoadStatus::Accepted, None)?;
        let after = self.take_step(&mut change, caller, &before, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }

    /// The carrier turns the load down, or staff note that it did.
    pub async fn reject_tender(
        &self,
        caller: &Caller,
        load: LoadId,
        request: Rejection,
    ) -> Result<LoadCard, ServiceError> {
        let reason = values::reason(Some(request.reason))?;
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::AnswerTenders, Some(request.version)).await?;
        let refuse = |refusal| Err(ServiceError::refused(&before.load_number, refusal));
        if before.status != LoadStatus::Tendered {
            return Err(ServiceError::Rule {
                rule: "not_tendered",
                message: format!("{} is {}; there is no tender to turn down.", before.load_number, before.status),
                details: serde_json::Value::Null,
            });
        }
        if reason.is_none() {
            return refuse(Refusal::ReasonRequired);
        }
        let step = Move::checked(&before, LoadStatus::Pending, Step::Decline, reason);
        let after = self.take_step(&mut change, caller, &before, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }

    /// Sends the truck.
    pub async fn dispatch_load(
        &self,
        caller: &Caller,
        load: LoadId,
        request: Dispatch,
    ) -> Result<LoadCard, ServiceError> {
        let (mut change, before) = self.begin_step(caller, load, LoadStatus::Dispatched, request.version).await?;
        let mut step = Move::plain(caller, &before, LoadStatus::Dispatched, None)?;
        if let Some(driver) = request.driver_id {
            step.driver = Some(super::patch::driver_of(&mut change, &before, driver).await?);
        }
        let after = self.take_step(&mut change, caller, &before, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }

    /// Returns a load whose tender has run out. `None` where somebody was faster.
    pub async fn expire_tender(&self, tenant: TenantId, load: LoadId) -> Result<Option<LoadCard>, ServiceError> {
        let system = Caller::system(tenant);
        let (mut change, before) = self.begin_load_change(&system, load, Right::ChangeLoads, None).await?;
        let is_over = before.tender_expires_at.is_some_and(|end| end <= change.now);
        if before.status != LoadStatus::Tendered || !is_over {
            return Ok(None);
        }
        let step = Move::checked(&before, LoadStatus::Pending, Step::Decline, Some(EXPIRED.into()));
        let after = self.take_step(&mut change, &system, &before, step).await?;
        change.commit().await?;
        Ok(Some(after))
    }
}
