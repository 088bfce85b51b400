//! Urgency, age and silence around their limits.

use super::*;
use crate::domain::{
    stop::Appointment,
    test_cards::{NOW, card_in},
    time::MINUTE,
};

/// A card whose windows end, and whose status began, so many milliseconds from now and before.
fn card(status: LoadStatus, pickup_ends_in: i64, delivery_ends_in: i64, in_status_for: i64) -> LoadCard {
    let card = card_in(1, status);
    let ending = |window: &Appointment, ends_in: i64| {
        let end = NOW.plus(ends_in);
        Appointment { start: end.plus(-HOUR), end, ..window.clone() }
    };
    LoadCard {
        pickup: ending(&card.pickup, pickup_ends_in),
        delivery: ending(&card.delivery, delivery_ends_in),
        status_since: NOW.plus(-in_status_for),
        ..card
    }
}

#[test]
fn urgency_follows_the_window_that_comes_next() {
    use LoadStatus::*;
    for (status, pickup, delivery, expected) in [
        (Dispatched, 2 * HOUR, 9 * HOUR, Urgency::OnTime),
        (Dispatched, 59 * MINUTE, 9 * HOUR, Urgency::AtRisk),
        (Dispatched, -1, 9 * HOUR, Urgency::Late),
        (AtPickup, -2 * HOUR, 9 * HOUR, Urgency::OnTime),
        (InTransit, -2 * HOUR, 30 * MINUTE, Urgency::AtRisk),
        (InTransit, -2 * HOUR, -1, Urgency::Late),
        (AtDelivery, -2 * HOUR, -1, Urgency::Late),
        (AtDelivery, -2 * HOUR, 1, Urgency::OnTime),
        (Delivered, -2 * HOUR, -1, Urgency::Over),
        (Cancelled, -2 * HOUR, -1, Urgency::Over),
    ] {
        assert_eq!(urgency(&card(status, pickup, delivery, 0), NOW), expected, "{status} {pickup} {delivery}");
    }
}

#[test]
fn an_eta_past_the_window_is_late_before_the_window_ends() {
    use LoadStatus::*;
    for (status, pickup, delivery, eta, expected) in [
        (Dispatched, 5 * HOUR, 9 * HOUR, 4 * HOUR - 1, Urgency::OnTime),
        (Dispatched, 5 * HOUR, 9 * HOUR, 4 * HOUR, Urgency::AtRisk),
        (Dispatched, 5 * HOUR, 9 * HOUR, 5 * HOUR, Urgency::AtRisk),
        (Dispatched, 5 * HOUR, 9 * HOUR, 5 * HOUR + 1, Urgency::Late),
        (InTransit, -HOUR, 9 * HOUR, 5 * HOUR + 1, Urgency::OnTime),
        (InTransit, -HOUR, 9 * HOUR, 9 * HOUR + 1, Urgency::Late),
        (InTransit, -HOUR, 30 * MINUTE, -HOUR, Urgency::AtRisk),
        (InTransit, -HOUR, -1, -HOUR, Urgency::Late),
        (Delivered, -HOUR, -1, HOUR, Urgency::Over),
    ] {
        let card = LoadCard { eta: Some(NOW.plus(eta)), ..card(status, pickup, delivery, 0) };
        assert_eq!(urgency(&card, NOW), expected, "{status} {pickup} {delivery} {eta}");
    }
}

#[test]
fn the_limits_of_silence_follow_the_interval() {
    let silent = |minutes: i64| card(LoadStatus::InTransit, 0, 9 * HOUR, minutes * MINUTE);
    for (minutes, expected) in
        [(59, None), (60, Some(Silence::Amber)), (119, Some(Silence::Amber)), (120, Some(Silence::Red))]
    {
        assert_eq!(silence_within(&silent(minutes), NOW, HOUR), expected, "{minutes} min");
    }
}

#[test]
fn a_load_pending_for_more_than_a_day_is_at_risk() {
    let waited = |hours: i64| urgency(&card(LoadStatus::Pending, 50 * HOUR, 60 * HOUR, hours * HOUR), NOW);
    assert_eq!((waited(24), waited(25)), (Urgency::OnTime, Urgency::AtRisk));
}

#[test]
fn the_tint_deepens_at_2_4_and_8_hours() {
    for (hours, tint) in [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (7, Some(2)), (8, Some(3))] {
        assert_eq!(age_tint(&card(LoadStatus::Pending, HOUR, HOUR, hours * HOUR), NOW), tint, "{hours} h");
    }
    assert_eq!(age_tint(&card(LoadStatus::Completed, HOUR, HOUR, 9 * HOUR), NOW), None);
}

#[test]
fn a_moving_load_without_a_check_call_turns_amber_then_red() {
    for (hours, expected) in [(3, None), (4, Some(Silence::Amber)), (8, Some(Silence::Red))] {
        assert_eq!(silence(&card(LoadStatus::InTransit, 0, 9 * HOUR, hours * HOUR), NOW), expected);
    }
    let mut called = card(LoadStatus::InTransit, 0, 9 * HOUR, 9 * HOUR);
    called.last_check_call_at = Some(NOW.plus(-HOUR));
    assert_eq!(silence(&called, NOW), None);
    assert_eq!(silence(&card(LoadStatus::Dispatched, 0, HOUR, 9 * HOUR), NOW), None);
}

#[test]
fn a_position_on_the_way_and_in_time_or_a_step_is_as_good_as_a_check_call() {
    let silent = card(LoadStatus::InTransit, 0, 9 * HOUR, 9 * HOUR);
    let on_track = |hours: i64| LoadCard { on_track_at: Some(NOW.plus(-hours * HOUR)), ..silent.clone() };
    assert_eq!(silence(&on_track(1), NOW), None);
    assert_eq!(silence(&on_track(5), NOW), Some(Silence::Amber));
    let picked_up =
        LoadCard { last_check_call_at: Some(NOW.plus(-9 * HOUR)), ..card(LoadStatus::PickedUp, 0, 9 * HOUR, HOUR) };
    assert_eq!(silence(&picked_up, NOW), None, "what was said before the pickup is not what it is measured from");
}
