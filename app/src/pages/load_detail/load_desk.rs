//! What the parts of the page share: the load, who looks at it, what is open over it, and the sending of what is done.

use super::load_model::{Gone, LoadModel};
use crate::{
    api::{ApiError, ErrorCode},
    components::{
        clock::Clock,
        menu::Anchor,
        toast::{Toasts, use_toasts},
    },
    domain::{id::LoadId, load::LoadCard, role::Permission, status::LoadStatus, stop::Stop},
    events::LoadLocationUpdated,
    pages::{
        dispatch_board::{face::Face, judgement::Viewer},
        layout::is_over,
    },
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};

/// What is open over the page: one thing at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// The steps of the status.
    Steps(Anchor),
    /// Asks before a step is sent. The card is as the person saw it, with the version that the step names.
    Question { card: LoadCard, to: LoadStatus },
    /// Chooses a carrier; with `tender`, to offer the load to it.
    Carrier { card: LoadCard, tender: bool },
    /// Takes down what the driver said.
    CheckCall(LoadCard),
    /// When the truck will be at its next stop.
    Eta(LoadCard),
}

/// Copied freely; it lives as long as the load is shown.
#[derive(Clone, Copy)]
pub struct LoadDesk {
    pub load: LoadId,
    model: StoredValue<LoadModel>,
    pub viewer: Viewer,
    pub toasts: Toasts,
    /// As committed. None only before the first snapshot.
    pub card: RwSignal<Option<LoadCard>>,
    pub stops: RwSignal<Vec<Stop>>,
    pub position: RwSignal<Option<LoadLocationUpdated>>,
    pub gone: RwSignal<Option<Gone>>,
    pub face: Memo<Option<Face>>,
    pub overlay: RwSignal<Option<Overlay>>,
    /// Something is on its way: what else could be pressed waits.
    pub busy: RwSignal<bool>,
    /// What was just done, for those who don't see it.
    pub said: RwSignal<String>,
    refetch: Callback<()>,
}

impl LoadDesk {
    pub fn new(model: LoadModel, viewer: Viewer, refetch: Callback<()>) -> Self {
        let (card, intent) = (RwSignal::from(model.card().clone()), RwSignal::from(model.intent().clone()));
        let clock = model.clock().clone();
        let judged = model.clone();
        let face = Memo::new(move |_| {
            let of = |card: &LoadCard| Face::of(card, intent.get(), clock.now(), judged.rules());
            card.with(|card| card.as_ref().map(of))
        });
        Self {
            load: model.id(),
            viewer,
            toasts: use_toasts(),
            card,
            stops: model.stops().clone().into(),
            position: model.position().clone().into(),
            gone: model.gone().clone().into(),
            face,
            overlay: RwSignal::new(None),
            busy: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            refetch,
            model: StoredValue::new(model),
        }
    }

    pub fn model(self) -> LoadModel {
        self.model.get_value()
    }

    pub fn clock(self) -> Clock {
        self.model.with_value(|model| model.clock().clone())
    }

    /// The number of the load, which never changes.
    pub fn number(self) -> String {
        self.card.with_untracked(|card| card.as_ref().map(|card| card.load_number.clone())).unwrap_or_default()
    }

    pub fn open(self, overlay: Overlay) {
        self.overlay.set(Some(overlay));
    }

    /// Opens what is about the load as it is now.
    pub fn open_with(self, overlay: impl FnOnce(LoadCard) -> Overlay) {
        if let Some(card) = self.card.get_untracked() {
            self.open(overlay(card));
        }
    }

    pub fn close(self) {
        self.overlay.try_set(None);
    }

    /// Whether the person may change the load, apart from the steps that are a carrier's or a driver's own.
    pub fn may_change(self) -> bool {
        self.viewer.role.may(Permission::LoadChange)
    }

    /// Whether the person may say where the truck is and when it will come. A load that a driver sees is the driver's.
    pub fn may_report(self) -> bool {
        self.viewer.may_report()
    }

    /// Sends a change, one at a time. `what` names it, such as "The arrival"; `done` takes in the answer and gives the
    /// words to say, or none. `false`: something else is on its way, and this was not sent.
    pub fn send<T: 'static>(
        self,
        answer: impl Future<Output = Result<T, ApiError>> + 'static,
        what: &'static str,
        done: impl FnOnce(&LoadModel, T) -> Option<String> + 'static,
    ) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.busy.set(true);
        let (model, number) = (self.model(), self.number());
        spawn_local(async move {
            let answer = answer.await;
            self.busy.try_set(false);
            match answer {
                Ok(answer) => {
                    if let Some(words) = done(&model, answer) {
                        self.said.try_set(words);
                    }
                }
                Err(error) => self.explain(&error, &number, what),
            }
        });
        true
    }

    /// Says why something was not done.
    pub fn explain(self, error: &ApiError, number: &str, what: &str) {
        self.explain_in(error, refusal(error, number, what));
    }

    /// Says in these words why something was not done.
    pub fn explain_in(self, error: &ApiError, words: String) {
        if is_over(error) {
            leave_for_login();
            return;
        }
        self.toasts.refusal(words);
        if error.code == ErrorCode::Conflict {
            // The event that tells of the other change may be late, or come by polling only.
            let _ = self.refetch.try_run(());
        }
    }
}

fn refusal(error: &ApiError, number: &str, what: &str) -> String {
    match error.code {
        ErrorCode::Unreachable => {
            // It may have arrived, and only the answer was lost.
            format!("No answer came. {what} of {number} may have been noted; sending it again does it once.")
        }
        _ => error.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_answer_no_more_is_said_than_is_known_and_the_servers_own_words_stand() {
        assert_eq!(
            refusal(&ApiError::unreachable("Failed to fetch"), "LD-1", "The arrival"),
            "No answer came. The arrival of LD-1 may have been noted; sending it again does it once."
        );
        let rule = ApiError::new(ErrorCode::RuleBroken, "LD-1: the truck has left Dock 1 already.");
        assert_eq!(refusal(&rule, "LD-1", "The arrival"), rule.message);
    }
}
