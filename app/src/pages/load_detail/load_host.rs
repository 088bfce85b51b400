//! The page under the dialogs over loads: what they ask of it, and how it shows what they do.

use super::{load_desk::LoadDesk, load_model::LoadModel};
use crate::{
    domain::{id::LoadId, load::LoadCard, status::LoadStatus, time::Timestamp},
    pages::load_dialogs::{Host, SharedHost},
};
use leptos::prelude::*;
use std::sync::Arc;

impl LoadDesk {
    /// The page, as dialogs over its load see it.
    pub fn host(self) -> SharedHost {
        Arc::new(LoadHost { desk: self, model: self.model() })
    }
}

/// It may be gone when an answer comes: the model outlives it, what is open on it does not.
struct LoadHost {
    desk: LoadDesk,
    model: LoadModel,
}

impl Host for LoadHost {
    fn now(&self) -> Timestamp {
        self.model.clock().glance()
    }

    /// What opened the dialog has the focus again.
    fn close(&self) {
        self.desk.close();
    }

    fn sent(&self, card: &LoadCard, to: Option<LoadStatus>) -> bool {
        let Some(to) = to.filter(|_| self.model.intent().get_untracked().is_none()) else { return false };
        self.model.intent().set(Some(to));
        self.desk.said.try_set(format!("{}: moving to {to}", card.load_number));
        true
    }

    fn answered(&self, _: LoadId) {
        self.model.intent().set(None);
    }

    fn learned(&self, card: LoadCard) {
        self.model.take(card);
    }

    /// A dialog over one load says inside itself what it was refused for; this is what is left to say.
    fn report(&self, _: String, _: usize, refused: Vec<(String, String)>) {
        self.desk.close();
        for (number, reason) in refused {
            self.desk.toasts.refusal(format!("{number}: {reason}"));
        }
    }
}
