//! The menu of steps for the chosen loads: each with how many of them can take it.

use crate::{
    components::{
        menu::{Menu, MenuItem},
        sentence::sentence,
    },
    domain::{
        load::LoadCard,
        status::{LoadStatus, Refusal},
    },
    pages::dispatch_board::{
        desk::Desk,
        judgement::{Judgement, Viewer, judge},
    },
};
use leptos::prelude::*;

#[component]
pub fn StepsMenu(desk: Desk) -> impl IntoView {
    move || {
        desk.hands.steps.get().map(|anchor| {
            // As the person sees them now: these versions are what is sent.
            let cards = desk.grip(&desk.chosen()).cards;
            let steps = steps_of_many(desk.viewer, &cards);
            let items = items(&steps, cards.len());
            let close = move |()| {
                desk.hands.steps.set(None);
                desk.refocus();
            };
            let label = format!("Move {} loads to", cards.len());
            let pick = move |index: usize| {
                close(());
                if let Some(step) = steps.get(index) {
                    desk.ask_many(cards.clone(), step.to);
                }
            };
            view! { <Menu label items anchor on_pick=pick on_close=close /> }.into_any()
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    to: LoadStatus,
    able: usize,
    /// What is asked first of some of them.
    asks: Option<&'static str>,
    /// It leads ahead for one of them at least.
    ahead: bool,
    /// Of the first load that may not take it.
    refusal: Option<Refusal>,
}

impl Step {
    fn item(&self, total: usize, begins_group: bool) -> MenuItem {
        let asks = self.asks.unwrap_or_default();
        let note = match (self.able, self.refusal) {
            (0, Some(refusal)) => sentence(&refusal.to_string()),
            (able, _) if able == total => format!("All {total}{asks}"),
            (able, _) => format!("{able} of {total} can{asks}"),
        };
        MenuItem {
            label: self.to.label().to_owned(),
            note,
            enabled: self.able > 0,
            begins_group,
            ..MenuItem::default()
        }
    }

    /// Ahead, back, or cancelling.
    fn kind(&self) -> u8 {
        match (self.to, self.ahead) {
            (LoadStatus::Cancelled, _) => 2,
            (_, true) => 0,
            (_, false) => 1,
        }
    }
}

/// The steps that lead anywhere for one of the loads at least: ahead, then back from the nearest on, then cancelling.
fn steps_of_many(viewer: Viewer, cards: &[LoadCard]) -> Vec<Step> {
    let of = |to: LoadStatus| {
        let mut step = Step { to, able: 0, asks: None, ahead: false, refusal: None };
        for card in cards {
            let judgement = judge(viewer, card, to);
            match judgement {
                Judgement::Refused(Refusal::NotNext { .. } | Refusal::Final(_) | Refusal::Already(_)) => continue,
                Judgement::Refused(refusal) => step.refusal = step.refusal.or(Some(refusal)),
                Judgement::Explain(_) => step.asks = Some(", with a reason"),
                Judgement::Confirm => step.asks = step.asks.or(Some(", to be confirmed")),
                Judgement::Go => {}
            }
            step.able += usize::from(!matches!(judgement, Judgement::Refused(_)));
            step.ahead |= card.status < to;
        }
        step
    };
    let leads = |step: &Step| step.able > 0 || step.refusal.is_some();
    let mut steps: Vec<Step> = LoadStatus::ALL.into_iter().map(of).filter(leads).collect();
    let place = |step: &Step| {
        let order = LoadStatus::ALL.iter().position(|status| *status == step.to).unwrap_or_default();
        (step.kind(), if step.kind() == 1 { LoadStatus::ALL.len() - order } else { order })
    };
    steps.sort_by_key(place);
    steps
}

/// As the menu lists them.
fn items(steps: &[Step], total: usize) -> Vec<MenuItem> {
    let mut kind = None;
    steps
        .iter()
        .map(|step| {
            let begins_group = kind.replace(step.kind()).is_some_and(|before| before != step.kind());
            step.item(total, begins_group)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{id::UserId, role::Role, test_cards::card_in};
    use LoadStatus::*;

    #[test]
    fn each_step_says_how_many_of_the_loads_can_take_it() {
        let viewer = Viewer { id: UserId(uuid::Uuid::nil()), role: Role::Dispatcher, carrier: None, driver: None };
        let cards = [card_in(1, Pending), card_in(2, Accepted), card_in(3, Accepted)];
        let items = items(&steps_of_many(viewer, &cards), cards.len());
        let told: Vec<_> = items.iter().map(|item| (item.label.as_str(), item.enabled, item.note.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Tendered", true, "1 of 3 can, to be confirmed"),
                ("Dispatched", true, "2 of 3 can, to be confirmed"),
                ("Pending", false, "A step back needs an ops manager"),
                ("Planning", false, "A step back needs an ops manager"),
                ("Cancelled", false, "Cancelling needs an ops manager"),
            ]
        );
    }
}
