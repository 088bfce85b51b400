//! Where the focus goes on the board: to a card that is asked for, to what takes the place of a card that has left, or
//! back to the board. It goes nowhere against the person's will.

use super::{desk::Desk, strip};
use crate::{components::focus::nothing_has_focus, domain::id::LoadId, pages::way_back::WayBack};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

impl Desk {
    /// Gives a card the focus, wherever it is. Where the board does not show the load, what was worked with last has it.
    pub fn focus(self, load: LoadId) {
        if !self.has_place(load) {
            return self.refocus();
        }
        if let Some(lane) = self.model().lane_of(load) {
            self.tools.shown.set(lane);
        }
        self.active.set(Some(load));
        self.wish.set(Some(load));
    }

    /// Gives the focus back to the card that was worked with last, or to the board.
    pub fn refocus(self) {
        match self.active.get_untracked().filter(|load| self.has_place(*load)) {
            Some(load) => self.focus(load),
            None => {
                let board = document().get_element_by_id("main");
                if let Some(board) = board.as_ref().and_then(|board| board.dyn_ref::<web_sys::HtmlElement>()) {
                    let _ = board.focus();
                }
            }
        }
    }

    /// Gives the focus to the card of the load whose page one comes back from, once the lanes are there.
    pub fn welcome_back(self) {
        Effect::new(move |_| {
            let Some(load) = WayBack::used().and_then(WayBack::take_load) else { return };
            request_animation_frame(move || {
                if self.try_model().is_some() && self.has_place(load) && nothing_has_focus() {
                    self.focus(load);
                }
            });
        });
    }

    /// Takes the focus to what stands where the card was that had it, after that card has left.
    pub fn rescue_focus(self) {
        let Some((_, lane, index)) = self.focused.get_value() else { return };
        let length = self.lanes[lane].with_untracked(|order| order.ids.len());
        self.focused.set_value(None);
        if let Some(next) = self.card_at((lane, index.min(length.saturating_sub(1)))) {
            self.active.set(Some(next));
            self.wish.set(Some(next));
        }
    }

    /// A card has the focus: for the keys, for others to know, and for what takes its place.
    pub fn has_taken_focus(self, load: LoadId) {
        self.active.set(Some(load));
        self.looked_at.set(Some(load));
        self.focused.set_value(self.place_of(load).map(|(lane, index)| (load, lane, index)));
    }

    /// Something else than a card has the focus now.
    pub fn has_lost_focus(self) {
        self.focused.set_value(None);
        self.looked_at.set(None);
    }

    /// Whether the board shows a load, or will as soon as it is held no more. Follows nothing.
    pub fn has_place(self, load: LoadId) -> bool {
        let passes = || {
            let view = self.tools.view.get_untracked();
            let model = self.model();
            model.lane_of(load).is_some() && model.passes(load, &view.filter, self.viewer.id)
        };
        self.place_of(load).is_some() || passes()
    }
}

/// Watches over the focus as long as the board is shown.
pub fn keep_focus(desk: Desk) {
    take_the_place(desk);
    give_up_what_cannot_be(desk);
    give_way(desk);
}

/// When the card that had the focus leaves the board, the card that takes its place gets it.
fn take_the_place(desk: Desk) {
    Effect::new(move |_| {
        desk.lanes.iter().for_each(Track::track);
        let Some((load, ..)) = desk.focused.get_value() else { return };
        if desk.model().lane_of(load).is_none() {
            request_animation_frame(move || {
                if nothing_has_focus() {
                    desk.rescue_focus();
                }
            });
        }
    });
}

/// A card that will not come is waited for no more.
fn give_up_what_cannot_be(desk: Desk) {
    Effect::new(move |_| {
        if let Some(load) = desk.wish.get() {
            desk.tools.view.track();
            desk.lanes.iter().for_each(Track::track);
            if !desk.has_place(load) {
                desk.wish.set(None);
            }
        }
    });
}

/// Where the person takes the focus elsewhere, a card that it waits for does not take it back later. What a press or a
/// key moves it to has it before the next frame; what the page itself gives it to, such as whoever had it before a
/// dialog, does not count.
fn give_way(desk: Desk) {
    let acts = StoredValue::new(false);
    let begin = move || {
        acts.set_value(true);
        request_animation_frame(move || _ = acts.try_update_value(|acts| *acts = false));
    };
    let pressed = window_event_listener(ev::pointerdown, move |_| begin());
    let keyed = window_event_listener(ev::keydown, move |_| begin());
    let moved = window_event_listener(ev::focusin, move |event| {
        let Some(wish) = desk.wish.get_untracked().filter(|_| acts.get_value()) else { return };
        let card = strip::element_of(&event).and_then(|element| strip::card_of(&element));
        if card.is_none_or(|(_, load)| load != wish) {
            desk.wish.set(None);
        }
    });
    on_cleanup(move || {
        pressed.remove();
        keyed.remove();
        moved.remove();
    });
}
