//! The cold chain over REST: who may do what, which readings are taken, and the alerts that follow.

use crate::fixture::{Answer, Fixture, NOW, On, Person, json_request, on_both};
use app::domain::time::{DAY, MINUTE, Timestamp};
use http::Method;
use serde_json::{Value, json};
use server::{clock::Clock, serve::Assembly};
use tower::ServiceExt;
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

on_both!(an_excursion_is_told_once_and_ends_when_the_unit_is_well, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let unit = unit(&admin, json!({ "loadId": load["id"] })).await;
    report(&maria, &unit, &[(-60, 5.0), (-50, 9.0), (-41, 9.0)]).await;
    assert_eq!(told(&maria).await, []);
    // In any order within a report, and over several.
    report(&maria, &unit, &[(-39, 9.5), (-40, 9.0)]).await;
    assert_eq!(told(&maria).await, [triggered("warning")]);
    let open = maria.get("/alerts?open=true").await;
    let alert = open.data()[0].clone();
    assert_eq!((&alert["unitId"], &alert["loadId"]), (&unit["id"], &load["id"]));
    assert_eq!((&alert["alertType"], &alert["severity"]), (&json!("temperature_high"), &json!("warning")));
    assert_eq!((&alert["triggeredAt"], &alert["resolvedAt"]), (&json!(at(-40)), &Value::Null));
    let message = "Reefer 12 is at 9 °C, above its maximum of 8 °C, out of range for 10 min.";
    assert_eq!(alert["message"], message);

    report(&maria, &unit, &[(-30, 13.5)]).await;
    report(&maria, &unit, &[(-20, 9.0)]).await;
    assert_eq!(told(&maria).await, [triggered("warning"), resolved(), triggered("critical")]);
    report(&maria, &unit, &[(-10, 8.0)]).await;
    assert_eq!(told(&maria).await.last(), Some(&resolved()));
    assert_eq!(maria.get("/alerts?open=true").await.data(), &json!([]));
    let over = maria.get("/alerts?open=false&limit=1").await;
    assert_eq!((&over.data()[0]["severity"], &over.data()[0]["resolvedAt"]), (&json!("critical"), &json!(at(-10))));
    assert_eq!(over.body["page"]["total"], 2);
    let next = over.body["page"]["next"].as_str().unwrap();
    let first = maria.get(&format!("/alerts?limit=1&cursor={next}")).await;
    assert_eq!((&first.data()[0]["id"], &first.body["page"]["next"]), (&alert["id"], &Value::Null));

    // The event says what the alert says, and the load's history knows of it.
    let events = maria.get("/events?namespace=/tracking").await.body["data"].clone();
    let mut expected = alert.as_object().unwrap().clone();
    let id = expected.remove("id").unwrap();
    expected.remove("resolvedAt");
    expected.insert("alertId".into(), id.clone());
    assert_eq!(events[0]["data"], json!(expected));
    assert_eq!(events[1]["data"], json!({ "alertId": id, "unitId": unit["id"], "loadId": load["id"] }));
});

on_both!(late_readings_are_stored_and_change_no_alert, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
    report(&maria, &unit, &[(-60, 5.0), (-20, 5.0)]).await;
    report(&maria, &unit, &[(-50, 20.0), (-30, 20.0)]).await;
    assert_eq!(told(&maria).await, []);
    report(&maria, &unit, &[(-10, 9.0), (0, 9.0)]).await;
    report(&maria, &unit, &[(-5, 5.0)]).await;
    assert_eq!(told(&maria).await, [triggered("warning")]);
    let all = maria.get(&format!("{}/readings", path(&unit))).await;
    assert_eq!(temperatures(&all), [9.0, 5.0, 9.0, 5.0, 20.0, 20.0, 5.0]);
});

on_both!(an_excursion_outlives_a_restart, |fixture: Fixture| async move {
    let unit = {
        let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
        let maria = fixture.login("maria", "acme").await;
        report(&maria, &unit, &[(-30, 1.0), (-25, 1.0)]).await;
        unit
    };
    let fixture = fixture.restart().await;
    {
        let maria = fixture.login("maria", "acme").await;
        // What was late before is late now.
        report(&maria, &unit, &[(-26, 5.0)]).await;
        report(&maria, &unit, &[(-20, 1.0)]).await;
        assert_eq!(told(&maria).await, [triggered("warning")]);
    }
    let fixture = fixture.restart().await;
    let maria = fixture.login("maria", "acme").await;
    report(&maria, &unit, &[(-15, 1.0)]).await;
    assert_eq!(told(&maria).await, [triggered("warning")]);
    let all = maria.get(&format!("{}/readings", path(&unit))).await;
    assert_eq!(temperatures(&all), [1.0, 1.0, 1.0, 5.0, 1.0]);
    report(&maria, &unit, &[(-10, 5.0)]).await;
    assert_eq!(told(&maria).await, [triggered("warning"), resolved()]);
});

