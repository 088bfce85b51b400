//! Positions that come over the socket, from drivers' phones.

use super::{answer::Refused, seat::Visit};
use app::{
    domain::{position::PositionSource, role::Role},
    events::{Received, ReportLocation},
};

/// Answers once the position is stored.
pub async fn update_location(visit: Visit, report: ReportLocation) -> Result<Received, Refused> {
    let caller = visit.caller();
    let source = if caller.role == Role::Driver { PositionSource::Driver } else { PositionSource::Api };
    let results = visit.gateway().services.report_positions(caller, vec![report], source).await;
    results.into_iter().collect::<Result<(), _>>()?;
    Ok(Received::YES)
}
