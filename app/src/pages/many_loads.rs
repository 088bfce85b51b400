//! The same done to many loads: sent in portions, on the versions that the person saw, with one answer a load. What an
//! answer does not name is not said to be done.

use super::layout::is_over;
use crate::{
    api::{ApiError, ErrorCode, load_actions::BulkResult},
    components::sentence::sentence,
    domain::{id::LoadId, load::LoadCard},
};

/// What a page does while its loads are worked through.
pub trait Course {
    /// Whether the person has stopped it: what is not sent yet stays unsent.
    fn is_stopped(&self) -> bool;

    /// These are sent now.
    fn sends(&self, portion: &[LoadCard]);

    /// A load as the server has it now.
    fn learned(&self, card: LoadCard);

    /// These are not under way any more, done or not.
    fn ended(&self, portion: &[LoadCard]);
}

/// What became of the loads so far.
#[derive(Debug, Default)]
pub struct Tally {
    pub good: Vec<LoadId>,
    /// Load number and reason of those that it was not done to, or of which nobody knows.
    pub refused: Vec<(String, String)>,
}

impl Tally {
    pub fn refuse(&mut self, card: &LoadCard, reason: &str) {
        // The number stands beside it already, and that nothing was done above it.
        let said = reason.strip_prefix(card.load_number.as_str()).map_or(reason, str::trim_start);
        let said = said.strip_prefix("was not moved: ").unwrap_or(said);
        self.refused.push((card.load_number.clone(), sentence(said)));
    }

    /// Takes in what was answered for a portion, and gives the cards as they are now.
    fn take(&mut self, portion: &[LoadCard], results: Vec<BulkResult>) -> Vec<LoadCard> {
        let mut cards = Vec::with_capacity(portion.len());
        for card in portion {
            match results.iter().find(|result| result.id == card.id) {
                Some(BulkResult { ok: true, load, .. }) => {
                    self.good.push(card.id);
                    cards.extend(load.clone());
                }
                Some(BulkResult { error: Some(error), .. }) => self.refuse(card, &error.message),
                _ => self.refuse(card, "The answer does not say what became of it. Look at it before you try again."),
            }
        }
        cards
    }
}

/// Sends portion after portion, of so many loads at most. An answer that does not come ends it: of its loads nobody
/// knows, the others stay unsent. `false`: the session is over.
pub async fn work_through(
    loads: &[LoadCard],
    most: usize,
    course: &impl Course,
    tally: &mut Tally,
    send: impl AsyncFn(&[LoadCard]) -> Result<Vec<BulkResult>, ApiError>,
) -> bool {
    let mut unsent = None;
    let mut left = loads;
    while !left.is_empty() {
        let (portion, rest) = left.split_at(most.clamp(1, left.len()));
        if unsent.is_none() && course.is_stopped() {
            unsent = Some("Not sent: you stopped before its turn.");
        }
        if let Some(reason) = unsent {
            portion.iter().for_each(|card| tally.refuse(card, reason));
        } else {
            course.sends(portion);
            match send(portion).await {
                Ok(results) => tally.take(portion, results).into_iter().for_each(|card| course.learned(card)),
                Err(error) if is_over(&error) => {
                    course.ended(left);
                    return false;
                }
                Err(error) => {
                    let is_lost = error.code == ErrorCode::Unreachable;
                    let unknown = "No answer came. Look at it before you try again.";
                    let reason = if is_lost { unknown } else { &error.message };
                    portion.iter().for_each(|card| tally.refuse(card, reason));
                    unsent = is_lost.then_some("Not sent: the server can't be reached.");
                }
            }
        }
        course.ended(portion);
        left = rest;
    }
    true
}

/// The answer to a call of one load, as one of many. What concerns more than the load stays an error of the call.
pub fn as_one_of_many(id: LoadId, answer: Result<LoadCard, ApiError>) -> Result<Vec<BulkResult>, ApiError> {
    Ok(vec![match answer {
        Ok(card) => BulkResult { id, ok: true, load: Some(card), error: None },
        Err(error) if is_over(&error) || error.code == ErrorCode::Unreachable => return Err(error),
        Err(error) => BulkResult { id, ok: false, load: None, error: Some(error) },
    }])
}

#[cfg(test)]
#[path = "many_loads_tests.rs"]
mod tests;
