//! The alerts that follow from readings.

use super::{at, path, report, resolved, temperatures, told, triggered, unit};
use crate::fixture::{Fixture, NOW, on_both};
use serde_json::{Value, json};

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

on_both!(of_reports_at_the_same_moment_each_alert_is_told_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let unit = unit(&fixture.login("admin", "acme").await, json!({ "minDurationMs": 0 })).await;
    let outside: Vec<[(i64, f64); 1]> = (-8..0).map(|minute| [(minute, 9.0)]).collect();
    futures::future::join_all(outside.iter().map(|reading| report(&maria, &unit, reading))).await;
    assert_eq!(told(&maria).await, [triggered("warning")]);
});
