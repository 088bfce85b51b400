//! Conversations: those of loads, and those between persons.

use super::{Data, Done, PageInfo, Request, Snapshot};
use crate::{
    domain::{
        id::{ConversationId, LoadId, MessageId, UserId},
        load::Person,
        role::Role,
    },
    events::{Cursors, MessageNew, MessageRead},
};
use http::Method;
use serde::{Deserialize, Serialize};

/// Somebody who takes part in a conversation between persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Member {
    #[serde(flatten)]
    pub person: Person,
    pub role: Role,
}

/// A conversation, as the one who asks sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// That of a load bears the load's id.
    pub id: ConversationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_id: Option<LoadId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// By name. Empty where it is about a load: then all staff take part, and who has the load.
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<MessageNew>,
    /// How many messages of others one has not read.
    pub unread: i64,
}

/// Conversations and the places in the streams at which they are true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ConversationList {
    pub data: Vec<Conversation>,
    pub page: PageInfo,
    #[cfg_attr(feature = "ssr", schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::events::Cursor>>))]
    pub cursors: Cursors,
}

/// Messages, newest first, and the places in the streams at which they are true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MessageList {
    pub data: Vec<MessageNew>,
    /// `next` is what to ask with as `before`.
    pub page: PageInfo,
    /// How far each person has read, in order of the persons' ids.
    pub read_marks: Vec<MessageRead>,
    #[cfg_attr(feature = "ssr", schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::events::Cursor>>))]
    pub cursors: Cursors,
}

/// `GET /conversations`: one's own, the one with the newest message first.
///
/// Those of loads are listed once something was said in them.
#[derive(Debug, Clone, Default)]
pub struct ListConversations {
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListConversations {
    type Response = ConversationList;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let mut query = Vec::new();
        query.extend(self.cursor.as_ref().map(|cursor| format!("cursor={cursor}")));
        query.extend(self.limit.map(|limit| format!("limit={limit}")));
        format!("/conversations?{}", query.join("&"))
    }
}

/// `POST /conversations`: begins a conversation with these persons. Staff only.
///
/// At most 50 take part, the one who begins it included; outside parties among them belong to one carrier.
/// Two persons have one conversation without a title: where it is there already, it is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeginConversation {
    pub member_ids: Vec<UserId>,
    /// 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Request for BeginConversation {
    type Response = Data<Conversation>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/conversations".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `GET /conversations/{id}`.
#[derive(Debug, Clone)]
pub struct GetConversation(pub ConversationId);

impl Request for GetConversation {
    type Response = Snapshot<Conversation>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/conversations/{}", self.0)
    }
}

/// `GET /conversations/{id}/messages`, newest first.
///
/// Outside parties see what was said while the load was with their carrier.
#[derive(Debug, Clone)]
pub struct ListMessages {
    pub conversation: ConversationId,
    /// Only what was said before this message.
    pub before: Option<MessageId>,
    pub limit: Option<u32>,
}

impl Request for ListMessages {
    type Response = MessageList;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/conversations/{}/messages?{}", self.conversation, place(self.before, self.limit))
    }
}

/// `GET /loads/{id}/messages`: [`ListMessages`] of the load's conversation.
#[derive(Debug, Clone)]
pub struct ListLoadMessages {
    pub load: LoadId,
    pub before: Option<MessageId>,
    pub limit: Option<u32>,
}

impl Request for ListLoadMessages {
    type Response = MessageList;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/loads/{}/messages?{}", self.load, place(self.before, self.limit))
    }
}

fn place(before: Option<MessageId>, limit: Option<u32>) -> String {
    let mut query = Vec::new();
    query.extend(before.map(|before| format!("before={before}")));
    query.extend(limit.map(|limit| format!("limit={limit}")));
    query.join("&")
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMessage {
    /// 1 to 4,000 characters, apart from space around them.
    pub body: String,
    /// The sender's own name for it, 1 to 64 characters: the same one sent again stores nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// `POST /conversations/{id}/messages`.
#[derive(Debug, Clone)]
pub struct PostMessage {
    pub conversation: ConversationId,
    pub message: NewMessage,
}

impl Request for PostMessage {
    type Response = Data<MessageNew>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/conversations/{}/messages", self.conversation)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.message).map(Some)
    }
}

/// How far a conversation was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadUpTo {
    /// The last message that was read.
    pub message_id: MessageId,
}

/// `POST /conversations/{id}/read`. What was read stays read: naming an earlier message changes nothing.
#[derive(Debug, Clone)]
pub struct MarkRead {
    pub conversation: ConversationId,
    pub up_to: ReadUpTo,
}

impl Request for MarkRead {
    type Response = Data<Done>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/conversations/{}/read", self.conversation)
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(&self.up_to).map(Some)
    }
}
