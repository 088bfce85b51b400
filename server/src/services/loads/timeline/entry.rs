//! Happenings as entries of a timeline.

use super::{Happening, changes};
use app::{
    api::timeline::{PassedStop, TimelineEntry},
    domain::{
        id::AlertId,
        load::LoadCard,
        status::{LoadStatus::*, UNDONE},
    },
    events::{AnyEvent, CheckCallReceived, LoadStatusChanged},
};
use std::collections::{HashMap, HashSet};

/// Tells of happenings, oldest first. What another one tells already gives no entry.
pub fn tell(happenings: &[Happening]) -> Vec<TimelineEntry> {
    let mut teller = Teller::knowing(happenings);
    happenings.iter().filter_map(|happening| teller.tell(happening)).collect()
}

/// What is known of the load while its happenings are told in their order.
struct Teller<'a> {
    /// The card at each version that was told with one.
    versions: HashMap<i64, &'a LoadCard>,
    /// The versions that a step or an assignment tells of.
    told: HashSet<i64>,
    card: Option<&'a LoadCard>,
    call: Option<(&'a CheckCallReceived, &'a Happening)>,
    alerts: HashMap<AlertId, &'a str>,
}

impl<'a> Teller<'a> {
    fn knowing(happenings: &'a [Happening]) -> Self {
        let (mut versions, mut told) = (HashMap::new(), HashSet::new());
        for happening in happenings {
            match &happening.event {
                AnyEvent::LoadCreated(card) => drop(versions.insert(card.0.version, &card.0)),
                AnyEvent::LoadUpdated(card) => drop(versions.insert(card.0.version, &card.0)),
                AnyEvent::LoadStatusChanged(step) => drop(told.insert(step.version)),
                AnyEvent::LoadAssigned(assigned) => drop(told.insert(assigned.version)),
                _ => {}
            }
        }
        Self { versions, told, card: None, call: None, alerts: HashMap::new() }
    }

