//! Covering loads from the board: opens the dialogs that choose a carrier, send the truck and note a check call, and
//! shows on the board what they do.

use super::{
    board_model::{BoardModel, Moment},
    desk::{BulkReport, CarrierChoice, Desk, Overlay},
};
use crate::{
    domain::{id::LoadId, load::LoadCard, status::LoadStatus, time::Timestamp},
    pages::load_dialogs::{CarrierChooser, CheckCallDialog, Host, SharedHost},
};
use leptos::prelude::*;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

impl Desk {
    /// The load that this tab shows, for others to know: of what is open, else of the details, else the focused card.
    pub fn in_view(self) -> Signal<Option<LoadId>> {
        Signal::derive(move || {
            let open = self.overlay.with(|overlay| match overlay {
                Some(Overlay::Question(question)) => Some(question.card.id),
                Some(Overlay::CheckCall(load)) => Some(*load),
                Some(Overlay::Carrier(choice)) if choice.loads.len() == 1 => choice.loads.first().map(|card| card.id),
                _ => None,
            });
            open.or_else(|| self.panel.get()).or_else(|| self.looked_at.get())
        })
    }

    /// The board, as dialogs over a load see it.
    pub fn host(self, load: LoadId) -> SharedHost {
        Arc::new(BoardHost { desk: self, model: self.model(), load, asked: Mutex::default() })
    }
}

/// Shows the dialogs that choose a carrier and note a check call, while one is asked for.
#[component]
pub fn Covering(desk: Desk) -> impl IntoView {
    move || match desk.overlay.get() {
        Some(Overlay::Carrier(CarrierChoice { loads, tender })) => {
            let host = desk.host(loads.first()?.id);
            Some(view! { <CarrierChooser loads tender viewer=desk.viewer host /> }.into_any())
        }
        Some(Overlay::CheckCall(load)) => {
            let card = desk.model().signals(load)?.card.get_untracked();
            Some(view! { <CheckCallDialog card host=desk.host(load) /> }.into_any())
        }
        _ => None,
    }
}

/// The board under a dialog. It may be gone when an answer comes: the model outlives it, what is open on it does not.
struct BoardHost {
    desk: Desk,
    model: BoardModel,
    /// Whose card has the focus when the dialog is closed.
    load: LoadId,
    /// How far events had come when the change of a load was sent.
    asked: Mutex<HashMap<LoadId, Moment>>,
}

impl BoardHost {
    // A panic elsewhere leaves whole entries behind.
    fn asked(&self) -> MutexGuard<'_, HashMap<LoadId, Moment>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for BoardHost {
    fn now(&self) -> Timestamp {
        self.model.clock().glance()
    }

    fn refusal(&self, what: &str) -> Option<String> {
        self.desk.reach.refusal(what, self.model.clock())
    }

    fn close(&self) {
        self.desk.overlay.set(None);
        self.desk.focus(self.load);
    }

    fn dismiss(&self) {
        self.desk.overlay.set(None);
    }

    fn sent(&self, card: &LoadCard, to: Option<LoadStatus>) -> bool {
        self.asked().insert(card.id, self.model.moment());
        let Some(to) = to.filter(|to| self.model.intend(card.id, *to)) else { return false };
        // One's own move is to be seen, and the board is to be worked with meanwhile.
        self.desk.tools.paused.set(false);
        self.desk.sending.set(true);
        self.desk.said.set(format!("{}: moving to {to}", card.load_number));
        self.desk.focus(card.id);
        true
    }

    fn tell(&self, before: &LoadCard, after: &LoadCard, done: &str) -> bool {
        let has_moved = before.status != after.status;
        if has_moved {
            self.desk.tell_done(before.status, after, done.to_owned());
        }
        has_moved
    }

    fn answered(&self, load: LoadId) {
        self.model.drop_intent(load);
        // A dialog that comes back holds the board still: first the card goes where it belongs.
        let sending = self.desk.sending;
        request_animation_frame(move || {
            sending.try_set(false);
        });
    }

    fn learned(&self, card: LoadCard) {
        let since = self.asked().get(&card.id).copied().unwrap_or_default();
        self.model.answer(card, since);
    }

    fn report(&self, done: String, good: usize, refused: Vec<(String, String)>) {
        self.desk.open(Overlay::Report(BulkReport { done, good, refused }));
    }
}
