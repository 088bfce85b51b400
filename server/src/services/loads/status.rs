//! Steps of the status machine.

use super::{
    super::ServiceError, Caller, Services, fitness::fit_carrier, shown_to, step::Move, tender::check_open, values,
};
use app::{
    api::loads::StatusChange,
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{LoadStatus, Step},
    },
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
        let (mut change, before) = self.begin_step(caller, load, request.status, request.version).await?;
        let step = Move::plain(caller, &before, request.status, reason)?;
        match (&step.step, step.to, &step.carrier) {
            (Step::Forward, LoadStatus::Tendered, Some(carrier)) => {
                fit_carrier(&mut change, caller, carrier.id, step.reason.clone()).await?;
            }
            (Step::Forward, LoadStatus::Accepted, _) => check_open(&before, change.now)?,
            _ => {}
        }
        let after = self.take_step(&mut change, caller, &before, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }
}
