//! Soft claims: saying that one is on a load. They stop nobody, and tell everybody.

use super::{board_model::BoardModel, desk::Desk};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_actions::{Claim, ClaimLoad},
    },
    domain::{
        id::{LoadId, UserId},
        load::Person,
    },
    pages::layout::is_over,
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;

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
    /// Says that one is on a load, or on it no more where one is already. With `take_over` it is taken from whoever is
    /// on it; without, that is refused.
    pub fn claim(self, load: LoadId, take_over: bool) {
        let model = self.model();
        let Some(signals) = model.signals(load) else {
            self.toasts.refusal("This load is no longer on the board.");
            return;
        };
        let (number, before) = signals.card.with_untracked(|card| (card.load_number.clone(), card.claimed_by.clone()));
        let deed = ClaimDeed::of(before.as_ref(), self.viewer.id);
        let body = Claim { claimed: deed != ClaimDeed::Release, take_over };
        spawn_local(async move {
            match call(ClaimLoad { id: load, body }).await {
                Ok(answer) => {
                    // A claim is not counted by the version. What events have told meanwhile is newer than the answer.
                    let is_unheard = signals.card.with_untracked(|card| card.claimed_by == before);
                    if is_unheard {
                        model.take(answer.data);
                    }
                    self.toasts.notice(done(deed, &number, before.as_ref()));
                }
                Err(error) if is_over(&error) => leave_for_login(),
                Err(error) => {
                    learn_who(&model, load, &error);
                    self.toasts.refusal(refused(&error, &number));
                }
            }
        });
    }
}

/// What a conflict tells about who is on it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Other {
    claimed_by: Person,
}

/// The event that tells who is on it may be late, or come by polling only.
fn learn_who(model: &BoardModel, load: LoadId, error: &ApiError) {
    if error.code == ErrorCode::Conflict
        && let Ok(other) = Other::deserialize(&error.details)
    {
        model.claim(load, Some(other.claimed_by));
    }
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
    use uuid::Uuid;

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
