//! The cold chain over REST: sites and units, and who may do what.

mod alerts;
mod readings;

use crate::fixture::{Answer, Fixture, NOW, Person, on_both};
use app::domain::time::{DAY, MINUTE, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

fn at(minute: i64) -> Timestamp {
    NOW.plus(minute * MINUTE)
}

fn reading(minute: i64, temperature: f64) -> Value {
    json!({ "temperature": temperature, "recordedAt": at(minute) })
}

/// A site, and at it a unit that keeps to 2 to 8 degrees and may be outside for ten minutes.
async fn unit(admin: &Person<'_>, changes: Value) -> Value {
    let site = json!({ "name": "Joliet yard", "city": "Joliet", "state": "IL" });
    let site = admin.post("/sites", &site).await.data().clone();
    let mut body = json!({
        "siteId": site["id"],
        "name": "Reefer 12",
        "kind": "trailer",
        "minTemperature": 2,
        "maxTemperature": 8,
        "minDurationMs": 10 * MINUTE,
    });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    admin.post("/units", &body).await.data().clone()
}

fn path(unit: &Value) -> String {
    format!("/units/{}", unit["id"].as_str().unwrap())
}

/// Hands readings in, and asserts that all were taken.
async fn report(person: &Person<'_>, unit: &Value, readings: &[(i64, f64)]) {
    let body: Vec<Value> = readings.iter().map(|&(minute, temperature)| reading(minute, temperature)).collect();
    let answer = person.post(&format!("{}/readings", path(unit)), &json!(body)).await;
    assert_eq!(answer.data(), &json!({ "accepted": readings.len(), "refused": [] }));
}

/// The temperatures of a unit, newest first.
fn temperatures(answer: &Answer) -> Vec<f64> {
    answer.data().as_array().unwrap().iter().map(|reading| reading["temperature"].as_f64().unwrap()).collect()
}

/// What the staff's stream tells of alerts: the event, and its severity.
async fn told(person: &Person<'_>) -> Vec<(String, Value)> {
    let events = person.get("/events?namespace=/tracking").await.body["data"].clone();
    let event = |event: &Value| (event["event"].as_str().unwrap().to_owned(), event["data"]["severity"].clone());
    events.as_array().unwrap().iter().map(event).collect()
}

fn triggered(severity: &str) -> (String, Value) {
    ("alert:triggered".into(), json!(severity))
}

fn resolved() -> (String, Value) {
    ("alert:resolved".into(), Value::Null)
}

on_both!(sites_and_units_are_listed_changed_and_bounded, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let maria = fixture.login("maria", "acme").await;
    let first = unit(&admin, json!({})).await;
    let second = unit(&admin, json!({ "name": "Room 1", "kind": "cold_room", "minDurationMs": 0 })).await;
    assert_eq!(maria.get(&path(&first)).await.data(), &first);
    let page = maria.get("/units?limit=1").await;
    assert_eq!((page.data(), &page.body["page"]["total"]), (&json!([first]), &json!(2)));
    let rest = maria.get(&format!("/units?limit=1&cursor={}", page.body["page"]["next"].as_str().unwrap())).await;
    assert_eq!((rest.data(), &rest.body["page"]["next"]), (&json!([second]), &Value::Null));
    let at_site = maria.get(&format!("/units?siteId={}", second["siteId"].as_str().unwrap())).await;
    assert_eq!((at_site.data(), &at_site.body["page"]["total"]), (&json!([second]), &json!(1)));
    let sites = maria.get("/sites").await;
    assert_eq!(sites.data()[1]["id"], second["siteId"]);
    assert_eq!(sites.body["page"], json!({ "next": null, "total": 2 }));

    let load = maria.book(&fixture.acme, json!({})).await;
    let moved = json!({ "siteId": second["siteId"], "loadId": load["id"], "name": " Reefer 13 " });
    let moved = admin.patch(&path(&first), &moved).await.data().clone();
    assert_eq!((&moved["siteId"], &moved["loadId"]), (&second["siteId"], &load["id"]));
    assert_eq!((&moved["name"], &moved["kind"]), (&json!("Reefer 13"), &json!("trailer")));
    assert_eq!(admin.patch(&path(&first), &json!({})).await.data(), &moved);
    let empty = admin.patch(&path(&first), &json!({ "loadId": null })).await.data().clone();
    assert_eq!((&empty["loadId"], &empty["name"]), (&Value::Null, &moved["name"]));

    for (field, value) in [
        ("name", json!("")),
        ("name", json!("a\u{1}b")),
        ("minTemperature", json!(-90.5)),
        ("minTemperature", json!(8.5)),
        ("maxTemperature", json!(101)),
        ("minDurationMs", json!(-1)),
        ("minDurationMs", json!(8 * DAY)),
    ] {
        let answer = admin.patch(&path(&first), &json!({ field: value })).await;
        assert_eq!(answer.refused(422, "rule_broken")["field"], field, "{value}");
    }
    for (field, value) in [("state", "Illinois"), ("state", "I1"), ("city", " "), ("name", &"x".repeat(121))] {
        let mut site = json!({ "name": "Yard", "city": "Joliet", "state": "il" });
        site[field] = json!(value);
        assert_eq!(admin.post("/sites", &site).await.refused(422, "rule_broken")["field"], field);
    }
    assert_eq!(maria.get(&path(&first)).await.data(), &empty);
});

