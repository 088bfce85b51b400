//! Taking one's own last step back.

use super::{super::ServiceError, Caller, Right, Services, shown_to, step::Move};
use crate::store::streams;
use app::{
    api::load_actions::Undo,
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{Step, UNDONE, check_undo},
        time::MINUTE,
    },
    events::{Event, LoadStatusChanged},
};
use serde_json::Value;

/// For how long a step can be undone. Later it is a step back, which needs a manager and a reason.
const UNDO_WITHIN: i64 = 5 * MINUTE;

impl Services {
    /// Takes the caller's last step on a load back, while nobody has changed the load since.
    pub async fn undo_step(&self, caller: &Caller, load: LoadId, request: Undo) -> Result<LoadCard, ServiceError> {
        let (mut change, before) =
            self.begin_load_change(caller, load, Right::ChangeLoads, Some(request.version)).await?;
        let refuse =
            |message: String| Err(ServiceError::Rule { rule: "nothing_to_undo", message, details: Value::Null });
        let last = streams::last_of_load(&mut change.tx, caller.tenant, load, LoadStatusChanged::NAME).await?;
        let step = last.and_then(|event| {
            let step = serde_json::from_value::<LoadStatusChanged>(event.full).ok()?;
            Some((step, event.at))
        });
        let Some((step, at)) = step.filter(|(step, _)| step.version == before.version) else {
            return refuse(format!("{} was changed since.", before.load_number));
        };
        let is_own = step.updated_by.as_ref().map(|person| person.id) == caller.person.as_ref().map(|person| person.id);
        if !is_own {
            return refuse(format!("The last step of {} was not yours.", before.load_number));
        }
        if change.now.since(at) > UNDO_WITHIN {
            return refuse(format!("The last step of {} is too long ago to be undone.", before.load_number));
        }
        check_undo(step.previous_status, step.new_status, step.reason.as_deref()).map_err(|refusal| {
            ServiceError::rule(refusal.code(), format!("The last step of {} stays: {refusal}.", before.load_number))
        })?;
        let back = Move::checked(&before, step.previous_status, Step::Revert, Some(UNDONE.into()));
        let after = self.take_step(&mut change, caller, &before, back).await?;
        change.commit().await?;
        Ok(shown_to(caller, after))
    }
}
