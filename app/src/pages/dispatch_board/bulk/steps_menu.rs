//! The menu of steps for the chosen loads: each with how many of them can take it.

use crate::{
    components::menu::{Menu, MenuItem},
    domain::{
        load::LoadCard,
        status::{LoadStatus, Refusal},
    },
    pages::dispatch_board::{
        desk::Desk,
        judgement::{Judgement, Viewer, judge},
        lane::sentence,
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
            let items = steps.iter().map(|step| step.item(cards.len())).collect::<Vec<_>>();
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
    asks: bool,
    /// Of the first load that may not take it.
    refusal: Option<Refusal>,
}

impl Step {
    fn item(&self, total: usize) -> MenuItem {
        let note = match (self.able, self.refusal) {
            (0, Some(refusal)) => sentence(&refusal.to_string()),
            (able, _) if able == total && self.asks => format!("All {total}, to be confirmed"),
            (able, _) if able == total => format!("All {total}"),
            (able, _) => format!("{able} of {total} can"),
        };
        MenuItem { label: self.to.label().to_owned(), note, enabled: self.able > 0, ..MenuItem::default() }
    }
}

/// The steps that lead anywhere for one of the loads at least, in the order in which loads are worked.
fn steps_of_many(viewer: Viewer, cards: &[LoadCard]) -> Vec<Step> {
    let of = |to: LoadStatus| {
        let mut step = Step { to, able: 0, asks: false, refusal: None };
        for card in cards {
            match judge(viewer, card, to) {
                Judgement::Refused(Refusal::NotNext { .. } | Refusal::Final(_) | Refusal::Already(_)) => {}
                Judgement::Refused(refusal) => step.refusal = step.refusal.or(Some(refusal)),
                judgement => {
                    step.able += 1;
                    step.asks |= judgement != Judgement::Go;
                }
            }
        }
        step
    };
    LoadStatus::ALL.into_iter().map(of).filter(|step| step.able > 0 || step.refusal.is_some()).collect()
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
        let items: Vec<_> = steps_of_many(viewer, &cards).iter().map(|step| step.item(cards.len())).collect();
        let told: Vec<_> = items.iter().map(|item| (item.label.as_str(), item.enabled, item.note.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Planning", false, "A step back needs an ops manager"),
                ("Pending", false, "A step back needs an ops manager"),
                ("Tendered", true, "1 of 3 can"),
                ("Dispatched", true, "2 of 3 can"),
                ("Cancelled", false, "Cancelling needs an ops manager"),
            ]
        );
    }
}
