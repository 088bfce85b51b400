//! What all staff are told at once.

use super::{Caller, ServiceError, Services, text};
use app::{api::announcements::Announce, events::SystemAnnouncement};

const MESSAGE_CHARS: usize = 500;

impl Services {
    /// Tells all staff something; those who are away find it in the stream.
    pub async fn announce(&self, caller: &Caller, request: Announce) -> Result<(), ServiceError> {
        caller.check_manages("make announcements")?;
        let message = text::line("message", &request.message, MESSAGE_CHARS)?;
        let event = SystemAnnouncement { message, by: caller.person.clone() };
        Ok(self.events.emit_to_tenant(caller.tenant, &event).await?)
    }
}
