//! What a press on a card means: its details, or choosing it.

use crate::{domain::id::LoadId, pages::dispatch_board::desk::Desk};
use leptos::{ev::MouseEvent, prelude::*, wasm_bindgen::JsCast};

impl Desk {
    /// A press with Ctrl chooses the card, one with Shift everything up to it. A finger chooses while anything is
    /// chosen. Any other shows the details.
    pub fn press(self, load: LoadId, event: &MouseEvent) {
        let is_finger = event.dyn_ref::<web_sys::PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
        let is_choosing = self.selection.with_untracked(|selection| !selection.is_empty());
        if event.shift_key() {
            self.extend_to(load);
        } else if event.ctrl_key() || event.meta_key() || (is_finger && is_choosing) {
            self.toggle(load);
        } else {
            self.panel.set(Some(load));
        }
    }
}
