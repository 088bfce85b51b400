//! The loads of the board as spans of time, for the timeline.

use super::{Arrivals, BoardModel, Clock, read, watch::is_unassigned};
use crate::domain::{
    id::{LoadId, UserId},
    load::{CarrierRef, LoadCard},
    load_filter::{LoadFilter, Sieve},
    time::Timestamp,
};
use leptos::prelude::*;

/// From the begin of the pickup window to the end of the delivery window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub load: LoadId,
    pub carrier: Option<CarrierRef>,
    pub start: Timestamp,
    /// Never before the start.
    pub end: Timestamp,
    /// The digits of the load number.
    pub number: u64,
}

/// Begin and end of a load on the timeline.
pub fn time_of(card: &LoadCard) -> (Timestamp, Timestamp) {
    let start = card.pickup.start.min(card.delivery.start);
    (start, card.delivery.end.max(card.pickup.end).max(start))
}

impl BoardModel {
    /// The spans of the loads that pass a filter, in no order. Follows what they depend on: without a filter only what
    /// moves a span, so that a change of status costs its own bar and no more.
    pub fn spans(&self, filter: &LoadFilter, me: UserId, clock: &Clock) -> Vec<Span> {
        self.0.watch.spans.track();
        let is_open = filter.is_empty();
        let now = if is_open {
            clock.glance()
        } else {
            self.0.lanes.iter().for_each(Track::track);
            clock.now()
        };
        let sieve = Sieve::new(filter, me, now);
        let cards = read(&self.0.cards);
        let shown = cards.values().filter(|entry| entry.lane.is_some());
        shown
            .filter_map(|entry| {
                let card = entry.signals.card.read_untracked();
                (is_open || sieve.passes(&card, &entry.searched)).then(|| {
                    let (start, end) = time_of(&card);
                    Span { load: card.id, carrier: card.carrier.clone(), start, end, number: entry.number }
                })
            })
            .collect()
    }

    /// Whether a load is on the board and passes a filter now. Follows nothing.
    pub fn passes(&self, load: LoadId, filter: &LoadFilter, me: UserId) -> bool {
        let cards = read(&self.0.cards);
        cards.get(&load).is_some_and(|entry| {
            let card = entry.signals.card.read_untracked();
            Sieve::new(filter, me, self.0.clock.glance()).passes(&card, &entry.searched)
        })
    }

    /// Whether somebody must find a carrier for a load. Follows nothing.
    pub fn needs_carrier(&self, load: LoadId) -> bool {
        read(&self.0.cards).get(&load).is_some_and(|entry| is_unassigned(&entry.signals.card.read_untracked()))
    }

    /// Loads that came to need a carrier and were not taken yet; follows them.
    pub fn take_arrivals(&self) -> Arrivals {
        let arrivals = self.0.watch.arrivals.get();
        if !arrivals.is_empty() {
            self.0.watch.arrivals.set(Arrivals::new());
        }
        arrivals
    }
}
