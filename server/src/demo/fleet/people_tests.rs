//! People and the fleet work on the same loads: what a person does is obeyed.

use super::*;
use std::sync::LazyLock;

/// One load in transit, as it stands on the road, with its fleet.
fn one_in_transit() -> (Fleet, LoadId) {
    static LOAD: LazyLock<RoadLoad> = LazyLock::new(|| {
        let far = |load: &RoadLoad| load.fix.unwrap().at.miles_to(load.stops[load.stops.len() - 1].at) > 400.0;
        plan_loads(7, 250).into_iter().find(|load| load.status == InTransit && far(load)).unwrap()
    });
    (Fleet::new(7, SPEEDUP, now(), vec![LOAD.clone()]), LOAD.load)
}

fn statuses(fleet: &mut Fleet, simulated: i64) -> Vec<LoadStatus> {
    let mut statuses = Vec::new();
    run(fleet, simulated, 5_000, |_, action| {
        if let Action::Status { to, .. } = action {
            statuses.push(*to);
        }
    });
    statuses
}

#[test]
fn a_load_that_a_person_takes_back_is_not_pushed_on_until_a_person_does() {
    let (mut fleet, load) = one_in_transit();
    fleet.step(now().plus(5_000));
    fleet.sync(load, PickedUp);
    assert_eq!(statuses(&mut fleet, 5 * DAY), []);
    fleet.sync(load, InTransit);
    assert_eq!(statuses(&mut fleet, 5 * DAY), [AtDelivery, Delivered, Completed]);
}

#[test]
fn a_load_that_a_person_takes_back_before_pickup_starts_over_when_dispatched_again() {
    let load = plan_loads(7, 250).into_iter().find(|load| load.status == AtPickup).unwrap();
    let id = load.load;
    let mut fleet = Fleet::new(7, SPEEDUP, now(), vec![load]);
    fleet.sync(id, Accepted);
    assert_eq!(statuses(&mut fleet, 5 * DAY), []);
    fleet.sync(id, Dispatched);
    assert_eq!(statuses(&mut fleet, 9 * DAY), [AtPickup, PickedUp, InTransit, AtDelivery, Delivered, Completed]);
}

#[test]
fn cancelled_and_uncovered_loads_are_forgotten() {
    for status in [Cancelled, Pending, Tendered, Completed] {
        let (mut fleet, load) = one_in_transit();
        fleet.sync(load, status);
        assert_eq!((fleet.loads(), statuses(&mut fleet, 5 * DAY)), (0, vec![]), "{status}");
    }
}

#[test]
fn what_a_person_has_done_ahead_is_not_done_again() {
    let (mut fleet, load) = one_in_transit();
    fleet.sync(load, AtDelivery);
    assert_eq!(statuses(&mut fleet, 5 * DAY), [Delivered, Completed]);
    let (mut fleet, load) = one_in_transit();
    fleet.sync(load, Delivered);
    assert_eq!(statuses(&mut fleet, 5 * DAY), [Completed]);
}

#[test]
fn a_refused_step_is_not_taken_again_until_the_status_is_known() {
    let (mut fleet, load) = one_in_transit();
    let mut at = now();
    loop {
        at = at.plus(5_000);
        if fleet.step(at).contains(&Action::Status { load, to: AtDelivery }) {
            break;
        }
    }
    fleet.refused(load);
    assert_eq!(statuses(&mut fleet, 5 * DAY), []);
    fleet.sync(load, InTransit);
    assert_eq!(statuses(&mut fleet, 5 * DAY), [AtDelivery, Delivered, Completed]);
}

#[test]
fn any_status_may_be_told_at_any_moment() {
    let all = plan_loads(8, 120);
    let mut board = Board::of(&all);
    let mut fleet = Fleet::new(8, SPEEDUP, now(), all.clone());
    let mut dice = Dice::new(8);
    for step in 1..4_000 {
        for action in fleet.step(now().plus(step * 5_000)) {
            board.apply(&action);
        }
        let load = dice.pick(&all).unwrap().load;
        let told = *dice.pick(&LoadStatus::ALL).unwrap();
        if dice.chance(0.5) {
            board.0.insert(load, told);
            fleet.sync(load, told);
        } else if dice.chance(0.2) {
            let known = board.0[&load];
            fleet.refused(load);
            fleet.sync(load, known);
        }
    }
}

#[test]
fn a_load_that_is_added_later_is_driven_and_parked_trucks_are_silent() {
    let (mut fleet, _) = one_in_transit();
    run(&mut fleet, 8 * DAY, 5_000, |_, _| {});
    let mut heard = 0;
    run(&mut fleet, DAY, 5_000, |_, _| heard += 1);
    assert_eq!((fleet.loads(), heard), (0, 0));

    let mut load = plan_loads(9, 250).into_iter().find(|load| load.status == Accepted).unwrap();
    load.fix = None;
    fleet.add(load.clone());
    fleet.add(load);
    assert_eq!(fleet.loads(), 1);
    let steps = statuses(&mut fleet, 9 * DAY);
    assert_eq!(steps, [Dispatched, AtPickup, PickedUp, InTransit, AtDelivery, Delivered, Completed]);
}
