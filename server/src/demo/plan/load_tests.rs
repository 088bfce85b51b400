//! Each load is plausible in time, money and crew.

use super::*;
use app::domain::load::Equipment;
use std::collections::HashMap;

#[test]
fn loads_come_in_the_order_of_their_creation_before_now() {
    check_all(|_, load, now| {
        assert!(load.created_at <= load.status_since && load.status_since <= load.updated_at && load.updated_at <= now);
    });
    assert!(tenants(250).iter().all(|tenant| tenant.loads.is_sorted_by_key(|load| load.created_at)));
}

#[test]
fn stops_follow_each_other_and_only_what_is_past_has_happened() {
    check_all(|_, load, now| {
        assert!(load.stops.len() >= 2 && load.stops[0].kind != load.stops[load.stops.len() - 1].kind);
        for stop in &load.stops {
            assert!(stop.window.start < stop.window.end && stop.original_end <= stop.window.end);
            assert!(stop.arrived_at.is_none_or(|at| at <= now) && stop.departed_at.is_none_or(|at| at <= now));
            assert!(stop.departed_at.is_none() || stop.arrived_at < stop.departed_at);
        }
        for pair in load.stops.windows(2) {
            let ([a, b], [x, y]) = ([&pair[0].window, &pair[1].window], [&pair[0], &pair[1]]);
            assert!(a.start <= b.start && a.end < b.end, "{:?}", load.status);
            assert!(y.arrived_at.is_none() || x.departed_at.is_some(), "{:?}", load.status);
            assert_ne!(x.facility, y.facility);
        }
        let (first, last) = (&load.stops[0], &load.stops[load.stops.len() - 1]);
        let passed = [first.arrived_at, first.departed_at, last.arrived_at, last.departed_at].map(|at| at.is_some());
        let expected = match load.status {
            AtPickup | PickedUp => [true, false, false, false],
            InTransit => [true, true, false, false],
            AtDelivery => [true, true, true, false],
            Delivered | Completed => [true; 4],
            _ => [false; 4],
        };
        assert_eq!(passed, expected, "{:?}", load.status);
    });
}

#[test]
fn covered_loads_have_a_fit_carrier_and_moving_ones_a_driver_of_it() {
    check_all(|tenant, load, now| {
        let needs_carrier = (Tendered..=Completed).contains(&load.status);
        let needs_driver = (Dispatched..=Completed).contains(&load.status);
        assert!(load.carrier.is_some() || !needs_carrier, "{:?}", load.status);
        assert!(load.driver.is_some() || !needs_driver, "{:?}", load.status);
        assert!(load.carrier.is_none_or(|carrier| tenant.carriers[carrier].is_fit(now)));
        assert!(load.driver.is_none_or(|driver| Some(tenant.drivers[driver].carrier) == load.carrier));
        assert_eq!(load.tender_expires_at.is_some(), load.status == Tendered);
        if let Some(expires) = load.tender_expires_at {
            assert!((4 * MINUTE..=30 * MINUTE).contains(&expires.since(now)));
            assert_eq!(expires.since(load.status_since), 30 * MINUTE);
        }
    });
}

#[test]
fn money_and_freight_are_plausible() {
    check_all(|_, load, _| {
        let margin = load.finance.margin_percent().unwrap();
        assert!((-4.0..=28.0).contains(&margin), "{margin}");
        let per_mile = load.finance.revenue.amount as f64 / 100.0 / f64::from(load.miles);
        assert!(load.miles < 230 || (2.0..3.7).contains(&per_mile), "{} mi: {per_mile}", load.miles);
        assert!((50..4_000).contains(&load.miles) && (10_000..48_000).contains(&load.weight_lbs));
        assert!(load.equipment != Equipment::PowerOnly || load.commodity == "Loaded trailer");
        assert!(load.references.len() >= 2);
    });
    let loads = &tenants(1_000)[0].loads;
    let usual = |load: &&LoadPlan| (9.5..18.5).contains(&load.finance.margin_percent().unwrap());
    let share = loads.iter().filter(usual).count() as f64 / loads.len() as f64;
    assert!((0.6..0.8).contains(&share), "{share}");
}

#[test]
fn trucks_under_way_have_a_trail_and_most_have_called() {
    check_all(|_, load, now| {
        assert_eq!(!load.trail.is_empty(), mix::is_at_work(load.status));
        assert!(
            load.trail.is_sorted_by_key(|fix| fix.recorded_at) && load.check_calls.is_sorted_by_key(|c| c.received_at)
        );
        for fix in &load.trail {
            assert!(
                fix.recorded_at <= now && (0.0..75.0).contains(&fix.speed_mph) && (0.0..360.0).contains(&fix.heading)
            );
        }
        for pair in load.trail.windows(2) {
            let hours = pair[1].recorded_at.since(pair[0].recorded_at) as f64 / HOUR as f64;
            assert!(pair[0].at.miles_to(pair[1].at) <= 60.0 * hours + 0.1);
        }
        assert!(load.last_check_call_at().is_none_or(|at| at <= now));
    });
    let tenant = &tenants(1_000)[0];
    let silence = |load: &LoadPlan| now().since(load.last_check_call_at().unwrap_or(load.status_since)) / HOUR;
    let silences: Vec<_> = tenant.loads.iter().filter(|load| load.status == InTransit).map(silence).collect();
    let share = |range: std::ops::Range<i64>| {
        silences.iter().filter(|hours| range.contains(hours)).count() as f64 / silences.len() as f64
    };
    assert!((0.70..0.95).contains(&share(0..4)), "{}", share(0..4));
    assert!(share(4..8) > 0.02 && share(8..99) > 0.02, "{} {}", share(4..8), share(8..99));
}

#[test]
fn some_loads_are_late_some_at_risk_and_most_fine() {
    let tenant = &tenants(1_000)[0];
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let due = |load: &LoadPlan| match load.status {
        status if status < AtPickup => Some(load.stops[0].window.end),
        AtPickup | PickedUp | InTransit => load.stops.last().map(|stop| stop.window.end),
        _ => None,
    };
    for end in tenant.loads.iter().filter_map(due) {
        let left = end.since(now());
        *counts
            .entry(if left < 0 {
                "late"
            } else if left < HOUR {
                "risk"
            } else {
                "fine"
            })
            .or_default() += 1;
    }
    let total: usize = counts.values().sum();
    assert!((total / 100..total / 8).contains(&counts["late"]), "{counts:?}");
    assert!(counts["risk"] >= 3 && counts["fine"] > total * 3 / 4, "{counts:?}");
}

#[test]
fn the_steps_that_led_to_a_status_follow_one_another_and_end_in_it() {
    check_all(|_, load, _| {
        let steps = crate::demo::history::steps(load);
        let mut before = load.created_at;
        for (_, at) in &steps {
            assert!(before <= *at && *at <= load.status_since, "{:?}: {steps:?}", load.status);
            before = *at;
        }
        match steps.last() {
            Some((status, at)) => assert_eq!((*status, *at), (load.status, load.status_since)),
            None => assert_eq!(load.status, Planning),
        }
    });
}
