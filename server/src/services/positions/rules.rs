//! Which positions can be true.

use super::super::ServiceError;
use crate::store::positions::Position;
use app::{
    domain::{
        geo::LatLng,
        position::PositionSource,
        time::{DAY, HOUR, MINUTE, Timestamp},
    },
    events::ReportLocation,
};
use serde_json::json;

/// No truck is faster.
const MAX_MPH: f64 = 200.0;
/// How far a clock may be ahead of ours.
const AHEAD: i64 = 5 * MINUTE;
/// How long a phone may have been without a network.
const OLDEST: i64 = 30 * DAY;
/// Two positions that are nearer are not measured against each other: GPS itself wanders so far between high walls.
const JITTER_MILES: f64 = 0.5;

/// What can be said of a report without knowing the load.
pub fn check(report: &ReportLocation, source: PositionSource, now: Timestamp) -> Result<Position, ServiceError> {
    // NaN is in no range, so it is refused, too.
    if !(-90.0..=90.0).contains(&report.lat) {
        return Err(ServiceError::field("lat", "takes -90 to 90"));
    }
    if !(-180.0..=180.0).contains(&report.lng) {
        return Err(ServiceError::field("lng", "takes -180 to 180"));
    }
    if report.heading.is_some_and(|heading| !(0.0..=360.0).contains(&heading)) {
        return Err(ServiceError::field("heading", "takes 0 to 360 degrees"));
    }
    if report.speed.is_some_and(|speed| !(0.0..=MAX_MPH).contains(&speed)) {
        return Err(ServiceError::field("speed", format_args!("takes 0 to {MAX_MPH} mph")));
    }
    let recorded_at = report.recorded_at.unwrap_or(now);
    if recorded_at.since(now) > AHEAD {
        return Err(ServiceError::field("recordedAt", "is more than 5 minutes in the future"));
    }
    if now.since(recorded_at) > OLDEST {
        return Err(ServiceError::field("recordedAt", "is more than 30 days ago"));
    }
    Ok(Position {
        load_id: report.load_id,
        recorded_at,
        at: LatLng { lat: report.lat, lng: report.lng },
        heading: report.heading,
        speed: report.speed,
        source,
    })
}

/// Whether a truck can have come from its latest position to a newer one.
pub fn check_jump(latest: &Position, next: &Position) -> Result<(), ServiceError> {
    // The demo's trucks live faster than the clock: at 60 times, 60 mph look like 3,600.
    if next.source == PositionSource::Simulator {
        return Ok(());
    }
    let miles = latest.at.miles_to(next.at);
    let millis = next.recorded_at.since(latest.recorded_at);
    if miles < JITTER_MILES || millis <= 0 {
        return Ok(());
    }
    let mph = miles / (millis as f64 / HOUR as f64);
    if mph <= MAX_MPH {
        return Ok(());
    }
    let seconds = millis as f64 / 1_000.0;
    Err(ServiceError::Rule {
        rule: "impossible_jump",
        message: format!(
            "The position is {miles:.1} miles from the one of {seconds:.0} s before: that is more than {MAX_MPH} mph."
        ),
        details: json!({ "miles": miles, "seconds": seconds }),
    })
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
