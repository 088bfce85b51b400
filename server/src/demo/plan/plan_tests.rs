//! The plan is the same for the same seed, has the people of the contract, and loads in every status.

#[path = "load_tests.rs"]
mod loads;

use super::*;
use app::domain::{
    status::LoadStatus::{self, *},
    time::{DAY, HOUR, MINUTE},
};
use std::{collections::HashSet, sync::LazyLock};

const SETTINGS: PlanSettings = PlanSettings { loads: 250, trucks: 120 };

fn now() -> Timestamp {
    "2026-11-21T14:05:00.000Z".parse().unwrap()
}

fn tenants(loads: usize) -> Vec<TenantPlan> {
    plan(1, now(), &PlanSettings { loads, ..SETTINGS })
}

/// Checks the loads of several seeds and times of the day and year, with their tenants.
fn check_all(check: impl Fn(&TenantPlan, &LoadPlan, Timestamp)) {
    static PLANS: LazyLock<Vec<(Timestamp, Vec<TenantPlan>)>> = LazyLock::new(|| {
        let at = |seed: i64| now().plus(seed * (61 * DAY + 5 * HOUR + 7 * MINUTE));
        (0..6).map(|seed| (at(seed), plan(seed as u64, at(seed), &SETTINGS))).collect()
    });
    for (now, tenants) in PLANS.iter() {
        for (tenant, load) in tenants.iter().flat_map(|tenant| tenant.loads.iter().map(move |load| (tenant, load))) {
            check(tenant, load, *now);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_another() {
    assert_eq!(tenants(250), tenants(250));
    assert_ne!(plan(1, now(), &SETTINGS)[0].loads, plan(2, now(), &SETTINGS)[0].loads);
    assert_ne!(plan(1, now(), &SETTINGS)[0].loads, plan(1, now(), &SETTINGS)[1].loads);
}

#[test]
fn the_users_are_those_of_the_contract() {
    for tenant in tenants(1) {
        let logins: Vec<_> = tenant.users.iter().map(|user| (user.email.as_str(), user.role.code())).collect();
        let expected = [
            ("admin", "admin"),
            ("sarah", "ops_manager"),
            ("maria", "dispatcher"),
            ("john", "dispatcher"),
            ("sam", "support"),
            ("swift", "carrier"),
            ("carlos", "driver"),
        ]
        .map(|(login, role)| (format!("{login}@{}.test", tenant.slug), role));
        assert_eq!(logins, expected.each_ref().map(|(email, role)| (email.as_str(), *role)));
        let (swift, carlos) = (&tenant.users[5], &tenant.users[6]);
        assert_eq!(tenant.carriers[swift.carrier.unwrap()].name, "Swift River Transport");
        assert_eq!(tenant.drivers[carlos.driver.unwrap()].carrier, swift.carrier.unwrap());
        assert_eq!(tenant.drivers[carlos.driver.unwrap()].name, carlos.name);
    }
}

#[test]
fn every_status_is_there_from_60_loads_on() {
    for loads in [60, 61, 99, 250] {
        for tenant in tenants(loads) {
            assert_eq!(tenant.loads.len(), loads);
            for status in LoadStatus::ALL {
                assert!(tenant.loads.iter().any(|load| load.status == status), "{loads}: no {status}");
            }
        }
    }
}

#[test]
fn any_number_of_loads_is_planned() {
    for loads in [0, 1, 2, 7] {
        for tenant in plan(3, now(), &PlanSettings { loads, trucks: loads }) {
            assert_eq!((tenant.loads.len(), tenant.users.len()), (loads, 7));
            assert!(!tenant.drivers.is_empty() && tenant.carriers.len() >= 12 && tenant.customers.len() >= 12);
        }
    }
    let many = tenants(5_000);
    assert_eq!(many[0].loads.len(), 5_000);
    let at_work = |load: &&LoadPlan| mix::is_at_work(load.status);
    assert!(many[0].drivers.len() > many[0].loads.iter().filter(at_work).count());
}

#[test]
fn no_driver_is_at_work_on_two_loads() {
    for tenant in tenants(250).into_iter().chain(tenants(1_000)) {
        let mut busy = HashSet::new();
        for load in tenant.loads.iter().filter(|load| mix::is_at_work(load.status)) {
            assert!(busy.insert(load.driver), "{:?}", load.driver);
        }
        assert!(busy.contains(&Some(0)), "carlos has a load");
        assert!(tenant.drivers.len() >= SETTINGS.trucks);
        assert!(tenant.drivers.iter().any(|driver| driver.phone.is_none()));
    }
}

#[test]
fn the_office_of_swift_has_a_tender_to_answer() {
    for tenant in tenants(60) {
        assert!(tenant.loads.iter().any(|load| load.status == Tendered && load.carrier == Some(0)));
    }
}

#[test]
fn one_carrier_is_uninsured_one_suspended_and_one_soon_uninsured() {
    for tenant in tenants(0) {
        let count = |code: &str| {
            let unfit = |c: &&CarrierPlan| {
                let fitness = app::domain::carrier::check_fitness(c.compliance, c.insurance_expires_at, now());
                fitness.is_err_and(|unfit| unfit.code() == code)
            };
            tenant.carriers.iter().filter(unfit).count()
        };
        assert_eq!((count("insurance_expired"), count("compliance_suspended")), (1, 1));
        let soon = |c: &&CarrierPlan| (0..14 * DAY).contains(&c.insurance_expires_at.since(now()));
        assert_eq!(tenant.carriers.iter().filter(soon).count(), 1);
        let numbers: HashSet<_> = tenant.carriers.iter().map(|carrier| &carrier.mc_number).collect();
        assert_eq!(numbers.len(), tenant.carriers.len());
    }
}
