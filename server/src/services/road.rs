//! Check calls: what drivers say on the road.

use super::{Caller, Right, ServiceError, Services, loads};
use crate::store::{
    self,
    positions::{self, CheckCall},
};
use app::{
    api::{
        Page, PageInfo,
        positions::{self as api, NewCheckCall},
    },
    domain::{
        bounds::CALL_CHARS,
        geo::LatLng,
        id::{CheckCallId, LoadId},
        load::LoadCard,
        time::{DAY, Timestamp},
    },
    events::{CheckCallReceived, LoadUpdated},
};

/// An ETA that is further away is a slip of the keyboard.
const ETA_WITHIN: i64 = 365 * DAY;

impl Services {
    /// Notes a check call and shows it on the load's card. The load's version stays: nobody's change is overtaken.
    ///
    /// Needs `check_call`, or that it is the caller's own load to drive.
    pub async fn record_check_call(
        &self,
        caller: &Caller,
        load: LoadId,
        check_call: NewCheckCall,
    ) -> Result<api::CheckCall, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut change = self.begin(caller).await?;
        store::loads::lock(&mut change.tx, caller.tenant, load).await?;
        change.read_clock();
        let found = store::loads::find(&mut change.tx, caller.tenant, scope, load).await?;
        let before = found.ok_or(ServiceError::NotFound("load"))?;
        Right::CheckCalls.judge(caller)?;
        let check_call = checked(load, check_call, change.now)?;
        let id = positions::insert_check_call(&mut change.tx, &check_call).await?;
        let audience = loads::audience(&mut change.tx, &before).await?;
        // What was said of the arrival shows on the card, too, where a truck drives to a stop.
        let expected = match check_call.eta {
            Some(eta) => loads::expecting(&mut change, &before).await?.map(|stop| (eta, stop)),
            None => None,
        };
        let eta = expected.as_ref().map_or(before.eta, |(eta, _)| Some(*eta));
        let card = LoadCard { last_check_call_at: Some(check_call.received_at), eta, ..before };
        let received = CheckCallReceived {
            load_id: load,
            load_number: card.load_number.clone(),
            location: check_call.at,
            notes: check_call.notes.clone(),
            eta: check_call.eta,
            received_at: check_call.received_at,
        };
        change.record(&audience, Some(load), &LoadUpdated(card.clone()))?;
        change.record(&audience, Some(load), &received)?;
        if let Some((eta, stop)) = expected {
            loads::note_eta(&mut change, caller, &audience, &card, &stop, (eta, None)).await?;
        }
        change.commit().await?;
        Ok(shown(id, check_call))
    }

    /// The check calls of a load, newest first.
    pub async fn check_calls(
        &self,
        caller: &Caller,
        load: LoadId,
        before: Option<CheckCallId>,
        limit: i64,
    ) -> Result<Page<api::CheckCall>, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let mut tx = self.database.begin_snapshot().await?;
        let card =
            store::loads::find(&mut tx, caller.tenant, scope, load).await?.ok_or(ServiceError::NotFound("load"))?;
        // One more than asked for tells whether there is a next page.
        let since = loads::seen_since(&mut tx, caller, &card).await?;
        let (mut calls, total) =
            positions::list_check_calls(&mut tx, load, since, before, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = calls.len() > limit;
        calls.truncate(limit);
        let next = calls.last().filter(|_| is_more).map(|(id, _)| id.to_string());
        let data = calls.into_iter().map(|(id, check_call)| shown(id, check_call)).collect();
        Ok(Page { data, page: PageInfo { next, total } })
    }
}

/// The check call, if its values are within their bounds.
fn checked(load_id: LoadId, new: NewCheckCall, now: Timestamp) -> Result<CheckCall, ServiceError> {
    let LatLng { lat, lng } = new.location;
    let at = LatLng::new(lat, lng)
        .ok_or_else(|| ServiceError::field("location", "takes a latitude of -90 to 90, a longitude of -180 to 180"))?;
    let notes = new.notes.trim().to_owned();
    if !(1..=CALL_CHARS).contains(&notes.chars().count()) {
        return Err(ServiceError::field("notes", format_args!("takes 1 to {CALL_CHARS} characters")));
    }
    if new.eta.is_some_and(|eta| !(-ETA_WITHIN..=ETA_WITHIN).contains(&eta.since(now))) {
        return Err(ServiceError::field("eta", "is more than a year away"));
    }
    Ok(CheckCall { load_id, at, notes, eta: new.eta, received_at: now })
}

fn shown(id: CheckCallId, check_call: CheckCall) -> api::CheckCall {
    let CheckCall { at, notes, eta, received_at, .. } = check_call;
    api::CheckCall { id, location: at, notes, eta, received_at }
}
