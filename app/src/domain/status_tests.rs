//! Every transition by every role, as a table; and what holds on any path through the machine.

use super::*;
use proptest::prelude::*;

const STAFF: [Role; 4] = [Role::Admin, Role::OpsManager, Role::Dispatcher, Role::Support];

fn try_step(role: Role, from: LoadStatus, to: LoadStatus) -> Result<Step, Refusal> {
    check_step(Mover { role, owns: true }, from, to, true, Some("because"))
}

/// What the product says about a pair of statuses, written apart from the code: `None` where there is no such step.
fn expected(from: LoadStatus, to: LoadStatus) -> Option<Step> {
    let place = |status| LoadStatus::ALL.iter().position(|s| *s == status).unwrap();
    match (from, to) {
        _ if from == to => None,
        (Cancelled, _) => None,
        (Completed, Delivered) => Some(Step::Reopen),
        (Completed, _) => None,
        (_, Cancelled) => Some(Step::Cancel),
        _ if place(to) < place(from) => Some(Step::Revert),
        _ if place(to) == place(from) + 1 => Some(Step::Forward),
        _ => None,
    }
}

#[test]
fn every_pair_of_statuses_for_every_member_of_staff() {
    for from in LoadStatus::ALL {
        for to in LoadStatus::ALL {
            for role in STAFF {
                let permitted = match expected(from, to) {
                    None => false,
                    Some(Step::Forward) => role != Role::Support,
                    Some(Step::Revert) => matches!(role, Role::Admin | Role::OpsManager),
                    Some(Step::Cancel) if from >= PickedUp => role == Role::Admin,
                    Some(Step::Cancel) => matches!(role, Role::Admin | Role::OpsManager),
                    Some(Step::Reopen) => role == Role::Admin,
                    Some(Step::Decline) => unreachable!("staff revert, they do not decline"),
                };
                let answer = try_step(role, from, to);
                assert_eq!(
                    answer.ok(),
                    expected(from, to).filter(|_| permitted),
                    "{role:?}: {from} to {to}: {answer:?}"
                );
            }
        }
    }
}

#[test]
fn a_carrier_accepts_or_declines_its_own_tender_and_does_nothing_else() {
    for from in LoadStatus::ALL {
        for to in LoadStatus::ALL {
            let permitted = match (from, to) {
                (Tendered, Accepted) => Some(Step::Forward),
                (Tendered, Pending) => Some(Step::Decline),
                _ => None,
            };
            assert_eq!(try_step(Role::Carrier, from, to).ok(), permitted, "{from} to {to}");
            let strange = check_step(Mover { role: Role::Carrier, owns: false }, from, to, true, Some("x"));
            assert!(strange.is_err(), "another carrier's load: {from} to {to}");
        }
    }
}

#[test]
fn a_driver_reports_the_steps_of_an_own_trip_and_nothing_else() {
    for from in LoadStatus::ALL {
        for to in LoadStatus::ALL {
            let permitted = expected(from, to) == Some(Step::Forward) && from >= Dispatched && to <= Delivered;
            assert_eq!(try_step(Role::Driver, from, to).is_ok(), permitted, "{from} to {to}");
            assert!(check_step(Mover { role: Role::Driver, owns: false }, from, to, true, Some("x")).is_err());
        }
    }
}

#[test]
fn tendering_needs_a_carrier() {
    let answer = check_step(Mover { role: Role::Dispatcher, owns: false }, Pending, Tendered, false, None);
    assert_eq!(answer, Err(Refusal::NoCarrier));
}

#[test]
fn steps_other_than_forward_need_a_reason_that_says_something() {
    for (from, to) in [(Dispatched, Accepted), (Tendered, Cancelled), (Completed, Delivered)] {
        for reason in [None, Some(""), Some("  ")] {
            let answer = check_step(Mover { role: Role::Admin, owns: false }, from, to, true, reason);
            assert_eq!(answer, Err(Refusal::ReasonRequired), "{from} to {to} because {reason:?}");
        }
    }
}

#[test]
fn a_person_without_the_right_is_told_that_and_not_asked_for_a_reason() {
    let dispatcher = Mover { role: Role::Dispatcher, owns: false };
    assert_eq!(
        check_step(dispatcher, InTransit, Dispatched, true, None),
        Err(Refusal::Forbidden(Permission::LoadStatusRevert))
    );
}

#[test]
fn a_drop_on_a_lane_asks_for_the_status_nearest_to_where_the_load_stands() {
    for (from, lane, target) in [
        (Planning, Lane::Unassigned, Pending),
        (Pending, Lane::Tendered, Tendered),
        (Tendered, Lane::Dispatched, Accepted),
        (Accepted, Lane::Dispatched, Dispatched),
        (Dispatched, Lane::InTransit, AtPickup),
        (PickedUp, Lane::InTransit, InTransit),
        (AtDelivery, Lane::Delivered, Delivered),
        (InTransit, Lane::Dispatched, Dispatched),
        (Tendered, Lane::Unassigned, Pending),
        (Delivered, Lane::InTransit, AtDelivery),
    ] {
        assert_eq!(lane.target(from), target, "{from} on {lane:?}");
    }
}

#[test]
fn every_status_but_cancelled_is_in_one_lane() {
    for status in LoadStatus::ALL {
        let lanes = Lane::ALL.into_iter().filter(|lane| lane.statuses().any(|s| s == status)).count();
        assert_eq!(lanes, usize::from(status != Cancelled), "{status}");
    }
}

#[test]
fn codes_are_what_serde_writes() {
    for status in LoadStatus::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.code());
        assert_eq!(LoadStatus::from_code(status.code()), Some(status));
    }
}

fn any_status() -> impl Strategy<Value = LoadStatus> {
    prop::sample::select(LoadStatus::ALL.to_vec())
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

/// Requests thrown at the machine by anybody, with or without a carrier or a reason.
fn any_request() -> impl Strategy<Value = (Role, bool, LoadStatus, bool, Option<String>)> {
    (any_role(), any::<bool>(), any_status(), any::<bool>(), prop::option::of("[ a-z]{0,4}"))
}

proptest! {
    #[test]
    fn no_path_leaves_cancelled_and_only_an_admin_leaves_completed(
        requests in prop::collection::vec(any_request(), 1..60)
    ) {
        let mut status = Planning;
        for (role, owns, to, has_carrier, reason) in requests {
            if check_step(Mover { role, owns }, status, to, has_carrier, reason.as_deref()).is_ok() {
                prop_assert_ne!(status, Cancelled);
                prop_assert!(status != Completed || role == Role::Admin);
                status = to;
            }
        }
    }

    #[test]
    fn a_step_back_is_only_taken_with_the_permission_and_a_reason(
        (role, owns, to, has_carrier, reason) in any_request(), from in any_status()
    ) {
        let answer = check_step(Mover { role, owns }, from, to, has_carrier, reason.as_deref());
        if answer == Ok(Step::Revert) {
            prop_assert!(role.may(Permission::LoadStatusRevert));
            prop_assert!(reason.is_some_and(|reason| !reason.trim().is_empty()));
        }
    }

    #[test]
    fn without_a_carrier_no_load_goes_beyond_pending(
        requests in prop::collection::vec((any_role(), any::<bool>(), any_status()), 1..60)
    ) {
        let mut status = Planning;
        for (role, owns, to) in requests {
            if check_step(Mover { role, owns }, status, to, false, Some("because")).is_ok() {
                status = to;
            }
            prop_assert!(status <= Pending || status == Cancelled, "{}", status);
        }
    }
}
