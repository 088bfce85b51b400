//! Keys on a card: arrows between cards, M or Enter for the menu, 1 to 6 for a lane, Space for the details.

use super::{card_of, element_of};
use crate::{
    components::menu::Anchor,
    domain::{id::LoadId, status::Lane},
    pages::dispatch_board::{
        desk::{Desk, OpenMenu},
        keys::next_card,
    },
};
use leptos::{ev::KeyboardEvent, prelude::*};

pub fn on_key(desk: Desk, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(target) = element_of(event) else { return };
    let Some((card, load)) = card_of(&target) else { return };
    // Keys on the card's own button are the button's; arrows lead on from there, too.
    let on_card = target == card;
    let key = event.key();
    let done = match key.as_str() {
        "Enter" | "m" | "M" if on_card => open_menu(desk, load, &card),
        " " if on_card => {
            desk.panel.update(|panel| *panel = if *panel == Some(load) { None } else { Some(load) });
            true
        }
        "Escape" => close_panel(desk),
        "1" | "2" | "3" | "4" | "5" | "6" if on_card => {
            let index = usize::from(key.as_bytes()[0] - b'1');
            desk.ask_lane(load, Lane::ALL[index]);
            true
        }
        key => step(desk, load, key),
    };
    if done {
        event.prevent_default();
    }
}

fn open_menu(desk: Desk, load: LoadId, card: &web_sys::Element) -> bool {
    let button = card.query_selector(".card-move").ok().flatten();
    desk.menu.set(Some(OpenMenu { load, anchor: Anchor::of(button.as_ref().unwrap_or(card)) }));
    true
}

fn close_panel(desk: Desk) -> bool {
    let open = desk.panel.get_untracked().is_some();
    desk.panel.set(None);
    open
}

fn step(desk: Desk, load: LoadId, key: &str) -> bool {
    let lengths = desk.lanes.map(|lane| lane.with_untracked(|order| order.ids.len()));
    let next = desk.place_of(load).and_then(|at| next_card(key, at, &lengths)).and_then(|at| desk.card_at(at));
    if let Some(next) = next {
        desk.focus(next);
    }
    next.is_some()
}
