//! The order of a lane: by urgency unless another sorting is chosen, in groups where the view asks for them.

use super::board_view::{BoardView, Grouping, Sorting};
use crate::{
    components::virtual_list::{Head, Heads},
    domain::{
        load::LoadCard,
        status::LoadStatus,
        time::Timestamp,
        urgency::{Urgency, is_pending_too_long, urgency},
    },
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// What a lane shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneOrder {
    /// Loads that pass the filter, as they are sorted and grouped.
    pub ids: Arc<Vec<Uuid>>,
    /// The groups that they stand in; none where the view has no groups.
    pub heads: Heads,
    /// Loads in the lane, with those that the filter leaves out.
    pub total: usize,
    /// The view that this is the answer to.
    pub view: Arc<BoardView>,
}

impl LaneOrder {
    /// `40`, or `3 of 40` under a filter.
    pub fn count(&self) -> String {
        if self.view.filter.is_empty() {
            self.total.to_string()
        } else {
            format!("{} of {}", self.ids.len(), self.total)
        }
    }
}

/// The place of a card in its lane; the least comes first. Those of one sorting can be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rank {
    urgency: u8,
    /// Milliseconds, of which the earliest come first.
    time: i64,
    /// In small letters.
    name: String,
    /// The load's: it decides between equals.
    number: u64,
}

/// Ranks a card as standing in `status`, which is where it is being moved to while a move is on its way.
pub fn rank(card: &LoadCard, status: LoadStatus, number: u64, by: Sorting, now: Timestamp) -> Rank {
    let at = |time: i64| Rank { time, number, ..Rank::default() };
    match by {
        Sorting::Urgency => {
            let (urgency, time) = pressing(card, status, now);
            Rank { urgency, ..at(time) }
        }
        Sorting::Pickup => at(card.pickup.start.millis()),
        Sorting::Delivery => at(card.delivery.start.millis()),
        Sorting::InStatus => at(card.status_since.millis()),
        Sorting::Updated => at(-card.updated_at.millis()),
        Sorting::Number => at(0),
        Sorting::Customer => Rank { name: card.customer.to_lowercase(), ..at(0) },
    }
}

/// What waits too long first, then late, at risk, on time; within each by what is due next. What is done stands newest
/// first.
fn pressing(card: &LoadCard, status: LoadStatus, now: Timestamp) -> (u8, i64) {
    let due = match status {
        LoadStatus::Delivered | LoadStatus::Completed | LoadStatus::Cancelled => {
            return (3, -card.status_since.millis());
        }
        status if status < LoadStatus::AtPickup => card.pickup.end,
        _ => card.delivery.end,
    };
    let urgency = if is_pending_too_long(card, now) {
        0
    } else {
        match urgency(card, now) {
            Urgency::Late => 1,
            Urgency::AtRisk => 2,
            Urgency::OnTime | Urgency::Over => 3,
        }
    };
    (urgency, due.millis())
}

/// The digits of a load number as a number: `LD-202611-00042` is 20261100042.
pub fn number_of(load_number: &str) -> u64 {
    load_number
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
}

/// What a card stands together with others by. In the order of the groups: by name, what has none last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// In small letters, then as it is written.
    Named(String, String),
    Rest(&'static str),
}

impl Group {
    fn of(card: &LoadCard, grouping: Grouping) -> Self {
        let named = |name: &str| Group::Named(name.to_lowercase(), name.to_owned());
        match grouping {
            Grouping::None => Group::Rest(""),
            Grouping::Carrier => card.carrier.as_ref().map_or(Group::Rest("No carrier"), |it| named(&it.name)),
            Grouping::Customer => named(&card.customer),
            Grouping::Equipment => named(card.equipment.label()),
            Grouping::Dispatcher => card.dispatcher.as_ref().map_or(Group::Rest("No dispatcher"), |it| named(&it.name)),
        }
    }

    /// The head of so many rows from the `first`. A carrier may be called "No carrier".
    fn head(&self, first: usize, count: usize) -> Head {
        let (key, name) = match self {
            Group::Named(_, name) => (format!("={name}"), name.clone()),
            Group::Rest(name) => (String::new(), (*name).to_owned()),
        };
        Head { first, key, name, count }
    }
}

/// Cards as they are sorted and grouped.
#[derive(Debug, Default)]
pub struct Arrangement {
    grouping: Grouping,
    groups: BTreeMap<Group, Vec<(Rank, Uuid)>>,
}

impl Arrangement {
    pub fn new(grouping: Grouping) -> Self {
        Self { grouping, groups: BTreeMap::new() }
    }

    /// Adds a card at the end of its group, to be sorted by [`Arrangement::sort`].
    pub fn add(&mut self, card: &LoadCard, rank: Rank) {
        self.groups.entry(Group::of(card, self.grouping)).or_default().push((rank, card.id.0));
    }

    pub fn sort(&mut self) {
        self.groups.values_mut().for_each(|ranked| ranked.sort_unstable());
    }

    /// Puts a card where it belongs among those that are sorted.
    pub fn put(&mut self, card: &LoadCard, rank: Rank) {
        let ranked = self.groups.entry(Group::of(card, self.grouping)).or_default();
        let place = (rank, card.id.0);
        ranked.insert(ranked.partition_point(|other| *other < place), place);
    }

    /// Takes a card out, wherever it stands.
    pub fn remove(&mut self, id: Uuid) {
        self.groups.retain(|_, ranked| {
            if let Some(place) = ranked.iter().position(|(_, other)| *other == id) {
                ranked.remove(place);
            }
            !ranked.is_empty()
        });
    }

    /// The ids in their order, and the heads of their groups.
    pub fn read(&self) -> (Arc<Vec<Uuid>>, Heads) {
        let mut ids = Vec::with_capacity(self.groups.values().map(Vec::len).sum());
        let mut heads = Vec::new();
        for (group, ranked) in &self.groups {
            if self.grouping != Grouping::None {
                heads.push(group.head(ids.len(), ranked.len()));
            }
            ids.extend(ranked.iter().map(|(_, id)| *id));
        }
        (Arc::new(ids), Arc::new(heads))
    }
}

#[cfg(test)]
#[path = "lane_order_tests.rs"]
mod tests;
