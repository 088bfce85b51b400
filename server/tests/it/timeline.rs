//! The timeline of a load: what happened, in sentences, as far as the reader was told.

use crate::fixture::{Fixture, NOW, Person, on_both};
use app::domain::time::{DAY, HOUR, MINUTE};
use serde_json::{Value, json};

fn path(load: &Value) -> String {
    format!("/loads/{}", load["id"].as_str().unwrap())
}

async fn timeline(by: &Person<'_>, load: &Value) -> Vec<Value> {
    let page = by.get(&format!("{}/timeline?limit=500", path(load))).await.body;
    let entries = page["data"].as_array().unwrap_or_else(|| panic!("{page}")).clone();
    assert_eq!(page["page"]["total"], json!(entries.len()));
    entries
}

/// Newest last, as people tell it.
fn texts(entries: &[Value]) -> Vec<&str> {
    entries.iter().rev().map(|entry| entry["text"].as_str().unwrap()).collect()
}

async fn act(by: &Person<'_>, load: &Value, verb: &str, mut body: Value) -> Value {
    body["version"] = load["version"].clone();
    by.post(&format!("{}/{verb}", path(load)), &body).await.data().clone()
}

on_both!(a_load_tells_its_story, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let (swift, carlos) = (fixture.login("swift", "acme").await, fixture.login("carlos", "acme").await);
    let company = &fixture.acme;
    let load = maria.book(company, json!({ "carrierId": null })).await;
    let hot = maria.patch(&path(&load), &json!({ "version": 1, "hot": true })).await.data().clone();
    let patch = json!({ "version": hot["version"], "weightLbs": 40_000, "customer": "Lakeside" });
    let heavy = maria.patch(&path(&load), &patch).await.data().clone();
    let tendered = act(&maria, &heavy, "tender", json!({ "carrierId": company.fit_carrier })).await;
    let declined = act(&swift, &tendered, "reject", json!({ "reason": "No truck" })).await;
    let assigned = act(&maria, &declined, "assign", json!({ "carrierId": company.fit_carrier })).await;
    let again = act(&maria, &assigned, "tender", json!({})).await;
    let accepted = act(&swift, &again, "accept", json!({})).await;
    let sent = act(&maria, &accepted, "dispatch", json!({ "driverId": company.driver })).await;
    let eta = json!({ "eta": NOW.plus(HOUR), "note": "Fuel stop" });
    maria.post(&format!("{}/eta", path(&load)), &eta).await.data();
    let stop = maria.get(&format!("{}/stops", path(&load))).await.data()[0]["id"].clone();
    fixture.advance_clock(5 * HOUR);
    let arrival = json!({ "version": sent["version"], "at": NOW.plus(4 * HOUR + MINUTE) });
    let there = carlos.post(&format!("/stops/{}/arrive", stop.as_str().unwrap()), &arrival).await.data().clone();
    let call = json!({ "location": { "lat": 41.8, "lng": -87.6 }, "notes": "Door 4", "eta": NOW.plus(DAY) });
    carlos.post(&format!("{}/check-calls", path(&load)), &call).await.data();
    let loaded = maria.step(&there, "PICKED_UP", None).await.data().clone();
    let undone = maria.post(&format!("{}/undo", path(&load)), &json!({ "version": loaded["version"] })).await;
    let back = sarah.step(undone.data(), "DISPATCHED", Some("Wrong truck")).await.data().clone();
    sarah.step(&back, "CANCELLED", Some("Customer called it off")).await.data();

    let entries = timeline(&maria, &load).await;
    assert_eq!(
        texts(&entries),
        [
            "maria booked it",
            "maria marked it as hot",
            "maria changed the customer and the weight",
            "maria moved it to Pending",
            "maria tendered it to Swift River",
            "Tender to Swift River declined by swift: No truck",
            "maria assigned it to Swift River",
            "maria tendered it to Swift River",
            "swift moved it to Accepted",
            "maria moved it to Dispatched with Carlos Ortega",
            "maria gave a new ETA: Fuel stop",
            "Arrived at Chicago dock, late",
            "carlos moved it to At pickup",
            "Check call: Door 4",
            "Left Chicago dock",
            "maria moved it to Picked up",
            "maria undid the step to Picked up",
            "sarah moved it back to Dispatched: Wrong truck",
            "sarah cancelled it: Customer called it off",
        ]
    );
    let entry = |text: &str| entries.iter().find(|entry| entry["text"] == text).unwrap();
    let changed = entry("maria changed the customer and the weight");
    assert_eq!(
        (&changed["event"], &changed["at"], &changed["by"]["name"]),
        (&json!("load:updated"), &json!(NOW), &json!("maria"))
    );
    assert_eq!(
        changed["changes"],
        json!([
            { "field": "customer", "from": "Prairie Paper", "to": "Lakeside" },
            { "field": "weightLbs", "from": "42000 lb", "to": "40000 lb" },
        ])
    );
    let moved = entry("sarah moved it back to Dispatched: Wrong truck");
    assert_eq!((&moved["previousStatus"], &moved["newStatus"]), (&json!("AT_PICKUP"), &json!("DISPATCHED")));
    assert_eq!(moved["reason"], "Wrong truck");
    let said = entry("maria gave a new ETA: Fuel stop");
    assert_eq!((&said["eta"], &said["notes"]), (&json!(NOW.plus(HOUR)), &json!("Fuel stop")));
    let arrived = entry("Arrived at Chicago dock, late");
    assert_eq!(
        (&arrived["at"], &arrived["stop"]["at"]),
        (&json!(NOW.plus(5 * HOUR)), &json!(NOW.plus(4 * HOUR + MINUTE)))
    );
    assert_eq!((&arrived["stop"]["id"], &arrived["by"]["name"]), (&stop, &json!("carlos")));
    let called = entry("Check call: Door 4");
    assert_eq!(
        (&called["notes"], &called["eta"], &called["location"]),
        (&call["notes"], &call["eta"], &call["location"])
    );
});

