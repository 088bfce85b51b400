//! Check calls: who may note them, and who hears of it.

use crate::fixture::{Fixture, NOW, On, Person, on_both};
use app::domain::time::{DAY, HOUR};
use serde_json::{Value, json};

fn call(notes: &str) -> Value {
    json!({ "location": { "lat": 38.6, "lng": -90.2 }, "notes": notes })
}

/// The path of the check calls of a load with the fit carrier and its driver, in transit.
async fn on_the_road(by: &Person<'_>, fixture: &Fixture) -> String {
    let load = by.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let patch = json!({ "version": 1, "driverId": fixture.acme.driver });
    let load = by.patch(&path, &patch).await.data().clone();
    by.bring_to(&load, "IN_TRANSIT").await;
    format!("{path}/check-calls")
}

on_both!(a_check_call_is_listed_shown_on_the_card_and_told, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let path = on_the_road(&maria, &fixture).await;
    let load = path.trim_end_matches("/check-calls");
    let before = maria.get(load).await.data().clone();
    fixture.advance_clock(HOUR);
    let mut body = call("  Rolling through St. Louis ");
    body["eta"] = json!(NOW.plus(9 * HOUR));
    let answer = maria.post(&path, &body).await;
    assert_eq!(answer.status, 201);
    let noted = answer.data().clone();
    assert_eq!(noted["notes"], "Rolling through St. Louis");
    assert_eq!((&noted["eta"], &noted["receivedAt"]), (&body["eta"], &json!(NOW.plus(HOUR))));
    assert_eq!(noted["location"], body["location"]);
    assert_eq!(*maria.get(&path).await.data(), json!([noted]));

    let after = maria.get(load).await.data().clone();
    assert_eq!(after["lastCheckCallAt"], json!(NOW.plus(HOUR)));
    assert_eq!(after["version"], before["version"], "nobody's change is overtaken");

    let swift = fixture.login("swift", "acme").await;
    let staff = maria.get("/events?namespace=/tracking").await.body;
    let office =
        swift.get(&format!("/events?namespace=/tracking&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    for events in [staff, office] {
        let calls = events["data"].as_array().unwrap().iter().filter(|event| event["event"] == "checkcall:received");
        let [event] = calls.collect::<Vec<_>>()[..] else { panic!("{events}") };
        assert_eq!(
            (&event["event"], &event["data"]["loadNumber"]),
            (&json!("checkcall:received"), &after["loadNumber"])
        );
        assert_eq!(event["data"]["notes"], "Rolling through St. Louis");
    }
});

on_both!(each_role_notes_what_it_may, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let path = on_the_road(&maria, &fixture).await;
    for (name, tenant, notes, reads) in [
        ("admin", "acme", 201, 200),
        ("sarah", "acme", 201, 200),
        ("john", "acme", 201, 200),
        ("sam", "acme", 403, 200),
        ("swift", "acme", 403, 200),
        ("carlos", "acme", 201, 200),
        ("admin", "globex", 404, 404),
        ("carlos", "globex", 404, 404),
    ] {
        let person = fixture.login(name, tenant).await;
        assert_eq!(person.post(&path, &call("On the road")).await.status.as_u16(), notes, "{name} of {tenant}");
        assert_eq!(person.get(&path).await.status.as_u16(), reads, "{name} of {tenant}");
    }
    assert_eq!(maria.get(&path).await.body["page"]["total"], 4);
});

#[tokio::test]
async fn values_out_of_bounds_name_their_field_and_note_nothing() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let path = on_the_road(&maria, &fixture).await;
    let with = |field: &str, value: Value| {
        let mut body = call("Fine");
        body[field] = value;
        body
    };
    for (body, field) in [
        (call("  "), "notes"),
        (call(&"x".repeat(2_001)), "notes"),
        (with("location", json!({ "lat": 91, "lng": 0 })), "location"),
        (with("location", json!({ "lat": 0, "lng": 181 })), "location"),
        (with("eta", json!(NOW.plus(365 * DAY + 1))), "eta"),
        (with("eta", json!(NOW.plus(-365 * DAY - 1))), "eta"),
    ] {
        assert_eq!(maria.post(&path, &body).await.refused(422, "rule_broken")["field"], field, "{body}");
    }
    for body in [json!({ "notes": "Where?" }), with("eta", json!("noon")), with("mood", json!("good")), json!([])] {
        maria.post(&path, &body).await.refused(400, "bad_request");
    }
    assert_eq!(maria.get(&path).await.body["page"]["total"], 0);
    maria.post(&path, &call(&"é".repeat(2_000))).await.data();
}

on_both!(check_calls_are_paged_newest_first, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let path = on_the_road(&maria, &fixture).await;
    // Some at one moment, some later.
    for number in 0..7 {
        maria.post(&path, &call(&format!("Call {number}"))).await.data();
        fixture.advance_clock(number / 3);
    }
    let (mut notes, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("{path}?limit=3{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 7);
        notes.extend(page["data"].as_array().unwrap().iter().map(|call| call["notes"].as_str().unwrap().to_owned()));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(notes, (0..7).rev().map(|number| format!("Call {number}")).collect::<Vec<_>>());
    maria.get(&format!("{path}?limit=0")).await.refused(400, "bad_request");
});
