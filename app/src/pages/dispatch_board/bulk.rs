//! The same done to many loads: sent in portions on the versions that the person saw, with one answer a load. What an
//! answer does not name is not said to be done.

mod bar;
mod question;
mod report;
mod steps_menu;

pub use bar::BulkBar;
pub use question::{ManyQuestion, QuestionOfMany};
pub use report::ReportDialog;
pub use steps_menu::StepsMenu;

use super::{
    board_model::BoardModel,
    desk::{BulkReport, Desk, Overlay},
    hands::Progress,
    judgement::{Judgement, judge},
    lane::sentence,
    moves::still_moving,
};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_actions::{BulkDispatch, BulkResult, BulkStatus, Claim, ClaimLoad, Seen},
        loads::{LoadPatch, PatchLoad},
    },
    domain::{id::LoadId, load::LoadCard, status::LoadStatus},
    pages::layout::is_over,
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};

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
    fn done(&self) -> String {
        match self {
            Act::Step { to, .. } => format!("moved to {to}"),
            Act::Dispatch => "dispatched".into(),
            Act::Claim(claim) if claim.take_over => "taken over".into(),
            Act::Claim(claim) => if claim.claimed { "claimed" } else { "released" }.into(),
            Act::Hot(hot) => if *hot { "marked hot" } else { "no longer marked hot" }.into(),
        }
    }

    const fn doing(&self) -> &'static str {
        match self {
            Act::Step { .. } => "Moving",
            Act::Dispatch => "Dispatching",
            Act::Claim(_) => "Claiming",
            Act::Hot(_) => "Marking",
        }
    }

    /// Where the cards are shown until the answer comes.
    const fn intended(&self) -> Option<LoadStatus> {
        match self {
            Act::Step { to, .. } => Some(*to),
            Act::Dispatch => Some(LoadStatus::Dispatched),
            Act::Claim(_) | Act::Hot(_) => None,
        }
    }

    /// Loads that one call takes.
    const fn portion(&self) -> usize {
        match self {
            Act::Step { .. } | Act::Dispatch => PORTION,
            Act::Claim(_) | Act::Hot(_) => 1,
        }
    }

    async fn send(&self, cards: &[LoadCard]) -> Result<Vec<BulkResult>, ApiError> {
        let loads = || cards.iter().map(|card| Seen { id: card.id, version: card.version }).collect();
        match self {
            Act::Step { to, reason } => {
                let request = BulkStatus { loads: loads(), status: *to, reason: reason.clone() };
                call(request).await.map(|answer| answer.data)
            }
            Act::Dispatch => call(BulkDispatch { loads: loads() }).await.map(|answer| answer.data),
            Act::Claim(claim) => {
                let Some(card) = cards.first() else { return Ok(Vec::new()) };
                result(card.id, call(ClaimLoad { id: card.id, body: claim.clone() }).await.map(|answer| answer.data))
            }
            Act::Hot(hot) => {
                let Some(card) = cards.first() else { return Ok(Vec::new()) };
                let patch = LoadPatch { version: card.version, hot: Some(*hot), ..LoadPatch::default() };
                result(card.id, call(PatchLoad { id: card.id, patch }).await.map(|answer| answer.data.card))
            }
        }
    }
}

/// One answer as one of many. What concerns more than the load stays an error of the call.
fn result(id: LoadId, answer: Result<LoadCard, ApiError>) -> Result<Vec<BulkResult>, ApiError> {
    Ok(vec![match answer {
        Ok(card) => BulkResult { id, ok: true, load: Some(card), error: None },
        Err(error) if is_over(&error) || error.code == ErrorCode::Unreachable => return Err(error),
        Err(error) => BulkResult { id, ok: false, load: None, error: Some(error) },
    }])
}

/// What became of the loads so far.
#[derive(Default)]
struct Tally {
    good: Vec<LoadId>,
    refused: Vec<(String, String)>,
}

