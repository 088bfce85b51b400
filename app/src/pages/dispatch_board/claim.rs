//! Soft claims: saying that one is on a load. They stop nobody, and tell everybody.

use super::{board_model::BoardModel, desk::Desk, reach::Reach};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_actions::{Claim, ClaimLoad},
    },
    components::toast::{Offer, Toasts},
    domain::{
        id::{LoadId, UserId},
        load::Person,
    },
    events::LoadClaimed,
    pages::layout::is_over,
    realtime::{leave_for_login, use_socket_event},
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use std::sync::Arc;

/// What pressing *Claim* on a load does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimDeed {
    Claim,
    /// One's own is given up.
    Release,
    /// From whoever is on it.
    TakeOver,
}

impl ClaimDeed {
    /// What there is to do for `me` with a load that somebody is on, or nobody.
    pub fn of(claimed_by: Option<&Person>, me: UserId) -> Self {
        match claimed_by {
            None => ClaimDeed::Claim,
            Some(person) if person.id == me => ClaimDeed::Release,
            Some(_) => ClaimDeed::TakeOver,
        }
    }

    /// As a button says it.
    pub const fn label(self) -> &'static str {
        match self {
            ClaimDeed::Claim => "Claim",
            ClaimDeed::Release => "Release",
            ClaimDeed::TakeOver => "Take over",
        }
    }
}

impl Desk {
    /// Says that one is on a load, or on it no more, or takes it from whoever is on it.
    pub fn claim(self, load: LoadId, deed: ClaimDeed) {
        send(&self.model(), self.reach, self.toasts, load, deed);
    }
}

/// Says who has taken over a load that the person was on.
pub fn tell_of_take_overs(desk: Desk) {
    use_socket_event::<LoadClaimed>(move |event| {
        let LoadClaimed { load_number, claimed_by, previous, .. } = &event.data;
        let was_mine = previous.as_ref().is_some_and(|person| person.id == desk.viewer.id);
        if let Some(person) = claimed_by.as_ref().filter(|person| was_mine && person.id != desk.viewer.id) {
            desk.toasts.notice(format!("{} took over {load_number}", person.name));
        }
    });
}

/// A message may ask for it that outlives the board.
fn send(model: &BoardModel, reach: Reach, toasts: Toasts, load: LoadId, deed: ClaimDeed) {
    let Some(signals) = model.signals(load) else {
        toasts.refusal("This load is no longer on the board.");
        return;
    };
    let (number, before) = signals.card.with_untracked(|card| (card.load_number.clone(), card.claimed_by.clone()));
    if let Some(words) = reach.refusal(&format!("who is on {number} was not changed"), model.clock()) {
        toasts.refusal(words);
        return;
    }
    let body = Claim { claimed: deed != ClaimDeed::Release, take_over: deed == ClaimDeed::TakeOver };
    let (model, since) = (model.clone(), model.moment());
    spawn_local(async move {
        match call(ClaimLoad { id: load, body }).await {
            Ok(answer) => {
                model.answer(answer.data, since);
                toasts.notice(done(deed, &number, before.as_ref()));
            }
            Err(error) if is_over(&error) => leave_for_login(),
            Err(error) => match who_is_on_it(&error) {
                Some(other) => {
                    let words = refused(&error, &number);
                    // The event that tells who is on it may be late, or come by polling only.
                    model.claim(load, Some(other));
                    let run = Arc::new(move || send(&model, reach, toasts, load, ClaimDeed::TakeOver));
                    toasts.refuse_and_offer(words, Offer { label: ClaimDeed::TakeOver.label().into(), run });
                }
                None => toasts.refusal(refused(&error, &number)),
            },
        }
    });
}

/// What a conflict tells about who is on it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Other {
    claimed_by: Person,
}

fn who_is_on_it(error: &ApiError) -> Option<Person> {
    let details = (error.code == ErrorCode::Conflict).then_some(&error.details)?;
    Other::deserialize(details).ok().map(|other| other.claimed_by)
}

fn done(deed: ClaimDeed, number: &str, before: Option<&Person>) -> String {
    match (deed, before) {
        (ClaimDeed::TakeOver, Some(other)) => format!("You took {number} over from {}.", other.name),
        (ClaimDeed::Release, _) => format!("You are no longer on {number}."),
        _ => format!("You are on {number} now."),
    }
}

fn refused(error: &ApiError, number: &str) -> String {
    match error.code {
        // It may have arrived, and only the answer was lost.
        ErrorCode::Unreachable => {
            format!(
                "The server can't be reached. If your claim arrived after all, the board will show who is on {number}."
            )
        }
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn only_a_conflict_over_a_claim_offers_to_take_over() {
        let refused = |code, details| ApiError { details, ..ApiError::new(code, "John Miller is on LD-1.") };
        let john = json!({"claimedBy": {"id": Uuid::from_u128(2), "name": "John Miller"}});
        let told = who_is_on_it(&refused(ErrorCode::Conflict, john.clone()));
        assert_eq!(told.map(|person| person.name).as_deref(), Some("John Miller"));
        assert_eq!(who_is_on_it(&refused(ErrorCode::Conflict, json!({"currentVersion": 3}))), None);
        assert_eq!(who_is_on_it(&refused(ErrorCode::Forbidden, john)), None);
    }

    #[test]
    fn one_claims_what_is_free_releases_ones_own_and_takes_over_the_rest() {
        let person = |id| Person { id: UserId(Uuid::from_u128(id)), name: "John Miller".into() };
        let me = UserId(Uuid::from_u128(1));
        assert_eq!(ClaimDeed::of(None, me), ClaimDeed::Claim);
        assert_eq!(ClaimDeed::of(Some(&person(1)), me), ClaimDeed::Release);
        assert_eq!(ClaimDeed::of(Some(&person(2)), me), ClaimDeed::TakeOver);
        assert_eq!(done(ClaimDeed::TakeOver, "LD-1", Some(&person(2))), "You took LD-1 over from John Miller.");
        assert_eq!(done(ClaimDeed::Claim, "LD-1", None), "You are on LD-1 now.");
    }

    #[test]
    fn of_a_claim_without_an_answer_no_more_is_said_than_is_known() {
        assert_eq!(
            refused(&ApiError::unreachable("Failed to fetch"), "LD-1"),
            "The server can't be reached. If your claim arrived after all, the board will show who is on LD-1."
        );
    }
}
