//! The board's text filter: each word must be found somewhere on the card.

use crate::domain::load::LoadCard;

/// Words to look for, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter(Vec<String>);

impl Filter {
    pub fn parse(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_lowercase).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word is in `searched`, a text made by [`searched_text`].
    pub fn matches(&self, searched: &str) -> bool {
        self.0.iter().all(|word| searched.contains(word.as_str()))
    }
}

/// What of a card is searched: number, customer, carrier, driver, cities and states.
pub fn searched_text(card: &LoadCard) -> String {
    let carrier = card.carrier.as_ref().map_or("unassigned", |carrier| &carrier.name);
    let driver = card.driver.as_ref().map_or("", |driver| &driver.name);
    let parts = [&card.load_number, &card.customer, carrier, driver];
    format!("{} {} {}", parts.join(" "), card.origin, card.destination).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::card;

    fn found(text: &str) -> bool {
        let mut card = card(42);
        card.customer = "Acme Foods".into();
        Filter::parse(text).matches(&searched_text(&card))
    }

    #[test]
    fn finds_number_customer_carrier_driver_city_and_state() {
        for text in ["00042", "acme", "SWIFT", "carlos", "joliet", "IL", "dallas tx", ""] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn every_word_must_be_found() {
        assert!(!found("acme nobody"));
        assert!(found("  foods   joliet "));
    }
}
