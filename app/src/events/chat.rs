//! Events of conversations.

use crate::domain::{
    id::{ConversationId, LoadId, MessageId, UserId},
    load::Person,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MessageNew {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// The load that the conversation is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_id: Option<LoadId>,
    pub author: Person,
    pub body: String,
    pub sent_at: Timestamp,
    /// What the sender called it, so that its own screens know it again; a second sending of the same is the same message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// A person has read a conversation up to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MessageRead {
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    /// The last message that was read.
    pub message_id: MessageId,
    pub read_at: Timestamp,
}

/// A person writes, or has stopped writing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Typing {
    pub conversation_id: ConversationId,
    pub person: Person,
    pub typing: bool,
}

/// Who of a conversation has it open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationPresence {
    pub conversation_id: ConversationId,
    pub person: Person,
    pub present: bool,
}
