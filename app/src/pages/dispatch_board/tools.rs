//! What the header of the board works on: the view, the pause, and the lane that a phone shows.

use super::board_view::{BoardView, Density, Layout};
use crate::{api::presets::Preset, domain::status::Lane};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use std::{sync::Arc, time::Duration};

/// How long after the last key the address follows the text of the filter.
const URL_FOLLOWS: Duration = Duration::from_millis(250);

#[derive(Clone, Copy)]
pub struct Tools {
    /// How the board is looked at. Cheap to clone.
    pub view: RwSignal<Arc<BoardView>>,
    /// Whether loads are shown in rows of one line.
    pub dense: Memo<bool>,
    /// The views that the person has saved, the oldest first.
    pub saved: RwSignal<Vec<Preset>>,
    /// Why the saved views are not known, in words.
    pub saved_trouble: RwSignal<Option<String>>,
    /// Updates are held back until resumed.
    pub paused: RwSignal<bool>,
    /// Changes that are held back now.
    pub waiting: RwSignal<u64>,
    /// The lane that a narrow screen shows.
    pub shown: RwSignal<Lane>,
}

impl Tools {
    /// The view starts from the address, follows it back and forth, and is kept in it.
    pub fn new() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| query.with(|query| Arc::new(BoardView::read(query))));
        let view = RwSignal::new(asked.get_untracked());
        keep_in_address(view, asked);
        Self {
            view,
            dense: Memo::new(move |_| view.with(|view| view.density == Density::Rows)),
            saved: RwSignal::new(Vec::new()),
            saved_trouble: RwSignal::new(None),
            paused: RwSignal::new(false),
            waiting: RwSignal::new(0),
            shown: RwSignal::new(Lane::Unassigned),
        }
    }

    /// Whether loads are shown along time. Follows nothing.
    pub fn is_timeline(self) -> bool {
        self.view.with_untracked(|view| view.layout == Layout::Timeline)
    }

    /// Changes the view. What would leave it as it is tells nobody.
    pub fn look(self, change: impl FnOnce(&mut BoardView)) {
        let mut view = BoardView::clone(&self.view.read_untracked());
        change(&mut view);
        if *self.view.read_untracked().as_ref() != view {
            self.view.set(Arc::new(view));
        }
    }
}

/// A change of the text alone replaces the address, once the typing rests; any other is a step that *Back* takes back.
fn keep_in_address(view: RwSignal<Arc<BoardView>>, asked: Memo<Arc<BoardView>>) {
    let navigate = use_navigate();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(pending) = timer.try_update_value(Option::take).flatten() {
            pending.clear();
        }
    };
    // What this page wrote itself must not overwrite what has been done since. Both are compared as an address says
    // them: the space after a word is typed before the next word, and no address has it.
    let written = StoredValue::new(asked.with_untracked(|asked| asked.as_written()));
    Effect::new(move |_| {
        let asked = asked.get();
        let read = asked.as_written();
        if written.with_value(|written| *written != read) {
            written.set_value(read);
            view.set(asked);
        }
    });
    Effect::new(move |_| {
        let view = view.get();
        stop();
        let (before, after) = (written.get_value(), view.as_written());
        if before == after {
            return;
        }
        let is_typing = is_typed(&before, &after);
        let navigate = navigate.clone();
        let write = move || {
            written.set_value(after.clone());
            let options = NavigateOptions { replace: is_typing, scroll: false, ..NavigateOptions::default() };
            navigate(&after.address(), options);
        };
        if is_typing {
            timer.set_value(set_timeout_with_handle(write, URL_FOLLOWS).ok());
        } else {
            write();
        }
    });
    on_cleanup(stop);
}

/// Whether two views differ in the text alone.
fn is_typed(before: &BoardView, after: &BoardView) -> bool {
    let mut typed = before.clone();
    typed.filter.text.clone_from(&after.filter.text);
    typed == *after
}
