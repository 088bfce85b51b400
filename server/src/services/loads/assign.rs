//! Giving a load to a carrier before it is offered.

use super::{
    super::ServiceError,
    Caller, Right, Services,
    fitness::{check_not_offered, fit_carrier},
    forget_the_road, part_ways,
    patch::driver_of,
    shown_to, values,
};
use crate::store::{self, loads::LoadRow};
use app::{
    api::load_actions::Assignment,
    domain::{id::LoadId, load::LoadCard},
    events::{LoadAssigned, LoadUpdated},
};

impl Services {
    /// Gives a load that is in planning or pending a carrier, and a driver of it.
    pub async fn assign_load(
        &self,
        caller: &Caller,
        load: LoadId,
        request: Assignment,
    ) -> Result<LoadCard, ServiceError> {
        let override_reason = values::reason(request.override_reason)?;
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::ChangeLoads, Some(request.version)).await?;
        check_not_offered(&before)?;
        let fit = fit_carrier(&mut change, caller, request.carrier_id, override_reason).await?;
        let mut after = LoadCard {
            driver: before.driver.clone().filter(|_| before.carrier.as_ref() == Some(&fit.carrier)),
            carrier: Some(fit.carrier),
            version: before.version + 1,
            updated_at: change.now,
            updated_by: caller.person.clone(),
            ..before.clone()
        };
        if let Some(driver) = request.driver_id {
            after.driver = Some(driver_of(&mut change, &after, driver).await?);
        }
        forget_the_road(&mut change, &before, &mut after).await?;
        store::loads::update(&mut change.tx, caller.tenant, &LoadRow::from(&after)).await?;
        let audience = part_ways(&mut change, &before, &after).await?;
        change.record(&audience, Some(load), &LoadUpdated(after.clone()))?;
        if let Some(mut assigned) = LoadAssigned::of_card(&after) {
            assigned.override_reason = fit.overridden;
            change.record(&audience, Some(load), &assigned)?;
        }
        change.commit().await?;
        Ok(shown_to(caller, after))
    }
}
