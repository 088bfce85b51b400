//! Loads: reading them, and every change of one.

mod create;
mod delete;
mod patch;
mod read;
mod status;
mod values;

pub use read::ListRequest;

use super::{Caller, ServiceError, Services};
use crate::{
    store::{self, StoreError, Tx},
    stream::{Audience, Change},
};
use app::domain::{
    id::{CarrierId, DriverId, LoadId},
    load::LoadCard,
    status::LoadStatus,
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
    if caller.sees_finance() { card } else { card.without_finance() }
}

/// The outside parties that see a load before or after a change: from the tender on, its carrier and its driver.
pub(super) async fn audience(tx: &mut Tx, cards: &[&LoadCard]) -> Result<Audience, StoreError> {
    let mut audience = Audience::default();
    let offered = cards.iter().filter(|card| !matches!(card.status, LoadStatus::Planning | LoadStatus::Pending));
    let mut drivers: Vec<DriverId> = Vec::new();
    for card in offered {
        let carrier: Option<CarrierId> = card.carrier.as_ref().map(|carrier| carrier.id);
        audience.carriers.extend(carrier.filter(|carrier| !audience.carriers.contains(carrier)));
        let driver = card.driver.as_ref().map(|driver| driver.id);
        drivers.extend(driver.filter(|driver| !drivers.contains(driver)));
    }
    for driver in drivers {
        audience.users.extend(store::users::find_of_driver(tx, driver).await?);
    }
    Ok(audience)
}
