//! The road: stops, arrivals and departures; and by its parts, ETA and the loads that are on it.

mod eta;
mod overview;

use crate::fixture::{Answer, Company, Fixture, NOW, On, Person, new_load, on_both};
use app::domain::time::{DAY, HOUR, MINUTE};
use serde_json::{Value, json};

fn id(load: &Value) -> &str {
    load["id"].as_str().unwrap()
}

/// A load with the fit carrier and its driver, in a status.
async fn driven(by: &Person<'_>, company: &Company, status: &str, changes: Value) -> Value {
    let load = by.book(company, changes).await;
    let patch = json!({ "version": 1, "driverId": company.driver });
    let load = by.patch(&format!("/loads/{}", id(&load)), &patch).await.data().clone();
    by.bring_to(&load, status).await
}

/// Two pickups and two deliveries.
fn four_stops(company: &Company) -> Value {
    let stop = |kind: &str, facility: Value, from: i64| {
        let window = json!({ "kind": "FCFS", "start": NOW.plus(from), "end": NOW.plus(from + 2 * HOUR) });
        json!({ "kind": kind, "facilityId": facility, "window": window })
    };
    let (chicago, dallas) = (json!(company.chicago), json!(company.dallas));
    json!({ "stops": [
        stop("pickup", chicago.clone(), HOUR), stop("pickup", chicago, 3 * HOUR),
        stop("delivery", dallas.clone(), DAY), stop("delivery", dallas, DAY + 3 * HOUR),
    ] })
}

async fn reload(by: &Person<'_>, load: &Value) -> Value {
    by.get(&format!("/loads/{}", id(load))).await.data().clone()
}

/// Notes an arrival or a departure at the stop of this position, on the version that the load has now.
async fn pass(by: &Person<'_>, load: &Value, position: usize, verb: &str, at: Value) -> Answer {
    let load = reload(by, load).await;
    let stop = load["stops"][position - 1]["id"].as_str().unwrap();
    let mut body = json!({ "version": load["version"] });
    if !at.is_null() {
        body["at"] = at;
    }
    by.post(&format!("/stops/{stop}/{verb}"), &body).await
}

/// What one hears in a stream of a namespace, as names and payloads.
async fn heard(by: &Person<'_>, namespace: &str, stream: &str) -> Vec<(String, Value)> {
    let page = by.get(&format!("/events?namespace={namespace}&stream={stream}&limit=1000")).await.body;
    let events = page["data"].as_array().unwrap_or_else(|| panic!("{page}")).iter();
    events.map(|event| (event["event"].as_str().unwrap().to_owned(), event["data"].clone())).collect()
}

fn names(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|(name, _)| name.as_str()).collect()
}

/// How far a trip is: a for arrived, d for departed.
fn told(load: &Value) -> String {
    let of = |stop: &Value| match (stop["arrivedAt"].is_string(), stop["departedAt"].is_string()) {
        (false, false) => "-",
        (true, false) => "a",
        (true, true) => "d",
        (false, true) => "?",
    };
    load["stops"].as_array().unwrap().iter().map(of).collect()
}

