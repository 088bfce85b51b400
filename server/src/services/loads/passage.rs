//! Trucks come to stops and leave them: said by people, or implied by a step of the load's status.

use super::{Caller, Right, Services, audience, read::with_stops, shown_to, step::Move};
use crate::{
    services::ServiceError,
    store::{self, StoreError, loads::LoadRow, stops},
    stream::{Audience, Change},
};
use app::{
    api::road::StopPassage,
    domain::{
        id::{LoadId, StopId},
        load::{Load, LoadCard},
        status::LoadStatus,
        stop::Stop,
        time::{MINUTE, Timestamp},
        trip::{self, Passage},
    },
    events::{LoadUpdated, StopArrived, StopDeparted},
};
use serde_json::Value;

/// How far a phone's clock may be ahead of ours. What it says of this minute is taken as now.
const AHEAD: i64 = MINUTE;

impl Services {
    /// The stops of a load, in the order of the trip.
    pub async fn load_stops(&self, caller: &Caller, load: LoadId) -> Result<Vec<Stop>, ServiceError> {
        Ok(self.load(caller, load).await?.stops)
    }

    /// Whether the caller may see this stop.
    pub async fn sees_stop(&self, caller: &Caller, stop: StopId) -> Result<bool, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        let Some(load) = stops::load_of(&mut tx, caller.tenant, stop).await? else { return Ok(false) };
        drop(tx);
        self.sees_load(caller, load).await
    }

    /// Notes that a truck has come to a stop or left it, on the version that the caller saw, and takes the steps of the
    /// status that follow (see [`trip`]).
    ///
    /// Needs `load_change`, or that it is the caller's own load to drive.
    pub async fn pass_stop(
        &self,
        caller: &Caller,
        stop: StopId,
        passage: Passage,
        request: StopPassage,
    ) -> Result<Load, ServiceError> {
        let mut tx = self.database.begin_snapshot().await?;
        let load = stops::load_of(&mut tx, caller.tenant, stop).await?.ok_or(ServiceError::NotFound("stop"))?;
        drop(tx);
        let begun = self.begin_load_change(caller, load, Right::PassStops, Some(request.version)).await;
        let (mut change, before) = begun.map_err(|error| match error {
            ServiceError::NotFound(_) => ServiceError::NotFound("stop"),
            error => error,
        })?;
        let stops = stops::list(&mut change.tx, load).await?;
        let Some(index) = stops.iter().position(|other| other.id == stop) else {
            return Err(ServiceError::NotFound("stop"));
        };
        let steps = trip::check_passage(passage, before.status, &stops, index).map_err(|refusal| {
            let message = format!("{}: {refusal}.", before.load_number);
            ServiceError::Rule { rule: refusal.code(), message, details: Value::Null }
        })?;
        let at = moment(request.at, passage, &before, (&stops, index), change.now)?;
        let passed = match passage {
            Passage::Arrive => Stop { arrived_at: Some(at), ..stops[index].clone() },
            Passage::Depart => Stop { departed_at: Some(at), ..stops[index].clone() },
        };
        let take = |card: &LoadCard, to| {
            let step = Move::plain(caller, card, to, None)?;
            Ok::<_, ServiceError>(Move { since: Some(at), ..step })
        };
        let mut card = before;
        let (last, on_the_way) = match steps.split_last() {
            Some((last, others)) => (Some(*last), others),
            None => (None, &[][..]),
        };
        // First what must have been before: in transit, the truck is at no delivery yet.
        for to in on_the_way {
            let step = take(&card, *to)?;
            card = self.take_step(&mut change, caller, &card, step).await?;
        }
        stops::pass(&mut change.tx, &passed).await?;
        let hearers = audience(&mut change.tx, &card).await?;
        record(&mut change, &hearers, &card, &passed, passage)?;
        let card = match last {
            Some(to) => {
                let step = Move { has_arrived: passage == Passage::Arrive, ..take(&card, to)? };
                self.take_step(&mut change, caller, &card, step).await?
            }
            None => self.take_note(&mut change, caller, &hearers, card, passage).await?,
        };
        let shown = with_stops(&mut change.tx, shown_to(caller, card)).await?;
        change.commit().await?;
        Ok(shown)
    }

    /// Writes a passage that changes no status: the load is another version then, so that two who note at once find out.
    async fn take_note(
        &self,
        change: &mut Change,
        caller: &Caller,
        hearers: &Audience,
        before: LoadCard,
        passage: Passage,
    ) -> Result<LoadCard, ServiceError> {
        let after = LoadCard {
            version: before.version + 1,
            updated_at: change.now,
            updated_by: caller.person.clone(),
            eta: before.eta.filter(|_| passage == Passage::Depart),
            ..before
        };
        store::loads::update(&mut change.tx, caller.tenant, &LoadRow::from(&after)).await?;
        change.record(hearers, Some(after.id), &LoadUpdated(after.clone()))?;
        Ok(after)
    }
}

