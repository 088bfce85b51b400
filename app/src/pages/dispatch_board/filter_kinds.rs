//! What a board can be filtered by: the kinds, the values that the loads on the board offer, and choosing among them.

use crate::domain::{
    day::Days,
    id::UserId,
    load::{Equipment, LoadCard},
    load_filter::{LoadFilter, Priority, Sieve},
    status::LoadStatus,
    time::Timestamp,
};
use std::collections::HashMap;

/// A kind of value that loads are filtered by, in the order of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pickup,
    Delivery,
    Status,
    Equipment,
    Carrier,
    Customer,
    Origin,
    Destination,
    Dispatcher,
    Priority,
}

use Kind::*;

impl Kind {
    pub const ALL: [Kind; 10] =
        [Pickup, Delivery, Status, Equipment, Carrier, Customer, Origin, Destination, Dispatcher, Priority];

    /// As it stands in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Pickup => "pickup",
            Delivery => "delivery",
            Status => "status",
            Equipment => "equipment",
            Carrier => "carrier",
            Customer => "customer",
            Origin => "from",
            Destination => "to",
            Dispatcher => "dispatcher",
            Priority => "priority",
        }
    }

    /// As a person reads it.
    pub const fn label(self) -> &'static str {
        match self {
            Pickup => "Pickup",
            Delivery => "Delivery",
            Status => "Status",
            Equipment => "Equipment",
            Carrier => "Carrier",
            Customer => "Customer",
            Origin => "From",
            Destination => "To",
            Dispatcher => "Dispatcher",
            Priority => "Priority",
        }
    }

    /// What is chosen, in a sentence: `Choose carriers`.
    pub const fn several(self) -> &'static str {
        match self {
            Pickup => "pickup days",
            Delivery => "delivery days",
            Status => "statuses",
            Equipment => "equipment",
            Carrier => "carriers",
            Customer => "customers",
            Origin => "states of pickup",
            Destination => "states of delivery",
            Dispatcher => "dispatchers",
            Priority => "priorities",
        }
    }

    /// It takes a span of days instead of values.
    pub const fn is_days(self) -> bool {
        matches!(self, Pickup | Delivery)
    }

    /// The span of days that is chosen, where it takes one.
    pub const fn days(self, filter: &LoadFilter) -> Option<Days> {
        match self {
            Pickup => filter.pickup,
            Delivery => filter.delivery,
            _ => None,
        }
    }
}

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

/// The values that are chosen, as they stand in addresses.
pub fn chosen(filter: &LoadFilter, kind: Kind) -> Vec<String> {
    filter.pairs().into_iter().filter(|(name, _)| *name == kind.name()).map(|(_, value)| value).collect()
}

/// Chooses a value, or no longer. Of days there is one span at a time.
pub fn toggle(filter: &mut LoadFilter, kind: Kind, value: &str) {
    let was_chosen = chosen(filter, kind).iter().any(|chosen| chosen == value);
    if was_chosen {
        *filter = without(filter, kind, Some(value));
    } else {
        // It fails only beyond the most values that a filter takes.
        let mut more = filter.clone();
        if more.take(kind.name(), value).is_ok() {
            *filter = more;
        }
    }
}

/// Filters by this kind no more.
pub fn clear(filter: &mut LoadFilter, kind: Kind) {
    *filter = without(filter, kind, None);
}

/// All but one value of a kind, or all of it.
fn without(filter: &LoadFilter, kind: Kind, value: Option<&str>) -> LoadFilter {
    let mut left = LoadFilter { text: filter.text.clone(), ..LoadFilter::default() };
    let dropped = |name: &str, one: &str| name == kind.name() && value.is_none_or(|value| value == one);
    for (name, one) in filter.pairs().into_iter().filter(|(name, one)| *name != "q" && !dropped(name, one)) {
        let _ = left.take(name, &one);
    }
    left
}

/// Shows every load of the board to what it is given, with the text that is searched.
pub type Survey<'a> = &'a dyn Fn(&mut dyn FnMut(&LoadCard, &str));

/// What there is to choose of a kind: what the loads of the board have, and what is chosen already. In the order of the
/// work for statuses, of their names for others; nobody's and one's own first.
pub fn offers(kind: Kind, filter: &LoadFilter, me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<Offer> {
    let others = without(filter, kind, None);
    let offers = match kind {
        Pickup | Delivery | Priority => counted(kind, &others, me, now, survey),
        _ => found(kind, &others, me, now, survey),
    };
    with_chosen(kind, filter, offers)
}

/// Values that are fixed and may overlap: each is tried on its own.
fn counted(kind: Kind, others: &LoadFilter, me: UserId, now: Timestamp, survey: Survey<'_>) -> Vec<Offer> {
    let values: Vec<&str> = match kind {
        Priority => self::Priority::ALL.iter().map(|priority| priority.code()).collect(),
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
        Equipment => self::Equipment::ALL.iter().position(|equipment| equipment.code() == offer.value),
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
        Equipment => (card.equipment.code().into(), card.equipment.label().into()),
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
        Pickup | Delivery | Priority => Default::default(),
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

/// Who is named by an id that no load on the board has.
const MISSING: &str = "Not on the board";

/// A value as a person reads it. Names of carriers and dispatchers are asked for by their ids.
fn label(kind: Kind, value: &str, name_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match (kind, value) {
        (Status, code) => LoadStatus::from_code(code).map(|status| status.label().to_owned()),
        (Equipment, code) => self::Equipment::from_code(code).map(|equipment| equipment.label().to_owned()),
        (Priority, code) => {
            let known = self::Priority::ALL.into_iter().find(|priority| priority.code() == code);
            known.map(|priority| priority.label().to_owned())
        }
        (Pickup | Delivery, "today") => Some("Today".into()),
        (Pickup | Delivery, "tomorrow") => Some("Tomorrow".into()),
        (Pickup | Delivery, days) => days.parse().ok().map(Days::label),
        (Carrier, "none") => Some("None".into()),
        (Dispatcher, "none") => Some("None".into()),
        (Dispatcher, "me") => Some("Me".into()),
        (Carrier | Dispatcher, id) => name_of(id),
        (Customer | Origin | Destination, name) => Some(name.to_owned()),
    }
}

/// What is chosen, in words: the first value, how many more, and all of them. `None` where nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub first: String,
    pub more: usize,
    pub all: String,
    /// Somebody's name was not to be had.
    pub incomplete: bool,
}

pub fn summary(kind: Kind, filter: &LoadFilter, name_of: &dyn Fn(&str) -> Option<String>) -> Option<Summary> {
    let labels: Vec<Option<String>> = chosen(filter, kind).iter().map(|value| label(kind, value, name_of)).collect();
    let incomplete = labels.iter().any(Option::is_none);
    let mut labels: Vec<String> = labels.into_iter().map(|label| label.unwrap_or_else(|| MISSING.to_owned())).collect();
    if !matches!(kind, Status | Equipment | Priority) {
        labels.sort_by_cached_key(|label| label.to_lowercase());
    }
    let all = labels.join(", ");
    let more = labels.len().saturating_sub(1);
    Some(Summary { first: labels.into_iter().next()?, more, all, incomplete })
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
