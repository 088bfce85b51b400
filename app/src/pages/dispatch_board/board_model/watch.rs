//! What the board's model notices of its cards, for those who don't follow lanes: the timeline and the alert.

use crate::domain::{
    id::{LoadId, UserId},
    load::LoadCard,
    status::Lane,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// Loads that came to need a carrier, each with who made it so; `None` where no person did.
pub type Arrivals = BTreeMap<LoadId, Option<UserId>>;

/// Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct Watch {
    /// A load came, left, or changed its carrier or its time.
    pub spans: ArcTrigger,
    pub arrivals: ArcRwSignal<Arrivals>,
}

impl Watch {
    /// Takes note of a card that is new or has changed.
    pub fn saw(&self, before: Option<&LoadCard>, after: &LoadCard) {
        if before.is_none_or(|before| !spans_alike(before, after)) {
            self.spans.notify();
        }
        let known = self.arrivals.with_untracked(|arrivals| arrivals.contains_key(&after.id));
        if is_unassigned(after) {
            if !before.is_some_and(is_unassigned) {
                let by = after.updated_by.as_ref().map(|person| person.id);
                self.arrivals.update(|arrivals| {
                    arrivals.insert(after.id, by);
                });
            }
        } else if known {
            self.lost(after.id);
        }
    }

    /// Only these loads are left.
    pub fn keep(&self, present: &HashSet<LoadId>) {
        self.arrivals.maybe_update(|arrivals| {
            let before = arrivals.len();
            arrivals.retain(|load, _| present.contains(load));
            arrivals.len() != before
        });
    }

    /// A load needs no carrier any more, or is gone.
    pub fn lost(&self, load: LoadId) {
        if self.arrivals.with_untracked(|arrivals| arrivals.contains_key(&load)) {
            self.arrivals.update(|arrivals| {
                arrivals.remove(&load);
            });
        }
    }
}

/// Whether somebody must find a carrier for a load.
pub fn is_unassigned(card: &LoadCard) -> bool {
    card.carrier.is_none() && card.status.lane() == Some(Lane::Unassigned)
}

fn spans_alike(a: &LoadCard, b: &LoadCard) -> bool {
    a.carrier == b.carrier
        && a.status.lane().is_some() == b.status.lane().is_some()
        && (a.pickup.start, a.pickup.end) == (b.pickup.start, b.pickup.end)
        && (a.delivery.start, a.delivery.end) == (b.delivery.start, b.delivery.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::load::Person;
    use crate::domain::status::LoadStatus::{self, *};
    use crate::domain::test_cards::{card_in, id};
    use uuid::Uuid;

    fn bare(number: u128, status: LoadStatus) -> LoadCard {
        LoadCard { carrier: None, ..card_in(number, status) }
    }

    fn arrivals(watch: &Watch) -> Vec<LoadId> {
        watch.arrivals.with_untracked(|arrivals| arrivals.keys().copied().collect())
    }

    #[test]
    fn a_load_arrives_when_it_comes_to_need_a_carrier_and_not_when_it_only_changes() {
        let watch = Watch::default();
        let by = Person { id: UserId(Uuid::from_u128(5)), name: "Maria".into() };
        watch.saw(None, &LoadCard { updated_by: Some(by), ..bare(1, Planning) });
        watch.saw(Some(&bare(2, Planning)), &bare(2, Pending));
        watch.saw(None, &card_in(3, Pending));
        watch.saw(Some(&card_in(4, Pending)), &bare(4, Pending));
        assert_eq!(arrivals(&watch), [id(1), id(4)]);
        assert_eq!(watch.arrivals.get_untracked()[&id(1)], Some(UserId(Uuid::from_u128(5))));
    }

    #[test]
    fn a_load_that_a_snapshot_does_not_have_has_not_arrived() {
        let watch = Watch::default();
        watch.saw(None, &bare(1, Pending));
        watch.saw(None, &bare(2, Pending));
        watch.keep(&HashSet::from([id(2), id(3)]));
        assert_eq!(arrivals(&watch), [id(2)]);
    }

    #[test]
    fn who_finds_a_carrier_meanwhile_takes_the_load_back_out() {
        let watch = Watch::default();
        watch.saw(None, &bare(1, Pending));
        watch.saw(None, &bare(2, Pending));
        watch.saw(Some(&bare(1, Pending)), &card_in(1, Pending));
        watch.lost(id(2));
        assert_eq!(arrivals(&watch), []);
    }
}
