//! Loads that were entered by mistake.

use super::{super::ServiceError, Caller, Right, Services, audience};
use crate::store::{self, streams};
use app::{
    domain::{id::LoadId, status::LoadStatus},
    events::LoadDeleted,
};
use serde_json::Value;

impl Services {
    /// Takes a load out of every view while nobody outside knows of it; later it is cancelled instead.
    pub async fn delete_load(&self, caller: &Caller, load: LoadId, version: Option<i64>) -> Result<(), ServiceError> {
        let (mut change, card) = self.begin_load_change(caller, load, Right::ChangeLoads, version).await?;
        if card.status > LoadStatus::Pending || streams::was_seen_outside(&mut change.tx, caller.tenant, load).await? {
            return Err(ServiceError::Rule {
                rule: "cancel_instead",
                message: format!("{} is {} and was offered; cancel it instead.", card.load_number, card.status),
                details: Value::Null,
            });
        }
        store::loads::delete(&mut change.tx, caller.tenant, load, change.now).await?;
        let audience = audience(&mut change.tx, &card).await?;
        let event = LoadDeleted {
            load_id: load,
            load_number: card.load_number,
            version: card.version + 1,
            updated_by: caller.person.clone(),
        };
        change.record(&audience, Some(load), &event)?;
        change.commit().await?;
        Ok(())
    }
}
