//! What the page of a load begins with.

use super::{super::ServiceError, Caller, Services, read::with_stops, shown_to};
use crate::store;
use app::{
    api::{Snapshot, loads::LoadDetail},
    domain::id::LoadId,
    events::Namespace,
};

/// The namespaces whose events change what the page shows.
const FOLLOWED: [Namespace; 3] = [Namespace::Dispatch, Namespace::Tracking, Namespace::Chat];

impl Services {
    /// A load that the caller sees, and the places in the streams at which it is true.
    pub async fn load_detail(&self, caller: &Caller, load: LoadId) -> Result<Snapshot<LoadDetail>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        // Volatile, so it has no place in a stream; read first, so that what is told meanwhile is newer.
        let position = match self.tracked_position(caller, load).await {
            Ok(position) => Some(position),
            Err(ServiceError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        let keys: Vec<_> = FOLLOWED.into_iter().flat_map(|namespace| caller.streams(namespace)).collect();
        let now = self.clock.now();
        let (mut tx, cursors) = self.begin_snapshot(&keys).await?;
        let card = store::loads::find(&mut tx, caller.tenant, scope, load).await?;
        let card = card.ok_or(ServiceError::NotFound("load"))?;
        let load = with_stops(&mut tx, shown_to(caller, card)).await?;
        Ok(Snapshot { data: LoadDetail { load, position, now, rules: self.board_rules() }, cursors })
    }
}
