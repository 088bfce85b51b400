//! The rows of a page of the list, kept true by events. Rows stay where they are while one reads; what is new waits.

use crate::{
    api::{Listed, PageInfo},
    components::clock::Clock,
    domain::{id::LoadId, load::LoadCard, time::Timestamp},
    events::{AnyEnvelope, AnyEvent, LoadCreated, LoadStatusChanged, LoadUpdated},
    realtime::LiveModel,
};
use leptos::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

/// A row: the load, or what it was before it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub card: LoadCard,
    pub gone: bool,
}

/// Whether the list shows such a load at this time.
pub type Wanted = Box<dyn Fn(&LoadCard, Timestamp) -> bool + Send + Sync>;

#[derive(Default)]
struct State {
    /// None: every load.
    wanted: Option<Wanted>,
    rows: RwLock<HashMap<LoadId, ArcRwSignal<Row>>>,
    order: ArcRwSignal<Arc<Vec<LoadId>>>,
    page: ArcRwSignal<Option<PageInfo>>,
    /// Wanted loads that are new since the page was fetched.
    newer: ArcRwSignal<HashSet<LoadId>>,
    clock: Clock,
}

/// Cheap to clone; all clones are one model.
#[derive(Clone, Default)]
pub struct Rows(Arc<State>);

impl Rows {
    /// Counts as new what `wanted` lets pass.
    pub fn of(wanted: Wanted) -> Self {
        Self(Arc::new(State { wanted: Some(wanted), ..State::default() }))
    }

    pub fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// The ids of the page, newest first.
    pub fn order(&self) -> Arc<Vec<LoadId>> {
        self.0.order.get()
    }

    pub fn row(&self, load: LoadId) -> Option<ArcRwSignal<Row>> {
        self.rows().get(&load).cloned()
    }

    /// How many there are in all and what follows; tells with each snapshot, not with events.
    pub fn page(&self) -> Option<PageInfo> {
        self.0.page.get()
    }

    /// How many loads are new since the page was fetched.
    pub fn newer(&self) -> usize {
        self.0.newer.with(HashSet::len)
    }

    fn rows(&self) -> RwLockReadGuard<'_, HashMap<LoadId, ArcRwSignal<Row>>> {
        // A panic elsewhere leaves whole rows behind.
        self.0.rows.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, card: &LoadCard) {
        let Some(row) = self.row(card.id) else { return };
        if row.with_untracked(|row| card.version >= row.card.version && (row.gone || row.card != *card)) {
            row.set(Row { card: card.clone(), gone: false });
        }
    }

    fn step(&self, change: &LoadStatusChanged, at: Timestamp) {
        let Some(row) = self.row(change.load_id) else { return };
        if row.with_untracked(|row| change.version > row.card.version) {
            row.update(|row| change.apply_to(&mut row.card, at));
        }
    }
}

impl LiveModel for Rows {
    type Snapshot = Listed<LoadCard>;

