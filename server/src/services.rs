//! The rules of the trade, one file a noun. Each change is one transaction and its events.

mod caller;
mod error;
mod events;
mod loads;
mod positions;
mod road;

pub use caller::Caller;
pub use error::ServiceError;
pub use events::EventRequest;
pub use loads::ListRequest;
pub use positions::{HistoryRequest, PositionFrames, PositionIngest};

use crate::{
    clock::Clock,
    settings::{Tracking, Trade},
    store::{Database, StoreError},
    stream::{Change, EventService, Publisher},
};

/// What every service works with.
#[derive(Clone)]
pub struct Services {
    pub database: Database,
    pub publisher: Publisher,
    pub events: EventService,
    pub clock: Clock,
    pub trade: Trade,
    pub tracking: Tracking,
    pub positions: PositionIngest,
}

impl Services {
    async fn begin(&self, caller: &Caller) -> Result<Change, StoreError> {
        let actor = caller.person.as_ref().map(|person| person.id);
        Change::begin(&self.database, &self.publisher, caller.tenant, actor, self.clock.now()).await
    }
}
