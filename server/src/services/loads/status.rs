//! Steps of the status machine.

use super::{super::ServiceError, Caller, Services, shown_to, step::Move, values};
use app::{
    api::loads::StatusChange,
    domain::{id::LoadId, load::LoadCard},
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
        let step = Move::plain(caller, &before, request.status, reason)?;
        let after = self.take_step(&mut change, caller, &before, step).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }
}
