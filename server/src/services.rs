//! The rules of the trade, one file a noun. Each change is one transaction and its events.

mod announcements;
mod audit;
mod caller;
mod carriers;
mod chat;
mod customers;
mod error;
mod events;
mod facilities;
mod loads;
mod notifications;
mod positions;
mod presence;
mod presets;
mod retries;
mod right;
mod road;
mod sensors;
mod text;
mod users;
mod wording;

pub use audit::{AuditRequest, Noted, append_audit};
pub use caller::Caller;
pub use carriers::CarrierRequest;
pub use chat::{ConversationsRequest, MessagesRequest};
pub use error::ServiceError;
pub use events::EventRequest;
pub use facilities::FacilityRequest;
pub use loads::{ExportRequest, ListRequest, Outcome};
pub use notifications::{NotificationDraft, NotificationsRequest};
pub use positions::{HistoryRequest, PositionFrames, PositionIngest};
pub use retries::Retries;
pub use right::Right;
pub use sensors::{HotReadings, PageRequest, ReadingRequest};
pub use users::{EndedSessions, NewUser, PASSWORD_CHARS, email_address};

use crate::{
    clock::Clock,
    presence::PresenceService,
    settings::{Tracking, Trade},
    store::{Database, StoreError},
    stream::{Change, EventService, Publisher},
    supervise::Supervisor,
};

/// What every service works with.
#[derive(Clone)]
pub struct Services {
    pub database: Database,
    pub publisher: Publisher,
    pub events: EventService,
    pub presence: PresenceService,
    pub clock: Clock,
    pub trade: Trade,
    pub hot: HotReadings,
    pub tracking: Tracking,
    pub positions: PositionIngest,
    /// Keeps what runs all the time running.
    pub supervisor: Supervisor,
}

impl Services {
    async fn begin(&self, caller: &Caller) -> Result<Change, StoreError> {
        let actor = caller.person.as_ref().map(|person| person.id);
        Change::begin(&self.database, &self.publisher, caller.tenant, actor, &self.clock).await
    }
}