on_both!(new_limits_are_held_against_the_newest_reading_at_once, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let unit = unit(&admin, json!({})).await;
    report(&admin, &unit, &[(-60, 7.0), (-50, 5.0), (-40, 7.0), (-30, 7.5)]).await;
    admin.patch(&path(&unit), &json!({ "name": "Reefer 12b" })).await.data();
    assert_eq!(told(&admin).await, []);
    let stricter = admin.patch(&path(&unit), &json!({ "maxTemperature": 6 })).await.data().clone();
    assert_eq!((&stricter["maxTemperature"], &stricter["minTemperature"]), (&json!(6.0), &json!(2.0)));
    assert_eq!(told(&admin).await, [triggered("warning")]);
    let alert = admin.get("/alerts").await.data()[0].clone();
    assert_eq!(alert["triggeredAt"], json!(NOW));
    let message = "Reefer 12b is at 7.5 °C, above its maximum of 6 °C, out of range for 40 min.";
    assert_eq!(alert["message"], message);
    admin.patch(&path(&unit), &json!({ "maxTemperature": 8 })).await.data();
    assert_eq!(told(&admin).await, [triggered("warning"), resolved()]);
});

on_both!(a_reading_of_one_moment_is_stored_once_and_answered_as_received, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
    let readings = format!("{}/readings", path(&unit));
    let full = json!({
        "deviceId": "probe-7", "temperature": 0, "humidity": 0, "battery": 100, "signalStrength": -71.5,
        "recordedAt": at(-1),
    });
    assert_eq!(maria.post(&readings, &full).await.data(), &json!({ "accepted": 1, "refused": [] }));
    let stored = maria.get(&readings).await.data()[0].clone();
    for temperature in [0.0, 4.0] {
        report(&maria, &unit, &[(-1, temperature)]).await;
        assert_eq!(maria.post(&readings, &reading(-1, temperature)).await.data()["accepted"], 1);
    }
    report(&maria, &unit, &[(-2, 3.0), (-2, 3.5)]).await;
    let all = maria.get(&readings).await;
    assert_eq!(temperatures(&all), [0.0, 3.0]);
    assert_eq!((&all.data()[0], &all.body["page"]), (&stored, &json!({ "next": null, "total": 2 })));
    for (field, value) in full.as_object().unwrap() {
        let (stored, value) = (&stored[field], value);
        let same =
            stored == value || stored.as_f64().zip(value.as_f64()).is_some_and(|(stored, value)| stored == value);
        assert!(same, "{field}: {stored} {value}");
    }
    assert_eq!((&stored["unitId"], &stored["source"]), (&unit["id"], &json!("api")));
    // Without a time it is taken now.
    maria.post(&readings, &json!({ "temperature": 3 })).await.data();
    assert_eq!(maria.get(&readings).await.data()[0]["recordedAt"], json!(NOW));
});