/// When it happened, if it can have happened then: not in the future, and after what must have come first.
fn moment(
    said: Option<Timestamp>,
    passage: Passage,
    card: &LoadCard,
    (stops, index): (&[Stop], usize),
    now: Timestamp,
) -> Result<Timestamp, ServiceError> {
    let left_before = index.checked_sub(1).and_then(|before| stops[before].departed_at);
    let (earliest, first) = match (passage, stops[index].arrived_at, left_before) {
        (Passage::Depart, Some(arrived_at), _) => (arrived_at, "the truck arrived"),
        (Passage::Arrive, _, Some(left_at)) => (left_at, "the truck left the stop before"),
        _ => (card.created_at, "the load was booked"),
    };
    let at = said.unwrap_or(now);
    if at.since(now) > AHEAD {
        return Err(ServiceError::field("at", "is in the future"));
    }
    if said.is_some() && at < earliest {
        return Err(ServiceError::field("at", format_args!("is before {earliest}, when {first}")));
    }
    Ok(at.min(now).max(earliest))
}

/// What a step of the status has done to the stops.
pub(super) struct Settled {
    passed: Vec<(Stop, Passage)>,
    /// The load drives to the same stop as before, and has a truck that does.
    pub eta_stands: bool,
}

/// Brings the stops in line with a status that a load is about to take.
pub(super) async fn settle_stops(
    change: &mut Change,
    before: &LoadCard,
    to: LoadStatus,
    at: Timestamp,
) -> Result<Settled, StoreError> {
    let is_driving = (LoadStatus::Accepted..=LoadStatus::AtDelivery).contains(&to);
    // Before the first pickup there is nothing that stops could say.
    if before.status.max(to) < LoadStatus::AtPickup || to == LoadStatus::Cancelled {
        return Ok(Settled { passed: Vec::new(), eta_stands: is_driving });
    }
    let was = stops::list(&mut change.tx, before.id).await?;
    let mut is = was.clone();
    trip::settle(to, &mut is, at);
    let next = |stops: &[Stop]| trip::next_stop(stops).map(|stop| stop.id);
    let eta_stands = is_driving && before.status.next() == Some(to) && next(&was) == next(&is);
    let mut passed = Vec::new();
    for (was, is) in was.iter().zip(is) {
        if (was.arrived_at, was.departed_at) == (is.arrived_at, is.departed_at) {
            continue;
        }
        stops::pass(&mut change.tx, &is).await?;
        if was.arrived_at.is_none() && is.arrived_at.is_some() {
            passed.push((is.clone(), Passage::Arrive));
        }
        if was.departed_at.is_none() && is.departed_at.is_some() {
            passed.push((is, Passage::Depart));
        }
    }
    Ok(Settled { passed, eta_stands })
}

impl Settled {
    /// Tells of the comings and goings that the step implied.
    pub fn record(&self, change: &mut Change, hearers: &Audience, card: &LoadCard) -> Result<(), StoreError> {
        for (stop, passage) in &self.passed {
            record(change, hearers, card, stop, *passage)?;
        }
        Ok(())
    }
}

/// Tells of a stop that was come to or left.
fn record(
    change: &mut Change,
    hearers: &Audience,
    card: &LoadCard,
    stop: &Stop,
    passage: Passage,
) -> Result<(), StoreError> {
    let (load_id, load_number) = (card.id, card.load_number.clone());
    let (stop_id, position, kind, facility_name) = (stop.id, stop.position, stop.kind, stop.facility_name.clone());
    let on_time = stop.is_on_time().unwrap_or(true);
    match (passage, stop.arrived_at, stop.departed_at) {
        (Passage::Arrive, Some(arrived_at), _) => {
            let arrived =
                StopArrived { load_id, load_number, stop_id, position, kind, facility_name, arrived_at, on_time };
            change.record(hearers, Some(load_id), &arrived)
        }
        (Passage::Depart, _, Some(departed_at)) => {
            let departed =
                StopDeparted { load_id, load_number, stop_id, position, kind, facility_name, departed_at, on_time };
            change.record(hearers, Some(load_id), &departed)
        }
        _ => Ok(()),
    }
}
