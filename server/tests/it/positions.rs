//! Positions: who may report them, which are refused, and where they are found again.

use crate::fixture::{Answer, Company, Fixture, NOW, On, Person, on_both};
use app::domain::time::{DAY, HOUR, MINUTE};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// A load with the fit carrier and its driver, brought to a status.
async fn driven(by: &Person<'_>, company: &Company, status: &str) -> Value {
    let load = by.book(company, json!({})).await;
    let patch = json!({ "version": 1, "driverId": company.driver });
    let load = by.patch(&format!("/loads/{}", id(&load)), &patch).await.data().clone();
    by.bring_to(&load, status).await
}

fn id(load: &Value) -> &str {
    load["id"].as_str().unwrap()
}

/// A position of a load so many milliseconds after the beginning of the test.
fn position(load: &Value, lat: f64, after: i64) -> Value {
    json!({ "loadId": load["id"], "lat": lat, "lng": -87.65, "recordedAt": NOW.plus(after) })
}

async fn newest(by: &Person<'_>, load: &Value) -> Answer {
    by.get(&format!("/operations/tracking/positions/{}", id(load))).await
}

async fn history(by: &Person<'_>, load: &Value) -> Vec<Value> {
    by.get(&format!("/loads/{}/positions", id(load))).await.data().as_array().unwrap().clone()
}

on_both!(a_position_is_stored_and_shown_with_the_eta, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    newest(&maria, &load).await.refused(404, "not_found");
    let carlos = fixture.login("carlos", "acme").await;
    let report = json!({ "loadId": load["id"], "lat": 41.85, "lng": -87.65, "heading": 210.5, "speed": 62 });
    assert_eq!(*carlos.post("/positions", &report).await.data(), json!({ "accepted": 1, "refused": [] }));

    let map = maria.get("/operations/tracking/positions").await.body;
    assert_eq!(map["data"]["now"], json!(NOW));
    assert!(map["cursors"]["/tracking"]["tenant"]["epoch"].is_string());
    let shown = &map["data"]["positions"][0];
    assert_eq!(shown, newest(&maria, &load).await.data());
    assert_eq!((&shown["loadId"], &shown["loadNumber"]), (&load["id"], &load["loadNumber"]));
    assert_eq!(shown["location"], json!({ "lat": 41.85, "lng": -87.65 }));
    assert_eq!((&shown["heading"], &shown["speed"]), (&json!(210.5), &json!(62.0)));
    assert_eq!((&shown["recordedAt"], &shown["source"]), (&json!(NOW), &json!("api")));
    // 800 miles and a fifth at 50 mph, to Dallas, whose window ends in 28 hours.
    let eta: app::domain::time::Timestamp = shown["eta"].as_str().unwrap().parse().unwrap();
    assert!((19 * HOUR..20 * HOUR).contains(&eta.since(NOW)), "{eta}");
    assert_eq!(shown["etaState"], "on_time");

    // What the driver says holds until the next position.
    let call = json!({ "location": { "lat": 41.85, "lng": -87.65 }, "notes": "Slow", "eta": NOW.plus(DAY + 4 * HOUR) });
    carlos.post(&format!("/loads/{}/check-calls", id(&load)), &call).await.data();
    let told = newest(&maria, &load).await;
    assert_eq!((&told.data()["eta"], &told.data()["etaState"]), (&json!(NOW.plus(DAY + 4 * HOUR)), &json!("tight")));
    carlos.post("/positions", &position(&load, 41.85, 1_000)).await.data();
    assert_eq!(newest(&maria, &load).await.data()["etaState"], "on_time");

    fixture.advance_clock(30 * MINUTE + 1_000);
    assert_eq!(newest(&maria, &load).await.data()["etaState"], "on_time");
    fixture.advance_clock(1);
    assert_eq!(newest(&maria, &load).await.data()["etaState"], "no_signal");
});