on_both!(only_staff_see_the_cold_chain_and_each_role_does_what_it_may, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let unit = unit(&admin, json!({})).await;
    let (path, readings) = (path(&unit), format!("{}/readings", path(&unit)));
    let site = json!({ "name": "Yard", "city": "Joliet", "state": "IL" });
    let another = json!({
        "siteId": unit["siteId"], "name": "Room", "kind": "cold_room", "minTemperature": 0, "maxTemperature": 1,
    });
    for name in ["sarah", "maria", "sam"] {
        let person = fixture.login(name, "acme").await;
        for address in ["/sites", "/units", "/alerts", &path, &readings] {
            person.get(address).await.data();
        }
        for answer in [
            person.post("/sites", &site).await,
            person.post("/units", &another).await,
            person.patch(&path, &json!({ "name": "Mine" })).await,
        ] {
            assert_eq!(answer.refused(403, "forbidden")["rule"], "tenant_manage", "{name}");
        }
        let reported = person.post(&readings, &reading(-1, 5.0)).await;
        if name == "sam" {
            assert_eq!(reported.refused(403, "forbidden")["rule"], "load_change");
        } else {
            assert_eq!(reported.data()["accepted"], 1);
        }
    }
    for name in ["swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        for address in ["/sites", "/units", "/alerts"] {
            assert_eq!(person.get(address).await.refused(403, "forbidden")["rule"], "staff_only", "{name}");
        }
        person.post("/sites", &site).await.refused(403, "forbidden");
        person.post("/units", &another).await.refused(403, "forbidden");
        for answer in [
            person.get(&path).await,
            person.get(&readings).await,
            person.get(&format!("{readings}?limit=500")).await,
            person.patch(&path, &json!({ "name": "Mine" })).await,
            person.post(&readings, &reading(-2, 5.0)).await,
            person.post(&readings, &json!([reading(-2, 5.0)])).await,
        ] {
            answer.refused(404, "not_found");
        }
    }
    assert_eq!(admin.get(&readings).await.body["page"]["total"], 1);
});

on_both!(the_cold_chain_of_another_tenant_is_not_found, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let ours = unit(&admin, json!({})).await;
    let load = admin.book(&fixture.acme, json!({})).await;
    report(&admin, &ours, &[(-20, 20.0), (-10, 20.0)]).await;
    // It is in memory from here on.
    assert_eq!(temperatures(&admin.get(&format!("{}/readings", path(&ours))).await), [20.0, 20.0]);

    let stranger = fixture.login("admin", "globex").await;
    for address in ["/sites", "/units", "/alerts"] {
        let answer = stranger.get(address).await;
        assert_eq!((answer.data(), &answer.body["page"]["total"]), (&json!([]), &json!(0)));
    }
    let theirs = unit(&stranger, json!({})).await;
    let new_unit = |site: &Value, load: &Value| {
        json!({ "siteId": site, "loadId": load, "name": "Room", "kind": "cold_room", "minTemperature": 0,
            "maxTemperature": 1 })
    };
    for answer in [
        stranger.get(&path(&ours)).await,
        stranger.get(&format!("{}/readings", path(&ours))).await,
        stranger.get(&format!("{}/readings?limit=500", path(&ours))).await,
        stranger.patch(&path(&ours), &json!({ "name": "Mine" })).await,
        stranger.post(&format!("{}/readings", path(&ours)), &reading(0, 5.0)).await,
        stranger.post(&format!("{}/readings", path(&ours)), &json!([])).await,
        stranger.get(&format!("/units/{}", Uuid::now_v7())).await,
        stranger.get(&format!("/units/{}/readings", Uuid::now_v7())).await,
        stranger.post("/units", &new_unit(&ours["siteId"], &Value::Null)).await,
        stranger.post("/units", &new_unit(&theirs["siteId"], &load["id"])).await,
        stranger.patch(&path(&theirs), &json!({ "siteId": ours["siteId"] })).await,
        stranger.patch(&path(&theirs), &json!({ "loadId": load["id"] })).await,
    ] {
        answer.refused(404, "not_found");
    }
    assert_eq!(stranger.get(&format!("/units?siteId={}", ours["siteId"].as_str().unwrap())).await.data(), &json!([]));
    assert_eq!(told(&stranger).await, []);
    assert_eq!(admin.get(&format!("{}/readings", path(&ours))).await.body["page"]["total"], 2);
});
