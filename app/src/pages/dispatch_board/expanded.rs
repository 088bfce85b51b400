//! A card that is expanded: it shows in place what a card has no room for, and whom to call.

use super::{board_model::CardSignals, desk::Desk};
use crate::{
    components::icon::{Icon, icon},
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
        self.expanded.update(|expanded| {
            if !expanded.remove(&load.0) {
                expanded.insert(load.0);
            }
        });
    }

    /// Collapses every card. `false` where none was expanded.
    pub fn collapse_all(self) -> bool {
        let is_any = self.expanded.with_untracked(|expanded| !expanded.is_empty());
        if is_any {
            self.expanded.update(|expanded| expanded.clear());
        }
        is_any
    }
}

/// Under the card, while it is expanded. What stands there can be marked and copied: it is no handle of the card.
pub fn more(desk: Desk, signals: &CardSignals, expanded: Memo<bool>) -> impl IntoView + use<> {
    let card = signals.card.clone();
    move || {
        let card = card.clone();
        expanded.get().then(|| {
            // A paused board keeps what it said.
            let more = Memo::new(move |shown: Option<&More>| match shown {
                Some(shown) if desk.tools.paused.get() => shown.clone(),
                _ => card.with(More::of),
            });
            view! {
                <dl class="facts card-more" on:click=|event| event.stop_propagation()>
                    {move || {
                        let More { phone, freight } = more.get();
                        view! {
                            {phone_fact(phone)}
                            {freight.facts()}
                        }
                    }}
                </dl>
            }
        })
    }
}

/// Expands the card, or collapses it.
pub fn expand_button(
    desk: Desk,
    load: LoadId,
    number: &str,
    expanded: Memo<bool>,
    tabindex: Signal<&'static str>,
) -> AnyView {
    let title = move || if expanded.get() { "Collapse (V)" } else { "Expand (V)" };
    let label = format!("More of {number}");
    view! {
        <button
            type="button"
            class="icon-button card-expand"
            tabindex=move || tabindex.get()
            aria-label=label
            aria-expanded=move || expanded.get().to_string()
            title=title
            on:click=move |event| {
                event.stop_propagation();
                desk.expand(load);
            }
        >
            {icon(Icon::Expand)}
        </button>
    }
    .into_any()
}
