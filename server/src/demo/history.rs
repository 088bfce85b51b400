//! What has happened to the loads of a demo tenant before its streams began, so that their timelines tell it.
//!
//! The numbers of these events are below 1: a stream is asked for what follows a number from 0 on, and never sends them.

use super::plan::LoadPlan;
use crate::{
    store::{StoreError, Tx, stops::StopRow, streams},
    stream::{StoredEvent, StreamKey, StreamName},
};
use app::{
    domain::{
        id::{EventId, TenantId, UserId},
        load::{LoadCard, Person},
        status::LoadStatus::{self, *},
        stop::StopKind,
        time::{MINUTE, Timestamp},
    },
    events::{
        CheckCallReceived, Event, LoadCreated, LoadStatusChanged, LoadUpdated, Namespace, StopArrived, StopDeparted,
    },
};
use std::collections::HashMap;
use uuid::{NoContext, Uuid};

/// Where the time between booking and pickup goes: how much of it is past at each step.
const BEFORE_PICKUP: [(LoadStatus, f64); 4] = [(Pending, 0.02), (Tendered, 0.3), (Accepted, 0.35), (Dispatched, 0.7)];

/// A UUIDv7 of a moment in the past, so that what happened sorts by it.
pub fn id_of_moment(at: Timestamp) -> Uuid {
    let seconds = u64::try_from(at.millis() / 1_000).unwrap_or(0);
    let nanos = u32::try_from(at.millis().rem_euclid(1_000)).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos))
}

/// The steps that have led a load to its status, with their times; each is one version.
pub fn steps(load: &LoadPlan) -> Vec<(LoadStatus, Timestamp)> {
    let path: Vec<LoadStatus> = match load.status {
        Cancelled => vec![Pending, Cancelled],
        status => LoadStatus::ALL.into_iter().filter(|step| (Pending..=status).contains(step)).collect(),
    };
    let left = |kind| load.stops.iter().filter(|stop| stop.kind == kind).filter_map(|stop| stop.departed_at).max();
    let loaded = left(StopKind::Pickup);
    let known = |step| match step {
        AtPickup => load.stops.first().and_then(|stop| stop.arrived_at),
        PickedUp => loaded,
        InTransit => loaded.map(|at| at.plus(5 * MINUTE)),
        AtDelivery => load.stops.last().and_then(|stop| stop.arrived_at),
        Delivered => load.stops.last().and_then(|stop| stop.departed_at),
        _ => None,
    };
    let booked_until = known(AtPickup).unwrap_or(load.status_since).since(load.created_at) as f64;
    let spread = |step| BEFORE_PICKUP.iter().find(|(status, _)| *status == step).map(|(_, part)| booked_until * part);
    let mut before = load.created_at;
    let mut steps: Vec<(LoadStatus, Timestamp)> = Vec::new();
    for step in path {
        let at = known(step).or_else(|| Some(load.created_at.plus(spread(step)? as i64)));
        before = at.unwrap_or(load.status_since).max(before.plus(1)).min(load.status_since);
        steps.push((step, before));
    }
    if let Some(last) = steps.last_mut() {
        last.1 = load.status_since;
    }
    steps
}

/// Writes the past of loads of one tenant.
pub struct Historian {
    tenant: TenantId,
    /// The number that was given last in each stream; they are given from 0 down.
    numbers: HashMap<(Namespace, StreamName), i64>,
}

/// A load that is written itself, with its stops and the names of their facilities.
pub struct Told<'a> {
    pub card: LoadCard,
    pub plan: &'a LoadPlan,
    pub stops: Vec<(&'a StopRow, &'a str)>,
    pub cast: Cast,
}

/// Who has worked a load, and who outside has seen it.
pub struct Cast {
    pub worked_by: Option<Person>,
    /// Has cancelled what is cancelled.
    pub manager: Person,
    /// The driver's login.
    pub driver: Option<UserId>,
}

/// What happens, to be written in the order of time.
struct Past<'a> {
    card: &'a LoadCard,
    outside: Vec<StreamName>,
    events: Vec<StoredEvent>,
    tenant: TenantId,
}

impl Past<'_> {
    fn tell<E: Event>(
        &mut self,
        at: Timestamp,
        by: Option<&Person>,
        is_outside: bool,
        event: &E,
    ) -> Result<(), StoreError> {
        let (whose, when) =
            ((self.tenant, Some(self.card.id), by.map(|person| person.id)), (EventId(id_of_moment(at)), at));
        let of_staff = StoredEvent::of_tenant(whose, when, event)?;
        if is_outside {
            self.events.extend(of_staff.outside(event, self.outside.iter().copied())?);
        }
        self.events.push(of_staff);
        Ok(())
    }
}

impl Historian {
    pub fn new(tenant: TenantId) -> Self {
        Self { tenant, numbers: HashMap::new() }
    }

