//! What differs between two states of a card, as a person reads it.

use app::{api::timeline::FieldChange, domain::load::LoadCard};

/// A field that people change: its name in JSON, its name in a sentence, and how it reads.
type Field = (&'static str, &'static str, fn(&LoadCard) -> Option<String>);

const FIELDS: [Field; 13] = [
    ("customer", "the customer", |card| said(&card.customer)),
    ("equipment", "the equipment", |card| said(card.equipment.label())),
    ("commodity", "the commodity", |card| said(&card.commodity)),
    ("weightLbs", "the weight", |card| said(&format!("{} lb", card.weight_lbs))),
    ("miles", "the miles", |card| said(&format!("{} mi", card.miles))),
    ("instructions", "the instructions", |card| said(&card.instructions)),
    ("references", "the references", |card| said(&card.references.join(", "))),
    ("hot", "the hot mark", |card| card.hot.then(|| "hot".to_owned())),
    ("exception", "the exception mark", |card| card.exception.then(|| "exception".to_owned())),
    ("carrier", "the carrier", |card| Some(card.carrier.as_ref()?.name.clone())),
    ("driver", "the driver", |card| Some(card.driver.as_ref()?.name.clone())),
    ("revenue", "the revenue", |card| Some(card.finance?.revenue.to_string())),
    ("carrierCost", "the carrier cost", |card| Some(card.finance?.carrier_cost.to_string())),
];

fn said(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// What differs, in the order in which a card is read.
pub fn between(before: &LoadCard, after: &LoadCard) -> Vec<FieldChange> {
    let changed = FIELDS.iter().filter_map(|(field, _, read)| {
        let (from, to) = (read(before), read(after));
        (from != to).then(|| FieldChange { field: (*field).to_owned(), from, to })
    });
    changed.collect()
}

/// The changes as the end of a sentence that begins with who made them.
pub fn in_words(changes: &[FieldChange]) -> String {
    let mark = |field: &str| changes.iter().find(|change| change.field == field).filter(|_| changes.len() == 1);
    if let Some(change) = mark("hot") {
        return if change.to.is_some() { "marked it as hot" } else { "took the hot mark off" }.to_owned();
    }
    if let Some(change) = mark("exception") {
        return if change.to.is_some() { "marked it as an exception" } else { "took the exception mark off" }
            .to_owned();
    }
    let names: Vec<&str> = FIELDS
        .iter()
        .filter(|(field, _, _)| changes.iter().any(|change| change.field == *field))
        .map(|(_, name, _)| *name)
        .collect();
    match names.split_last() {
        Some((last, [])) => format!("changed {last}"),
        Some((last, others)) => format!("changed {} and {last}", others.join(", ")),
        None => "changed it".to_owned(),
    }
}