on_both!(coming_and_going_move_the_load_and_are_told, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (swift, carlos) = (fixture.login("swift", "acme").await, fixture.login("carlos", "acme").await);
    let mut stops = new_load(&fixture.acme)["stops"].clone();
    stops[1]["window"]["start"] = json!(NOW.plus(5 * HOUR));
    stops[1]["window"]["end"] = json!(NOW.plus(6 * HOUR));
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({ "stops": stops })).await;
    let dispatched = load["version"].as_i64().unwrap();

    let arrived = pass(&carlos, &load, 1, "arrive", Value::Null).await.data().clone();
    assert_eq!((&arrived["status"], &arrived["version"]), (&json!("AT_PICKUP"), &json!(dispatched + 1)));
    assert_eq!((told(&arrived).as_str(), &arrived["stops"][0]["arrivedAt"]), ("a-", &json!(NOW)));
    fixture.advance_clock(HOUR);
    let left = pass(&maria, &load, 1, "depart", json!(NOW.plus(40 * MINUTE))).await.data().clone();
    assert_eq!((&left["status"], told(&left).as_str()), (&json!("PICKED_UP"), "d-"));
    assert_eq!((&left["statusSince"], &left["updatedAt"]), (&json!(NOW.plus(40 * MINUTE)), &json!(NOW.plus(HOUR))));
    fixture.advance_clock(5 * HOUR + 1);
    let there = pass(&carlos, &load, 2, "arrive", Value::Null).await.data().clone();
    assert_eq!((&there["status"], &there["version"]), (&json!("AT_DELIVERY"), &json!(dispatched + 4)));
    let done = pass(&maria, &load, 2, "depart", Value::Null).await.data().clone();
    assert_eq!((&done["status"], told(&done).as_str()), (&json!("DELIVERED"), "dd"));
    assert_eq!(done, reload(&maria, &load).await);
    assert_eq!(*maria.get(&format!("/loads/{}/stops", id(&load))).await.data(), done["stops"]);

    let me = carlos.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned();
    for (person, stream) in [
        (&maria, "tenant".to_owned()),
        (&swift, format!("carrier:{}", fixture.acme.fit_carrier)),
        (&carlos, format!("user:{me}")),
    ] {
        let events = heard(person, "/tracking", &stream).await;
        assert_eq!(names(&events), ["stop:arrived", "stop:departed", "stop:arrived", "stop:departed"], "{stream}");
        let (first, third) = (&events[0].1, &events[2].1);
        assert_eq!((&first["loadNumber"], &first["stopId"]), (&load["loadNumber"], &done["stops"][0]["id"]));
        assert_eq!((&first["position"], &first["kind"]), (&json!(1), &json!("pickup")));
        assert_eq!((&first["facilityName"], &first["onTime"]), (&json!("Chicago dock"), &json!(true)));
        assert_eq!(events[1].1["departedAt"], json!(NOW.plus(40 * MINUTE)));
        assert_eq!((&third["arrivedAt"], &third["onTime"]), (&json!(NOW.plus(6 * HOUR + 1)), &json!(false)));
        let steps: Vec<_> = heard(person, "/dispatch", &stream)
            .await
            .into_iter()
            .filter(|(name, _)| name == "load:status:changed")
            .map(|(_, step)| step["newStatus"].as_str().unwrap().to_owned())
            .skip_while(|status| status != "AT_PICKUP")
            .collect();
        assert_eq!(steps, ["AT_PICKUP", "PICKED_UP", "IN_TRANSIT", "AT_DELIVERY", "DELIVERED"], "{stream}");
    }
});

on_both!(stops_between_change_the_version_and_no_status, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "DISPATCHED", four_stops(&fixture.acme)).await;
    let begun = load["version"].as_i64().unwrap();
    for (position, verb, status, versions) in [
        (1, "arrive", "AT_PICKUP", 1),
        (1, "depart", "AT_PICKUP", 2),
        (2, "arrive", "AT_PICKUP", 3),
        (2, "depart", "PICKED_UP", 4),
        (3, "arrive", "PICKED_UP", 5),
        (3, "depart", "PICKED_UP", 6),
        (4, "arrive", "AT_DELIVERY", 8),
        (4, "depart", "DELIVERED", 9),
    ] {
        let now = pass(&maria, &load, position, verb, Value::Null).await.data().clone();
        assert_eq!((&now["status"], &now["version"]), (&json!(status), &json!(begun + versions)), "{position} {verb}");
        assert_eq!(now["updatedBy"]["name"], "maria");
    }
    let updates = heard(&maria, "/dispatch", "tenant").await;
    let versions = updates.iter().filter(|(name, _)| name == "load:updated").map(|(_, card)| card["version"].as_i64());
    let versions: Vec<_> = versions.flatten().filter(|version| *version > begun).collect();
    assert_eq!(versions, [begun + 2, begun + 3, begun + 5, begun + 6], "the card tells of what no step tells");
});

