//! What the page of a load shows: the load as it is committed, a step that is not yet answered, its truck, what is
//! said about it, and the fold of events into all of that.

use super::talk_model::TalkModel;
use crate::{
    api::loads::{BoardRules, LoadDetail},
    components::clock::Clock,
    domain::{
        id::{LoadId, StopId},
        load::{Load, LoadCard, Person},
        status::LoadStatus,
        stop::Stop,
        time::Timestamp,
        trip::settle,
    },
    events::{
        AnyEnvelope, AnyEvent, LoadClaimed, LoadCreated, LoadEtaUpdated, LoadLocationUpdated, LoadStatusChanged,
        LoadUpdated,
    },
    realtime::LiveModel,
};
use leptos::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// That the load is not there any more for the person who looks at it, and through whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub by: Option<Person>,
    pub at: Timestamp,
}

struct State {
    load: LoadId,
    card: ArcRwSignal<Option<LoadCard>>,
    stops: ArcRwSignal<Vec<Stop>>,
    /// The version of the load whose stops these are.
    stops_version: AtomicI64,
    position: ArcRwSignal<Option<LoadLocationUpdated>>,
    intent: ArcRwSignal<Option<LoadStatus>>,
    gone: ArcRwSignal<Option<Gone>>,
    heard: ArcRwSignal<u64>,
    calls_heard: ArcRwSignal<u64>,
    resets: ArcRwSignal<u64>,
    outdated: ArcRwSignal<u64>,
    talk: TalkModel,
    clock: Clock,
    rules: ArcRwSignal<BoardRules>,
}

/// Cheap to clone; all clones are one load.
#[derive(Clone)]
pub struct LoadModel(Arc<State>);

impl LoadModel {
    pub fn new(load: LoadId) -> Self {
        Self(Arc::new(State {
            load,
            card: ArcRwSignal::new(None),
            stops: ArcRwSignal::default(),
            stops_version: AtomicI64::new(0),
            position: ArcRwSignal::new(None),
            intent: ArcRwSignal::new(None),
            gone: ArcRwSignal::new(None),
            heard: ArcRwSignal::new(0),
            calls_heard: ArcRwSignal::new(0),
            resets: ArcRwSignal::new(0),
            outdated: ArcRwSignal::new(0),
            talk: TalkModel::default(),
            clock: Clock::default(),
            rules: ArcRwSignal::default(),
        }))
    }

    pub fn id(&self) -> LoadId {
        self.0.load
    }

