//! Which readings are taken, and how they are read back.

use super::{at, path, reading, report, temperatures, unit};
use crate::fixture::{Fixture, NOW, On, json_request, on_both};
use app::domain::time::DAY;
use http::Method;
use serde_json::{Value, json};
use server::{clock::Clock, serve::Assembly};
use tower::ServiceExt;

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
        ("deviceId", json!("a\u{1}"), "deviceId takes 1 to 64 characters, without control characters."),
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

on_both!(a_reading_may_lack_what_the_next_one_has, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({})).await;
    let readings = format!("{}/readings", path(&unit));
    // One after the other, so that they share a connection and what it has prepared.
    for minute in 0..4 {
        let poor = reading(-10 + 2 * minute, 4.0);
        let mut rich = reading(-9 + 2 * minute, 4.0);
        rich.as_object_mut().unwrap().extend(
            json!({ "humidity": 55.5, "battery": 80.25, "signalStrength": -71.5 }).as_object().unwrap().clone(),
        );
        maria.post(&readings, &poor).await.data();
        maria.post(&readings, &rich).await.data();
        maria.post(&readings, &json!([poor, rich])).await.data();
        let newest = maria.get(&readings).await.data()[0].clone();
        assert_eq!((&newest["humidity"], &newest["battery"]), (&json!(55.5), &json!(80.25)));
    }
});
