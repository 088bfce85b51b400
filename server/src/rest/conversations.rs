//! Conversations over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use crate::{
    services::{ConversationsRequest, MessagesRequest},
    store::conversations::ActivityPlace,
};
use app::{
    api::{
        Data, Done, ErrorBody, Snapshot,
        conversations::{BeginConversation, Conversation, ConversationList, MessageList, NewMessage, ReadUpTo},
    },
    domain::{
        id::{ConversationId, LoadId, MessageId},
        time::Timestamp,
    },
    events::MessageNew,
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: usize = 200;
const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// `page.next` of the answer before.
    cursor: Option<String>,
    /// 1 to 200; 50 unless set.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// `page.next` of the answer before: only what was said before this message.
    before: Option<MessageId>,
    /// 1 to 200; 50 unless set.
    limit: Option<usize>,
}

/// One's own conversations, the one with the newest message first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", operation_id = "list_conversations",
    params(ConversationsQuery), responses(
        (status = 200, description = "A page of conversations, and the places in the streams at which they are true", body = ConversationList),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
    ))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<ConversationsQuery>,
) -> Result<Json<ConversationList>, Failure> {
    let after = query.cursor.as_deref().map(read_place).transpose()?;
    let request = ConversationsRequest { after, limit: within(query.limit)? };
    Ok(Json(state.services.conversations(&caller, request).await?))
}

/// Begins a conversation with persons. Two have one without a title.
#[utoipa::path(post, path = "/conversations", tag = "conversations", operation_id = "begin_conversation",
    request_body = BeginConversation, responses(
        (status = 201, description = "The conversation", body = Data<Conversation>),
        (status = 200, description = "The two had it already", body = Data<Conversation>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "A person is not the tenant's", body = ErrorBody),
        (status = 422, description = "Too many, nobody else, or people of different carriers", body = ErrorBody),
    ))]
pub async fn begin(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<BeginConversation>,
) -> Result<(StatusCode, Json<Data<Conversation>>), Failure> {
    let begun = state.services.begin_conversation(&caller, body).await?;
    Ok((created_if(begun.is_new), Json(Data { data: begun.conversation })))
}

/// One conversation; that of a load bears the load's id.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", operation_id = "get_conversation",
    params(("id" = ConversationId, Path)), responses(
        (status = 200, description = "The conversation, and the places in the streams at which it is true", body = Snapshot<Conversation>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or one takes no part in it", body = ErrorBody),
    ))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<ConversationId>,
) -> Result<Json<Snapshot<Conversation>>, Failure> {
    Ok(Json(state.services.conversation(&caller, id).await?))
}

/// Messages of a conversation, newest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "conversations", operation_id = "list_messages",
    params(("id" = ConversationId, Path), MessagesQuery), responses(
        (status = 200, description = "A page of messages, and the places in the streams at which they are true", body = MessageList),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or one takes no part in it", body = ErrorBody),
    ))]
pub async fn messages(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<ConversationId>,
    QueryOf(query): QueryOf<MessagesQuery>,
) -> Result<Json<MessageList>, Failure> {
    let request = MessagesRequest { before: query.before, limit: within(query.limit)? };
    Ok(Json(state.services.messages(&caller, id, request).await?))
}

/// Messages of the conversation of a load, newest first.
#[utoipa::path(get, path = "/loads/{id}/messages", tag = "conversations", operation_id = "list_load_messages",
    params(("id" = LoadId, Path), MessagesQuery), responses(
        (status = 200, description = "A page of messages, and the places in the streams at which they are true", body = MessageList),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn messages_of_load(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<LoadId>,
    QueryOf(query): QueryOf<MessagesQuery>,
) -> Result<Json<MessageList>, Failure> {
    let request = MessagesRequest { before: query.before, limit: within(query.limit)? };
    Ok(Json(state.services.messages_of_load(&caller, id, request).await?))
}

/// Sends a message. One that was sent before under the same client id is answered as it was stored.
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", operation_id = "send_message",
    params(("id" = ConversationId, Path)), request_body = NewMessage, responses(
        (status = 201, description = "The message", body = Data<MessageNew>),
        (status = 200, description = "It had been sent before", body = Data<MessageNew>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or one takes no part in it", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn send(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<ConversationId>,
    JsonBody(body): JsonBody<NewMessage>,
) -> Result<(StatusCode, Json<Data<MessageNew>>), Failure> {
    let sent = state.services.send_message(&caller, id, body).await?;
    Ok((created_if(sent.is_new), Json(Data { data: sent.message })))
}

/// Notes that one has read a conversation up to a message.
#[utoipa::path(post, path = "/conversations/{id}/read", tag = "conversations", operation_id = "read_conversation",
    params(("id" = ConversationId, Path)), request_body = ReadUpTo, responses(
        (status = 200, description = "Noted, or read further already", body = Data<Done>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such conversation or message, or one takes no part in it", body = ErrorBody),
    ))]
pub async fn read(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<ConversationId>,
    JsonBody(body): JsonBody<ReadUpTo>,
) -> Result<Json<Data<Done>>, Failure> {
    state.services.read_up_to(&caller, id, body.message_id).await?;
    Ok(Json(Data { data: Done { done: true } }))
}

fn created_if(is_new: bool) -> StatusCode {
    if is_new { StatusCode::CREATED } else { StatusCode::OK }
}

fn within(limit: Option<usize>) -> Result<usize, Failure> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(limit)
    } else {
        Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")))
    }
}

/// A cursor of the list: when the conversation was active, and its id.
fn read_place(cursor: &str) -> Result<ActivityPlace, Failure> {
    let parts = cursor.split_once('_').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let (at, id) = parts.ok_or_else(|| Failure::bad_request("cursor takes what the answer before named as next."))?;
    Ok(ActivityPlace { active_at: Timestamp::from_millis(at), id })
}
