//! Who is online.

use super::{Data, Request, with_query};
use crate::{domain::id::UserId, events::PresenceListed};
use http::Method;

/// `GET /presence`: who is online, of everybody or of some, and what each looks at. For staff.
#[derive(Debug, Clone, Default)]
pub struct GetPresence {
    pub user_ids: Option<Vec<UserId>>,
}

impl Request for GetPresence {
    type Response = Data<PresenceListed>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let users = self.user_ids.as_ref();
        let users = users.map(|users| users.iter().map(UserId::to_string).collect::<Vec<_>>().join(","));
        with_query("/presence", &[("userIds", users)])
    }
}
