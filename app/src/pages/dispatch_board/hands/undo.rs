//! Taking one's own last move back. The server decides whether that can still be done.

use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_actions::{Undo, UndoLoad},
        loads::GetLoad,
    },
    components::toast::{Offer, Toasts},
    domain::{
        id::LoadId,
        load::LoadCard,
        role::Permission,
        status::{LoadStatus, check_undo},
    },
    pages::{
        dispatch_board::{board_model::BoardModel, desk::Desk, reach::Reach},
        layout::is_over,
    },
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// The most moves that are remembered.
const REMEMBERED: usize = 50;

/// A move of one's own, as it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub load: LoadId,
    pub number: String,
    /// The version that the move has led to.
    pub version: i64,
    pub from: LoadStatus,
    pub to: LoadStatus,
}

impl Desk {
    /// Says that a load was moved, and offers to take the move back.
    pub fn tell_moved(self, from: LoadStatus, card: &LoadCard) {
        self.tell_done(from, card, format!("{} moved to {}", card.load_number, card.status));
    }

    /// Says in these words what has moved a load, and offers to take it back.
    pub fn tell_done(self, from: LoadStatus, card: &LoadCard, text: String) {
        let moved =
            Moved { load: card.id, number: card.load_number.clone(), version: card.version, from, to: card.status };
        if !self.viewer.role.may(Permission::LoadChange) || check_undo(from, card.status, None).is_err() {
            self.toasts.notice(text);
            return;
        }
        self.hands.moves.try_update(|moves| {
            moves.retain(|earlier| earlier.load != moved.load);
            moves.push(moved.clone());
            let surplus = moves.len().saturating_sub(REMEMBERED);
            moves.drain(..surplus);
        });
        // The message outlives the page, so it holds nothing that ends with the page.
        let (moves, toasts) = (self.hands.moves, self.toasts);
        let Some(model) = self.try_model() else { return };
        let reach = self.reach;
        let run = Arc::new(move || take_back(&model, reach, toasts, moves, moved.clone()));
        self.toasts.offer(card.load_number.clone(), text, Offer { label: "Undo".into(), run });
    }

    /// Takes the last move back.
    pub fn undo_last(self) {
        if let Some(last) = self.hands.moves.with_untracked(|moves| moves.last().cloned()) {
            take_back(&self.model(), self.reach, self.toasts, self.hands.moves, last);
        }
    }
}

fn take_back(model: &BoardModel, reach: Reach, toasts: Toasts, moves: RwSignal<Vec<Moved>>, moved: Moved) {
    let Moved { load, from, .. } = moved;
    if let Some(words) = reach.refusal(&format!("the move of {} was not taken back", moved.number), model.clock()) {
        toasts.refusal(words);
        return;
    }
    // While it is under way, and once it is answered, a second attempt could not do better.
    moves.try_update(|moves| moves.retain(|other| *other != moved));
    let model = model.clone();
    let shown = model.intend(load, from);
    let since = model.moment();
    spawn_local(async move {
        let answer = call(UndoLoad { id: load, body: Undo { version: moved.version } }).await;
        if let Ok(answer) = &answer {
            model.answer(answer.data.clone(), since);
        }
        if shown {
            model.drop_intent(load);
        }
        match answer {
            Ok(_) => toasts.notice(format!("{} is {from} again", moved.number)),
            Err(error) if is_over(&error) => leave_for_login(),
            Err(error) => {
                toasts.refusal(not_undone(&error, &moved.number));
                match error.code {
                    ErrorCode::Conflict => {
                        let since = model.moment();
                        if let Ok(answer) = call(GetLoad(load)).await {
                            model.answer(answer.data.card, since);
                        }
                    }
                    ErrorCode::Unreachable => {
                        moves.try_update(|moves| put_back(moves, moved));
                    }
                    _ => {}
                }
            }
        }
    });
}

/// Remembers again a move that is perhaps not taken back, unless the load was moved meanwhile.
fn put_back(moves: &mut Vec<Moved>, moved: Moved) {
    if moves.iter().all(|later| later.load != moved.load) {
        moves.push(moved);
    }
}

/// Why a move stands.
fn not_undone(error: &ApiError, number: &str) -> String {
    match error.code {
        ErrorCode::Conflict => {
            let who =
                error.details.pointer("/updatedBy/name").and_then(|name| name.as_str()).unwrap_or("somebody else");
            format!("{number} was changed by {who} since. Your move stands.")
        }
        ErrorCode::Unreachable => {
            format!("The server can't be reached. Look at {number} when it is back; you may undo the move then.")
        }
        _ => format!("{} Your move stands.", error.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::id;
    use serde_json::json;

    #[test]
    fn a_move_whose_undo_was_lost_can_be_undone_later_unless_another_followed() {
        let moved = |number, version| {
            let (from, to) = (LoadStatus::Pending, LoadStatus::Tendered);
            Moved { load: id(number), number: "LD-1".into(), version, from, to }
        };
        let mut moves = vec![moved(2, 5)];
        put_back(&mut moves, moved(1, 3));
        put_back(&mut moves, moved(2, 4));
        assert_eq!(moves, [moved(2, 5), moved(1, 3)]);
    }

    #[test]
    fn a_move_that_stands_says_who_changed_the_load_since() {
        let details = json!({"updatedBy": {"id": "x", "name": "John Reyes"}});
        let error = ApiError { details, ..ApiError::new(ErrorCode::Conflict, "conflict") };
        assert_eq!(not_undone(&error, "LD-1"), "LD-1 was changed by John Reyes since. Your move stands.");
        let rule = ApiError::new(ErrorCode::RuleBroken, "The last step of LD-1 was not yours.");
        assert_eq!(not_undone(&rule, "LD-1"), "The last step of LD-1 was not yours. Your move stands.");
    }
}
