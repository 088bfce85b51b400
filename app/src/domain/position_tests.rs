//! The rule of the ETA.

use super::*;
use crate::domain::time::MINUTE;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);
const CHICAGO: LatLng = LatLng { lat: 41.8781, lng: -87.6298 };
const DALLAS: LatLng = LatLng { lat: 32.7767, lng: -96.797 };

fn stop(location: LatLng, has_arrived: bool) -> TripStop {
    TripStop { location, window_end: NOW.plus(24 * HOUR), has_arrived }
}

#[test]
fn the_way_that_is_left_is_driven_at_fifty_miles_an_hour() {
    // 803 miles by the great circle are about 964 of road: 19.3 hours.
    let eta = eta(NOW, CHICAGO, NOW, &stop(DALLAS, false), None);
    let hours = eta.since(NOW) as f64 / HOUR as f64;
    assert!((19.2..19.4).contains(&hours), "{hours}");
    assert_eq!(super::eta(NOW, DALLAS, NOW, &stop(DALLAS, false), None), NOW);
}

#[test]
fn what_the_driver_said_holds_until_a_newer_position() {
    let told = |received_at| Some(ToldEta { eta: NOW.plus(7 * HOUR), received_at });
    let at = |told| eta(NOW, CHICAGO, NOW.plus(-MINUTE), &stop(DALLAS, false), told);
    assert_eq!(at(told(NOW)), NOW.plus(7 * HOUR));
    assert_eq!(at(told(NOW.plus(-MINUTE))), NOW.plus(7 * HOUR));
    assert_eq!(at(told(NOW.plus(-MINUTE - 1))), at(None));
}

#[test]
fn late_is_after_the_window_and_tight_within_its_last_hour() {
    let end = NOW;
    for (before_end, state) in [
        (-1, EtaState::Late),
        (0, EtaState::Tight),
        (HOUR, EtaState::Tight),
        (HOUR + 1, EtaState::OnTime),
        (48 * HOUR, EtaState::OnTime),
    ] {
        assert_eq!(EtaState::of(end.plus(-before_end), end), state, "{before_end} ms");
    }
}

#[test]
fn the_next_stop_is_the_first_without_an_arrival() {
    use LoadStatus::*;
    let stops = |arrived: [bool; 3]| [CHICAGO, DALLAS, CHICAGO].into_iter().zip(arrived).map(|(at, was)| stop(at, was));
    for (status, arrived, expected) in [
        (Dispatched, [false, false, false], Some(0)),
        (Dispatched, [true, false, false], Some(1)),
        // Nobody wrote the arrival down.
        (AtPickup, [false, false, false], Some(1)),
        (InTransit, [false, false, false], Some(1)),
        (InTransit, [true, true, false], Some(2)),
        (InTransit, [true, true, true], None),
        (AtDelivery, [true, true, false], None),
        (Completed, [false, false, false], None),
    ] {
        let stops: Vec<_> = stops(arrived).collect();
        let next = next_stop(status, &stops).map(|next| stops.iter().position(|stop| std::ptr::eq(stop, next)));
        assert_eq!(next, expected.map(Some), "{status} {arrived:?}");
    }
}

#[test]
fn codes_are_what_serde_writes() {
    for source in PositionSource::ALL {
        assert_eq!(serde_json::to_value(source).unwrap(), source.code());
        assert_eq!(PositionSource::from_code(source.code()), Some(source));
    }
    assert_eq!(PositionSource::from_code("guess"), None);
}

proptest! {
    #[test]
    fn the_nearer_a_truck_the_sooner_it_is_there(fraction in 0.0..1.0f64, further in 0.0..1.0f64) {
        let near = CHICAGO.toward(DALLAS, fraction.max(further));
        let far = CHICAGO.toward(DALLAS, fraction.min(further));
        let there = stop(DALLAS, false);
        let (near, far) = (eta(NOW, near, NOW, &there, None), eta(NOW, far, NOW, &there, None));
        prop_assert!(NOW <= near && near <= far);
    }

    #[test]
    fn an_eta_never_gets_better_by_being_later(end in -100 * HOUR..100 * HOUR, later in 0..100 * HOUR) {
        let rank = |state| [EtaState::OnTime, EtaState::Tight, EtaState::Late].iter().position(|other| *other == state);
        let end = NOW.plus(end);
        prop_assert!(rank(EtaState::of(NOW, end)) <= rank(EtaState::of(NOW.plus(later), end)));
    }
}
