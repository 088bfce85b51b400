//! The steps of the status: the menu of all of them, the one that comes next, what is asked before, and the sending.

use super::load_desk::{LoadDesk, Overlay};
use crate::{
    api::{
        call,
        loads::{ChangeStatus, StatusChange},
    },
    components::menu::{Anchor, Menu, MenuItem},
    domain::{load::LoadCard, status::LoadStatus},
    pages::dispatch_board::{
        judgement::{Judgement, judge, steps},
        move_menu::items,
        moves::{not_applied, refused},
    },
};
use leptos::{prelude::*, task::spawn_local};

impl LoadDesk {
    /// Asks for a step: sends it, asks the person first, or says why not.
    pub fn ask(self, to: LoadStatus) {
        let Some(card) = self.card.get_untracked() else { return };
        if self.model().intent().get_untracked().is_some() {
            return;
        }
        match judge(self.viewer, &card, to) {
            Judgement::Go => self.step(&card, to, None),
            Judgement::Confirm if to == LoadStatus::Tendered => self.open(Overlay::Carrier { card, tender: true }),
            Judgement::Confirm | Judgement::Explain(_) => self.open(Overlay::Question { card, to }),
            Judgement::Refused(refusal) => self.toasts.refusal(refused(&card.load_number, to, refusal)),
        }
    }

    /// Shows the step at once and sends it, on the version that the person saw.
    pub fn step(self, card: &LoadCard, to: LoadStatus, reason: Option<String>) {
        let model = self.model();
        let (load, number, seen) = (card.id, card.load_number.clone(), card.status);
        model.intent().set(Some(to));
        self.said.set(format!("{number}: moving to {to}"));
        let change = StatusChange { status: to, version: card.version, reason };
        spawn_local(async move {
            match call(ChangeStatus { id: load, change }).await {
                Ok(answer) => {
                    // First the new card, then the end of the step, so that the old one never shows in between.
                    model.take(answer.data);
                    model.intent().set(None);
                    self.said.try_set(format!("{number} moved to {to}"));
                }
                Err(error) => {
                    model.intent().set(None);
                    let words = not_applied(&error, &number, seen, to, model.clock().glance());
                    self.explain_in(&error, words);
                }
            }
        });
    }
}

/// The step forward from where the load stands, if the person may take it now. A load in planning may be tendered at
/// once.
pub fn forward(desk: LoadDesk, card: &LoadCard) -> Option<LoadStatus> {
    let next = if card.status == LoadStatus::Planning { LoadStatus::Tendered } else { card.status.next()? };
    (!matches!(judge(desk.viewer, card, next), Judgement::Refused(_))).then_some(next)
}

/// What the button of a step forward says.
pub fn deed(to: LoadStatus) -> String {
    match to {
        LoadStatus::Tendered => "Tender".into(),
        LoadStatus::Accepted => "Accept tender".into(),
        LoadStatus::Dispatched => "Dispatch".into(),
        LoadStatus::Completed => "Complete".into(),
        _ => format!("Move to {to}"),
    }
}

/// Whether there is any step that the person may take now.
pub fn any(desk: LoadDesk, card: &LoadCard) -> bool {
    steps(desk.viewer, card).iter().any(|(_, judgement)| !matches!(judgement, Judgement::Refused(_)))
}

/// The menu of all steps.
pub fn steps_menu(desk: LoadDesk, anchor: Anchor, opener: NodeRef<leptos::html::Button>) -> AnyView {
    let Some(card) = desk.card.get_untracked() else { return ().into_any() };
    let steps = steps(desk.viewer, &card);
    // The keys of the board are not this page's.
    let items: Vec<_> =
        items(&card, &steps).into_iter().map(|item| MenuItem { shortcut: String::new(), ..item }).collect();
    let targets: Vec<LoadStatus> = steps.into_iter().map(|(status, _)| status).collect();
    let close = move |()| {
        desk.close();
        if let Some(opener) = opener.get_untracked() {
            let _ = opener.focus();
        }
    };
    let pick = move |index: usize| {
        close(());
        if let Some(to) = targets.get(index) {
            desk.ask(*to);
        }
    };
    view! { <Menu label=format!("Move {} to", card.load_number) items anchor on_pick=pick on_close=close /> }.into_any()
}
