//! What can be done to many loads at once, and how it is asked for.

use crate::{
    api::{
        ApiError, call,
        load_actions::{BulkDispatch, BulkResult, BulkStatus, Claim, ClaimLoad, Seen},
        loads::{LoadPatch, PatchLoad},
    },
    domain::{load::LoadCard, status::LoadStatus},
    pages::many_loads::as_one_of_many,
};

/// Loads of one call: few enough for progress to be seen, and for a stop to come soon.
const PORTION: usize = 100;

/// What is done to each of the loads.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Step { to: LoadStatus, reason: Option<String> },
    Dispatch,
    Claim(Claim),
    Hot(bool),
}

impl Act {
    /// A step as it is best asked for.
    pub fn step(to: LoadStatus, reason: Option<String>) -> Self {
        match reason {
            None if to == LoadStatus::Dispatched => Act::Dispatch,
            reason => Act::Step { to, reason },
        }
    }

    /// In the past tense, after the number of loads.
    pub fn done(&self) -> String {
        match self {
            Act::Step { to, .. } => format!("moved to {to}"),
            Act::Dispatch => "dispatched".into(),
            Act::Claim(claim) if claim.take_over => "taken over".into(),
            Act::Claim(claim) => if claim.claimed { "claimed" } else { "released" }.into(),
            Act::Hot(hot) => if *hot { "marked hot" } else { "no longer marked hot" }.into(),
        }
    }

    /// Of loads to which it was not done: `50 loads were not dispatched`.
    pub fn not_done(&self, cards: &[LoadCard]) -> String {
        let what = match self {
            Act::Hot(false) => "unmarked".into(),
            act => act.done(),
        };
        match cards {
            [card] => format!("{} was not {what}", card.load_number),
            many => format!("{} loads were not {what}", many.len()),
        }
    }

    pub const fn doing(&self) -> &'static str {
        match self {
            Act::Step { .. } => "Moving",
            Act::Dispatch => "Dispatching",
            Act::Claim(_) => "Claiming",
            Act::Hot(_) => "Marking",
        }
    }

    /// Where the cards are shown until the answer comes.
    pub const fn intended(&self) -> Option<LoadStatus> {
        match self {
            Act::Step { to, .. } => Some(*to),
            Act::Dispatch => Some(LoadStatus::Dispatched),
            Act::Claim(_) | Act::Hot(_) => None,
        }
    }

    /// Loads that one call takes.
    pub const fn portion(&self) -> usize {
        match self {
            Act::Step { .. } | Act::Dispatch => PORTION,
            Act::Claim(_) | Act::Hot(_) => 1,
        }
    }

    pub async fn send(&self, cards: &[LoadCard]) -> Result<Vec<BulkResult>, ApiError> {
        let loads = || cards.iter().map(|card| Seen { id: card.id, version: card.version }).collect();
        match self {
            Act::Step { to, reason } => {
                let request = BulkStatus { loads: loads(), status: *to, reason: reason.clone() };
                call(request).await.map(|answer| answer.data)
            }
            Act::Dispatch => call(BulkDispatch { loads: loads() }).await.map(|answer| answer.data),
            Act::Claim(claim) => {
                let Some(card) = cards.first() else { return Ok(Vec::new()) };
                as_one_of_many(
                    card.id,
                    call(ClaimLoad { id: card.id, body: claim.clone() }).await.map(|answer| answer.data),
                )
            }
            Act::Hot(hot) => {
                let Some(card) = cards.first() else { return Ok(Vec::new()) };
                let patch = LoadPatch { version: card.version, hot: Some(*hot), ..LoadPatch::default() };
                as_one_of_many(card.id, call(PatchLoad { id: card.id, patch }).await.map(|answer| answer.data.card))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::card;

    #[test]
    fn sending_trucks_has_a_call_of_its_own() {
        assert_eq!(Act::step(LoadStatus::Dispatched, None), Act::Dispatch);
        let back = Act::step(LoadStatus::Dispatched, Some("Wrong dock".into()));
        assert_eq!(back.done(), "moved to Dispatched");
    }

    #[test]
    fn what_was_not_done_is_said_of_one_by_number_and_of_many_by_count() {
        assert_eq!(Act::Dispatch.not_done(&[card(1)]), "LD-202611-00001 was not dispatched");
        let many = [card(1), card(2)];
        assert_eq!(Act::step(LoadStatus::Delivered, None).not_done(&many), "2 loads were not moved to Delivered");
        assert_eq!(Act::Hot(false).not_done(&many), "2 loads were not unmarked");
    }
}
