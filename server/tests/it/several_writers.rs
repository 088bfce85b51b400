//! Eight people work on fifty loads for half a minute, each with every kind of write: nobody gets an error of the server,
//! the streams have no gap, and what they tell is what is stored.

mod deeds;
mod ledger;

use crate::fixture::{Fixture, On, new_load};
use deeds::Worker;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const HOW_LONG: Duration = Duration::from_secs(30);
const LOADS: usize = 50;
const STATUSES: [&str; 10] = [
    "PLANNING",
    "PENDING",
    "TENDERED",
    "ACCEPTED",
    "DISPATCHED",
    "AT_PICKUP",
    "PICKED_UP",
    "IN_TRANSIT",
    "AT_DELIVERY",
    "DELIVERED",
];

/// What all work on, as far as they have seen it.
struct Office {
    fixture: Fixture,
    /// With their stops.
    loads: Vec<Mutex<Value>>,
    units: Vec<String>,
    answers: Mutex<Vec<Answered>>,
}

/// A write that was answered.
struct Answered {
    deed: &'static str,
    status: u16,
    took: Duration,
    body: Value,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_people_write_at_once_on_sqlite() {
    work_at_once(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_people_write_at_once_on_postgres() {
    work_at_once(On::Postgres).await;
}

async fn work_at_once(on: On) {
    let office = Arc::new(furnish(Fixture::build(on).await).await);
    let begun = Instant::now();
    let mut workers = Vec::new();
    for (number, name) in ["admin", "sarah", "maria", "john", "sam", "swift", "carlos", "nina"].into_iter().enumerate()
    {
        let token = office.fixture.login(name, "acme").await.token;
        let dice = StdRng::seed_from_u64(number as u64);
        let worker = Worker { office: office.clone(), token, dice };
        workers.push(tokio::spawn(worker.work_until(begun + HOW_LONG)));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let took = begun.elapsed();
    let answers = std::mem::take(&mut *office.answers.lock().unwrap());
    report(on, &answers, took, &office.fixture.metrics().await);
    let allowed = |status| (200..300).contains(&status) || [403, 404, 409, 422].contains(&status);
    let wrong = answers.iter().filter(|answer| !allowed(answer.status));
    let wrong: Vec<_> = wrong.map(|answer| (answer.deed, answer.status, &answer.body)).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} answers, such as {:?}",
        wrong.len(),
        answers.len(),
        &wrong[..wrong.len().min(5)]
    );
    // Each kind was done, not only refused.
    for deed in deeds::NAMES {
        let was_done = answers.iter().any(|answer| answer.deed == deed && answer.status < 300);
        assert!(was_done, "nobody has done: {deed}");
    }
    ledger::assert_streams_have_no_gap(&office.fixture).await;
    ledger::assert_board_is_what_was_told(&office.fixture).await;
    ledger::assert_no_number_was_narrowed(&office.fixture).await;
}

fn report(on: On, answers: &[Answered], took: Duration, metrics: &str) {
    let mut times: Vec<_> = answers.iter().map(|answer| answer.took).collect();
    times.sort_unstable();
    let mut statuses = BTreeMap::<u16, usize>::new();
    answers.iter().for_each(|answer| *statuses.entry(answer.status).or_default() += 1);
    let rate = answers.len() as f64 / took.as_secs_f64();
    let conflicts: Vec<_> = metrics.lines().filter(|line| line.starts_with("headhaul_conflicts_total")).collect();
    println!(
        "{on:?}: {rate:.0} writes a second, half within {:?}, p99 {:?}, longest {:?}; answers {statuses:?}; {conflicts:?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1],
    );
}

/// Loads in every status, two units with sensors, and an eighth person.
async fn furnish(fixture: Fixture) -> Office {
    let admin = fixture.login("admin", "acme").await;
    let nina = json!({ "email": "nina@acme.test", "name": "nina", "role": "dispatcher", "password": crate::fixture::PASSWORD });
    admin.post("/users", &nina).await.data();
    let site = admin.post("/sites", &json!({ "name": "Yard", "city": "Joliet", "state": "IL" })).await.data().clone();
    let mut units = Vec::new();
    for name in ["Reefer 1", "Reefer 2"] {
        let unit = json!({ "siteId": site["id"], "name": name, "kind": "trailer", "minTemperature": 2,
            "maxTemperature": 8, "minDurationMs": 0 });
        units.push(admin.post("/units", &unit).await.data()["id"].as_str().unwrap().to_owned());
    }
    let mut loads = Vec::new();
    for number in 0..LOADS {
        let mut body = new_load(&fixture.acme);
        body["customer"] = json!(format!("Customer {number}"));
        let booked = admin.post("/loads", &body).await.data().clone();
        let path = format!("/loads/{}", booked["id"].as_str().unwrap());
        let driven = json!({ "version": booked["version"], "driverId": fixture.acme.driver });
        let driven = admin.patch(&path, &driven).await.data().clone();
        match STATUSES[number % STATUSES.len()] {
            "PLANNING" => {}
            status => drop(admin.bring_to(&driven, status).await),
        }
        loads.push(Mutex::new(admin.get(&path).await.data().clone()));
    }
    drop(admin);
    Office { fixture, loads, units, answers: Mutex::default() }
}
