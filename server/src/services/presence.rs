//! Who may know who is online, and what one may say to look at.

use super::{Caller, ServiceError, Services};
use app::{
    domain::id::UserId,
    events::{PresenceListed, View},
};

const PAGE_CHARS: usize = 40;

impl Services {
    /// A page has a short name of `[a-z_-]`, and a load is one that the caller may see.
    pub async fn check_view(&self, caller: &Caller, view: &View) -> Result<(), ServiceError> {
        let is_name = view.page.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-');
        if !is_name || !(1..=PAGE_CHARS).contains(&view.page.len()) {
            return Err(ServiceError::field("page", format_args!("takes 1 to {PAGE_CHARS} of a to z, _ and -")));
        }
        match view.load_id {
            Some(load) if !self.sees_load(caller, load).await? => Err(ServiceError::NotFound("load")),
            _ => Ok(()),
        }
    }

    /// Those who are online, of everybody in the tenant or of some. For staff alone.
    pub fn list_presence(&self, caller: &Caller, users: Option<&[UserId]>) -> Result<PresenceListed, ServiceError> {
        caller.check_staff("see who is online")?;
        let mut people = self.presence.list(caller.tenant);
        people.retain(|shown| users.is_none_or(|users| users.contains(&shown.person.id)));
        Ok(PresenceListed { users: people })
    }
}
