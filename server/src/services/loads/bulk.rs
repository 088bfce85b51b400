//! The same change of many loads: each for itself, one result a load, and nothing is said to be done that was not.

use super::{
    super::{Retries, ServiceError},
    Caller, Services,
};
use crate::store::idempotency;
use app::{
    api::{
        load_actions::{Assignment, BULK_LIMIT, BulkAssign, BulkDispatch, BulkStatus, Dispatch, Seen},
        loads::StatusChange,
    },
    domain::{id::LoadId, load::LoadCard},
};
use std::{collections::HashSet, future::Future};

/// A load and what became of it.
pub type Outcome = (LoadId, Result<LoadCard, ServiceError>);

impl Services {
    pub async fn bulk_status(&self, caller: &Caller, request: BulkStatus) -> Result<Vec<Outcome>, ServiceError> {
        let BulkStatus { loads, status, reason } = request;
        each(loads, async |seen: Seen| {
            let change = StatusChange { status, version: seen.version, reason: reason.clone() };
            self.change_status(caller, seen.id, change).await
        })
        .await
    }

    pub async fn bulk_assign(&self, caller: &Caller, request: BulkAssign) -> Result<Vec<Outcome>, ServiceError> {
        let BulkAssign { loads, carrier_id, override_reason } = request;
        each(loads, async |seen: Seen| {
            let override_reason = override_reason.clone();
            let assignment = Assignment { version: seen.version, carrier_id, driver_id: None, override_reason };
            self.assign_load(caller, seen.id, assignment).await
        })
        .await
    }

    pub async fn bulk_dispatch(&self, caller: &Caller, request: BulkDispatch) -> Result<Vec<Outcome>, ServiceError> {
        each(request.loads, async |seen: Seen| {
            self.dispatch_load(caller, seen.id, Dispatch { version: seen.version, driver_id: None }).await
        })
        .await
    }
}

/// Changes one load after the other.
async fn each<F>(loads: Vec<Seen>, change: impl Fn(Seen) -> F) -> Result<Vec<Outcome>, ServiceError>
where
    F: Future<Output = Result<LoadCard, ServiceError>>,
{
    let mut seen = HashSet::new();
    if loads.is_empty() || loads.len() > BULK_LIMIT || !loads.iter().all(|load| seen.insert(load.id)) {
        return Err(ServiceError::field("loads", format_args!("takes 1 to {BULK_LIMIT} loads, each once")));
    }
    let mut outcomes = Vec::with_capacity(loads.len());
    for load in loads {
        let id = load.id;
        let mut retries = Retries::begin();
        let outcome = loop {
            // Where the process dies on the way, the request comes again: each load knows by its version what was done.
            let outcome = idempotency::as_a_part(change(load.clone())).await;
            if !outcome.as_ref().is_err_and(ServiceError::is_unavailable) || !retries.wait().await {
                break outcome;
            }
        };
        outcomes.push((id, outcome));
    }
    Ok(outcomes)
}
