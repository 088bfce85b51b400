//! Keeps what is typed in the browser's tab until it is booked: through a reload, a lost session, a wrong turn.

use super::draft::LoadDraft;
use crate::{api::Unanswered, domain::load::Load};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A form as it was left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub draft: LoadDraft,
    /// What the typing began with.
    pub base: LoadDraft,
    /// The version of the load that is changed; 0 for a new one.
    pub version: i64,
    /// What was sent of it and not answered: sent again after a reload it is still done once.
    #[serde(default)]
    pub unanswered: Option<Unanswered>,
}

impl Kept {
    /// What was typed since a load was stored as `sent`, as a change of it. `false`: that is nothing.
    pub fn on_top_of(load: &Load, sent: &LoadDraft, typed: &LoadDraft) -> (Self, bool) {
        let (base, draft) = LoadDraft::of_stored(load, sent, typed);
        let is_changed = !typed.changed_fields(sent).is_empty();
        (Self { draft, base, version: load.card.version, unanswered: None }, is_changed)
    }
}

/// The form that was left under this name, in this tab. What an older program wrote and this one can't read is dropped.
pub fn recall(name: &str) -> Option<Kept> {
    let text = storage()?.get_item(name).ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps a form. Where the browser has no room or no storage, typing goes on all the same.
pub fn keep(name: &str, kept: &Kept) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(kept)) {
        let _ = storage.set_item(name, &text);
    }
}

/// Drops what was kept if it is still what was `sent`, which is stored as `load`. What was typed since is kept as a
/// change of that load, under `edit`.
pub fn store_sent(name: &str, edit: &str, sent: &LoadDraft, load: &Load) {
    let Some(kept) = recall(name) else { return };
    forget(name);
    if !kept.draft.changed_fields(sent).is_empty() {
        keep(edit, &Kept::on_top_of(load, sent, &kept.draft).0);
    }
}

/// Drops what was kept: it is booked, or given up.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok()?
}