on_both!(each_role_notes_what_it_may, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    for (name, tenant, change, talk, read) in [
        ("admin", "acme", 200, 200, 200),
        ("sarah", "acme", 200, 200, 200),
        ("maria", "acme", 200, 200, 200),
        ("carlos", "acme", 200, 200, 200),
        ("sam", "acme", 403, 403, 200),
        ("swift", "acme", 403, 403, 200),
        ("admin", "globex", 404, 404, 404),
        ("carlos", "globex", 404, 404, 404),
    ] {
        let load = driven(&admin, &fixture.acme, "DISPATCHED", json!({})).await;
        let load = reload(&admin, &load).await;
        let person = fixture.login(name, tenant).await;
        let path = format!("/loads/{}", id(&load));
        let stop = format!("/stops/{}", load["stops"][0]["id"].as_str().unwrap());
        let said = |answer: Answer| answer.status.as_u16();
        let eta = person.post(&format!("{path}/eta"), &json!({ "eta": NOW.plus(HOUR) })).await;
        assert_eq!(said(eta), talk, "{name} of {tenant}");
        let arrived = person.post(&format!("{stop}/arrive"), &json!({ "version": load["version"] })).await;
        assert_eq!(said(arrived), change, "{name} of {tenant}");
        let version = reload(&admin, &load).await["version"].clone();
        let left = person.post(&format!("{stop}/depart"), &json!({ "version": version })).await;
        let expected = if change == 200 || change == 404 { change } else { 403 };
        assert_eq!(said(left), expected, "{name} of {tenant}");
        for list in ["stops", "timeline"] {
            assert_eq!(said(person.get(&format!("{path}/{list}")).await), read, "{name} of {tenant}");
        }
    }
    let stranger = "/stops/01999999-9999-7999-8999-999999999999/arrive";
    admin.post(stranger, &json!({ "version": 1 })).await.refused(404, "not_found");
    admin.post("/stops/x/arrive", &json!({ "version": 1 })).await.refused(400, "bad_request");
});

on_both!(another_drivers_load_is_not_there, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    let patch = json!({ "version": load["version"], "driverId": fixture.acme.relief_driver });
    let load = maria.patch(&format!("/loads/{}", id(&load)), &patch).await.data().clone();
    let stop = load["stops"][0]["id"].as_str().unwrap();
    let body = json!({ "version": load["version"] });
    carlos.post(&format!("/stops/{stop}/arrive"), &body).await.refused(404, "not_found");
});

on_both!(an_older_version_is_told_who_was_first, |fixture: Fixture| async move {
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    let load = reload(&maria, &load).await;
    pass(&john, &load, 1, "arrive", Value::Null).await.data();
    let stop = load["stops"][0]["id"].as_str().unwrap();
    let stale = json!({ "version": load["version"] });
    for verb in ["arrive", "depart"] {
        let answer = maria.post(&format!("/stops/{stop}/{verb}"), &stale).await;
        assert_eq!(answer.refused(409, "conflict")["updatedBy"]["name"], "john");
    }
    let mut eta = json!({ "eta": NOW.plus(HOUR), "version": load["version"] });
    let path = format!("/loads/{}/eta", id(&load));
    assert_eq!(maria.post(&path, &eta).await.refused(409, "conflict")["updatedBy"]["name"], "john");
    eta["version"] = json!(load["version"].as_i64().unwrap() + 1);
    maria.post(&path, &eta).await.data();
});

#[tokio::test]
async fn what_can_not_have_happened_is_refused_and_changes_nothing() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let rule = |answer: Answer, code: &str| assert_eq!(answer.refused(422, "rule_broken")["rule"], code);
    let accepted = driven(&maria, &fixture.acme, "ACCEPTED", json!({})).await;
    rule(pass(&maria, &accepted, 1, "arrive", Value::Null).await, "not_on_the_road");

    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    rule(pass(&maria, &load, 1, "depart", Value::Null).await, "not_arrived");
    let early = pass(&maria, &load, 2, "arrive", Value::Null).await;
    assert_eq!(
        early.body["error"]["message"],
        format!(
            "{}: the truck has not left Chicago dock yet, which comes before.",
            load["loadNumber"].as_str().unwrap()
        )
    );
    rule(early, "stop_before_not_left");
    fixture.advance_clock(2 * HOUR);
    let field = |answer: Answer| assert_eq!(answer.refused(422, "rule_broken")["field"], "at");
    field(pass(&maria, &load, 1, "arrive", json!(NOW.plus(2 * HOUR + MINUTE + 1))).await);
    field(pass(&maria, &load, 1, "arrive", json!(NOW.plus(-1))).await);
    assert_eq!(reload(&maria, &load).await["version"], load["version"]);

    // A clock that is a little ahead is forgiven.
    let arrived = pass(&maria, &load, 1, "arrive", json!(NOW.plus(2 * HOUR + MINUTE))).await.data().clone();
    assert_eq!(arrived["stops"][0]["arrivedAt"], json!(NOW.plus(2 * HOUR)));
    rule(pass(&maria, &load, 1, "arrive", Value::Null).await, "already_arrived");
    field(pass(&maria, &load, 1, "depart", json!(NOW.plus(HOUR))).await);
    pass(&maria, &load, 1, "depart", json!(NOW.plus(2 * HOUR))).await.data();
    rule(pass(&maria, &load, 1, "depart", Value::Null).await, "already_departed");
    fixture.advance_clock(HOUR);
    field(pass(&maria, &load, 2, "arrive", json!(NOW.plus(2 * HOUR - 1))).await);
    pass(&maria, &load, 2, "arrive", json!(NOW.plus(2 * HOUR))).await.data();
    for body in [json!({}), json!({ "version": 1, "when": NOW }), json!({ "version": 1, "at": "noon" }), json!([])] {
        let stop = arrived["stops"][0]["id"].as_str().unwrap();
        maria.post(&format!("/stops/{stop}/depart"), &body).await.refused(400, "bad_request");
    }
}

