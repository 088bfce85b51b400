//! Asking for a move, sending it, and saying what became of it.

use super::{
    board_model::BoardModel,
    desk::{CarrierChoice, Desk, Overlay, Question},
    judgement::{Judgement, by_key, judge},
};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        loads::{ChangeStatus, GetLoad, StatusChange},
    },
    domain::{
        id::LoadId,
        load::LoadCard,
        status::{Lane, LoadStatus, Refusal},
        time::Timestamp,
    },
    pages::{layout::is_over, load_dialogs::overtaken},
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};

impl Desk {
    pub fn open(self, overlay: Overlay) {
        self.overlay.set(Some(overlay));
    }

    /// Asks for a step of a load: sends it, asks the person first, or says why not.
    pub fn ask(self, load: LoadId, to: LoadStatus) {
        let Some(signals) = self.model().signals(load) else {
            self.toasts.refusal("This load is no longer on the board.");
            return;
        };
        let card = signals.card.get_untracked();
        if let Some(pending) = signals.intent.get_untracked() {
            self.toasts.refusal(still_moving(&card.load_number, pending));
            return;
        }
        if let Some(words) = self.reach.refusal(&not_moved(&card.load_number, to), &self.clock()) {
            self.toasts.refusal(words);
            return;
        }
        match judge(self.viewer, &card, to) {
            Judgement::Go => self.send(&card, to, None),
            Judgement::Confirm if to == LoadStatus::Tendered => {
                self.open(Overlay::Carrier(CarrierChoice { loads: vec![card], tender: true }));
            }
            Judgement::Confirm => self.open(Overlay::Question(Box::new(Question { card, to, explain: None }))),
            Judgement::Explain(step) => {
                self.open(Overlay::Question(Box::new(Question { card, to, explain: Some(step) })))
            }
            Judgement::Refused(refusal) => self.toasts.refusal(refused(&card.load_number, to, refusal)),
        }
    }

    /// Asks for what the digit of a lane stands for.
    pub fn ask_lane(self, load: LoadId, lane: Lane) {
        let Some(signals) = self.model().signals(load) else { return };
        if let Some(to) = signals.card.with_untracked(|card| by_key(card.status, lane)) {
            self.ask(load, to);
        }
    }

    /// Shows the move at once and sends it, on the version that the person saw.
    pub fn send(self, card: &LoadCard, to: LoadStatus, reason: Option<String>) {
        let model = self.model();
        let (load, number, seen) = (card.id, card.load_number.clone(), card.status);
        // The network may have gone while the person was asked.
        if let Some(words) = self.reach.refusal(&not_moved(&number, to), &self.clock()) {
            self.toasts.refusal(words);
            return;
        }
        if !model.intend(load, to) {
            self.toasts.refusal(format!("{number} is being moved or has left the board. Your move was not applied."));
            return;
        }
        // One's own move is to be seen.
        self.tools.paused.set(false);
        self.said.set(format!("{number}: moving to {to}"));
        let change = StatusChange { status: to, version: card.version, reason };
        let since = model.moment();
        spawn_local(async move {
            match call(ChangeStatus { id: load, change }).await {
                Ok(answer) => {
                    // First the new card, then the end of the move, so that the old one never shows in between.
                    model.answer(answer.data.clone(), since);
                    model.drop_intent(load);
                    self.tell_moved(seen, &answer.data);
                }
                Err(error) => {
                    model.drop_intent(load);
                    self.explain(&model, &error, load, &number, seen, to).await;
                }
            }
        });
    }

    async fn explain(
        self,
        model: &BoardModel,
        error: &ApiError,
        load: LoadId,
        number: &str,
        seen: LoadStatus,
        to: LoadStatus,
    ) {
        if is_over(error) {
            leave_for_login();
            return;
        }
        self.toasts.refusal(not_applied(error, number, seen, to, model.clock().glance()));
        if error.code == ErrorCode::Conflict {
            // The event that tells of the other change may be late, or come by polling only.
            let since = model.moment();
            if let Ok(answer) = call(GetLoad(load)).await {
                model.answer(answer.data.card, since);
            }
        }
    }
}

/// Why a move that was sent is not applied, in a sentence for the person who sent it.
pub(in crate::pages) fn not_applied(
    error: &ApiError,
    number: &str,
    seen: LoadStatus,
    to: LoadStatus,
    now: Timestamp,
) -> String {
    match error.code {
        ErrorCode::Conflict => format!("{} Your move was not applied.", overtaken(error, number, seen, now)),
        ErrorCode::Unreachable => {
            // It may have arrived, and only the answer was lost.
            format!(
                "The server can't be reached. Your move of {number} to {to} was taken back; if it arrived after all, the board will show it."
            )
        }
        _ => error.message.clone(),
    }
}

fn not_moved(number: &str, to: LoadStatus) -> String {
    format!("{number} was not moved to {to}")
}

/// Why a step is not even sent.
pub(in crate::pages) fn refused(number: &str, to: LoadStatus, refusal: Refusal) -> String {
    format!("{number} was not moved to {to}: {refusal}.")
}

/// Why a card that is on its way can't be moved again.
pub fn still_moving(number: &str, to: LoadStatus) -> String {
    format!("{number} is still being moved to {to}. Wait for the answer.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::NOW;
    use serde_json::{Value, json};

    fn conflict(details: Value) -> String {
        let error = ApiError { details, ..ApiError::new(ErrorCode::Conflict, "conflict") };
        not_applied(&error, "LD-202611-00042", LoadStatus::Accepted, LoadStatus::Dispatched, NOW)
    }

    #[test]
    fn a_move_that_came_second_says_who_was_first_and_when() {
        let details = |status: &str, by: Value| json!({"currentVersion": 3, "status": status, "updatedBy": by, "updatedAt": NOW.plus(-3_000)});
        let maria = json!({"id": "00000000-0000-0000-0000-000000000001", "name": "Maria Lopez"});
        assert_eq!(
            conflict(details("DISPATCHED", maria.clone())),
            "LD-202611-00042 was moved to Dispatched by Maria Lopez 3 s ago. Your move was not applied."
        );
        assert_eq!(
            conflict(details("ACCEPTED", maria)),
            "LD-202611-00042 was changed by Maria Lopez 3 s ago. Your move was not applied."
        );
        assert_eq!(
            conflict(details("PENDING", Value::Null)),
            "LD-202611-00042 was moved to Pending 3 s ago. Your move was not applied."
        );
        assert!(conflict(Value::Null).ends_with("Your move was not applied."));
    }

    #[test]
    fn of_a_move_without_an_answer_no_more_is_said_than_is_known() {
        let error = ApiError::unreachable("down");
        assert_eq!(
            not_applied(&error, "LD-1", LoadStatus::Pending, LoadStatus::Tendered, NOW),
            "The server can't be reached. Your move of LD-1 to Tendered was taken back; if it arrived after all, the board will show it."
        );
    }

    #[test]
    fn a_refusal_names_the_load_the_step_and_the_rule() {
        assert_eq!(
            refused("LD-1", LoadStatus::Tendered, Refusal::NoCarrier),
            "LD-1 was not moved to Tendered: it has no carrier; assign one before tendering."
        );
    }
}
