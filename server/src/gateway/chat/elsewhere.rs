//! Conversations that are open at several nodes: each knows who is in at its own, and asks the others.

use super::{people_at, tell};
use crate::{
    gateway::Gateway,
    relay::{NodeMessage, Relay},
    stream::Room,
};
use app::{
    domain::{
        id::{ConversationId, TenantId, UserId},
        load::Person,
    },
    events::ConversationPresence,
};
use serde::{Deserialize, Serialize};
use socketioxide::SocketIo;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long the other nodes have to say that somebody is still there.
const ANSWER: Duration = Duration::from_millis(400);

/// What nodes say of conversations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Talk {
    /// Somebody came: who else is in?
    WhoIsIn { tenant: TenantId, conversation: ConversationId },
    /// The answer, for whoever has it open.
    In { tenant: TenantId, conversation: ConversationId, people: Vec<Person> },
    /// This person's last device has left one node: is there another?
    IsStillIn { conversation: ConversationId, person: UserId },
    /// There is.
    StillIn { conversation: ConversationId, person: UserId },
}

/// Who was said to be in at other nodes, and when.
#[derive(Default)]
pub struct Elsewhere(Mutex<HashMap<(ConversationId, UserId), Instant>>);

impl Elsewhere {
    fn note(&self, conversation: ConversationId, person: UserId) {
        let mut said = self.lock();
        said.retain(|_, at| at.elapsed() < 2 * ANSWER);
        said.insert((conversation, person), Instant::now());
    }

    fn was_said_since(&self, conversation: ConversationId, person: UserId, since: Instant) -> bool {
        self.lock().get(&(conversation, person)).is_some_and(|at| *at >= since)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(ConversationId, UserId), Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the other nodes who has a conversation open.
pub fn ask_who_is_in(relay: &Relay, tenant: TenantId, conversation: ConversationId) {
    relay.tell(NodeMessage::Talk(Talk::WhoIsIn { tenant, conversation }));
}

/// Says that a person has left, unless another node has them still.
pub fn part_unless_elsewhere(gateway: Arc<Gateway>, tenant: TenantId, conversation: ConversationId, person: Person) {
    let gone = ConversationPresence { conversation_id: conversation, person: person.clone(), present: false };
    if !gateway.relay.is_joined() || !gateway.relay.is_up() {
        return tell(&gateway, tenant, &gone);
    }
    let asked = Instant::now();
    gateway.relay.tell(NodeMessage::Talk(Talk::IsStillIn { conversation, person: person.id }));
    tokio::spawn(async move {
        tokio::time::sleep(ANSWER).await;
        // Meanwhile they may have come back to this node.
        let is_back = people_at(&gateway.io, conversation).iter().any(|other| other.id == person.id);
        if !is_back && !gateway.elsewhere.was_said_since(conversation, person.id, asked) {
            tell(&gateway, tenant, &gone);
        }
    });
}

/// Takes in what another node says.
pub fn hear(gateway: &Gateway, talk: Talk) {
    match talk {
        Talk::WhoIsIn { tenant, conversation } => {
            let people = people_at(&gateway.io, conversation);
            if !people.is_empty() {
                gateway.relay.tell(NodeMessage::Talk(Talk::In { tenant, conversation, people }));
            }
        }
        Talk::In { tenant, conversation, people } => {
            for person in people {
                let event = ConversationPresence { conversation_id: conversation, person, present: true };
                let rooms = vec![Room::Conversation(conversation)];
                gateway.services.events.emit_to_room_here(tenant, rooms, &event);
            }
        }
        Talk::IsStillIn { conversation, person } => {
            if is_in(&gateway.io, conversation, person) {
                gateway.relay.tell(NodeMessage::Talk(Talk::StillIn { conversation, person }));
            }
        }
        Talk::StillIn { conversation, person } => gateway.elsewhere.note(conversation, person),
    }
}

fn is_in(io: &SocketIo, conversation: ConversationId, person: UserId) -> bool {
    people_at(io, conversation).iter().any(|other| other.id == person)
}
