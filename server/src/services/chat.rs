//! Conversations: those of loads, and those between persons.
//!
//! In the conversation of a load everybody takes part who sees the load now. Outside parties see of it what was said
//! while the load was with their carrier, which is also what was put into their streams: neither what the staff said
//! among themselves before the tender, nor what was said with another carrier.

mod begin;
mod read;
mod send;

pub use read::{ConversationsRequest, MessagesRequest};

use super::{Caller, ServiceError, Services, loads};
use crate::{
    store::{self, StoreError, Tx, conversations, conversations::Reader, messages::Sight},
    stream::{Audience, Change},
};
use app::{
    domain::{
        id::{CarrierId, ConversationId, LoadId, UserId},
        load::{LoadCard, Person},
    },
    events::Event,
};

/// A conversation, as one who takes part in it finds it at one moment.
struct Circle {
    /// Who it is that takes part.
    person: Person,
    /// What this person sees of it.
    sight: Sight,
    around: Around,
}

/// Who takes part.
enum Around {
    /// All staff, and those who have the load.
    Load(Box<LoadCard>, Audience),
    Persons(Vec<UserId>),
}

impl Services {
    /// Whether the caller takes part in a conversation now.
    pub async fn takes_part(&self, caller: &Caller, conversation: ConversationId) -> Result<bool, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        match circle(&mut tx, caller, conversation).await {
            Ok(_) => Ok(true),
            Err(ServiceError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Does something while it is certain that the caller takes part: an outside party can't lose the load meanwhile.
    /// `None` where the caller does not take part.
    pub async fn while_taking_part<T>(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        act: impl FnOnce() -> T,
    ) -> Result<Option<T>, ServiceError> {
        if caller.role.is_staff() {
            return Ok(self.takes_part(caller, conversation).await?.then(act));
        }
        match self.begin_talk(caller, conversation).await {
            // Its lock ends here, with nothing changed.
            Ok(_held) => Ok(Some(act())),
            Err(ServiceError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Begins a change of a conversation. Who takes part stays as it is until the change ends.
    async fn begin_talk(
        &self,
        caller: &Caller,
        conversation: ConversationId,
    ) -> Result<(Change, Circle), ServiceError> {
        let mut change = self.begin(caller).await?;
        // One of the two is there.
        store::loads::lock(&mut change.tx, caller.tenant, LoadId(conversation.0)).await?;
        conversations::lock(&mut change.tx, caller.tenant, conversation).await?;
        change.read_clock();
        let circle = circle(&mut change.tx, caller, conversation).await?;
        Ok((change, circle))
    }
}

/// The conversation, if the caller takes part in it.
async fn circle(tx: &mut Tx, caller: &Caller, conversation: ConversationId) -> Result<Circle, ServiceError> {
    let missing = ServiceError::NotFound("conversation");
    let person = person_of(caller)?;
    let load = LoadId(conversation.0);
    let card = match caller.scope() {
        Some(scope) => store::loads::find(tx, caller.tenant, scope, load).await?,
        None => None,
    };
    let Some(card) = card else {
        let members = conversations::member_ids(tx, caller.tenant, conversation).await?;
        if !members.contains(&person.id) {
            return Err(missing);
        }
        let sight = Sight { conversation, load: None, carrier: None };
        return Ok(Circle { person, sight, around: Around::Persons(members) });
    };
    let carrier = match &card.carrier {
        _ if caller.role.is_staff() => None,
        Some(carrier) => Some(carrier.id),
        None => return Err(missing),
    };
    let audience = loads::audience(tx, &card).await?;
    let sight = Sight { conversation, load: Some(load), carrier };
    Ok(Circle { person, sight, around: Around::Load(Box::new(card), audience) })
}

impl Circle {
    /// Tells all who take part. `said_with` is the carrier that had the load when what the event is about was said:
    /// nobody outside hears of it who has the load by now and had it not then.
    fn tell<E: Event>(&self, change: &mut Change, said_with: Option<CarrierId>, event: &E) -> Result<(), StoreError> {
        match &self.around {
            Around::Load(card, audience) if said_with == self.carrier() => {
                change.record(audience, Some(card.id), event)
            }
            Around::Load(card, _) => change.record(&Audience::default(), Some(card.id), event),
            Around::Persons(members) => {
                let members = Audience { carriers: Vec::new(), users: members.clone() };
                change.record_outside(&members, None, event)
            }
        }
    }

    /// The carrier that has the load now: none before the tender, and none between persons.
    fn carrier(&self) -> Option<CarrierId> {
        match &self.around {
            Around::Load(_, audience) => audience.carriers.first().copied(),
            Around::Persons(_) => None,
        }
    }
}

/// Only persons talk.
fn person_of(caller: &Caller) -> Result<Person, ServiceError> {
    let nobody = || ServiceError::Forbidden { rule: "person_required", message: "Only persons talk.".into() };
    caller.person.clone().ok_or_else(nobody)
}

fn reader_of(caller: &Caller) -> Result<Reader, ServiceError> {
    Ok(Reader { user: person_of(caller)?.id, scope: caller.scope() })
}
