//! Conversations between persons begin.

use super::{super::wording, Caller, ServiceError, Services, person_of, reader_of};
use crate::store::{
    conversations::{self, Beginning},
    users::{self, Addressee},
};
use app::{
    api::conversations::{BeginConversation, Conversation},
    domain::id::{ConversationId, UserId},
};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

const TITLE_CHARS: usize = 120;
/// How many take part at most, the one who begins included.
const MEMBERS: usize = 50;

/// A conversation that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    pub conversation: Conversation,
    /// It was begun now; else the two had it already.
    pub is_new: bool,
}

impl Services {
    /// Begins a conversation of the caller with these persons. Two persons have one without a title.
    pub async fn begin_conversation(&self, caller: &Caller, request: BeginConversation) -> Result<Begun, ServiceError> {
        if !caller.role.is_staff() {
            let message = "Only staff begin a conversation. Write into that of the load.".into();
            return Err(ServiceError::Forbidden { rule: "staff_only", message });
        }
        let me = person_of(caller)?.id;
        let title = wording::maybe_text("title", request.title, TITLE_CHARS)?;
        let mut members: BTreeSet<UserId> = request.member_ids.into_iter().collect();
        members.insert(me);
        if !(2..=MEMBERS).contains(&members.len()) {
            let most = MEMBERS - 1;
            return Err(ServiceError::field("memberIds", format_args!("takes 1 to {most} others")));
        }
        let mut change = self.begin(caller).await?;
        let mut people = Vec::new();
        for member in &members {
            let found = users::find_addressee(&mut change.tx, caller.tenant, *member).await?;
            people.push(found.ok_or(ServiceError::NotFound("user"))?);
        }
        one_carrier(&people)?;
        let members: Vec<UserId> = members.into_iter().collect();
        let pair = match (&title, members.as_slice()) {
            (None, [one, other]) => Some(format!("{one} {other}")),
            _ => None,
        };
        let id = ConversationId(Uuid::now_v7());
        let beginning = Beginning { id, title, members, pair, at: change.now };
        let begun = conversations::insert(&mut change.tx, caller.tenant, &beginning).await?;
        let conversation = conversations::find(&mut change.tx, caller.tenant, reader_of(caller)?, begun).await?;
        let conversation = conversation.ok_or(ServiceError::NotFound("conversation"))?;
        change.commit().await?;
        Ok(Begun { conversation, is_new: begun == id })
    }
}

/// Carriers do not get to know of one another.
fn one_carrier(people: &[Addressee]) -> Result<(), ServiceError> {
    let outside = people.iter().filter(|person| !person.role.is_staff());
    let carriers: BTreeSet<_> = outside.map(|person| person.carrier_id).collect();
    if carriers.len() > 1 {
        return Err(ServiceError::Rule {
            rule: "one_carrier",
            message: "People of different carriers can't be in one conversation.".into(),
            details: Value::Null,
        });
    }
    Ok(())
}