impl Tally {
    fn refuse(&mut self, card: &LoadCard, reason: &str) {
        // The number stands beside it already.
        let said = reason.strip_prefix(card.load_number.as_str()).map_or(reason, str::trim_start);
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

impl Desk {
    /// Asks for a step of many loads: sends it, asks the person first, or says why none can take it.
    pub fn ask_many(self, cards: Vec<LoadCard>, to: LoadStatus) {
        if let [card] = cards.as_slice() {
            return self.ask(card.id, to);
        }
        let judged: Vec<Judgement> = cards.iter().map(|card| judge(self.viewer, card, to)).collect();
        let able = judged.iter().filter(|judgement| !matches!(judgement, Judgement::Refused(_))).count();
        let explain = judged.iter().find_map(|judgement| match judgement {
            Judgement::Explain(step) => Some(*step),
            _ => None,
        });
        match judged.first() {
            Some(Judgement::Refused(refusal)) if able == 0 => {
                self.toasts.refusal(format!("None of {} loads was moved to {to}: {refusal}.", cards.len()));
            }
            _ if explain.is_some() || judged.contains(&Judgement::Confirm) => {
                self.open(Overlay::Many(ManyQuestion { cards, to, explain, able }));
            }
            _ => self.start(cards, Act::step(to, None)),
        }
    }

    /// Does something to each of the loads, and says what became of each.
    pub fn start(self, cards: Vec<LoadCard>, act: Act) {
        if let Some(progress) = self.hands.progress.get_untracked() {
            self.toasts.refusal(format!("{} is still under way. Wait for its end, or stop it.", progress.doing));
            return;
        }
        let model = self.model();
        let mut tally = Tally::default();
        let mut sent = Vec::with_capacity(cards.len());
        for card in cards {
            match model.signals(card.id).and_then(|signals| signals.intent.get_untracked()) {
                Some(pending) => tally.refuse(&card, &still_moving(&card.load_number, pending)),
                None => sent.push(card),
            }
        }
        if let Some(to) = act.intended() {
            for card in &sent {
                if !matches!(judge(self.viewer, card, to), Judgement::Refused(_)) {
                    model.intend(card.id, to);
                }
            }
        }
        self.tools.paused.set(false);
        self.hands.stop.set_value(false);
        let progress = Progress { doing: act.doing(), done: 0, total: sent.len() };
        self.hands.progress.set((sent.len() > act.portion()).then_some(progress));
        spawn_local(async move {
            if self.work(&model, &sent, &act, &mut tally).await {
                self.report(&act, tally);
            } else {
                leave_for_login();
            }
        });
    }

    /// Sends portion after portion. `false` if the session is over.
    async fn work(self, model: &BoardModel, sent: &[LoadCard], act: &Act, tally: &mut Tally) -> bool {
        let mut unsent = None;
        let mut done = 0;
        for portion in sent.chunks(act.portion()) {
            if unsent.is_none() && self.hands.stop.try_get_value() == Some(true) {
                unsent = Some("Not sent: you stopped before its turn.");
            }
            if let Some(reason) = unsent {
                portion.iter().for_each(|card| tally.refuse(card, reason));
            } else {
                match act.send(portion).await {
                    Ok(results) => tally.take(portion, results).into_iter().for_each(|card| model.take(card)),
                    Err(error) if is_over(&error) => {
                        sent.iter().skip(done).for_each(|card| model.drop_intent(card.id));
                        self.hands.progress.try_set(None);
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
            if act.intended().is_some() {
                portion.iter().for_each(|card| model.drop_intent(card.id));
            }
            done += portion.len();
            self.hands.progress.try_update(|progress| {
                if let Some(progress) = progress {
                    progress.done = done;
                }
            });
        }
        self.hands.progress.try_set(None);
        true
    }

    /// Says what became of the loads. What was done is chosen no more; what was not, stays chosen.
    fn report(self, act: &Act, Tally { good, refused }: Tally) {
        if good.len() + refused.len() > 1 {
            self.selection.try_update(|selection| good.iter().for_each(|load| _ = selection.remove(load)));
        }
        if act.intended().is_some() && !good.is_empty() {
            // An undo would reach past what was done last.
            self.hands.moves.try_update(Vec::clear);
        }
        let report = BulkReport { done: act.done(), good: good.len(), refused };
        let headline = report.headline();
        match report.refused.as_slice() {
            [] => self.toasts.notice(headline),
            [(number, reason)] if report.good == 0 => self.toasts.refusal(format!("{number}: {reason}")),
            _ => {
                // Whoever has left the board meanwhile is told all the same.
                if self.overlay.try_set(Some(Overlay::Report(report))).is_some() {
                    self.toasts.refusal(headline);
                }
            }
        }
    }
}

impl BulkReport {
    /// `43 of 50 loads dispatched`, `50 loads dispatched`.
    pub fn headline(&self) -> String {
        let total = self.good + self.refused.len();
        let loads = if total == 1 { "load" } else { "loads" };
        if self.refused.is_empty() {
            format!("{total} {loads} {}", self.done)
        } else {
            format!("{} of {total} {loads} {}", self.good, self.done)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{card, id};

    fn refusal(number: u128, message: &str) -> BulkResult {
        let error = Some(ApiError::new(ErrorCode::RuleBroken, message));
        BulkResult { id: id(number), ok: false, load: None, error }
    }

    #[test]
    fn what_the_answer_does_not_name_is_not_claimed() {
        let mut tally = Tally::default();
        let done = BulkResult { id: id(1), ok: true, load: Some(LoadCard { version: 2, ..card(1) }), error: None };
        let results = vec![refusal(2, "LD-202611-00002 was not moved: it has no carrier."), done];
        let cards = tally.take(&[card(1), card(2), card(3)], results);
        assert_eq!((cards.len(), cards[0].version, tally.good), (1, 2, vec![id(1)]));
        assert_eq!(tally.refused[0], ("LD-202611-00002".into(), "Was not moved: it has no carrier.".into()));
        assert!(tally.refused[1].1.starts_with("The answer does not say"), "{:?}", tally.refused);
    }

    #[test]
    fn the_headline_counts_what_was_done_and_out_of_how_many() {
        let report = |good, refused: usize| BulkReport {
            done: Act::Dispatch.done(),
            good,
            refused: vec![("LD-1".into(), "No".into()); refused],
        };
        assert_eq!(report(50, 0).headline(), "50 loads dispatched");
        assert_eq!(report(43, 7).headline(), "43 of 50 loads dispatched");
        assert_eq!(report(1, 0).headline(), "1 load dispatched");
    }

    #[test]
    fn sending_trucks_has_a_call_of_its_own() {
        assert_eq!(Act::step(LoadStatus::Dispatched, None), Act::Dispatch);
        let back = Act::step(LoadStatus::Dispatched, Some("Wrong dock".into()));
        assert_eq!(back.done(), "moved to Dispatched");
    }
}
