//! What all staff are told at once.

use super::{
    Caller, ServiceError, Services,
    audit::{self, Noted},
    text,
};
use crate::stream::Audience;
use app::{
    api::{announcements::Announce, audit::AuditAction},
    events::SystemAnnouncement,
};
use serde_json::json;

const MESSAGE_CHARS: usize = 500;

impl Services {
    /// Tells all staff something; those who are away find it in the stream.
    pub async fn announce(&self, caller: &Caller, request: Announce) -> Result<(), ServiceError> {
        caller.check_manages("make announcements")?;
        let message = text::line("message", &request.message, MESSAGE_CHARS)?;
        let event = SystemAnnouncement { message, by: caller.person.clone() };
        let mut change = self.begin(caller).await?;
        change.record(&Audience::default(), None, &event)?;
        let noted = Noted::new(AuditAction::Announced).with(json!({ "message": event.message }));
        audit::note(&mut change.tx, caller, change.now, noted).await?;
        Ok(change.commit().await?)
    }
}
