//! Changes of a load other than its status.

use super::{
    super::ServiceError,
    Caller, Right, Services,
    fitness::{check_not_offered, fit_carrier},
    part_ways,
    read::with_stops,
    shown_to, stops, values,
};
use crate::{
    store::{self, carriers, loads::LoadRow},
    stream::Change,
};
use app::{
    api::loads::LoadPatch,
    domain::{
        id::{CarrierId, DriverId, LoadId},
        load::{CarrierRef, DriverRef, Load, LoadCard},
    },
    events::{LoadAssigned, LoadUpdated},
};
use serde_json::Value;

impl Services {
    /// Changes what the patch names, on the version that the caller saw.
    pub async fn patch_load(&self, caller: &Caller, load: LoadId, patch: LoadPatch) -> Result<Load, ServiceError> {
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::ChangeLoads, Some(patch.version)).await?;
        if patch.finance.is_some() && !caller.sees_finance() {
            return Err(ServiceError::no_right_to_money());
        }
        if before.status.is_final() {
            return Err(ServiceError::Rule {
                rule: "status_final",
                message: format!("{} is {} and can't be changed.", before.load_number, before.status),
                details: Value::Null,
            });
        }
        let stops = match &patch.stops {
            Some(stops) => Some(stops::changed(&mut change, &before, stops).await?),
            None => None,
        };
        let after = self.patched(&mut change, caller, &before, patch).await?;
        let mut after = LoadCard {
            stops_between: stops.as_ref().map_or(before.stops_between, |stops| stops.len() as i32 - 2),
            version: before.version + 1,
            updated_at: change.now,
            updated_by: caller.person.clone(),
            ..after
        };
        store::loads::update(&mut change.tx, caller.tenant, &LoadRow::from(&after)).await?;
        if let Some(stops) = stops {
            store::stops::replace_all(&mut change.tx, load, &stops).await?;
            // Cities and windows of the card are those of its stops.
            let card = store::loads::find(&mut change.tx, caller.tenant, store::loads::Scope::Tenant, load).await?;
            after = card.ok_or(ServiceError::NotFound("load"))?;
        }
        let audience = part_ways(&mut change, &before, &after).await?;
        change.record(&audience, Some(load), &LoadUpdated(after.clone()))?;
        let of = |card: &LoadCard| (card.carrier.clone(), card.driver.clone());
        if let Some(assigned) = LoadAssigned::of_card(&after).filter(|_| of(&after) != of(&before)) {
            change.record(&audience, Some(load), &assigned)?;
        }
        let patched = with_stops(&mut change.tx, shown_to(caller, after)).await?;
        change.commit().await?;
        Ok(patched)
    }

    async fn patched(
        &self,
        change: &mut Change,
        caller: &Caller,
        before: &LoadCard,
        patch: LoadPatch,
    ) -> Result<LoadCard, ServiceError> {
        let mut card = before.clone();
        if let Some(customer) = patch.customer {
            card.customer = values::name("customer", &customer)?;
        }
        if let Some(commodity) = patch.commodity {
            card.commodity = values::prose("commodity", &commodity)?;
        }
        if let Some(instructions) = patch.instructions {
            card.instructions = values::prose("instructions", &instructions)?;
        }
        if let Some(references) = patch.references {
            card.references = values::references(references)?;
        }
        if let Some(weight) = patch.weight_lbs {
            card.weight_lbs = values::weight_lbs(weight)?;
        }
        if let Some(miles) = patch.miles {
            card.miles = values::miles(miles)?;
        }
        if let Some(finance) = patch.finance {
            card.finance = Some(values::finance(finance)?);
        }
        card.equipment = patch.equipment.unwrap_or(card.equipment);
        card.hot = patch.hot.unwrap_or(card.hot);
        card.exception = patch.exception.unwrap_or(card.exception);
        if let Some(carrier) = patch.carrier_id {
            card.carrier = Some(self.assignable_carrier(change, caller, before, carrier).await?);
            card.driver = card.driver.filter(|_| card.carrier == before.carrier);
        }
        if let Some(driver) = patch.driver_id {
            card.driver = Some(driver_of(change, &card, driver).await?);
        }
        Ok(card)
    }

    async fn assignable_carrier(
        &self,
        change: &mut Change,
        caller: &Caller,
        before: &LoadCard,
        carrier: CarrierId,
    ) -> Result<CarrierRef, ServiceError> {
        check_not_offered(before)?;
        Ok(fit_carrier(change, caller, carrier, None).await?.carrier)
    }
}

/// A driver of the load's own carrier.
pub(super) async fn driver_of(
    change: &mut Change,
    card: &LoadCard,
    driver: DriverId,
) -> Result<DriverRef, ServiceError> {
    let driver = carriers::find_driver(&mut change.tx, change.tenant, driver).await?;
    let driver = driver.ok_or(ServiceError::NotFound("driver"))?;
    if card.carrier.as_ref().map(|carrier| carrier.id) != Some(driver.carrier_id) {
        return Err(ServiceError::Rule {
            rule: "driver_of_other_carrier",
            message: format!("{} does not drive for the carrier of {}.", driver.name, card.load_number),
            details: Value::Null,
        });
    }
    Ok(DriverRef { id: driver.id, name: driver.name, phone: driver.phone })
}