on_both!(a_bad_reading_is_refused_with_the_reason_and_costs_no_other, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
    let readings = format!("{}/readings", path(&unit));
    let mut good = reading(-1, 5.0);
    good["deviceId"] = json!("x".repeat(64));
    let with = |field: &str, value: Value| {
        let mut bad = good.clone();
        bad[field] = value;
        bad
    };
    let out_of_bounds = [
        ("temperature", json!(100.1), "temperature takes -90 to 100 degrees Celsius."),
        ("temperature", json!(-90.1), "temperature takes -90 to 100 degrees Celsius."),
        ("humidity", json!(-1), "humidity takes 0 to 100 percent."),
        ("battery", json!(101), "battery takes 0 to 100 percent."),
        ("signalStrength", json!(1), "signalStrength takes -150 to 0 dBm."),
        ("deviceId", json!(""), "deviceId takes 1 to 64 characters, without control characters."),
        ("deviceId", json!("a\0"), "deviceId takes 1 to 64 characters, without control characters."),
        ("recordedAt", json!(at(5).plus(1)), "recordedAt is more than 5 minutes in the future."),
        ("recordedAt", json!(NOW.plus(-30 * DAY - 1)), "recordedAt is more than 30 days ago."),
    ];
    let unreadable = [
        with("temperature", json!("5")),
        with("temperature", Value::Null),
        with("recordedAt", json!("yesterday")),
        with("unitId", unit["id"].clone()),
        json!(5),
    ];
    let mut many = vec![good.clone()];
    for (field, value, message) in &out_of_bounds {
        let bad = with(field, value.clone());
        let alone = maria.post(&readings, &bad).await;
        let details = alone.refused(422, "rule_broken");
        assert_eq!((&details["rule"], &details["field"]), (&json!("value_out_of_bounds"), &json!(field)));
        assert_eq!(alone.body["error"]["message"], *message);
        many.push(bad);
    }
    for bad in &unreadable {
        maria.post(&readings, bad).await.refused(400, "bad_request");
        many.push(bad.clone());
    }
    many.push(reading(0, 6.0));
    assert_eq!(maria.get(&readings).await.data(), &json!([]));

    let answer = maria.post(&readings, &json!(many)).await.data().clone();
    assert_eq!(answer["accepted"], 2);
    let refused = answer["refused"].as_array().unwrap();
    assert_eq!(refused.len(), out_of_bounds.len() + unreadable.len());
    for (place, (refused, (_, _, message))) in refused.iter().zip(&out_of_bounds).enumerate() {
        assert_eq!(refused, &json!({ "index": place + 1, "code": "rule_broken", "message": message }));
    }
    for (place, refused) in refused.iter().enumerate().skip(out_of_bounds.len()) {
        assert_eq!((&refused["index"], &refused["code"]), (&json!(place + 1), &json!("bad_request")));
    }
    assert_eq!(temperatures(&maria.get(&readings).await), [6.0, 5.0]);
    let too_many = vec![good; 1_001];
    assert_eq!(maria.post(&readings, &json!(too_many)).await.refused(422, "rule_broken")["field"], "readings");
});

on_both!(readings_are_read_page_by_page, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
    let readings = format!("{}/readings", path(&unit));
    let series: Vec<(i64, f64)> = (0..1_000).map(|minute| (minute - 1_000, (minute % 60) as f64 / 10.0)).collect();
    report(&maria, &unit, &series).await;
    let expected: Vec<f64> = series.iter().rev().map(|(_, temperature)| *temperature).collect();

    let hot = maria.get(&readings).await;
    assert_eq!(temperatures(&hot), expected[..100]);
    assert_eq!(hot.body["page"]["total"], 1_000);
    let next = hot.body["page"]["next"].as_str().unwrap();
    let rest = maria.get(&format!("{readings}?before={next}&limit=1000")).await;
    assert_eq!(temperatures(&rest), expected[100..]);
    assert_eq!(rest.body["page"]["next"], Value::Null);
    // From memory now, and with what came since.
    report(&maria, &unit, &[(0, 7.75)]).await;
    assert_eq!(temperatures(&maria.get(&format!("{readings}?limit=2")).await), [7.75, expected[0]]);
    for bad in ["limit=0", "limit=1001", "before=yesterday", "cursor=x"] {
        maria.get(&format!("{readings}?{bad}")).await.refused(400, "bad_request");
    }
});

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
        ("name", json!("a\0b")),
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

on_both!(of_reports_at_the_same_moment_each_alert_is_told_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({ "minDurationMs": 0 })).await;
    let outside: Vec<[(i64, f64); 1]> = (-8..0).map(|minute| [(minute, 9.0)]).collect();
    futures::future::join_all(outside.iter().map(|reading| report(&maria, &unit, reading))).await;
    assert_eq!(told(&maria).await, [triggered("warning")]);
});

#[tokio::test]
async fn nodes_that_do_not_hear_one_another_read_what_the_database_has() {
    // Nobody listens there, so the nodes are joined and cut off.
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.realtime.redis_url = "redis://127.0.0.1:1".into();
    })
    .await;
    let admin = fixture.login("admin", "acme").await;
    let unit = unit(&admin, json!({})).await;
    let address = format!("{}/readings", path(&unit));
    let other = Assembly::build(&fixture.settings, Clock::from_fn(|| NOW)).await.unwrap();
    for minute in [-3, -2, -1] {
        admin.get(&address).await.data();
        let request = json_request(Method::POST, &address, Some(&admin.token), &reading(minute, minute as f64));
        assert_eq!(other.router.clone().oneshot(request).await.unwrap().status(), 200);
        assert_eq!(temperatures(&admin.get(&address).await)[0], minute as f64);
    }
}
