//! Sending messages, and having read them.

use super::{super::wording, Caller, Circle, ServiceError, Services};
use crate::store::{conversations, messages};
use app::{
    api::conversations::NewMessage,
    domain::id::{ConversationId, MessageId},
    events::{MessageNew, MessageRead},
};
use uuid::Uuid;

const BODY_CHARS: usize = 4_000;
const CLIENT_ID_CHARS: usize = 64;

/// A message that was asked to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub message: MessageNew,
    /// It was stored now; else it had been sent before.
    pub is_new: bool,
}

impl Services {
    /// Stores a message, and tells everybody who takes part. One that the same person has sent under the same client id
    /// is stored once: the stored one is answered, and nobody hears it twice.
    pub async fn send_message(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        request: NewMessage,
    ) -> Result<Sent, ServiceError> {
        let body = wording::text("body", &request.body, BODY_CHARS)?;
        let client_id = wording::maybe_text("clientId", request.client_id, CLIENT_ID_CHARS)?;
        let (mut change, circle) = self.begin_talk(caller, conversation).await?;
        let Circle { person, sight, .. } = &circle;
        if let Some(client_id) = &client_id {
            let stored = messages::find_sent(&mut change.tx, *sight, person.id, client_id).await?;
            if let Some(message) = stored {
                return Ok(Sent { message, is_new: false });
            }
        }
        if let Some(load) = sight.load {
            conversations::ensure_of_load(&mut change.tx, caller.tenant, load, change.now).await?;
        }
        let message = MessageNew {
            id: MessageId(Uuid::now_v7()),
            conversation_id: conversation,
            load_id: sight.load,
            author: person.clone(),
            body,
            sent_at: change.now,
            client_id,
        };
        messages::insert(&mut change.tx, &message, circle.carrier()).await?;
        circle.tell(&mut change, circle.carrier(), &message)?;
        change.commit().await?;
        Ok(Sent { message, is_new: true })
    }

    /// Notes that the caller has read a conversation up to a message. The mark only moves forward.
    pub async fn read_up_to(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<(), ServiceError> {
        let (mut change, circle) = self.begin_talk(caller, conversation).await?;
        let found = messages::find_number(&mut change.tx, circle.sight, message).await?;
        let (number, said_with) = found.ok_or(ServiceError::NotFound("message"))?;
        let mark = MessageRead {
            conversation_id: conversation,
            user_id: circle.person.id,
            message_id: message,
            read_at: change.now,
        };
        if messages::move_mark(&mut change.tx, &mark, number).await? {
            circle.tell(&mut change, said_with, &mark)?;
            change.commit().await?;
        }
        Ok(())
    }
}
