//! Keys on the board, from the table of deeds.
//!
//! A key that types a character is a command only where nobody can type: on a card, beside its details, or on the board
//! itself (WCAG 2.1.4). The palette opens from everywhere on the page.

use crate::{
    components::menu::Anchor,
    domain::id::LoadId,
    pages::dispatch_board::{
        deeds::{Deed, Entry, Object, Press, TABLE},
        desk::Desk,
        keys::next_card,
    },
};
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
};

const WRITING: &str = "input:not([type=checkbox]), textarea, select, [contenteditable]";
/// What takes Enter and Space for itself.
const CONTROL: &str = "button, a, input, summary";

/// Where a key was pressed.
struct Place {
    target: web_sys::Element,
    /// The card that it was pressed on.
    card: Option<(web_sys::Element, LoadId)>,
    on_board: bool,
    writing: bool,
    control: bool,
}

/// Takes keys as long as the board is shown.
pub fn listen(desk: Desk) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(desk, &event));
    on_cleanup(move || handle.remove());
}

fn on_key(desk: Desk, event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() || desk.carried.with_untracked(Option::is_some) {
        return;
    }
    let press = Press::of(event);
    let Some(entry) = TABLE.iter().find(|entry| entry.keys.iter().any(|key| key.matches(&press))) else { return };
    let Some(place) = Place::of(event) else { return };
    if !place.takes(entry, &press) || (event.repeat() && !matches!(entry.deed, Deed::Walk | Deed::Extend)) {
        return;
    }
    if act(desk, entry, &press, &place) {
        event.prevent_default();
    }
}

/// Does what the key stands for; `false` where that is nothing.
fn act(desk: Desk, entry: &Entry, press: &Press, place: &Place) -> bool {
    let focus = place.card.as_ref().map(|(_, load)| *load);
    let shown = desk.panel.get_untracked().filter(|_| place.target.closest(".panel").ok().flatten().is_some());
    match (entry.deed, focus) {
        (Deed::Walk | Deed::Ends, Some(load)) => return walk(desk, load, &press.key).is_some(),
        (Deed::Extend, Some(load)) => {
            if desk.hands.pivot.get_value().is_none() {
                desk.hands.pivot.set_value(Some(load));
                desk.extend_to(load);
            }
            return walk(desk, load, &press.key).map(|next| desk.extend_to(next)).is_some();
        }
        (Deed::Close, _) => return desk.close_one_thing(),
        (Deed::Details, Some(load)) if desk.panel.get_untracked() == Some(load) => {
            desk.panel.set(None);
            return true;
        }
        _ => {}
    }
    let loads = match (entry.object, focus.or(shown)) {
        (Object::Load, Some(load)) => vec![load],
        (Object::Focus, load) => match load {
            Some(load) => vec![load],
            None => return false,
        },
        (Object::Loads, Some(load)) => desk.in_hand(load),
        (Object::Board, _) | (Object::Loads, None) => desk.chosen(),
        (Object::Load, None) => return false,
    };
    // Without a load, a letter that is typed on the board is no command.
    if loads.is_empty() && entry.object != Object::Board {
        return false;
    }
    desk.run(entry.deed, &loads, place.anchor());
    true
}

fn walk(desk: Desk, load: LoadId, key: &str) -> Option<LoadId> {
    let lengths = desk.lanes.map(|lane| lane.with_untracked(|order| order.ids.len()));
    let next = desk.card_at(next_card(key, desk.place_of(load)?, &lengths)?)?;
    desk.focus(next);
    Some(next)
}

impl Place {
    /// `None` inside of what has keys of its own.
    fn of(event: &KeyboardEvent) -> Option<Self> {
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        let within = |selector: &str| target.closest(selector).ok().flatten();
        if within("dialog, [role=dialog], [role=menu], .popover").is_some() {
            return None;
        }
        let card = within("[data-load]").and_then(|card| {
            let load = card.get_attribute("data-id")?.parse().ok()?;
            Some((card, load))
        });
        Some(Self {
            card,
            on_board: within("#main").is_some() || target.tag_name() == "BODY",
            writing: within(WRITING).is_some(),
            control: within(CONTROL).is_some(),
            target,
        })
    }

    fn takes(&self, entry: &Entry, press: &Press) -> bool {
        if entry.deed == Deed::Palette {
            return true;
        }
        let is_its_own = self.control && matches!(press.key.as_str(), "Enter" | " ");
        self.on_board && !self.writing && !is_its_own
    }

    /// Beside the card's button, else beside what has the focus.
    fn anchor(&self) -> Anchor {
        let card = self.card.as_ref().map(|(card, _)| card);
        let button = card.and_then(|card| card.query_selector(".card-move").ok().flatten());
        Anchor::of(button.as_ref().or(card).unwrap_or(&self.target))
    }
}