on_both!(an_expired_tender_was_nobodys_deed, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    maria.bring_to(&load, "TENDERED").await;
    fixture.advance_clock(30 * MINUTE);
    server::jobs::return_expired_tenders(&fixture.services).await;
    let newest = timeline(&maria, &load).await[0].clone();
    assert_eq!((&newest["text"], &newest["by"]), (&json!("Tender to Swift River expired"), &Value::Null));
});

on_both!(money_is_told_to_those_who_see_it, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let money = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let rates = |revenue: i64| json!({ "revenue": money(revenue), "carrierCost": money(200_000) });
    let load = sarah.book(&fixture.acme, json!({ "finance": rates(250_000) })).await;
    let patch = json!({ "version": 1, "finance": rates(271_828) });
    let load = sarah.patch(&path(&load), &patch).await.data().clone();
    let patch = json!({ "version": 2, "finance": rates(280_000), "hot": true });
    let load = sarah.patch(&path(&load), &patch).await.data().clone();
    sarah.bring_to(&load, "DISPATCHED").await;

    let full = timeline(&sarah, &load).await;
    assert_eq!(
        texts(&full)[..3],
        ["sarah booked it", "sarah changed the revenue", "sarah changed the hot mark and the revenue"]
    );
    let rate = &full[full.len() - 2]["changes"][0];
    assert_eq!(*rate, json!({ "field": "revenue", "from": "$2,500", "to": "$2,718.28" }));
    for name in ["maria", "sam", "swift"] {
        let plain = timeline(&fixture.login(name, "acme").await, &load).await;
        let said = json!(plain).to_string();
        assert!(!said.contains('$') && !said.contains("revenue") && !said.contains("2718"), "{name}: {said}");
    }
    assert_eq!(texts(&timeline(&maria, &load).await)[..2], ["sarah booked it", "sarah marked it as hot"]);
});

on_both!(outside_parties_read_their_own_part, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (swift, carlos) = (fixture.login("swift", "acme").await, fixture.login("carlos", "acme").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    let load = maria
        .patch(&path(&load), &json!({ "version": 1, "instructions": "Secret until tendered" }))
        .await
        .data()
        .clone();
    maria.post(&format!("{}/claim", path(&load)), &json!({ "claimed": true })).await.data();
    swift.get(&format!("{}/timeline", path(&load))).await.refused(404, "not_found");
    let load = maria.bring_to(&load, "ACCEPTED").await;
    carlos.get(&format!("{}/timeline", path(&load))).await.refused(404, "not_found");
    let load = act(&maria, &load, "dispatch", json!({ "driverId": fixture.acme.driver })).await;
    maria.bring_to(&load, "AT_PICKUP").await;

    let office = timeline(&swift, &load).await;
    assert_eq!(
        texts(&office),
        [
            "maria tendered it to Swift River",
            "maria moved it to Accepted",
            "maria moved it to Dispatched with Carlos Ortega",
            "Arrived at Chicago dock",
            "maria moved it to At pickup",
        ]
    );
    let driver = timeline(&carlos, &load).await;
    assert_eq!(
        texts(&driver),
        ["maria moved it to Dispatched with Carlos Ortega", "Arrived at Chicago dock", "maria moved it to At pickup"]
    );
    for entries in [office, driver] {
        assert!(!json!(entries).to_string().contains("Secret"), "what was before is not theirs");
    }
    assert!(texts(&timeline(&maria, &load).await).contains(&"maria is on it"));
    let stranger = fixture.login("admin", "globex").await;
    stranger.get(&format!("{}/timeline", path(&load))).await.refused(404, "not_found");
});

on_both!(the_timeline_is_paged_newest_first, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    for version in 1..=6 {
        maria.patch(&path(&load), &json!({ "version": version, "miles": 900 + version })).await.data();
    }
    let whole = timeline(&maria, &load).await;
    assert_eq!(whole.len(), 7);
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("{}/timeline?limit=3{cursor}", path(&load))).await.body;
        assert_eq!(page["page"]["total"], 7);
        paged.extend(page["data"].as_array().unwrap().clone());
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, whole);
    for query in ["limit=0", "limit=501", "cursor=x", "colour=red"] {
        maria.get(&format!("{}/timeline?{query}", path(&load))).await.refused(400, "bad_request");
    }
});