    /// Writes the past of loads.
    pub async fn write(&mut self, tx: &mut Tx, loads: &[Told<'_>]) -> Result<(), StoreError> {
        let mut events = Vec::new();
        for told in loads {
            events.extend(self.past(told)?);
        }
        for event in &mut events {
            event.seq = self.next(tx, &event.key).await?;
        }
        streams::insert_events(tx, &events).await
    }

    /// The next number of a stream, which is made if it is not there.
    async fn next(&mut self, tx: &mut Tx, key: &StreamKey) -> Result<i64, StoreError> {
        let place = (key.namespace, key.stream);
        let given = match self.numbers.get(&place) {
            Some(given) => *given,
            None => {
                streams::ensure(tx, key).await?;
                // What happened since the streams began is numbered from 1 up.
                streams::oldest(tx, key).await?.map_or(1, |oldest| oldest.min(1))
            }
        };
        self.numbers.insert(place, given - 1);
        Ok(given - 1)
    }

    fn past(&self, told: &Told<'_>) -> Result<Vec<StoredEvent>, StoreError> {
        let Told { card, plan, stops, cast } = told;
        let carrier = card.carrier.as_ref().map(|carrier| StreamName::Carrier(carrier.id));
        let outside = carrier.into_iter().chain(cast.driver.map(StreamName::User)).collect();
        let mut past = Past { card, outside, events: Vec::new(), tenant: self.tenant };
        let by = cast.worked_by.as_ref();
        past.tell(plan.created_at, by, false, &LoadCreated(booked(card, plan.created_at)))?;
        tell_steps(&mut past, plan, cast)?;
        tell_stops(&mut past, stops)?;
        for call in &plan.check_calls {
            let received = CheckCallReceived {
                load_id: card.id,
                load_number: card.load_number.clone(),
                location: call.at,
                notes: call.note.clone(),
                eta: call.eta,
                received_at: call.received_at,
            };
            past.tell(call.received_at, by, true, &received)?;
        }
        Ok(past.events)
    }
}

/// The card as it was booked.
fn booked(card: &LoadCard, at: Timestamp) -> LoadCard {
    LoadCard {
        status: Planning,
        version: 1,
        carrier: None,
        driver: None,
        tender_expires_at: None,
        last_check_call_at: None,
        eta: None,
        status_since: at,
        updated_at: at,
        ..card.clone()
    }
}

fn tell_steps(past: &mut Past<'_>, plan: &LoadPlan, cast: &Cast) -> Result<(), StoreError> {
    let card = past.card;
    let mut before = Planning;
    for ((status, at), version) in steps(plan).into_iter().zip(2..) {
        let by = if status == Cancelled { Some(&cast.manager) } else { cast.worked_by.as_ref() };
        let is_outside = (Tendered..=Completed).contains(&status);
        let step = LoadStatusChanged {
            load_id: card.id,
            load_number: card.load_number.clone(),
            previous_status: before,
            new_status: status,
            version,
            updated_by: by.cloned(),
            reason: plan.cancel_reason.filter(|_| status == Cancelled).map(str::to_owned),
        };
        past.tell(at, by, is_outside, &step)?;
        // Who moves it comes to be known with these.
        if matches!(status, Tendered | Dispatched) {
            let driver = card.driver.clone().filter(|_| status == Dispatched);
            let changed = LoadCard {
                status,
                version,
                driver,
                tender_expires_at: None,
                last_check_call_at: None,
                eta: None,
                status_since: at,
                updated_at: at,
                updated_by: by.cloned(),
                ..card.clone()
            };
            past.tell(at, by, is_outside, &LoadUpdated(changed))?;
        }
        before = status;
    }
    Ok(())
}

fn tell_stops(past: &mut Past<'_>, stops: &[(&StopRow, &str)]) -> Result<(), StoreError> {
    let (load_id, load_number) = (past.card.id, past.card.load_number.clone());
    for ((stop, name), position) in stops.iter().zip(1..) {
        if let Some(arrived_at) = stop.arrived_at {
            let arrived = StopArrived {
                load_id,
                load_number: load_number.clone(),
                stop_id: stop.id,
                position,
                kind: stop.kind,
                facility_name: (*name).to_owned(),
                arrived_at,
                on_time: arrived_at <= stop.window.end,
            };
            past.tell(arrived_at, None, true, &arrived)?;
        }
        if let Some(departed_at) = stop.departed_at {
            let departed = StopDeparted {
                load_id,
                load_number: load_number.clone(),
                stop_id: stop.id,
                position,
                kind: stop.kind,
                facility_name: (*name).to_owned(),
                departed_at,
                on_time: stop.arrived_at.is_none_or(|arrived_at| arrived_at <= stop.window.end),
            };
            past.tell(departed_at, None, true, &departed)?;
        }
    }
    Ok(())
}