on_both!(a_step_of_the_status_fills_in_what_it_implies, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let load = driven(&sarah, &fixture.acme, "DISPATCHED", four_stops(&fixture.acme)).await;
    let mut load = reload(&sarah, &load).await;
    for (status, stops) in [
        ("AT_PICKUP", "a---"),
        ("PICKED_UP", "dd--"),
        ("IN_TRANSIT", "dd--"),
        ("AT_DELIVERY", "ddda"),
        ("DELIVERED", "dddd"),
    ] {
        fixture.advance_clock(HOUR);
        load = sarah.step(&load, status, None).await.data().clone();
        assert_eq!(told(&reload(&sarah, &load).await), stops, "{status}");
    }
    let stops = reload(&sarah, &load).await["stops"].clone();
    assert_eq!((&stops[0]["arrivedAt"], &stops[0]["departedAt"]), (&json!(NOW.plus(HOUR)), &json!(NOW.plus(2 * HOUR))));
    let tracked = heard(&sarah, "/tracking", "tenant").await;
    let order: Vec<_> = tracked.iter().map(|(name, stop)| format!("{name} {}", stop["position"])).collect();
    let expected: Vec<_> =
        (1..=4).flat_map(|at| [format!("stop:arrived {at}"), format!("stop:departed {at}")]).collect();
    assert_eq!(order, expected, "each once, in the order of the trip");

    for (status, stops) in
        [("AT_DELIVERY", "ddda"), ("IN_TRANSIT", "ddd-"), ("AT_PICKUP", "da--"), ("DISPATCHED", "----")]
    {
        load = sarah.step(&load, status, Some("It was not so")).await.data().clone();
        assert_eq!(told(&reload(&sarah, &load).await), stops, "back to {status}");
    }
    assert_eq!(heard(&sarah, "/tracking", "tenant").await.len(), 8, "a step back is told by itself");
});

on_both!(an_undone_arrival_has_not_been, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    let arrived = pass(&maria, &load, 1, "arrive", Value::Null).await.data().clone();
    let undo = json!({ "version": arrived["version"] });
    let undone = maria.post(&format!("/loads/{}/undo", id(&load)), &undo).await.data().clone();
    assert_eq!(undone["status"], "DISPATCHED");
    assert_eq!(told(&reload(&maria, &load).await), "--");
    pass(&maria, &load, 1, "arrive", Value::Null).await.data();
});

on_both!(a_cancelled_load_keeps_what_was, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let load = driven(&admin, &fixture.acme, "PICKED_UP", json!({})).await;
    admin.step(&load, "CANCELLED", Some("Refused by the consignee")).await.data();
    assert_eq!(told(&reload(&admin, &load).await), "d-");
});

on_both!(what_was_passed_before_it_was_written_down_is_filled_in, |fixture: Fixture| async move {
    const MIGRATION: &str = include_str!("../../migrations/0008_road.sql");
    let (_, filling) = MIGRATION.split_once("-- From here on").unwrap();
    let filling = filling.split_once("UPDATE").map(|(comment, _)| &filling[comment.len()..]).unwrap();
    let sarah = fixture.login("sarah", "acme").await;
    let mut loads = Vec::new();
    for (status, stops) in [
        ("DISPATCHED", "----"),
        ("AT_PICKUP", "a---"),
        ("PICKED_UP", "dd--"),
        ("IN_TRANSIT", "dd--"),
        ("AT_DELIVERY", "ddda"),
        ("DELIVERED", "dddd"),
    ] {
        loads.push((driven(&sarah, &fixture.acme, status, four_stops(&fixture.acme)).await, stops));
    }
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    sqlx::raw_sql("UPDATE stops SET arrived_at = NULL, departed_at = NULL").execute(&mut *tx).await.unwrap();
    sqlx::raw_sql(filling).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    for (load, stops) in loads {
        let load = reload(&sarah, &load).await;
        assert_eq!(told(&load), stops, "{}", load["status"]);
    }
});
