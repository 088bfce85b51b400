//! Soft claims: who is on a load. They stop nobody.

use super::{super::ServiceError, Caller, Right, Services, shown_to};
use crate::store;
use app::{
    api::load_actions::Claim,
    domain::{id::LoadId, load::LoadCard},
    events::LoadClaimed,
};
use serde_json::json;

impl Services {
    /// Notes that the caller is on a load, or is on it no more. Told to the staff alone.
    pub async fn claim_load(&self, caller: &Caller, load: LoadId, request: Claim) -> Result<LoadCard, ServiceError> {
        let (mut change, before) = self.begin_load_change(caller, load, Right::ChangeLoads, None).await?;
        let Some(person) = caller.person.clone() else { return Ok(shown_to(caller, before)) };
        let is_own = before.claimed_by.as_ref().is_some_and(|claimed| claimed.id == person.id);
        if is_own == request.claimed {
            return Ok(shown_to(caller, before));
        }
        if let Some(other) = before.claimed_by.as_ref().filter(|_| !is_own && !request.take_over) {
            return Err(ServiceError::Conflict {
                message: format!("{} is on {}. Take it over if you must.", other.name, before.load_number),
                details: json!({ "claimedBy": other }),
            });
        }
        let claimed_by = request.claimed.then_some(person);
        let claim = claimed_by.as_ref().map(|person| (person.id, change.now));
        store::loads::claim(&mut change.tx, caller.tenant, load, claim).await?;
        let event = LoadClaimed {
            load_id: load,
            load_number: before.load_number.clone(),
            claimed_by: claimed_by.clone(),
            previous: before.claimed_by.clone(),
        };
        change.record(&Default::default(), Some(load), &event)?;
        change.commit().await?;
        Ok(shown_to(caller, LoadCard { claimed_by, ..before }))
    }
}
