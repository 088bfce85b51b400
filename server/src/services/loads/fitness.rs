//! The compliance gate: whether a carrier may be given a load.

use super::{super::ServiceError, Caller};
use crate::{store::carriers, stream::Change};
use app::domain::{
    carrier::check_fitness,
    id::CarrierId,
    load::{CarrierRef, LoadCard},
    role::Permission,
    status::LoadStatus,
};
use serde_json::Value;

/// A carrier that may be given a load.
pub(super) struct Fit {
    pub carrier: CarrierRef,
    /// Why it may although it is not fit, where that was needed.
    pub overridden: Option<String>,
}

/// The carrier, if it is the tenant's and is fit now, or a manager gives a reason why it may all the same.
pub(super) async fn fit_carrier(
    change: &mut Change,
    caller: &Caller,
    carrier: CarrierId,
    override_reason: Option<String>,
) -> Result<Fit, ServiceError> {
    let carrier = carriers::find(&mut change.tx, change.tenant, carrier).await?;
    let carrier = carrier.ok_or(ServiceError::NotFound("carrier"))?;
    let overridden = match check_fitness(carrier.compliance, carrier.insurance_expires_at, change.now) {
        Ok(()) => None,
        Err(unfit) => {
            let Some(reason) = override_reason else { return Err(ServiceError::unfit(&carrier.name, unfit)) };
            if !caller.may(Permission::ComplianceOverride) {
                return Err(ServiceError::Forbidden {
                    rule: "compliance_override",
                    message: format!("{} can't be assigned: {unfit}. An ops manager may override.", carrier.name),
                });
            }
            Some(reason)
        }
    };
    Ok(Fit { carrier: CarrierRef { id: carrier.id, name: carrier.name }, overridden })
}

/// A load that was offered keeps its carrier until it is taken back.
pub(super) fn check_not_offered(card: &LoadCard) -> Result<(), ServiceError> {
    if card.status <= LoadStatus::Pending {
        return Ok(());
    }
    Err(ServiceError::Rule {
        rule: "already_offered",
        message: format!("{} is {}; take it back to Pending first.", card.load_number, card.status),
        details: Value::Null,
    })
}