on_both!(what_can_not_be_true_is_refused_with_the_reason, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    maria.post("/positions", &position(&load, 41.0, 0)).await.data();
    let with = |field: &str, value: Value| {
        let mut report = position(&load, 41.0, 1_000);
        report[field] = value;
        report
    };
    for (report, field) in [
        (with("lat", json!(90.5)), "lat"),
        (with("lng", json!(-181)), "lng"),
        (with("heading", json!(361)), "heading"),
        (with("heading", json!(-1)), "heading"),
        (with("speed", json!(-1)), "speed"),
        (with("speed", json!(201)), "speed"),
        (with("recordedAt", json!(NOW.plus(5 * MINUTE + 1))), "recordedAt"),
        (with("recordedAt", json!(NOW.plus(-30 * DAY - 1))), "recordedAt"),
    ] {
        let answer = maria.post("/positions", &report).await;
        assert_eq!(answer.refused(422, "rule_broken")["field"], field, "{report}");
    }
    // 69 miles in a minute.
    let jump = maria.post("/positions", &position(&load, 42.0, MINUTE)).await;
    assert_eq!(jump.refused(422, "rule_broken")["rule"], "impossible_jump");
    for report in [
        json!({ "loadId": load["id"], "lat": 41.0 }),
        json!({ "loadId": load["id"], "lat": "41", "lng": -87 }),
        json!({ "loadId": "LD-1", "lat": 41.0, "lng": -87.0 }),
        json!("here"),
        json!([position(&load, 41.0, 1), 7]),
        with("altitude", json!(3)),
    ] {
        maria.post("/positions", &report).await.refused(400, "bad_request");
    }
    for count in [0, 1_001] {
        let many = json!(vec![position(&load, 41.0, 1); count]);
        assert_eq!(maria.post("/positions", &many).await.refused(422, "rule_broken")["field"], "positions");
    }
    assert_eq!(history(&maria, &load).await.len(), 1, "nothing of it is stored");
});

on_both!(of_many_positions_each_is_judged_for_itself, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    let nowhere = json!({ "id": Uuid::now_v7() });
    let reports = json!([
        position(&load, 41.0, -3 * MINUTE),
        position(&load, 99.0, -2 * MINUTE),
        position(&nowhere, 41.0, 0),
        position(&load, 45.0, -MINUTE),
        position(&load, 41.01, 0),
    ]);
    let taken = maria.post("/positions", &reports).await.data().clone();
    assert_eq!(taken["accepted"], 2);
    let refused: Vec<_> = taken["refused"].as_array().unwrap().iter().map(|r| (&r["index"], &r["code"])).collect();
    let (rule, absent) = (&json!("rule_broken"), &json!("not_found"));
    assert_eq!(refused, [(&json!(1), rule), (&json!(2), absent), (&json!(3), rule)]);
    assert!(taken["refused"].as_array().unwrap().iter().all(|r| !r["message"].as_str().unwrap().is_empty()));
    assert_eq!(history(&maria, &load).await.len(), 2);

    let none = maria.post("/positions", &json!([position(&nowhere, 41.0, 0), position(&load, 99.0, 0)])).await;
    assert_eq!(none.refused(422, "rule_broken")["refused"].as_array().unwrap().len(), 2);
    maria.post("/positions", &json!([position(&nowhere, 41.0, 0)])).await.refused(404, "not_found");
    maria.post("/positions", &position(&nowhere, 41.0, 0)).await.refused(404, "not_found");
});

on_both!(late_positions_are_kept_and_never_become_the_newest, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    maria.post("/positions", &position(&load, 41.0, 0)).await.data();
    // Far away, too: the rule of jumps is for what is newer.
    maria.post("/positions", &position(&load, 35.0, -MINUTE)).await.data();
    // In one call and out of order.
    let reports = json!([position(&load, 41.02, 2 * MINUTE), position(&load, 41.01, MINUTE)]);
    assert_eq!(maria.post("/positions", &reports).await.data()["accepted"], 2);
    // Once more, and elsewhere: of one moment the first stays.
    assert_eq!(maria.post("/positions", &position(&load, 41.03, 2 * MINUTE)).await.data()["accepted"], 1);
    assert_eq!(newest(&maria, &load).await.data()["location"]["lat"], 41.02);
    let lats: Vec<_> = history(&maria, &load).await.iter().map(|past| past["location"]["lat"].clone()).collect();
    assert_eq!(lats, [35.0, 41.0, 41.01, 41.02]);
});

on_both!(positions_that_come_at_once_are_all_stored_and_each_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let loads = [
        driven(&maria, &fixture.acme, "IN_TRANSIT").await,
        driven(&maria, &fixture.acme, "IN_TRANSIT").await,
        driven(&maria, &fixture.acme, "IN_TRANSIT").await,
    ];
    let reports: Vec<Value> = (0..300i64)
        .flat_map(|n| [position(&loads[n as usize % 3], 41.0, -n * 1_000)].into_iter().cycle().take(2))
        .collect();
    let answers = futures::future::join_all(reports.iter().map(|report| maria.post("/positions", report))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK), "{answers:?}");
    for (load, newest_at) in loads.iter().zip(0i64..) {
        let mut stored = history(&maria, load).await;
        assert_eq!(stored.len(), 100);
        stored.dedup_by_key(|past| past["recordedAt"].clone());
        assert_eq!(stored.len(), 100);
        assert_eq!(newest(&maria, load).await.data()["recordedAt"], json!(NOW.plus(-newest_at * 1_000)));
    }
    let thousand: Vec<Value> = (1..=1_000).map(|n| position(&loads[0], 41.0, -DAY - n * 1_000)).collect();
    assert_eq!(maria.post("/positions", &json!(thousand)).await.data()["accepted"], 1_000);
});

