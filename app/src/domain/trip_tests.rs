//! Comings and goings against every status.

use super::*;
use crate::domain::{
    geo::LatLng,
    id::{FacilityId, StopId},
    status::LoadStatus::*,
    stop::{Appointment, Place, WindowKind},
    test_cards::NOW,
    time::HOUR,
};
use proptest::prelude::*;
use uuid::Uuid;

/// Stops of a trip such as `PPDD`; the first so many have been left, and at the next the truck has arrived or not.
fn trip(kinds: &str, left: usize, there: bool) -> Vec<Stop> {
    let stop = |(index, kind)| {
        let at = |happened: bool| happened.then(|| NOW.plus(-HOUR));
        Stop {
            id: StopId(Uuid::from_u128(index as u128)),
            position: index as i32 + 1,
            kind: if kind == 'P' { StopKind::Pickup } else { StopKind::Delivery },
            facility_id: FacilityId(Uuid::from_u128(9)),
            facility_name: format!("Dock {}", index + 1),
            place: Place { city: "Joliet".into(), state: "IL".into() },
            location: LatLng { lat: 41.5, lng: -88.1 },
            time_zone: "America/Chicago".into(),
            appointment: Appointment {
                kind: WindowKind::Fixed,
                start: NOW,
                end: NOW.plus(HOUR),
                zone: "CST".into(),
                utc_offset: -360,
            },
            arrived_at: at(index < left || (index == left && there)),
            departed_at: at(index < left),
        }
    };
    kinds.chars().enumerate().map(stop).collect()
}

#[test]
fn coming_and_going_move_the_load() {
    use Passage::*;
    for (kinds, left, there, status, passage, steps) in [
        ("PD", 0, false, Dispatched, Arrive, &[AtPickup][..]),
        ("PD", 0, true, AtPickup, Depart, &[PickedUp]),
        ("PD", 1, false, PickedUp, Arrive, &[InTransit, AtDelivery]),
        ("PD", 1, false, InTransit, Arrive, &[AtDelivery]),
        ("PD", 1, true, AtDelivery, Depart, &[Delivered]),
        ("PPDD", 0, true, AtPickup, Depart, &[]),
        ("PPDD", 1, false, AtPickup, Arrive, &[]),
        ("PPDD", 1, true, AtPickup, Depart, &[PickedUp]),
        ("PPDD", 2, false, InTransit, Arrive, &[]),
        ("PPDD", 2, true, InTransit, Depart, &[]),
        ("PPDD", 3, false, InTransit, Arrive, &[AtDelivery]),
        ("PDPD", 1, false, AtPickup, Arrive, &[]),
        ("PDPD", 1, true, AtPickup, Depart, &[]),
        ("PDPD", 2, true, AtPickup, Depart, &[PickedUp]),
    ] {
        let index = left;
        let passed = check_passage(passage, status, &trip(kinds, left, there), index);
        assert_eq!(passed.as_deref(), Ok(steps), "{kinds} {left} {there} {status} {passage:?}");
    }
}

#[test]
fn what_can_not_have_happened_is_refused_with_its_rule() {
    use Passage::*;
    for (left, there, status, passage, index, code) in [
        (0, true, AtPickup, Arrive, 0, "already_arrived"),
        (1, false, InTransit, Depart, 0, "already_departed"),
        (2, false, Delivered, Depart, 1, "already_departed"),
        (0, false, Accepted, Arrive, 0, "not_on_the_road"),
        (0, false, Cancelled, Arrive, 0, "not_on_the_road"),
        (0, false, Dispatched, Depart, 0, "not_arrived"),
        (0, false, Dispatched, Arrive, 1, "stop_before_not_left"),
        (0, true, AtPickup, Arrive, 1, "stop_before_not_left"),
    ] {
        let refused = check_passage(passage, status, &trip("PD", left, there), index).unwrap_err();
        assert_eq!(refused.code(), code, "{left} {there} {status} {passage:?} {index}");
    }
    let refused = check_passage(Arrive, AtPickup, &trip("PD", 0, true), 1).unwrap_err();
    assert_eq!(refused.to_string(), "the truck has not left Dock 1 yet, which comes before");
}

/// How far a trip is, as `a` for arrived and `d` for departed, stop by stop.
fn told(stops: &[Stop]) -> String {
    let of = |stop: &Stop| match (stop.arrived_at, stop.departed_at) {
        (None, None) => "-",
        (Some(_), None) => "a",
        (Some(_), Some(_)) => "d",
        (None, Some(_)) => "?",
    };
    stops.iter().map(of).collect()
}

#[test]
fn a_status_fills_in_what_it_implies() {
    for (status, expected) in [
        (Dispatched, "----"),
        (AtPickup, "a---"),
        (PickedUp, "dd--"),
        (InTransit, "dd--"),
        (AtDelivery, "ddda"),
        (Delivered, "dddd"),
        (Completed, "dddd"),
        (Cancelled, "----"),
    ] {
        let mut stops = trip("PPDD", 0, false);
        settle(status, &mut stops, NOW);
        assert_eq!(told(&stops), expected, "{status}");
    }
}

#[test]
fn a_step_back_takes_back_what_it_denies_and_no_more() {
    for (left, there, status, expected) in [
        (4, false, Delivered, "dddd"),
        (4, false, AtDelivery, "ddda"),
        (4, false, InTransit, "ddd-"),
        (4, false, PickedUp, "ddd-"),
        (2, true, InTransit, "dda-"),
        (4, false, AtPickup, "da--"),
        (1, false, AtPickup, "d---"),
        (4, false, Dispatched, "----"),
        (4, false, Pending, "----"),
        (2, true, Cancelled, "dda-"),
    ] {
        let mut stops = trip("PPDD", left, there);
        settle(status, &mut stops, NOW);
        assert_eq!(told(&stops), expected, "{status}");
    }
}

#[test]
fn what_was_noted_keeps_its_time() {
    let mut stops = trip("PD", 0, true);
    settle(PickedUp, &mut stops, NOW);
    assert_eq!((stops[0].arrived_at, stops[0].departed_at), (Some(NOW.plus(-HOUR)), Some(NOW)));
    assert_eq!(next_stop(&stops).map(|stop| stop.position), Some(2));
}

proptest! {
    #[test]
    fn a_trip_that_is_in_line_stays_in_order(
        between in "[PD]{0,4}", left in 0usize..7, there: bool, statuses in prop::collection::vec(0usize..11, 1..6),
    ) {
        let kinds = format!("P{between}D");
        let mut stops = trip(&kinds, left.min(kinds.len()), there);
        for status in statuses {
            settle(LoadStatus::ALL[status], &mut stops, NOW);
            let told = told(&stops);
            prop_assert!(told.trim_start_matches('d').trim_start_matches('a').trim_start_matches('-').is_empty(), "{told}");
            prop_assert!(told.matches('a').count() <= 1, "{told}");
        }
    }
}