    fn reset(&self, listed: Listed<LoadCard>) {
        self.0.clock.set(listed.now);
        let order: Vec<LoadId> = listed.data.iter().map(|card| card.id).collect();
        let mut rows = self.0.rows.write().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut *rows);
        for card in listed.data {
            let id = card.id;
            let row = Row { card, gone: false };
            let signal = match before.remove(&id) {
                Some(signal) => {
                    if signal.with_untracked(|shown| *shown != row) {
                        signal.set(row);
                    }
                    signal
                }
                None => ArcRwSignal::new(row),
            };
            rows.insert(id, signal);
        }
        drop(rows);
        self.0.newer.update(HashSet::clear);
        self.0.order.set(Arc::new(order));
        self.0.page.set(Some(listed.page));
    }

    fn fold(&self, envelope: &AnyEnvelope) {
        match &envelope.data {
            AnyEvent::LoadCreated(LoadCreated(card)) => {
                if self.row(card.id).is_some() {
                    self.take(card);
                } else if self.0.wanted.as_ref().is_none_or(|wanted| wanted(card, self.0.clock.glance())) {
                    self.0.newer.update(|newer| {
                        newer.insert(card.id);
                    });
                }
            }
            AnyEvent::LoadUpdated(LoadUpdated(card)) => self.take(card),
            AnyEvent::LoadStatusChanged(change) => self.step(change, envelope.timestamp),
            AnyEvent::LoadDeleted(deleted) => {
                if let Some(row) = self.row(deleted.load_id) {
                    row.update(|row| row.gone = true);
                }
                self.0.newer.update(|newer| {
                    newer.remove(&deleted.load_id);
                });
            }
            // What these say of a load is said by the ones above as well.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{EventId, TenantId};
    use crate::domain::test_cards::{NOW, card, id};
    use crate::events::LoadDeleted;
    use uuid::Uuid;

    fn listed(numbers: &[u128]) -> Listed<LoadCard> {
        let data: Vec<_> = numbers.iter().map(|number| card(*number)).collect();
        Listed { page: PageInfo { next: None, total: data.len() as i64 }, data, now: NOW }
    }

    fn told(data: AnyEvent) -> AnyEnvelope {
        AnyEnvelope {
            event: "any".into(),
            data,
            timestamp: NOW,
            tenant_id: TenantId(Uuid::nil()),
            id: EventId(Uuid::nil()),
            stream: Some("tenant".into()),
            epoch: Some("1".into()),
            seq: Some(1),
        }
    }

    #[test]
    fn only_what_the_filter_lets_pass_counts_as_new() {
        let owner = Owner::new();
        owner.set();
        let rows = Rows::of(Box::new(|card, now| card.customer == "Acme" && now.since(NOW) < 1_000));
        rows.reset(listed(&[1]));
        let other = LoadCard { customer: "Other".into(), ..card(2) };
        rows.fold(&told(AnyEvent::LoadCreated(LoadCreated(other))));
        assert_eq!(rows.newer(), 0);
        rows.fold(&told(AnyEvent::LoadCreated(LoadCreated(card(3)))));
        assert_eq!(rows.newer(), 1);
    }

    #[test]
    fn a_row_that_was_gone_is_there_again_when_its_load_is() {
        let owner = Owner::new();
        owner.set();
        let rows = Rows::default();
        rows.reset(listed(&[1]));
        let is_gone = || rows.row(id(1)).map(|row| row.get_untracked().gone);
        let deleted = LoadDeleted { load_id: id(1), load_number: card(1).load_number, version: 1, updated_by: None };
        rows.fold(&told(AnyEvent::LoadDeleted(deleted)));
        assert_eq!(is_gone(), Some(true));
        rows.fold(&told(AnyEvent::LoadCreated(LoadCreated(card(1)))));
        assert_eq!(is_gone(), Some(false));
    }

    #[test]
    fn a_row_changes_in_place_and_what_is_new_waits() {
        let owner = Owner::new();
        owner.set();
        let rows = Rows::default();
        rows.reset(listed(&[3, 2, 1]));
        let mut changed = card(2);
        (changed.version, changed.customer) = (2, "Other".into());
        rows.fold(&told(AnyEvent::LoadUpdated(LoadUpdated(changed))));
        rows.fold(&told(AnyEvent::LoadUpdated(LoadUpdated(card(2)))));
        rows.fold(&told(AnyEvent::LoadCreated(LoadCreated(card(4)))));
        assert_eq!(*rows.order(), vec![id(3), id(2), id(1)]);
        assert_eq!(rows.row(id(2)).map(|row| row.get_untracked().card.customer), Some("Other".into()));
        assert_eq!(rows.newer(), 1);
        rows.reset(listed(&[4, 3, 2]));
        assert_eq!((rows.newer(), rows.row(id(1)).is_none()), (0, true));
    }
}
