//! Changing the stops of a load: what may change of them, and when.

use super::{super::ServiceError, values};
use crate::{
    store::{
        self,
        stops::{self, StopRow},
    },
    stream::Change,
};
use app::{
    api::loads::StopPatch,
    domain::{
        id::StopId,
        load::LoadCard,
        status::LoadStatus,
        stop::{StopKind, Window},
    },
};
use std::collections::HashSet;
use uuid::Uuid;

/// The stops as they will be.
///
/// Until it is offered a load's trip is free. Afterwards a carrier has said yes to it, so only the windows move. Where
/// the truck has been, nothing changes. The end of the window that was agreed first stays with the stop as long as it
/// is at its facility.
pub(super) async fn changed(
    change: &mut Change,
    card: &LoadCard,
    wanted: &[StopPatch],
) -> Result<Vec<StopRow>, ServiceError> {
    let kinds: Vec<StopKind> = wanted.iter().map(|stop| stop.kind).collect();
    let windows: Vec<Window> = wanted.iter().map(|stop| stop.window).collect();
    values::trip(&kinds, &windows)?;
    let before = stops::rows(&mut change.tx, card.id).await?;
    let mut seen = HashSet::new();
    let mut after = Vec::with_capacity(wanted.len());
    for stop in wanted {
        if stop.id.is_some_and(|id| !seen.insert(id)) {
            return Err(ServiceError::field("stops", "name a stop twice"));
        }
        let was = match stop.id {
            Some(id) => Some(before.iter().find(|row| row.id == id).ok_or(ServiceError::NotFound("stop"))?),
            None => None,
        };
        if was.is_none_or(|was| was.facility_id != stop.facility_id) {
            let facility = store::facilities::find(&mut change.tx, change.tenant, stop.facility_id).await?;
            facility.ok_or(ServiceError::NotFound("facility"))?;
        }
        after.push(row(stop, was));
    }
    check_visited(card, &before, &after)?;
    check_trip(card, &before, &after)?;
    Ok(after)
}

fn row(wanted: &StopPatch, was: Option<&StopRow>) -> StopRow {
    let same_place = was.filter(|was| was.facility_id == wanted.facility_id);
    StopRow {
        id: was.map_or_else(|| StopId(Uuid::now_v7()), |was| was.id),
        kind: wanted.kind,
        facility_id: wanted.facility_id,
        window: wanted.window,
        original_end: same_place.map_or(wanted.window.end, |was| was.original_end),
        arrived_at: was.and_then(|was| was.arrived_at),
        departed_at: was.and_then(|was| was.departed_at),
    }
}

/// Once the load was offered, the same stops stand in the same order.
fn check_trip(card: &LoadCard, before: &[StopRow], after: &[StopRow]) -> Result<(), ServiceError> {
    let trip = |rows: &[StopRow]| rows.iter().map(|row| (row.id, row.kind, row.facility_id)).collect::<Vec<_>>();
    if card.status <= LoadStatus::Pending || trip(before) == trip(after) {
        return Ok(());
    }
    let message = format!(
        "{} is {}: only the windows of its stops can change now. Take it back to Pending to change its trip.",
        card.load_number, card.status
    );
    Err(ServiceError::rule("trip_agreed", message))
}

/// What the truck has done is not rewritten.
fn check_visited(card: &LoadCard, before: &[StopRow], after: &[StopRow]) -> Result<(), ServiceError> {
    let visited = |row: &&StopRow| row.arrived_at.is_some();
    for (place, row) in before.iter().enumerate().filter(|(_, row)| visited(row)) {
        if after.get(place) != Some(row) {
            let message =
                format!("The truck has been at stop {} of {}; that stop stays as it was.", place + 1, card.load_number);
            return Err(ServiceError::rule("stop_visited", message));
        }
    }
    Ok(())
}
