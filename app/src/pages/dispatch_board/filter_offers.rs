//! The values that the loads on the board offer to be filtered by, with how many loads each would leave.

use super::filter_kinds::{Kind, MISSING, chosen, label, without};
use crate::domain::{
    id::UserId,
    load::{Equipment, LoadCard},
    load_filter::{LoadFilter, Priority, Sieve},
    status::LoadStatus,
    time::Timestamp,
};
use Kind::{Carrier, Customer, Delivery, Destination, Dispatcher, Origin, Pickup, Status};
use std::collections::HashMap;

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// As it stands in addresses.
    pub value: String,
    /// As a person reads it.
    pub label: String,
    /// How many loads it would leave, beside what else is filtered by.
    pub count: usize,
}

/// Shows every load of the board to what it is given, with the text that is searched.
pub type Survey<'a> = &'a dyn Fn(&mut dyn FnMut(&LoadCard, &str));

/// What there is to choose of a kind: what the loads of the board have, and what is chosen already. In the order of the
/// work for statuses, of their names for others; nobody's and one's own first.
pub fn offers(kind: Kind, filter: &LoadFilter, me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<Offer> {
    let others = without(filter, kind, None);
    let offers = match kind {
        Pickup | Delivery | Kind::Priority => counted(kind, &others, me, now, survey),
        _ => found(kind, &others, me, now, survey),
    };
    with_chosen(kind, filter, offers)
}

/// Values that are fixed and may overlap: each is tried on its own.
fn counted(kind: Kind, others: &LoadFilter, me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<Offer> {
    let values: Vec<&str> = match kind {
        Kind::Priority => Priority::ALL.iter().map(|priority| priority.code()).collect(),
        _ => vec!["today", "tomorrow"],
    };
    let filters: Vec<LoadFilter> = values
        .iter()
        .map(|value| {
            let mut filter = others.clone();
            let _ = filter.take(kind.name(), value);
            filter
        })
        .collect();
    let counts = tally(&filters, me, now, survey);
    let offer = |(value, count): (&str, usize)| {
        let label = label(kind, value, &|_| None).unwrap_or_else(|| value.to_owned());
        Offer { value: value.to_owned(), label, count }
    };
    values.into_iter().zip(counts).map(offer).collect()
}

/// How many loads pass each of some filters.
pub fn tally(filters: &[LoadFilter], me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<usize> {
    let sieves: Vec<Sieve> = filters.iter().map(|filter| Sieve::new(filter, me, now)).collect();
    let mut counts = vec![0; sieves.len()];
    survey(&mut |card, searched| {
        for (sieve, count) in sieves.iter().zip(&mut counts) {
            *count += usize::from(sieve.passes(card, searched));
        }
    });
    counts
}

/// Values that loads have: each has one.
fn found(kind: Kind, others: &LoadFilter, me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<Offer> {
    let sieve = Sieve::new(others, me, now);
    let mut values: HashMap<String, (String, usize)> = HashMap::new();
    survey(&mut |card, searched| {
        let (value, label) = value_of(kind, card, me);
        let (_, count) = values.entry(value).or_insert_with(|| (label, 0));
        *count += usize::from(sieve.passes(card, searched));
    });
    if kind == Dispatcher {
        values.entry("me".into()).or_insert_with(|| ("Me".into(), 0));
    }
    let mut offers: Vec<Offer> =
        values.into_iter().map(|(value, (label, count))| Offer { value, label, count }).collect();
    offers.sort_by_cached_key(|offer| place(kind, offer));
    offers
}

/// Where an offer stands among others: oneself, nobody, then the order of the work or of names.
fn place(kind: Kind, offer: &Offer) -> (u8, usize, String) {
    let work = match kind {
        Status => LoadStatus::ALL.iter().position(|status| status.code() == offer.value),
        Kind::Equipment => Equipment::ALL.iter().position(|equipment| equipment.code() == offer.value),
        _ => None,
    };
    let first = match (kind, offer.value.as_str()) {
        (Dispatcher, "me") => 0,
        (Dispatcher | Carrier, "none") => 1,
        _ => 2,
    };
    (first, work.unwrap_or(0), offer.label.to_lowercase())
}

/// What a load has of a kind: as in addresses, and as a person reads it.
fn value_of(kind: Kind, card: &LoadCard, me: UserId) -> (String, String) {
    let plain = |text: &str| (text.to_owned(), text.to_owned());
    match kind {
        Status => (card.status.code().into(), card.status.label().into()),
        Kind::Equipment => (card.equipment.code().into(), card.equipment.label().into()),
        Carrier => match &card.carrier {
            Some(carrier) => (carrier.id.to_string(), carrier.name.clone()),
            None => ("none".into(), "No carrier".into()),
        },
        Customer => plain(&card.customer),
        Origin => plain(&card.origin.state),
        Destination => plain(&card.destination.state),
        Dispatcher => match &card.dispatcher {
            Some(person) if person.id == me => ("me".into(), "Me".into()),
            Some(person) => (person.id.to_string(), person.name.clone()),
            None => ("none".into(), "No dispatcher".into()),
        },
        Pickup | Delivery | Kind::Priority => Default::default(),
    }
}

/// What is chosen is offered even where no load has it any more: else nobody could undo it.
fn with_chosen(kind: Kind, filter: &LoadFilter, mut offers: Vec<Offer>) -> Vec<Offer> {
    for value in chosen(filter, kind).into_iter().filter(|_| !kind.is_days()) {
        if !offers.iter().any(|offer| offer.value == value) {
            let label = label(kind, &value, &|_| None).unwrap_or_else(|| MISSING.to_owned());
            offers.push(Offer { value, label, count: 0 });
        }
    }
    offers
}

/// The name of the carrier or dispatcher with this id, from a load that has it.
pub fn name_on_board(kind: Kind, id: &str, survey: Survey<'_>) -> Option<String> {
    let mut found = None;
    survey(&mut |card, _| {
        if found.is_some() {
            return;
        }
        found = match kind {
            Carrier => card.carrier.as_ref().filter(|it| it.id.to_string() == id).map(|it| it.name.clone()),
            Dispatcher => card.dispatcher.as_ref().filter(|it| it.id.to_string() == id).map(|it| it.name.clone()),
            _ => None,
        };
    });
    found
}

#[cfg(test)]
#[path = "filter_kinds_tests.rs"]
mod tests;
