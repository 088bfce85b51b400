//! Keeps what is typed in the browser's tab until it is booked: through a reload, a lost session, a wrong turn.

use super::draft::LoadDraft;
use crate::api::Unanswered;
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

/// Drops what was kept if it is still this draft, which is booked. What was typed since stays.
pub fn forget_sent(name: &str, sent: &LoadDraft) {
    if recall(name).is_some_and(|kept| kept.draft == *sent) {
        forget(name);
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
