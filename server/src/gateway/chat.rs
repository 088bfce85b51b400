//! Conversations over the socket. Messages come by the streams, whatever one has joined; the room of a conversation
//! adds who has it open and who writes.

pub mod elsewhere;

use super::{
    Gateway,
    answer::Refused,
    request_rooms,
    seat::{Seat, Visit},
};
use crate::stream::Room;
use app::{
    api::conversations::NewMessage,
    domain::{
        id::{ConversationId, TenantId},
        load::Person,
        time::Timestamp,
    },
    events::{
        ConversationPresence, Event, Heard, JoinConversation, Joined, LeaveConversation, Left, MessageSent, Namespace,
        Read, ReadMessage, SendMessage, SetTyping, Typing,
    },
};
use socketioxide::{SocketIo, extract::SocketRef};
use std::{collections::BTreeMap, sync::Arc};

/// Who goes on writing is told of at most this often, in milliseconds: some clients say so with every key.
const TYPING_PACE: i64 = 1_000;

pub async fn join(visit: Visit, JoinConversation { conversation_id }: JoinConversation) -> Result<Joined, Refused> {
    let was_in = is_in(&visit.socket, conversation_id);
    let (caller, room) = (visit.caller(), Room::Conversation(conversation_id));
    let services = &visit.gateway().services;
    let joined = services.while_taking_part(&caller, conversation_id, || request_rooms::join(&visit, &room)).await?;
    joined.ok_or_else(|| Refused::not_found("conversation"))??;
    if !was_in {
        tell_presence(&visit.seat, conversation_id, true);
        tell_who_is_there(&visit, conversation_id);
        elsewhere::ask_who_is_in(&visit.gateway().relay, caller.tenant, conversation_id);
    }
    Ok(Joined::YES)
}

pub async fn leave(visit: Visit, LeaveConversation { conversation_id }: LeaveConversation) -> Result<Left, Refused> {
    depart(&visit.seat, &visit.socket, conversation_id);
    Ok(Left::YES)
}

pub async fn send(visit: Visit, command: SendMessage) -> Result<MessageSent, Refused> {
    let SendMessage { conversation_id, body, client_id } = command;
    let message = NewMessage { body, client_id };
    let sent = visit.gateway().services.send_message(&visit.caller(), conversation_id, message).await?;
    Ok(MessageSent { message: sent.message })
}

pub async fn read(visit: Visit, ReadMessage { conversation_id, message_id }: ReadMessage) -> Result<Read, Refused> {
    visit.gateway().services.read_up_to(&visit.caller(), conversation_id, message_id).await?;
    Ok(Read::YES)
}

pub async fn typing(visit: Visit, SetTyping { conversation_id, typing }: SetTyping) -> Result<Heard, Refused> {
    must_take_part(&visit, conversation_id).await?;
    if !is_in(&visit.socket, conversation_id) {
        return Err(Refused::bad_request("Join the conversation first."));
    }
    let now = visit.gateway().services.clock.now();
    let said = LastTyping { conversation: conversation_id, typing, at: now };
    let is_repeated = visit.socket.extensions.get::<LastTyping>().is_some_and(|last| last.covers(&said));
    if let Some(person) = person_at(&visit.seat).filter(|_| !is_repeated) {
        visit.socket.extensions.insert(said);
        let (me, tenant) = (person.id, visit.caller().tenant);
        let event = Typing { conversation_id, person, typing };
        let rooms = vec![Room::Conversation(conversation_id)];
        visit.gateway().services.events.emit_to_others(tenant, rooms, me, &event);
    }
    Ok(Heard::YES)
}

/// What a socket has told of its typing. A socket's commands are worked off one by one, so nobody writes between.
#[derive(Clone, Copy)]
struct LastTyping {
    conversation: ConversationId,
    typing: bool,
    at: Timestamp,
}