on_both!(each_role_reports_and_sees_what_it_may, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    let relieved = driven(&maria, &fixture.acme, "DISPATCHED").await;
    let other_driver = json!({ "version": relieved["version"], "driverId": fixture.acme.relief_driver });
    maria.patch(&format!("/loads/{}", id(&relieved)), &other_driver).await.data();
    let pending = driven(&maria, &fixture.acme, "PENDING").await;
    for report in [&load, &relieved, &pending] {
        maria.post("/positions", &position(report, 41.0, -HOUR)).await.data();
    }
    let (ok, no, absent) = (200, 403, 404);
    for (name, tenant, on_own, on_relieved, on_pending, sees) in [
        ("admin", "acme", ok, ok, ok, 2),
        ("sarah", "acme", ok, ok, ok, 2),
        ("john", "acme", ok, ok, ok, 2),
        ("sam", "acme", no, no, no, 2),
        ("swift", "acme", ok, ok, absent, 2),
        ("carlos", "acme", ok, absent, absent, 1),
        ("admin", "globex", absent, absent, absent, 0),
        ("carlos", "globex", absent, absent, absent, 0),
        ("swift", "globex", absent, absent, absent, 0),
    ] {
        let person = fixture.login(name, tenant).await;
        for (load, expected) in [(&load, on_own), (&relieved, on_relieved), (&pending, on_pending)] {
            let answer = person.post("/positions", &position(load, 41.0, 0)).await;
            assert_eq!(answer.status.as_u16(), expected, "{name} of {tenant}: {:?}", answer.body);
            // Who may not report may still look.
            let found = if expected == absent { absent } else { ok };
            assert_eq!(newest(&person, load).await.status.as_u16(), found, "{name} of {tenant}");
            let past = person.get(&format!("/loads/{}/positions", id(load))).await;
            assert_eq!(past.status.as_u16(), found, "{name} of {tenant}");
        }
        // The pending load is not on the road.
        let map = person.get("/operations/tracking/positions").await;
        assert_eq!(map.data()["positions"].as_array().unwrap().len(), sees, "{name} of {tenant}");
    }
});

on_both!(the_way_of_a_load_is_paged_by_time, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    let reports: Vec<Value> = (0..10).map(|n| position(&load, 41.0, -n * MINUTE)).collect();
    maria.post("/positions", &json!(reports)).await.data();
    let path = format!("/loads/{}/positions", id(&load));
    let stretch = format!("from={}&to={}", NOW.plus(-8 * MINUTE), NOW.plus(-MINUTE));
    let (mut times, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("{path}?{stretch}&limit=3{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 8);
        times.extend(page["data"].as_array().unwrap().iter().map(|past| past["recordedAt"].clone()));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(times, (1..=8).rev().map(|n| json!(NOW.plus(-n * MINUTE))).collect::<Vec<_>>());
    for query in ["limit=0", "limit=5001", "from=yesterday", "color=red"] {
        maria.get(&format!("{path}?{query}")).await.refused(400, "bad_request");
    }
});

on_both!(a_position_on_the_way_and_in_time_is_noted_on_the_card_every_ten_minutes, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT").await;
    assert_eq!(maria.on_board(&load).await["onTrackAt"], Value::Null);
    let mut now = 0;
    for (minutes, noted) in [(0, 0), (9, 0), (10, 10), (25, 25)] {
        fixture.advance_clock(MINUTE * minutes - now);
        now = MINUTE * minutes;
        maria.post("/positions", &position(&load, 41.0, now)).await.data();
        let card = maria.on_board(&load).await;
        assert_eq!(card["onTrackAt"], json!(NOW.plus(MINUTE * noted)), "after {minutes} minutes");
        assert_eq!(card["version"], load["version"]);
    }
    let waiting = driven(&maria, &fixture.acme, "DISPATCHED").await;
    maria.post("/positions", &position(&waiting, 41.0, now)).await.data();
    assert_eq!(maria.on_board(&waiting).await["onTrackAt"], Value::Null, "it is not on its way");
});

#[tokio::test]
async fn a_load_leaves_the_map_when_it_is_delivered_and_its_way_stays() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "AT_DELIVERY").await;
    maria.post("/positions", &position(&load, 41.0, 0)).await.data();
    let shown = maria.get("/operations/tracking/positions").await.data()["positions"][0].clone();
    // It has arrived everywhere.
    assert_eq!((&shown["eta"], &shown["etaState"]), (&Value::Null, &json!("on_time")));
    maria.bring_to(&load, "DELIVERED").await;
    assert_eq!(maria.get("/operations/tracking/positions").await.data()["positions"], json!([]));
    assert_eq!(history(&maria, &load).await.len(), 1);
    newest(&maria, &load).await.data();
}
