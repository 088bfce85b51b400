//! Positions that are refused, and those that are not.

use super::*;
use app::domain::id::LoadId;
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);

fn report() -> ReportLocation {
    let load_id = LoadId(Uuid::nil());
    ReportLocation { load_id, lat: 41.0, lng: -87.0, heading: None, speed: None, recorded_at: None }
}

fn check_api(report: &ReportLocation) -> Result<Position, ServiceError> {
    check(report, PositionSource::Api, NOW)
}

/// The field or rule that refused.
fn reason(result: Result<Position, ServiceError>) -> Option<String> {
    match result.err()? {
        ServiceError::Rule { rule: "value_out_of_bounds", details, .. } => Some(details["field"].as_str()?.to_owned()),
        ServiceError::Rule { rule, .. } => Some(rule.to_owned()),
        other => Some(other.to_string()),
    }
}

#[test]
fn what_no_truck_can_report_is_refused_by_its_field() {
    let at = |millis: i64| Some(NOW.plus(millis));
    let table = [
        (report(), None),
        (ReportLocation { lat: 90.0, lng: 180.0, ..report() }, None),
        (ReportLocation { lat: 90.001, ..report() }, Some("lat")),
        (ReportLocation { lat: f64::NAN, ..report() }, Some("lat")),
        (ReportLocation { lng: -180.001, ..report() }, Some("lng")),
        (ReportLocation { lng: f64::INFINITY, ..report() }, Some("lng")),
        (ReportLocation { heading: Some(0.0), ..report() }, None),
        (ReportLocation { heading: Some(360.0), ..report() }, None),
        (ReportLocation { heading: Some(360.1), ..report() }, Some("heading")),
        (ReportLocation { heading: Some(-0.1), ..report() }, Some("heading")),
        (ReportLocation { heading: Some(f64::NAN), ..report() }, Some("heading")),
        (ReportLocation { speed: Some(200.0), ..report() }, None),
        (ReportLocation { speed: Some(200.1), ..report() }, Some("speed")),
        (ReportLocation { speed: Some(-1.0), ..report() }, Some("speed")),
        (ReportLocation { speed: Some(f64::NEG_INFINITY), ..report() }, Some("speed")),
        (ReportLocation { recorded_at: at(5 * MINUTE), ..report() }, None),
        (ReportLocation { recorded_at: at(5 * MINUTE + 1), ..report() }, Some("recordedAt")),
        (ReportLocation { recorded_at: at(-30 * DAY), ..report() }, None),
        (ReportLocation { recorded_at: at(-30 * DAY - 1), ..report() }, Some("recordedAt")),
    ];
    for (report, expected) in table {
        assert_eq!(reason(check_api(&report)).as_deref(), expected, "{report:?}");
    }
}

#[test]
fn a_report_without_a_time_is_of_now() {
    assert_eq!(check_api(&report()).unwrap().recorded_at, NOW);
}

fn jump(degrees_north: f64, millis: i64, source: PositionSource) -> Option<String> {
    let latest = check_api(&report()).unwrap();
    let at = LatLng { lat: latest.at.lat + degrees_north, ..latest.at };
    let next = Position { at, recorded_at: NOW.plus(millis), source, ..latest };
    reason(check_jump(&latest, &next).map(|()| next))
}

#[test]
fn a_jump_that_no_truck_makes_is_refused() {
    // A degree of latitude is 69.09 miles.
    for (degrees, millis, expected) in [
        (1.0, HOUR, None),
        (2.89, HOUR, None),
        (2.90, HOUR, Some("impossible_jump")),
        (-2.90, HOUR, Some("impossible_jump")),
        (1.0, MINUTE, Some("impossible_jump")),
        // Half a mile within a millisecond: the satellites.
        (0.0072, 1, None),
        (0.0073, 1, Some("impossible_jump")),
    ] {
        assert_eq!(jump(degrees, millis, PositionSource::Driver).as_deref(), expected, "{degrees} in {millis} ms");
        assert_eq!(jump(degrees, millis, PositionSource::Simulator), None, "the demo's trucks are faster");
    }
}

proptest! {
    #[test]
    fn who_keeps_below_the_limit_is_never_refused(
        start in (-60.0..60.0f64, -170.0..170.0f64), heading in 0.0..std::f64::consts::TAU, mph in 0.0..199.0f64,
        millis in 1..12 * HOUR,
    ) {
        let latest = Position { at: LatLng { lat: start.0, lng: start.1 }, ..check_api(&report()).unwrap() };
        let miles = mph * millis as f64 / HOUR as f64;
        // A straight line on the map is no shorter than the great circle between its ends.
        let (north, east) = (heading.cos() * miles / 69.1, heading.sin() * miles / 69.1);
        let at = LatLng { lat: (start.0 + north).clamp(-89.0, 89.0), lng: (start.1 + east).clamp(-180.0, 180.0) };
        let next = Position { at, recorded_at: NOW.plus(millis), ..latest };
        prop_assert!(check_jump(&latest, &next).is_ok());
    }

    #[test]
    fn what_is_taken_is_on_the_earth_and_of_its_time(
        lat in any::<f64>(), lng in any::<f64>(), heading in any::<Option<f64>>(), speed in any::<Option<f64>>(),
        ago in any::<i64>(),
    ) {
        let recorded_at = Some(Timestamp::from_millis(NOW.millis().saturating_sub(ago)));
        let report = ReportLocation { lat, lng, heading, speed, recorded_at, ..report() };
        if let Ok(taken) = check_api(&report) {
            prop_assert!(LatLng::new(taken.at.lat, taken.at.lng).is_some());
            prop_assert!(taken.heading.is_none_or(f64::is_finite) && taken.speed.is_none_or(f64::is_finite));
            prop_assert!((-AHEAD..=OLDEST).contains(&NOW.since(taken.recorded_at)));
        }
    }
}