impl LastTyping {
    /// Whether the others know already what is said now.
    fn covers(&self, said: &Self) -> bool {
        (self.conversation, self.typing) == (said.conversation, said.typing) && said.at.since(self.at) < TYPING_PACE
    }
}

/// The socket is gone: so the person is from every conversation that it had open. Its rooms are still known.
pub fn part(seat: &Arc<Seat>, socket: &SocketRef) {
    for room in socket.rooms() {
        let conversation = room.strip_prefix("conversation:").and_then(|id| id.parse().ok());
        if let Some(conversation) = conversation {
            depart(seat, socket, conversation);
        }
    }
}

/// Who lost a load leaves its conversation, and those who stay see it.
pub fn show_out(sockets: Vec<SocketRef>, conversation: ConversationId) {
    let inside: Vec<_> = sockets.into_iter().filter(|socket| is_in(socket, conversation)).collect();
    // All leave before anything is said: who is shown out together with others hears nothing of them.
    for socket in &inside {
        socket.leave(Room::Conversation(conversation).to_string());
    }
    for socket in inside {
        if let Some(seat) = socket.extensions.get::<Arc<Seat>>() {
            tell_presence(&seat, conversation, false);
        }
    }
}

fn depart(seat: &Arc<Seat>, socket: &SocketRef, conversation: ConversationId) {
    if !is_in(socket, conversation) {
        return;
    }
    socket.leave(Room::Conversation(conversation).to_string());
    let Some(me) = person_at(seat) else { return };
    // A person is there as long as one of the devices is.
    if !people_at(&seat.gateway.io, conversation).iter().any(|person| person.id == me.id) {
        elsewhere::part_unless_elsewhere(seat.gateway.clone(), seat.caller().tenant, conversation, me);
    }
}

fn tell_presence(seat: &Arc<Seat>, conversation_id: ConversationId, present: bool) {
    let Some(person) = person_at(seat) else { return };
    tell(&seat.gateway, seat.caller().tenant, &ConversationPresence { conversation_id, person, present });
}

fn tell(gateway: &Gateway, tenant: TenantId, event: &ConversationPresence) {
    gateway.services.events.emit_to_room(tenant, vec![Room::Conversation(event.conversation_id)], event);
}

/// Tells the one who came who was there before.
fn tell_who_is_there(visit: &Visit, conversation_id: ConversationId) {
    let Some(me) = person_at(&visit.seat) else { return };
    let others = people_at(&visit.gateway().io, conversation_id).into_iter().filter(|person| person.id != me.id);
    for person in others {
        let event = ConversationPresence { conversation_id, person, present: true };
        let envelope = visit.gateway().services.events.envelope(visit.caller().tenant, event);
        if let Err(error) = visit.socket.emit(ConversationPresence::NAME, &envelope) {
            tracing::debug!(%error, "a client left while it entered a conversation");
        }
    }
}

/// The persons who have a conversation open at this node, each once.
fn people_at(io: &SocketIo, conversation: ConversationId) -> Vec<Person> {
    let Some(io) = io.of(Namespace::Chat.path()) else { return Vec::new() };
    let inside = io.within(Room::Conversation(conversation).to_string()).sockets();
    let seats = inside.iter().filter(|socket| socket.connected()).filter_map(|socket| socket.extensions.get());
    let people = seats.filter_map(|seat: Arc<Seat>| person_at(&seat)).map(|person| (person.id, person));
    people.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn is_in(socket: &SocketRef, conversation: ConversationId) -> bool {
    let room = Room::Conversation(conversation).to_string();
    socket.rooms().iter().any(|joined| **joined == *room)
}

fn person_at(seat: &Seat) -> Option<Person> {
    seat.caller().person
}

async fn must_take_part(visit: &Visit, conversation: ConversationId) -> Result<(), Refused> {
    if visit.gateway().services.takes_part(&visit.caller(), conversation).await? {
        Ok(())
    } else {
        Err(Refused::not_found("conversation"))
    }
}
