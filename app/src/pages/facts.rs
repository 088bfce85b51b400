//! Facts of a load, each with its name, for a `<dl class="facts">`.

use crate::domain::{load::LoadCard, money::grouped};
use leptos::prelude::*;

/// What is written, or a dash where nothing is.
pub fn or_dash(text: &str) -> String {
    if text.is_empty() { "–".into() } else { text.to_owned() }
}

/// One fact: its name, and what it is.
pub fn fact(name: &'static str, value: String) -> AnyView {
    view! {
        <div class="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// A number that a press dials.
pub fn phone_fact(phone: Option<String>) -> AnyView {
    let Some(phone) = phone else { return fact("Phone", "None on file".into()) };
    let dialled: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! {
        <div class="fact">
            <dt>"Phone"</dt>
            <dd>
                <a href=format!("tel:{dialled}") rel="external">
                    {phone}
                </a>
            </dd>
        </div>
    }
    .into_any()
}

/// What is loaded and how it is to be handled, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freight {
    commodity: String,
    weight: String,
    miles: String,
    references: String,
    instructions: String,
}

impl Freight {
    pub fn of(card: &LoadCard) -> Self {
        Self {
            commodity: or_dash(&card.commodity),
            weight: format!("{} lb", grouped(card.weight_lbs.unsigned_abs().into())),
            miles: format!("{} mi", grouped(card.miles.unsigned_abs().into())),
            references: or_dash(&card.references.join(", ")),
            instructions: or_dash(&card.instructions),
        }
    }

    pub fn facts(self) -> AnyView {
        view! {
            {fact("Commodity", self.commodity)}
            {fact("Weight", self.weight)}
            {fact("Miles", self.miles)}
            {fact("References", self.references)}
            {fact("Instructions", self.instructions)}
        }
        .into_any()
    }
}
