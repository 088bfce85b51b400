//! What came first is said by the numbers of a stream: the clocks of two nodes differ, and ids are made by them.

use crate::fixture::{Fixture, Person, on_both};
use app::domain::time::{DAY, MINUTE};
use serde_json::{Value, json};

fn address(load: &Value) -> String {
    format!("/loads/{}", load["id"].as_str().unwrap())
}

/// Rewrites the ids of events as a node would have made them whose clock is behind.
async fn as_by_a_slow_clock(fixture: &Fixture, load: &Value, which: &str) {
    let sql =
        format!("UPDATE events SET id = '00000000-0000-7000-8000-' || SUBSTR(id, 25) WHERE load_id = $1 AND {which}");
    let update = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(load["id"].as_str().unwrap().to_owned());
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    assert!(update.execute(&mut *tx).await.unwrap().rows_affected() > 0);
    tx.commit().await.unwrap();
}

on_both!(the_last_step_is_undone_though_its_id_is_older, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.bring_to(&maria.book(&fixture.acme, json!({})).await, "ACCEPTED").await;
    as_by_a_slow_clock(&fixture, &load, &format!("data LIKE '%\"version\":{}%'", load["version"])).await;
    let undone = maria.post(&format!("{}/undo", address(&load)), &json!({ "version": load["version"] })).await;
    assert_eq!(undone.data()["status"], "TENDERED");
});

on_both!(a_timeline_is_in_the_order_of_the_stream, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let mut load = maria.book(&fixture.acme, json!({})).await;
    for step in ["TENDERED", "ACCEPTED", "DISPATCHED", "AT_PICKUP", "IN_TRANSIT"] {
        fixture.advance_clock(1_000);
        load = maria.bring_to(&load, step).await;
    }
    let path = format!("{}/timeline", address(&load));
    let texts = |page: &Value| {
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let before = texts(&maria.get(&path).await.body);
    assert!(before.len() > 5, "{before:?}");
    as_by_a_slow_clock(&fixture, &load, r#"data LIKE '%"newStatus":"DISPATCHED"%'"#).await;
    assert_eq!(texts(&maria.get(&path).await.body), before);
    // Page by page as well.
    let (mut paged, mut next) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("{path}?limit=2{next}")).await.body;
        paged.extend(texts(&page));
        let Some(cursor) = page["page"]["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(paged, before);
});

/// Tenders a load of another carrier, which reports, then takes it back and gives it to the fit one.
async fn passed_on(fixture: &Fixture, driver: Value) -> Value {
    let (admin, maria) = (fixture.login("admin", "acme").await, fixture.login("maria", "acme").await);
    let prairie =
        json!({ "name": "Prairie Haul", "mcNumber": "MC-204417", "insuranceExpiresAt": crate::fixture::NOW.plus(DAY) });
    let prairie = admin.post("/carriers", &prairie).await.data()["id"].clone();
    let load = maria.book(&fixture.acme, json!({ "carrierId": prairie })).await;
    let load = maria.bring_to(&load, "TENDERED").await;
    said(&maria, &load).await;
    fixture.advance_clock(MINUTE);
    let sarah = fixture.login("sarah", "acme").await;
    let load = sarah.step(&load, "PENDING", Some("Wrong carrier.")).await.data().clone();
    let given = json!({ "version": load["version"], "carrierId": fixture.acme.fit_carrier, "driverId": driver });
    let load = maria.patch(&address(&load), &given).await.data().clone();
    let load = maria.bring_to(&load, "TENDERED").await;
    fixture.advance_clock(MINUTE);
    load
}

/// A position and a check call of now.
async fn said(by: &Person<'_>, load: &Value) {
    by.post("/positions", &json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.65 })).await.data();
    let call = json!({ "location": { "lat": 41.0, "lng": -87.65 }, "notes": "Rolling" });
    by.post(&format!("{}/check-calls", address(load)), &call).await.data();
}

/// How many positions and check calls of a load somebody sees.
async fn seen(by: &Person<'_>, load: &Value) -> (Value, Value) {
    let total = async |what: &str| by.get(&format!("{}/{what}", address(load))).await.body["page"]["total"].clone();
    (total("positions").await, total("check-calls").await)
}