    fn tell(&mut self, happening: &'a Happening) -> Option<TimelineEntry> {
        let who = happening.by.as_ref().map_or("The system", |person| person.name.as_str());
        let plain = |text: String| TimelineEntry {
            id: happening.id,
            event: happening.name.clone(),
            at: happening.at,
            by: happening.by.clone(),
            text,
            previous_status: None,
            new_status: None,
            reason: None,
            notes: None,
            location: None,
            eta: None,
            stop: None,
            changes: Vec::new(),
        };
        match &happening.event {
            AnyEvent::LoadCreated(card) => {
                self.card = Some(&card.0);
                Some(plain(format!("{who} booked it")))
            }
            AnyEvent::LoadUpdated(card) => {
                let changes = self.card.map_or_else(Vec::new, |before| changes::between(before, &card.0));
                let told = self.told.contains(&card.0.version);
                let changes: Vec<_> = changes
                    .into_iter()
                    .filter(|change| !told || !matches!(change.field.as_str(), "carrier" | "driver"))
                    .collect();
                self.card = Some(&card.0);
                let text = format!("{who} {}", changes::in_words(&changes));
                (!changes.is_empty()).then(|| TimelineEntry { changes, ..plain(text) })
            }
            AnyEvent::LoadStatusChanged(step) => Some(TimelineEntry {
                previous_status: Some(step.previous_status),
                new_status: Some(step.new_status),
                reason: step.reason.clone(),
                ..plain(self.step(who, step))
            }),
            AnyEvent::LoadAssigned(assigned) => {
                let driver = assigned.driver_name.as_ref().map_or_else(String::new, |driver| format!(" with {driver}"));
                let text = format!("{who} assigned it to {}{driver}", assigned.carrier_name);
                Some(TimelineEntry {
                    reason: assigned.override_reason.clone(),
                    ..plain(with_reason(text, assigned.override_reason.as_deref()))
                })
            }
            AnyEvent::LoadClaimed(claimed) => Some(plain(match &claimed.claimed_by {
                Some(_) => format!("{who} is on it"),
                None => format!("{who} is on it no more"),
            })),
            AnyEvent::CheckCallReceived(call) => {
                self.call = Some((call, happening));
                Some(TimelineEntry {
                    notes: Some(call.notes.clone()),
                    location: Some(call.location),
                    eta: call.eta,
                    ..plain(format!("Check call: {}", call.notes))
                })
            }
            AnyEvent::LoadEtaUpdated(updated) => {
                let in_call =
                    self.call.is_some_and(|(call, when)| call.eta == Some(updated.eta) && when.at == happening.at);
                let text = with_reason(format!("{who} gave a new ETA"), updated.note.as_deref());
                (!in_call).then(|| TimelineEntry { eta: Some(updated.eta), notes: updated.note.clone(), ..plain(text) })
            }
            AnyEvent::StopArrived(stop) => {
                let late = if stop.on_time { "" } else { ", late" };
                let text = format!("Arrived at {}{late}", stop.facility_name);
                let stop = PassedStop {
                    id: stop.stop_id,
                    position: stop.position,
                    kind: stop.kind,
                    facility_name: stop.facility_name.clone(),
                    at: stop.arrived_at,
                    on_time: stop.on_time,
                };
                Some(TimelineEntry { stop: Some(stop), ..plain(text) })
            }
            AnyEvent::StopDeparted(stop) => {
                let text = format!("Left {}", stop.facility_name);
                let stop = PassedStop {
                    id: stop.stop_id,
                    position: stop.position,
                    kind: stop.kind,
                    facility_name: stop.facility_name.clone(),
                    at: stop.departed_at,
                    on_time: stop.on_time,
                };
                Some(TimelineEntry { stop: Some(stop), ..plain(text) })
            }
            AnyEvent::AlertTriggered(alert) => {
                self.alerts.insert(alert.alert_id, &alert.message);
                Some(plain(alert.message.clone()))
            }
            AnyEvent::AlertResolved(alert) => Some(plain(match self.alerts.get(&alert.alert_id) {
                Some(message) => format!("Well again: {message}"),
                None => "Well again".to_owned(),
            })),
            // Milestones: a step tells of them already.
            _ => None,
        }
    }

    fn step(&self, who: &str, step: &LoadStatusChanged) -> String {
        let (from, to, reason) = (step.previous_status, step.new_status, step.reason.as_deref());
        let after = self.versions.get(&step.version).copied();
        let carrier =
            |card: Option<&LoadCard>| card.and_then(|card| card.carrier.as_ref().map(|carrier| carrier.name.clone()));
        let text = match (from, to) {
            (_, Cancelled) => format!("{who} cancelled it"),
            (Completed, _) => format!("{who} reopened it"),
            _ if to < from && reason == Some(UNDONE) => return format!("{who} undid the step to {from}"),
            (Tendered, Pending) if after.is_none_or(|card| card.carrier.is_none()) => {
                let carrier = carrier(self.card).unwrap_or_else(|| "the carrier".to_owned());
                if step.updated_by.is_none() {
                    return format!("Tender to {carrier} expired");
                }
                format!("Tender to {carrier} declined by {who}")
            }
            _ if to < from => format!("{who} moved it back to {to}"),
            (_, Tendered) => match carrier(after.or(self.card)) {
                Some(carrier) => format!("{who} tendered it to {carrier}"),
                None => format!("{who} tendered it"),
            },
            (_, Dispatched) => format!("{who} moved it to {to}{}", self.driven(step.version)),
            _ => format!("{who} moved it to {to}"),
        };
        with_reason(text, reason)
    }

    /// Who drives from a version on, as the end of a sentence.
    fn driven(&self, version: i64) -> String {
        let card = self.versions.get(&version).copied().or(self.card);
        let driver = card.and_then(|card| card.driver.as_ref());
        driver.map_or_else(String::new, |driver| format!(" with {}", driver.name))
    }
}

fn with_reason(text: String, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{text}: {reason}"),
        None => text,
    }
}
