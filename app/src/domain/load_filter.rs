//! Which loads are wanted: the filter of the board, the timeline, the list and the presets, as it stands in an address.
//!
//! Values of one kind are alternatives; kinds narrow one another down; every word of the text must be found.

use super::{
    day::Days,
    id::{CarrierId, UserId},
    load::{Equipment, LoadCard},
    status::LoadStatus,
    time::Timestamp,
    urgency::{Urgency, urgency},
};
use std::{collections::BTreeSet, str::FromStr};

/// What a load is marked with, by people or by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    Hot,
    Exception,
    Late,
    AtRisk,
}

impl Priority {
    pub const ALL: [Priority; 4] = [Priority::Hot, Priority::Exception, Priority::Late, Priority::AtRisk];

    pub const fn code(self) -> &'static str {
        match self {
            Priority::Hot => "hot",
            Priority::Exception => "exception",
            Priority::Late => "late",
            Priority::AtRisk => "at_risk",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Priority::Hot => "Hot",
            Priority::Exception => "Exception",
            Priority::Late => "Late",
            Priority::AtRisk => "At risk",
        }
    }

    fn marks(self, card: &LoadCard, now: Timestamp) -> bool {
        match self {
            Priority::Hot => card.hot,
            Priority::Exception => card.exception,
            Priority::Late => urgency(card, now) == Urgency::Late,
            Priority::AtRisk => urgency(card, now) == Urgency::AtRisk,
        }
    }
}

/// Somebody by id, or nobody: loads without a carrier, without a dispatcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose<T> {
    Nobodys,
    /// Of whoever looks: a filter that is passed on means another person.
    Mine,
    Of(T),
}

impl<T: std::fmt::Display> std::fmt::Display for Whose<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Whose::Nobodys => f.write_str("none"),
            Whose::Mine => f.write_str("me"),
            Whose::Of(id) => id.fmt(f),
        }
    }
}

/// Which loads are wanted. Empty: all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadFilter {
    /// Words as typed: in the number, customer, carrier, driver, cities, states and references.
    pub text: String,
    pub statuses: BTreeSet<LoadStatus>,
    pub equipment: BTreeSet<Equipment>,
    pub carriers: BTreeSet<Whose<CarrierId>>,
    /// By their whole names.
    pub customers: BTreeSet<String>,
    /// Two letters in capitals: the state of the first pickup.
    pub origins: BTreeSet<String>,
    /// The state of the last delivery.
    pub destinations: BTreeSet<String>,
    pub dispatchers: BTreeSet<Whose<UserId>>,
    pub priorities: BTreeSet<Priority>,
    /// Days of the pickup, on the clock of its stop.
    pub pickup: Option<Days>,
    pub delivery: Option<Days>,
}

/// A value that a filter does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {reason}.")]
pub struct InvalidFilter {
    pub name: String,
    pub reason: String,
}

/// The longest text and the longest name of a customer, in characters; the most values of one kind.
pub const LONGEST_TEXT: usize = 200;
pub const MOST_VALUES: usize = 100;
/// So many different words of a text are looked for; those after them narrow nothing down.
pub const MOST_WORDS: usize = 6;

