//! What a board can be filtered by: the kinds, choosing among their values, and saying what is chosen.

use crate::domain::{
    day::Days,
    load::Equipment,
    load_filter::{LoadFilter, Priority},
    status::LoadStatus,
};

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
pub fn without(filter: &LoadFilter, kind: Kind, value: Option<&str>) -> LoadFilter {
    let mut left = LoadFilter { text: filter.text.clone(), ..LoadFilter::default() };
    let dropped = |name: &str, one: &str| name == kind.name() && value.is_none_or(|value| value == one);
    for (name, one) in filter.pairs().into_iter().filter(|(name, one)| *name != "q" && !dropped(name, one)) {
        let _ = left.take(name, &one);
    }
    left
}

/// Who is named by an id that no load on the board has.
pub const MISSING: &str = "Not on the board";

/// A value as a person reads it. Names of carriers and dispatchers are asked for by their ids.
pub fn label(kind: Kind, value: &str, name_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
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