on_both!(a_driver_who_gets_a_login_late_sees_nothing_of_the_carrier_before, |fixture: Fixture| async move {
    let load = passed_on(&fixture, json!(fixture.acme.relief_driver)).await;
    let admin = fixture.login("admin", "acme").await;
    let rosa = json!({ "email": "rosa@acme.test", "name": "Rosa", "role": "driver",
        "password": crate::fixture::PASSWORD, "driverId": fixture.acme.relief_driver });
    admin.post("/users", &rosa).await.data();
    let rosa = fixture.login("rosa", "acme").await;
    assert_eq!(seen(&rosa, &load).await, (json!(0), json!(0)));
    assert_eq!(seen(&admin, &load).await, (json!(1), json!(1)));
    said(&rosa, &load).await;
    assert_eq!(seen(&rosa, &load).await, (json!(1), json!(1)));
});

on_both!(a_carrier_that_has_a_load_again_sees_nothing_of_the_one_between, |fixture: Fixture| async move {
    // It had the load first, lost it to the other, and got it back by a node whose clock is behind.
    let maria = fixture.login("maria", "acme").await;
    let sarah = fixture.login("sarah", "acme").await;
    let admin = fixture.login("admin", "acme").await;
    let prairie =
        json!({ "name": "Prairie Haul", "mcNumber": "MC-204417", "insuranceExpiresAt": crate::fixture::NOW.plus(DAY) });
    let prairie = admin.post("/carriers", &prairie).await.data()["id"].clone();
    let mut load = maria.bring_to(&maria.book(&fixture.acme, json!({})).await, "TENDERED").await;
    for carrier in [prairie, json!(fixture.acme.fit_carrier)] {
        fixture.advance_clock(MINUTE);
        let back = sarah.step(&load, "PENDING", Some("Another carrier.")).await.data().clone();
        let given = json!({ "version": back["version"], "carrierId": carrier });
        let given = maria.patch(&address(&load), &given).await.data().clone();
        load = maria.bring_to(&given, "TENDERED").await;
        if load["carrier"]["id"] != json!(fixture.acme.fit_carrier) {
            said(&maria, &load).await;
        }
    }
    let since = "stream <> 'tenant' AND seq > (SELECT MAX(g.seq) FROM events g WHERE g.load_id = events.load_id
        AND g.stream = events.stream AND g.namespace = events.namespace AND g.event = 'load:deleted')";
    as_by_a_slow_clock(&fixture, &load, since).await;
    let swift = fixture.login("swift", "acme").await;
    assert_eq!(seen(&swift, &load).await, (json!(0), json!(0)));
});

on_both!(a_row_of_a_newer_release_takes_no_other_with_it, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (kept, newer) = (maria.book(&fixture.acme, json!({})).await, maria.book(&fixture.acme, json!({})).await);
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    let status = sqlx::query("UPDATE loads SET status = 'TELEPORTED' WHERE id = $1");
    status.bind(newer["id"].as_str().unwrap().to_owned()).execute(&mut *tx).await.unwrap();
    let stream = sqlx::query(
        "INSERT INTO streams (tenant_id, namespace, stream, epoch, seq) VALUES ($1, '/planets', 'mars', 'e', 1)",
    );
    stream.bind(fixture.acme.tenant.to_string()).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let fixture = {
        drop(maria);
        fixture.restart().await
    };
    let maria = fixture.login("maria", "acme").await;
    let ids = |cards: &Value| cards.as_array().unwrap().iter().map(|card| card["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&maria.get("/loads/board").await.data()["cards"]), [kept["id"].clone()]);
    assert_eq!(ids(maria.get("/loads").await.data()), [kept["id"].clone()]);
    maria.get("/loads/stats").await.data();
    let metrics = fixture.metrics().await;
    for table in ["loads", "streams"] {
        assert!(metrics.contains(&format!("headhaul_unreadable_rows_total{{of=\"{table}\"}}")), "{table}");
    }
});
