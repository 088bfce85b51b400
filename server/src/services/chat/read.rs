//! Reading conversations and their messages.

use super::{Caller, Circle, ServiceError, Services, circle, reader_of};
use crate::store::{
    conversations::{self, ActivityPlace},
    messages,
};
use app::{
    api::{
        PageInfo, Snapshot,
        conversations::{Conversation, ConversationList, MessageList},
    },
    domain::id::{ConversationId, LoadId, MessageId},
    events::Namespace,
};

/// Which conversations to list.
#[derive(Debug, Clone)]
pub struct ConversationsRequest {
    /// Only those that come after this place.
    pub after: Option<ActivityPlace>,
    pub limit: usize,
}

/// Which messages to list.
#[derive(Debug, Clone)]
pub struct MessagesRequest {
    /// Only those that were said before this one.
    pub before: Option<MessageId>,
    pub limit: usize,
}

impl Services {
    /// The caller's conversations, newest activity first.
    pub async fn conversations(
        &self,
        caller: &Caller,
        request: ConversationsRequest,
    ) -> Result<ConversationList, ServiceError> {
        let reader = reader_of(caller)?;
        let (mut tx, cursors) = self.begin_snapshot(&caller.streams(Namespace::Chat)).await?;
        // One more than asked for tells whether there is a next page.
        let (mut listed, total) =
            conversations::list(&mut tx, caller.tenant, reader, request.after, one_more(request.limit)).await?;
        let has_more = listed.len() > request.limit;
        listed.truncate(request.limit);
        let last = listed.last().filter(|_| has_more).map(|(place, _)| place);
        let next = last.map(|place| format!("{}_{}", place.active_at.millis(), place.id));
        let data = listed.into_iter().map(|(_, conversation)| conversation).collect();
        Ok(ConversationList { data, page: PageInfo { next, total }, cursors })
    }

    /// One conversation that the caller takes part in.
    pub async fn conversation(
        &self,
        caller: &Caller,
        conversation: ConversationId,
    ) -> Result<Snapshot<Conversation>, ServiceError> {
        let reader = reader_of(caller)?;
        let (mut tx, cursors) = self.begin_snapshot(&caller.streams(Namespace::Chat)).await?;
        if let Some(found) = conversations::find(&mut tx, caller.tenant, reader, conversation).await? {
            return Ok(Snapshot { data: found, cursors });
        }
        // That of a load is there before anything was said.
        let Circle { sight, around, .. } = circle(&mut tx, caller, conversation).await?;
        let load_number = match around {
            super::Around::Load(card, _) => Some(card.load_number),
            super::Around::Persons(_) => None,
        };
        let empty = Conversation {
            id: conversation,
            load_id: sight.load,
            load_number,
            title: None,
            members: Vec::new(),
            last_message: None,
            unread: 0,
        };
        Ok(Snapshot { data: empty, cursors })
    }

    /// Messages of a conversation that the caller takes part in, newest first.
    pub async fn messages(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        request: MessagesRequest,
    ) -> Result<MessageList, ServiceError> {
        let (mut tx, cursors) = self.begin_snapshot(&caller.streams(Namespace::Chat)).await?;
        let Circle { sight, .. } = circle(&mut tx, caller, conversation).await?;
        let before = match request.before {
            Some(message) => {
                let found = messages::find_number(&mut tx, sight, message).await?;
                Some(found.ok_or(ServiceError::NotFound("message"))?.0)
            }
            None => None,
        };
        let (mut data, total) = messages::list(&mut tx, sight, before, one_more(request.limit)).await?;
        let has_more = data.len() > request.limit;
        data.truncate(request.limit);
        let next = data.last().filter(|_| has_more).map(|message| message.id.to_string());
        let read_marks = messages::list_marks(&mut tx, sight).await?;
        Ok(MessageList { data, page: PageInfo { next, total }, read_marks, cursors })
    }

    /// Messages of the conversation of a load that the caller sees, newest first.
    pub async fn messages_of_load(
        &self,
        caller: &Caller,
        load: LoadId,
        request: MessagesRequest,
    ) -> Result<MessageList, ServiceError> {
        // A conversation between persons has an id as well, and no load has it.
        if !self.sees_load(caller, load).await? {
            return Err(ServiceError::NotFound("load"));
        }
        self.messages(caller, ConversationId(load.0), request).await
    }
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}