    /// What the load is judged by. Follows it.
    pub fn rules(&self) -> BoardRules {
        self.0.rules.get()
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The load as it is committed; none before the first snapshot.
    pub fn card(&self) -> &ArcRwSignal<Option<LoadCard>> {
        &self.0.card
    }

    pub fn stops(&self) -> &ArcRwSignal<Vec<Stop>> {
        &self.0.stops
    }

    /// Where the truck was last.
    pub fn position(&self) -> &ArcRwSignal<Option<LoadLocationUpdated>> {
        &self.0.position
    }

    /// The status that it is being moved to, until the server has answered.
    pub fn intent(&self) -> &ArcRwSignal<Option<LoadStatus>> {
        &self.0.intent
    }

    pub fn gone(&self) -> &ArcRwSignal<Option<Gone>> {
        &self.0.gone
    }

    /// Counts what was heard of the load: what is listed of it has news.
    pub fn heard(&self) -> &ArcRwSignal<u64> {
        &self.0.heard
    }

    /// Counts the check calls that were heard.
    pub fn calls_heard(&self) -> &ArcRwSignal<u64> {
        &self.0.calls_heard
    }

    /// Counts the snapshots after the first: what was heard may have gaps.
    pub fn resets(&self) -> &ArcRwSignal<u64> {
        &self.0.resets
    }

    /// Counts what was heard after which the stops may be behind. See [`LoadModel::stops_are_behind`].
    pub fn outdated(&self) -> &ArcRwSignal<u64> {
        &self.0.outdated
    }

    pub fn talk(&self) -> &TalkModel {
        &self.0.talk
    }

    /// Takes in the load as the server has committed it, unless a newer one is known.
    pub fn take(&self, card: LoadCard) {
        let known = self.0.card.with_untracked(|known| known.as_ref().map(|known| known.version));
        if known.is_some_and(|known| known > card.version) {
            return;
        }
        let status = self.0.card.with_untracked(|known| known.as_ref().map(|known| known.status));
        if status != Some(card.status) {
            self.settle_stops(card.status, card.version, card.status_since);
        }
        // The stops are not on the card, and may have changed with it.
        if self.stops_version() < card.version {
            bump(&self.0.outdated);
        }
        self.0.card.set(Some(card));
    }

    /// Whether the stops are those of an older version than the card.
    pub fn stops_are_behind(&self) -> bool {
        let version = self.0.card.with_untracked(|card| card.as_ref().map(|card| card.version));
        version.is_some_and(|version| self.stops_version() < version)
    }

    /// Whether the stops say what the status denies: one of the two was told late.
    pub fn stops_deny_status(&self) -> bool {
        let card = self.0.card.with_untracked(|card| card.as_ref().map(|card| (card.status, card.status_since)));
        let Some((status, since)) = card else { return false };
        let stops = self.0.stops.get_untracked();
        let mut settled = stops.clone();
        settle(status, &mut settled, since);
        settled != stops
    }

    fn stops_version(&self) -> i64 {
        self.0.stops_version.load(Ordering::Relaxed)
    }

    /// Brings the stops in line with the next version of the load, if that was a step: as the server does.
    fn settle_stops(&self, status: LoadStatus, version: i64, at: Timestamp) {
        if version != self.stops_version() + 1 {
            return;
        }
        self.0.stops_version.store(version, Ordering::Relaxed);
        self.0.stops.maybe_update(|stops| {
            let before = stops.clone();
            settle(status, stops, at);
            *stops != before
        });
    }

    fn step(&self, change: &LoadStatusChanged, at: Timestamp) {
        self.change_card(|card| {
            if change.version > card.version {
                change.apply_to(card, at);
            }
        });
    }

    fn claim(&self, claim: &LoadClaimed) {
        self.change_card(|card| card.claimed_by.clone_from(&claim.claimed_by));
    }

    fn said_eta(&self, said: &LoadEtaUpdated) {
        self.change_card(|card| card.eta = Some(said.eta));
        // What a person says holds until a newer position comes.
        self.0.position.maybe_update(|position| {
            let Some(position) = position else { return false };
            position.eta = Some(said.eta);
            position.eta_state = said.eta_state;
            true
        });
    }

    fn pass_stop(&self, id: StopId, note: impl FnOnce(&mut Stop)) {
        self.0.stops.update(|stops| {
            if let Some(stop) = stops.iter_mut().find(|stop| stop.id == id) {
                note(stop);
            }
        });
        if self.stops_deny_status() {
            bump(&self.0.outdated);
        }
    }

    /// Takes in a load with its stops as the server has answered it.
    pub fn take_whole(&self, load: Load) {
        let is_newer =
            self.0.card.with_untracked(|known| known.as_ref().is_none_or(|known| known.version <= load.card.version));
        if is_newer {
            self.0.stops_version.store(load.card.version, Ordering::Relaxed);
            self.0.stops.set(load.stops);
            self.0.card.set(Some(load.card));
        }
    }

    fn change_card(&self, change: impl FnOnce(&mut LoadCard)) {
        self.0.card.maybe_update(|known| {
            let Some(card) = known else { return false };
            let before = card.clone();
            change(card);
            *card != before
        });
    }

    /// Never back to an older place.
    fn locate(&self, position: &LoadLocationUpdated) {
        let is_newer = self
            .0
            .position
            .with_untracked(|known| known.as_ref().is_none_or(|known| known.recorded_at <= position.recorded_at));
        if is_newer {
            self.0.position.set(Some(position.clone()));
        }
    }
}

impl LiveModel for LoadModel {
    type Snapshot = LoadDetail;

    fn reset(&self, detail: LoadDetail) {
        let State { clock, rules, card, stops, stops_version, position, gone, heard, calls_heard, resets, .. } =
            &*self.0;
        clock.set(detail.now);
        rules.set(detail.rules);
        // Lists are fetched after the first snapshot by themselves; a later one says that they may have missed something.
        if card.with_untracked(Option::is_some) {
            bump(heard);
            bump(calls_heard);
            bump(resets);
        }
        gone.set(None);
        stops_version.store(detail.load.card.version, Ordering::Relaxed);
        stops.set(detail.load.stops);
        position.set(detail.position);
        card.set(Some(detail.load.card));
    }

