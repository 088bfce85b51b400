//! When a load will be at its next stop, as a person says: by itself, or in a check call.

use super::{Caller, Right, Services, audience, shown_to, values};
use crate::{
    services::ServiceError,
    store::{self, StoreError, stops},
    stream::{Audience, Change},
};
use app::{
    api::road::EtaSaid,
    domain::{
        id::LoadId,
        load::LoadCard,
        position::EtaState,
        status::LoadStatus,
        stop::Stop,
        time::{DAY, Timestamp},
        trip::next_stop,
    },
    events::{LoadEtaUpdated, LoadUpdated},
};

/// An ETA that is further away is a slip of the keyboard.
const ETA_WITHIN: i64 = 365 * DAY;

impl Services {
    /// Notes when a load will be at its next stop and shows it on the card. The load's version stays: nobody's change is
    /// overtaken.
    ///
    /// Needs `check_call`, or that it is the caller's own load to drive.
    pub async fn say_eta(&self, caller: &Caller, load: LoadId, said: EtaSaid) -> Result<LoadCard, ServiceError> {
        let note = values::reason_as("note", said.note)?;
        let (mut change, before) = self.begin_load_change(caller, load, Right::CheckCalls, said.version).await?;
        if said.eta < change.now {
            return Err(ServiceError::field("eta", "is in the past. If the truck is there, note the arrival"));
        }
        if said.eta.since(change.now) > ETA_WITHIN {
            return Err(ServiceError::field("eta", "is more than a year away"));
        }
        let Some(stop) = expecting(&mut change, &before).await? else {
            let message = format!(
                "{} is {}: an ETA can be said from acceptance until the truck is at its last stop.",
                before.load_number, before.status
            );
            return Err(ServiceError::rule("not_on_the_road", message));
        };
        let card = LoadCard { eta: Some(said.eta), ..before };
        let hearers = audience(&mut change.tx, &card).await?;
        change.record(&hearers, Some(load), &LoadUpdated(card.clone()))?;
        note_eta(&mut change, caller, &hearers, &card, &stop, (said.eta, note)).await?;
        change.commit().await?;
        Ok(shown_to(caller, card))
    }
}

/// The stop that the load's truck drives to, if it has a truck that does.
pub(in crate::services) async fn expecting(change: &mut Change, card: &LoadCard) -> Result<Option<Stop>, StoreError> {
    if !(LoadStatus::Accepted..=LoadStatus::AtDelivery).contains(&card.status) {
        return Ok(None);
    }
    let stops = stops::list(&mut change.tx, card.id).await?;
    Ok(next_stop(&stops).cloned())
}

/// Stores an ETA at a stop and tells of it. The card, which shows it, is told apart.
pub(in crate::services) async fn note_eta(
    change: &mut Change,
    caller: &Caller,
    hearers: &Audience,
    card: &LoadCard,
    stop: &Stop,
    (eta, note): (Timestamp, Option<String>),
) -> Result<(), StoreError> {
    let now = change.now;
    store::loads::say_eta(&mut change.tx, card.id, eta, now).await?;
    let updated = LoadEtaUpdated {
        load_id: card.id,
        load_number: card.load_number.clone(),
        eta,
        eta_state: EtaState::of(eta, stop.appointment.end),
        version: Some(card.version),
        updated_by: caller.person.clone(),
        note,
    };
    change.record(hearers, Some(card.id), &updated)
}