impl LoadFilter {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && Self { text: String::new(), ..self.clone() } == Self::default()
    }

    /// As names and values of an address, in a fixed order; what is not set is absent.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        fn all<T>(name: &'static str, values: &BTreeSet<T>, say: impl Fn(&T) -> String) -> Vec<(&'static str, String)> {
            values.iter().map(|value| (name, say(value))).collect()
        }
        let mut pairs = Vec::new();
        pairs.extend((!self.text.trim().is_empty()).then(|| ("q", self.text.trim().to_owned())));
        pairs.extend(all("status", &self.statuses, |status| status.code().to_owned()));
        pairs.extend(all("equipment", &self.equipment, |equipment| equipment.code().to_owned()));
        pairs.extend(all("carrier", &self.carriers, ToString::to_string));
        pairs.extend(all("customer", &self.customers, Clone::clone));
        pairs.extend(all("from", &self.origins, Clone::clone));
        pairs.extend(all("to", &self.destinations, Clone::clone));
        pairs.extend(all("dispatcher", &self.dispatchers, ToString::to_string));
        pairs.extend(all("priority", &self.priorities, |priority| priority.code().to_owned()));
        pairs.extend(self.pickup.map(|days| ("pickup", days.to_string())));
        pairs.extend(self.delivery.map(|days| ("delivery", days.to_string())));
        pairs
    }

    /// Takes in one name and value of an address. `false` for a name that is not the filter's.
    ///
    /// # Errors
    /// The name is the filter's, the value is none that it takes.
    pub fn take(&mut self, name: &str, value: &str) -> Result<bool, InvalidFilter> {
        let refuse = |reason: &str| InvalidFilter { name: name.to_owned(), reason: reason.to_owned() };
        let known = |added: Option<bool>, takes: &str| added.map(|_| true).ok_or_else(|| refuse(takes));
        let short = |value: &str| value.chars().count() <= LONGEST_TEXT;
        let taken = match name {
            "q" if short(value) => {
                self.text = value.to_owned();
                Ok(true)
            }
            "customer" if short(value) && !value.is_empty() => {
                self.customers.insert(value.to_owned());
                Ok(true)
            }
            "q" | "customer" => Err(refuse("takes 1 to 200 characters")),
            "status" => known(LoadStatus::from_code(value).map(|it| self.statuses.insert(it)), "takes a load status"),
            "equipment" => {
                known(Equipment::from_code(value).map(|it| self.equipment.insert(it)), "takes a kind of equipment")
            }
            "carrier" => {
                let whose = whose(value).filter(|whose| *whose != Whose::Mine);
                known(whose.map(|it| self.carriers.insert(it)), "takes a carrier's id, or none")
            }
            "dispatcher" => known(whose(value).map(|it| self.dispatchers.insert(it)), "takes a user's id, me or none"),
            "from" => known(state(value).map(|it| self.origins.insert(it)), "takes a state of two letters"),
            "to" => known(state(value).map(|it| self.destinations.insert(it)), "takes a state of two letters"),
            "priority" => {
                let priority = Priority::ALL.into_iter().find(|priority| priority.code() == value);
                known(priority.map(|it| self.priorities.insert(it)), "takes hot, exception, late or at_risk")
            }
            "pickup" | "delivery" => {
                let days = Some(value.parse::<Days>().map_err(|error| refuse(&error.to_string()))?);
                *(if name == "pickup" { &mut self.pickup } else { &mut self.delivery }) = days;
                Ok(true)
            }
            _ => Ok(false),
        };
        let most = [
            self.customers.len(),
            self.carriers.len(),
            self.dispatchers.len(),
            self.origins.len(),
            self.destinations.len(),
        ];
        if most.into_iter().any(|count| count > MOST_VALUES) {
            return Err(refuse("has too many values; at most 100"));
        }
        taken
    }

    /// Whether it asks for days, which are those of the places.
    pub fn looks_at_days(&self) -> bool {
        self.pickup.is_some() || self.delivery.is_some()
    }

    /// What is looked for: the first [`MOST_WORDS`] words of the text that differ, as they were written.
    pub fn terms(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        self.text.split_whitespace().filter(|word| seen.insert(word.to_lowercase())).take(MOST_WORDS).collect()
    }

    /// The same in lower case.
    pub fn words(&self) -> Vec<String> {
        self.terms().into_iter().map(str::to_lowercase).collect()
    }
}

fn whose<T: FromStr>(value: &str) -> Option<Whose<T>> {
    match value {
        "none" => Some(Whose::Nobodys),
        "me" => Some(Whose::Mine),
        id => id.parse().ok().map(Whose::Of),
    }
}

fn state(value: &str) -> Option<String> {
    (value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| value.to_ascii_uppercase())
}

/// A filter at work: for one person, at one time.
pub struct Sieve<'a> {
    filter: &'a LoadFilter,
    words: Vec<String>,
    me: UserId,
    now: Timestamp,
}

impl<'a> Sieve<'a> {
    pub fn new(filter: &'a LoadFilter, me: UserId, now: Timestamp) -> Self {
        Self { words: filter.words(), filter, me, now }
    }

    /// Whether a card passes, whose [`searched_text`] is `searched`.
    pub fn passes(&self, card: &LoadCard, searched: &str) -> bool {
        fn among<T: Ord>(wanted: &BTreeSet<T>, value: &T) -> bool {
            wanted.is_empty() || wanted.contains(value)
        }
        let LoadFilter { statuses, equipment, customers, origins, destinations, .. } = self.filter;
        let owned_by = |whose: &Whose<CarrierId>| match (whose, &card.carrier) {
            (Whose::Of(id), Some(carrier)) => *id == carrier.id,
            (Whose::Nobodys, None) => true,
            _ => false,
        };
        let worked_by = |whose: &Whose<UserId>| match (whose, &card.dispatcher) {
            (Whose::Of(id), Some(person)) => *id == person.id,
            (Whose::Mine, Some(person)) => self.me == person.id,
            (Whose::Nobodys, None) => true,
            _ => false,
        };
        among(statuses, &card.status)
            && among(equipment, &card.equipment)
            && among(customers, &card.customer)
            && among(origins, &card.origin.state)
            && among(destinations, &card.destination.state)
            && (self.filter.carriers.is_empty() || self.filter.carriers.iter().any(owned_by))
            && (self.filter.dispatchers.is_empty() || self.filter.dispatchers.iter().any(worked_by))
            && (self.filter.priorities.is_empty() || self.filter.priorities.iter().any(|it| it.marks(card, self.now)))
            && self.filter.pickup.is_none_or(|days| days.contain(&card.pickup, self.now))
            && self.filter.delivery.is_none_or(|days| days.contain(&card.delivery, self.now))
            && self.words.iter().all(|word| searched.contains(word.as_str()))
    }
}

/// What of a card is searched, in lower case: number, customer, carrier, driver, cities and states, references.
pub fn searched_text(card: &LoadCard) -> String {
    let carrier = card.carrier.as_ref().map_or("unassigned", |carrier| &carrier.name);
    let driver = card.driver.as_ref().map_or("", |driver| &driver.name);
    let parts = [&card.load_number, &card.customer, carrier, driver, &card.references.join(" ")];
    format!("{} {} {}", parts.join(" "), card.origin, card.destination).to_lowercase()
}

#[cfg(test)]
#[path = "load_filter_tests.rs"]
mod tests;
