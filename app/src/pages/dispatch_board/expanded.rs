//! A card that is expanded: it shows in place what a card has no room for, and whom to call.

use super::{board_model::CardSignals, desk::Desk, strip::card_of};
use crate::{
    components::virtual_list::Row,
    domain::{id::LoadId, load::LoadCard},
    pages::facts::{Freight, phone_fact},
};
use leptos::prelude::*;

/// What an expanded card shows. It stands still while that is the same, whatever else of the load changes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct More {
    phone: Option<String>,
    freight: Freight,
}

impl More {
    fn of(card: &LoadCard) -> Self {
        Self { phone: card.driver.as_ref().and_then(|driver| driver.phone.clone()), freight: Freight::of(card) }
    }
}

impl Desk {
    /// Expands a card, or collapses it.
    pub fn expand(self, load: LoadId) {
        self.keep_focus_of_more(Some(load));
        self.expanded.update(|expanded| {
            if !expanded.remove(&load.0) {
                expanded.insert(load.0);
            }
        });
    }

    /// Collapses every card. `false` where none was expanded.
    pub fn collapse_all(self) -> bool {
        let is_any = !self.tools.is_timeline() && self.expanded.with_untracked(|expanded| !expanded.is_empty());
        if is_any {
            self.keep_focus_of_more(None);
            self.expanded.update(|expanded| expanded.clear());
        }
        is_any
    }

    /// Where what a card shows has the focus and goes, the card has it; `None` for any card.
    fn keep_focus_of_more(self, closing: Option<LoadId>) {
        let focused = document().active_element().filter(is_of_more);
        let card = focused.and_then(|element| card_of(&element));
        if let Some((_, load)) = card.filter(|(_, load)| closing.is_none_or(|closing| closing == *load)) {
            self.focus(load);
        }
    }
}

/// Whether an element belongs to what an expanded card shows, where text can be marked.
pub fn is_of_more(element: &web_sys::Element) -> bool {
    element.closest(".card-more").ok().flatten().is_some()
}

/// Under the card, while it is expanded. What stands there can be marked and copied: it is no handle of the card.
pub fn more(desk: Desk, signals: &CardSignals, row: Row) -> impl IntoView + use<> {
    let card = signals.card.clone();
    row.while_open(move || {
        let card = card.clone();
        // While the board is paused it stands still.
        let more = Memo::new(move |shown: Option<&More>| match shown {
            Some(shown) if desk.tools.paused.get() => shown.clone(),
            _ => card.with(More::of),
        });
        let facts = move || {
            let More { phone, freight } = more.get();
            view! {
                {phone_fact(phone)}
                {freight.facts()}
            }
        };
        view! {
            <dl class="facts card-more" on:click=|event| event.stop_propagation()>
                {facts}
            </dl>
        }
        .into_any()
    })
}

/// Expands the card, or collapses it.
pub fn expand_button(
    desk: Desk,
    number: &str,
    row: Row,
    tabindex: impl Fn() -> &'static str + Send + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button card-expand"
            tabindex=tabindex
            aria-label=format!("More of {number}")
            aria-expanded=move || row.is_open.get().to_string()
            title="Expand or collapse (V)"
            on:click=move |event| {
                event.stop_propagation();
                desk.expand(LoadId(row.id));
            }
        ></button>
    }
    .into_any()
}
