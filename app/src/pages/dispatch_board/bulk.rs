//! The same done to many loads of the board. `act` is what can be done; what the cards show meanwhile and what is said
//! in the end is here.

mod act;
mod bar;
mod question;
mod report;
mod steps_menu;

pub use act::Act;
pub use bar::BulkBar;
pub use question::{ManyQuestion, QuestionOfMany};
pub use report::ReportDialog;
pub use steps_menu::StepsMenu;

use super::{
    board_model::{BoardModel, Moment},
    desk::{BulkReport, Desk, Overlay},
    hands::Progress,
    judgement::{Judgement, judge},
    moves::still_moving,
};
use crate::{
    components::toast::Offer,
    domain::{id::LoadId, load::LoadCard, status::LoadStatus},
    pages::many_loads::{Course, Tally, work_through},
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    sync::Arc,
};

impl Desk {
    /// Asks for a step of many loads: sends it, asks the person first, or says why none can take it.
    pub fn ask_many(self, cards: Vec<LoadCard>, to: LoadStatus) {
        if let [card] = cards.as_slice() {
            return self.ask(card.id, to);
        }
        let act = Act::step(to, None);
        if let Some(words) = self.reach.refusal(&act.not_done(&cards), &self.clock()) {
            self.toasts.refusal(words);
            return;
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
            _ => {
                self.start(cards, act);
            }
        }
    }

    /// Does something to each of the loads, and says what became of each. `false`: it was not begun, and it is said why.
    pub fn start(self, cards: Vec<LoadCard>, act: Act) -> bool {
        if let Some(progress) = self.hands.progress.get_untracked() {
            self.toasts.refusal(format!("{} is still under way. Wait for its end, or stop it.", progress.doing));
            return false;
        }
        // The network may have gone while the person was asked.
        if let Some(words) = self.reach.refusal(&act.not_done(&cards), &self.clock()) {
            self.toasts.refusal(words);
            return false;
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
        let able = |card: &&LoadCard, to| !matches!(judge(self.viewer, card, to), Judgement::Refused(_));
        let intents = match act.intended() {
            Some(to) => Intents::set(&model, sent.iter().filter(|card| able(card, to)), to),
            None => Intents::none(&model),
        };
        self.tools.paused.set(false);
        self.hands.stop.set_value(false);
        let progress = Progress { doing: act.doing(), done: 0, total: sent.len() };
        self.hands.progress.set((sent.len() > act.portion()).then_some(progress));
        spawn_local(async move {
            let course = OnBoard { desk: self, model, intents, since: Cell::default() };
            let send = async |portion: &[LoadCard]| act.send(portion).await;
            let is_done = work_through(&sent, act.portion(), &course, &mut tally, send).await;
            self.hands.progress.try_set(None);
            if is_done {
                self.report(&act, tally);
            } else {
                leave_for_login();
            }
        });
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
            _ => self.show_report(report),
        }
    }

    /// Opens the report. What is open stays, with what is written in it: the report is offered once that is closed.
    fn show_report(self, report: BulkReport) {
        match self.overlay.try_with_untracked(Option::is_some) {
            Some(false) => self.open(Overlay::Report(report)),
            Some(true) => self.late_report.set(Some(report)),
            // Whoever has left the board meanwhile is told all the same.
            None => self.toasts.refusal(report.headline()),
        }
    }

    /// Offers the report that came while something else was open.
    fn offer_late_report(self) {
        Effect::new(move |_| {
            if self.overlay.with(Option::is_some) {
                return;
            }
            if let Some(report) = self.late_report.get() {
                self.late_report.set(None);
                let headline = report.headline();
                let run = Arc::new(move || self.show_report(report.clone()));
                self.toasts.refuse_and_offer(headline, Offer { label: "Open report".into(), run });
            }
        });
    }
}

/// The board while many of its loads are worked through. It may be gone before they are.
struct OnBoard {
    desk: Desk,
    model: BoardModel,
    intents: Intents,
    /// When the portion that is under way was sent.
    since: Cell<Moment>,
}

/// The cards that are shown where they are going until their answer comes. Others are not touched: a person may move
/// them by hand meanwhile.
struct Intents {
    model: BoardModel,
    loads: RefCell<HashSet<LoadId>>,
}

impl Intents {
    fn none(model: &BoardModel) -> Self {
        Self { model: model.clone(), loads: RefCell::default() }
    }

    fn set<'a>(model: &BoardModel, cards: impl Iterator<Item = &'a LoadCard>, to: LoadStatus) -> Self {
        let loads = cards.map(|card| card.id).filter(|load| model.intend(*load, to)).collect();
        Self { model: model.clone(), loads: RefCell::new(loads) }
    }

    /// Ends those of these loads.
    fn end(&self, cards: &[LoadCard]) {
        for card in cards {
            if self.loads.borrow_mut().remove(&card.id) {
                self.model.drop_intent(card.id);
            }
        }
    }
}

impl Course for OnBoard {
    fn is_stopped(&self) -> bool {
        self.desk.hands.stop.try_get_value() == Some(true)
    }

    fn sends(&self, _: &[LoadCard]) {
        self.since.set(self.model.moment());
    }

    fn learned(&self, card: LoadCard) {
        self.model.answer(card, self.since.get());
    }

    fn ended(&self, portion: &[LoadCard]) {
        self.intents.end(portion);
        self.desk.hands.progress.try_update(|progress| {
            if let Some(progress) = progress {
                progress.done += portion.len();
            }
        });
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
    use crate::{
        api::loads::Board,
        domain::test_cards::{NOW, card_in, id},
        realtime::LiveModel,
    };

    #[test]
    fn the_end_of_many_leaves_what_was_moved_by_hand_meanwhile() {
        let model = BoardModel::default();
        let cards = [1, 2].map(|number| card_in(number, LoadStatus::Pending));
        model.reset(Board { cards: cards.to_vec(), now: NOW, rules: Default::default() });
        let intent = |number| model.signals(id(number)).and_then(|signals| signals.intent.get_untracked());
        // The second is refused from the start, so it is moved by hand.
        let intents = Intents::set(&model, cards.iter().take(1), LoadStatus::Tendered);
        assert!(model.intend(id(2), LoadStatus::Planning));
        assert_eq!((intent(1), intent(2)), (Some(LoadStatus::Tendered), Some(LoadStatus::Planning)));
        intents.end(&cards);
        assert_eq!((intent(1), intent(2)), (None, Some(LoadStatus::Planning)));
        // And so may the first be, once its answer is there.
        assert!(model.intend(id(1), LoadStatus::Accepted));
        intents.end(&cards);
        assert_eq!(intent(1), Some(LoadStatus::Accepted));
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
}