    fn fold(&self, envelope: &AnyEnvelope) {
        if !self.is_about_this(&envelope.data) {
            return;
        }
        match &envelope.data {
            AnyEvent::LoadCreated(LoadCreated(card)) | AnyEvent::LoadUpdated(LoadUpdated(card)) => {
                self.0.gone.set(None);
                self.take(card.clone());
            }
            AnyEvent::LoadStatusChanged(change) => {
                // A step says of some stops that the truck has been there, or has not.
                self.settle_stops(change.new_status, change.version, envelope.timestamp);
                self.step(change, envelope.timestamp);
                if self.stops_are_behind() {
                    bump(&self.0.outdated);
                }
            }
            AnyEvent::LoadClaimed(claim) => self.claim(claim),
            AnyEvent::LoadDeleted(deleted) => {
                self.0.gone.set(Some(Gone { by: deleted.updated_by.clone(), at: envelope.timestamp }));
            }
            AnyEvent::LoadLocationUpdated(position) => self.locate(position),
            AnyEvent::LoadLocationBatch(batch) => {
                batch
                    .positions
                    .iter()
                    .filter(|position| position.load_id == self.0.load)
                    .for_each(|at| self.locate(at));
            }
            AnyEvent::LoadEtaUpdated(said) => self.said_eta(said),
            AnyEvent::StopArrived(arrived) => {
                self.pass_stop(arrived.stop_id, |stop| stop.arrived_at = Some(arrived.arrived_at));
            }
            AnyEvent::StopDeparted(departed) => {
                self.pass_stop(departed.stop_id, |stop| stop.departed_at = Some(departed.departed_at));
            }
            AnyEvent::CheckCallReceived(_) => bump(&self.0.calls_heard),
            AnyEvent::MessageNew(message) => self.0.talk.hear(message.clone()),
            AnyEvent::MessageRead(mark) => self.0.talk.mark(mark.clone()),
            AnyEvent::Typing(typing) => self.0.talk.typing(typing, envelope.timestamp),
            // What these say of the card is said by the ones above as well.
            _ => {}
        }
        // What is in no stream is not listed either, and of a load that is gone no list can be had.
        if envelope.stream.is_some() && self.0.gone.with_untracked(Option::is_none) {
            bump(&self.0.heard);
        }
    }
}

impl LoadModel {
    fn is_about_this(&self, event: &AnyEvent) -> bool {
        let load = self.0.load;
        match event {
            AnyEvent::LoadCreated(LoadCreated(card)) | AnyEvent::LoadUpdated(LoadUpdated(card)) => card.id == load,
            AnyEvent::LoadStatusChanged(change) => change.load_id == load,
            AnyEvent::LoadDeleted(deleted) => deleted.load_id == load,
            AnyEvent::LoadAssigned(assigned) => assigned.load_id == load,
            AnyEvent::LoadDispatched(dispatched) => dispatched.0.load_id == load,
            AnyEvent::LoadDelivered(delivered) => delivered.load_id == load,
            AnyEvent::LoadClaimed(claim) => claim.load_id == load,
            AnyEvent::LoadLocationUpdated(position) => position.load_id == load,
            AnyEvent::LoadLocationBatch(_) => true,
            AnyEvent::LoadEtaUpdated(said) => said.load_id == load,
            AnyEvent::StopArrived(arrived) => arrived.load_id == load,
            AnyEvent::StopDeparted(departed) => departed.load_id == load,
            AnyEvent::CheckCallReceived(call) => call.load_id == load,
            // The conversation of a load bears the load's id.
            AnyEvent::MessageNew(message) => message.conversation_id.0 == load.0,
            AnyEvent::MessageRead(mark) => mark.conversation_id.0 == load.0,
            AnyEvent::Typing(typing) => typing.conversation_id.0 == load.0,
            _ => false,
        }
    }
}

fn bump(count: &ArcRwSignal<u64>) {
    count.update(|count| *count += 1);
}

#[cfg(test)]
#[path = "load_model_tests.rs"]
mod tests;
