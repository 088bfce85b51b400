//! The hands on the board: which loads are chosen, which menu is open where, and what was moved last.
//!
//! `selection` chooses loads, `keyboard` turns keys into deeds, `undo` takes moves back.

mod keyboard;
mod press;
mod selection;
mod undo;

pub use keyboard::listen;
pub use selection::keep_to_the_board;
pub use undo::Moved;

use super::desk::OpenMenu;
use crate::{components::menu::Anchor, domain::id::LoadId};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

type Navigate = Arc<dyn Fn(&str) + Send + Sync>;

/// How far a change of many loads is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done: `Dispatching`.
    pub doing: &'static str,
    pub done: usize,
    pub total: usize,
}

#[derive(Clone, Copy)]
pub struct Hands {
    /// The menu of deeds of a load.
    pub deeds: RwSignal<Option<OpenMenu>>,
    /// The menu of steps of the chosen loads.
    pub steps: RwSignal<Option<Anchor>>,
    /// Where a range of chosen cards begins.
    pub pivot: StoredValue<Option<LoadId>>,
    /// One's own moves that can be taken back, the last one last.
    pub moves: RwSignal<Vec<Moved>>,
    pub progress: RwSignal<Option<Progress>>,
    /// The person has asked to stop what is under way.
    pub stop: StoredValue<bool>,
    /// The pointer went down on text of an expanded card.
    pub marking: StoredValue<bool>,
    navigate: StoredValue<Navigate>,
}

impl Hands {
    pub fn new() -> Self {
        let navigate = use_navigate();
        let navigate: Navigate = Arc::new(move |path: &str| navigate(path, NavigateOptions::default()));
        Self {
            deeds: RwSignal::new(None),
            steps: RwSignal::new(None),
            pivot: StoredValue::new(None),
            moves: RwSignal::new(Vec::new()),
            progress: RwSignal::new(None),
            stop: StoredValue::new(false),
            marking: StoredValue::new(false),
            navigate: StoredValue::new(navigate),
        }
    }

    /// A menu is open: what it is read against keeps still. Follows both.
    pub fn are_reading(self) -> bool {
        self.deeds.with(Option::is_some) || self.steps.with(Option::is_some)
    }

    /// Opens another page.
    pub fn go(self, path: &str) {
        if let Some(navigate) = self.navigate.try_get_value() {
            navigate(path);
        }
    }
}
