//! Writes that carry a key: done once, answered as often as they are sent.

use crate::fixture::{Answer, Fixture, Person, json_request, new_load, on_both};
use app::domain::time::{HOUR, MINUTE};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use server::store::idempotency::{self, Begun, KeyedRequest};

async fn keyed(fixture: &Fixture, by: &Person<'_>, method: Method, path: &str, key: &str, body: &Value) -> Answer {
    let mut request = json_request(method, path, Some(&by.token), body);
    request.headers_mut().insert("idempotency-key", HeaderValue::from_str(key).unwrap());
    fixture.send(request).await
}

async fn loads(by: &Person<'_>) -> i64 {
    by.get("/loads").await.body["page"]["total"].as_i64().unwrap()
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.contains_key("idempotent-replayed")
}

on_both!(a_write_that_is_sent_again_is_done_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let body = new_load(&fixture.acme);
    let first = keyed(&fixture, &maria, Method::POST, "/loads", "book-1", &body).await;
    assert_eq!((first.status.as_u16(), is_replayed(&first)), (201, false));
    fixture.advance_clock(23 * HOUR);
    let maria = fixture.login("maria", "acme").await;
    let again = keyed(&fixture, &maria, Method::POST, "/loads", "book-1", &body).await;
    assert_eq!((again.status, &again.body, is_replayed(&again)), (first.status, &first.body, true));
    assert_eq!(again.headers["content-type"], "application/json");
    assert_eq!(loads(&maria).await, 1);

    let path = format!("/loads/{}/status", first.data()["id"].as_str().unwrap());
    let step = json!({ "status": "PENDING", "version": 1 });
    for _ in 0..3 {
        let moved = keyed(&fixture, &maria, Method::PATCH, &path, "step-1", &step).await;
        assert_eq!(moved.data()["version"], 2);
    }
    let gone = format!("/loads/{}?version=2", first.data()["id"].as_str().unwrap());
    for _ in 0..2 {
        keyed(&fixture, &maria, Method::DELETE, &gone, "gone-1", &Value::Null).await.data();
    }
    // Without a key each is its own.
    maria.post("/loads", &body).await.data();
    maria.post("/loads", &body).await.data();
    assert_eq!(loads(&maria).await, 2);
});

on_both!(a_key_is_of_one_request_and_one_person, |fixture: Fixture| async move {
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let body = new_load(&fixture.acme);
    keyed(&fixture, &maria, Method::POST, "/loads", "k", &body).await.data();
    let mut other = body.clone();
    other["customer"] = json!("Lakeside");
    let reused = keyed(&fixture, &maria, Method::POST, "/loads", "k", &other).await;
    assert_eq!(reused.refused(422, "rule_broken")["rule"], "idempotency_key_reused");
    let elsewhere = keyed(&fixture, &maria, Method::POST, "/loads/bulk-dispatch", "k", &body).await;
    assert_eq!(elsewhere.refused(422, "rule_broken")["rule"], "idempotency_key_reused");
    assert_eq!(loads(&maria).await, 1);
    keyed(&fixture, &john, Method::POST, "/loads", "k", &body).await.data();
    assert_eq!(loads(&maria).await, 2, "the key of another is another key");
    fixture.advance_clock(25 * HOUR);
    let maria = fixture.login("maria", "acme").await;
    keyed(&fixture, &maria, Method::POST, "/loads", "k", &other).await.data();
    assert_eq!(loads(&maria).await, 3, "after a day it is free");
});

on_both!(a_refusal_that_stands_is_kept_and_one_of_the_moment_is_not, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let mut wrong = new_load(&fixture.acme);
    wrong["stops"] = json!([]);
    for replayed in [false, true] {
        let refused = keyed(&fixture, &maria, Method::POST, "/loads", "w", &wrong).await;
        refused.refused(422, "rule_broken");
        assert_eq!(is_replayed(&refused), replayed);
    }
    // A stranger gets no further than the door, and takes nobody's key.
    let mut request = json_request(Method::POST, "/loads", Some("a.b.c"), &new_load(&fixture.acme));
    request.headers_mut().insert("idempotency-key", HeaderValue::from_static("s"));
    fixture.send(request).await.refused(401, "unauthorized");
    let long = "x".repeat(256);
    for key in ["", " ", "two words", long.as_str()] {
        keyed(&fixture, &maria, Method::POST, "/loads", key, &wrong).await.refused(400, "bad_request");
    }
    let longest = "x".repeat(255);
    keyed(&fixture, &maria, Method::POST, "/loads", &longest, &new_load(&fixture.acme)).await.data();
    // Reading is no write, and logins have no keys.
    assert!(!is_replayed(&keyed(&fixture, &maria, Method::GET, "/loads", "g", &Value::Null).await));
    assert!(!is_replayed(&keyed(&fixture, &maria, Method::GET, "/loads", "g", &Value::Null).await));
    for _ in 0..2 {
        let refreshed = keyed(&fixture, &maria, Method::POST, "/auth/refresh", "r", &Value::Null).await;
        assert!(refreshed.status.is_success() && !is_replayed(&refreshed));
    }
});

on_both!(of_many_at_once_one_is_done, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let body = new_load(&fixture.acme);
    let sent = (0..8).map(|_| keyed(&fixture, &maria, Method::POST, "/loads", "race", &body));
    let mut booked = 0;
    for answer in futures::future::join_all(sent).await {
        match answer.status.as_u16() {
            201 => booked += 1,
            _ => assert_eq!(answer.refused(409, "conflict")["rule"], "idempotency_key_in_use"),
        }
    }
    assert!(booked >= 1);
    assert_eq!(loads(&maria).await, 1);
});

on_both!(a_key_whose_request_never_ended_is_free_again, |fixture: Fixture| async move {
    let database = &fixture.services.database;
    let user =
        fixture.login("maria", "acme").await.get("/auth/me").await.data()["id"].as_str().unwrap().parse().unwrap();
    let request = KeyedRequest { user, key: "lost".into(), fingerprint: "f".into() };
    let begin = async || {
        let now = fixture.services.clock.now();
        idempotency::begin(database, &request, now, now.plus(2 * MINUTE)).await.unwrap()
    };
    assert_eq!(begin().await, Begun::First);
    fixture.advance_clock(2 * MINUTE - 1);
    assert_eq!(begin().await, Begun::UnderWay);
    server::jobs::remove_expired_answers(&fixture.services).await;
    assert_eq!(begin().await, Begun::UnderWay);
    fixture.advance_clock(1);
    server::jobs::remove_expired_answers(&fixture.services).await;
    assert_eq!(begin().await, Begun::First);
});

on_both!(what_was_done_before_the_process_ended_is_not_done_again, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let body = new_load(&fixture.acme);
    let created = keyed(&fixture, &maria, Method::POST, "/loads", "k-crash", &body).await;
    assert_eq!(created.status, StatusCode::CREATED);
    // As a process leaves it that ends between the commit and its answer.
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    sqlx::query("UPDATE idempotency_keys SET status = NULL, body = NULL, expires_at = $1")
        .bind(fixture.services.clock.now().plus(2 * MINUTE).millis())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let again = async || keyed(&fixture, &maria, Method::POST, "/loads", "k-crash", &body).await;
    assert_eq!(again().await.refused(409, "conflict")["rule"], "idempotency_key_in_use", "it may be answered yet");
    fixture.advance_clock(10 * MINUTE);
    server::jobs::remove_expired_answers(&fixture.services).await;
    assert_eq!(again().await.refused(409, "conflict")["rule"], "idempotency_key_done");
    assert_eq!(loads(&maria).await, 1);
});

/// As a process leaves the keys that ends before it has answered, with so much time gone by that they are free if they are.
async fn lose_answers(fixture: &Fixture) {
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    sqlx::query("UPDATE idempotency_keys SET status = NULL, body = NULL, expires_at = $1")
        .bind(fixture.services.clock.now().plus(2 * MINUTE).millis())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    fixture.advance_clock(10 * MINUTE);
}

on_both!(a_change_of_many_loads_that_was_cut_off_goes_on_where_it_ended, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let mut loads = Vec::new();
    for _ in 0..3 {
        loads.push(maria.book(&fixture.acme, json!({})).await);
    }
    let seen = |load: &Value| json!({ "id": load["id"], "version": load["version"] });
    let all: Vec<Value> = loads.iter().map(seen).collect();
    let body = json!({ "loads": all, "status": "PENDING" });
    // The process ends after the first of them.
    let first = json!({ "loads": [seen(&loads[0])], "status": "PENDING" });
    keyed(&fixture, &maria, Method::POST, "/loads/bulk-status", "many", &first).await.data();
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    sqlx::query("DELETE FROM idempotency_keys WHERE done = 0").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let again = keyed(&fixture, &maria, Method::POST, "/loads/bulk-status", "many", &body).await;
    let codes: Vec<_> = again.data().as_array().unwrap().iter().map(|one| one["error"]["code"].clone()).collect();
    assert_eq!(codes, [json!("conflict"), Value::Null, Value::Null], "what was done is not done again, the others are");
});

on_both!(sites_units_people_and_readings_are_known_to_be_done, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let site = json!({ "name": "Yard", "city": "Joliet", "state": "IL" });
    let made = keyed(&fixture, &admin, Method::POST, "/sites", "site", &site).await.data().clone();
    let unit =
        json!({ "siteId": made["id"], "name": "Room", "kind": "cold_room", "minTemperature": 0, "maxTemperature": 1 });
    let unit_made = keyed(&fixture, &admin, Method::POST, "/units", "unit", &unit).await.data().clone();
    let readings = format!("/units/{}/readings", unit_made["id"].as_str().unwrap());
    let reading = json!({ "temperature": 0.5 });
    keyed(&fixture, &admin, Method::POST, &readings, "reading", &reading).await.data();
    let facility = json!({ "name": "Yard", "place": { "city": "Joliet", "state": "IL" }, "zone": "America/Chicago",
        "location": { "lat": 41.5, "lng": -88.1 } });
    let facility_made =
        keyed(&fixture, &admin, Method::POST, "/facilities", "facility", &facility).await.data().clone();
    let place = format!("/facilities/{}", facility_made["id"].as_str().unwrap());
    let patch = json!({ "name": "Yard two" });
    keyed(&fixture, &admin, Method::PATCH, &place, "patch", &patch).await.data();
    let people = admin.get("/users").await.data().clone();
    let sam = people.as_array().unwrap().iter().find(|user| user["name"] == "sam").unwrap();
    let person = format!("/users/{}", sam["id"].as_str().unwrap());
    let role = json!({ "role": "dispatcher" });
    keyed(&fixture, &admin, Method::PATCH, &person, "person", &role).await.data();
    lose_answers(&fixture).await;
    for (method, path, key, body) in [
        (Method::POST, "/sites", "site", &site),
        (Method::POST, "/units", "unit", &unit),
        (Method::POST, &readings, "reading", &reading),
        (Method::POST, "/facilities", "facility", &facility),
        (Method::PATCH, &place, "patch", &patch),
        (Method::PATCH, &person, "person", &role),
    ] {
        let again = keyed(&fixture, &admin, method, path, key, body).await;
        assert_eq!(again.refused(409, "conflict")["rule"], "idempotency_key_done", "{key}");
    }
});

on_both!(the_keys_of_a_person_have_so_much_room_and_the_oldest_make_way, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let body = new_load(&fixture.acme);
    for person in [&maria, &john] {
        keyed(&fixture, person, Method::POST, "/loads", "old", &body).await.data();
    }
    // Her answers take all the room there is.
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    sqlx::query("UPDATE idempotency_keys SET bytes = $1").bind(50_i64 << 20).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    fixture.advance_clock(MINUTE);
    let new = keyed(&fixture, &maria, Method::POST, "/loads", "new", &body).await;
    assert!(new.status.is_success() && !is_replayed(&new));
    assert!(is_replayed(&keyed(&fixture, &maria, Method::POST, "/loads", "new", &body).await));
    let old = keyed(&fixture, &maria, Method::POST, "/loads", "old", &body).await;
    assert_eq!(
        old.refused(409, "conflict")["rule"],
        "idempotency_key_done",
        "its answer had to go, and it is not done again"
    );
    assert!(is_replayed(&keyed(&fixture, &john, Method::POST, "/loads", "old", &body).await), "others keep theirs");

    let me = maria.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned();
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    let now = fixture.services.clock.now();
    for chunk in 0..100 {
        let mut rows = Vec::new();
        for number in 0..100 {
            let ends = now.plus(HOUR + chunk * 100 + number).millis();
            rows.push(format!("('{me}', 'key-{chunk}-{number}', 'f', {ends}, 1, 201)"));
        }
        let sql = format!(
            "INSERT INTO idempotency_keys (user_id, request_key, fingerprint, expires_at, done, status) VALUES {}",
            rows.join(", ")
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    }
    // It ends before all of them, since it is under way.
    let sql = format!(
        "INSERT INTO idempotency_keys (user_id, request_key, fingerprint, expires_at) VALUES ('{me}', 'under-way', 'f', {})",
        now.plus(1_000).millis()
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    keyed(&fixture, &maria, Method::POST, "/loads", "newest", &body).await.data();
    let under_way = "SELECT COUNT(*) FROM idempotency_keys WHERE request_key = 'under-way'";
    let under_way: i64 = sqlx::query_scalar(under_way).fetch_one(fixture.services.database.reader()).await.unwrap();
    assert_eq!(under_way, 1, "or it would be done a second time");
    let count = "SELECT COUNT(*) FROM idempotency_keys WHERE user_id = $1";
    let count: i64 = sqlx::query_scalar(count).bind(&me).fetch_one(fixture.services.database.reader()).await.unwrap();
    assert_eq!(count, 10_001, "and the one under way");
});

on_both!(a_file_that_was_exported_takes_no_room, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let body = json!({ "ids": [load["id"]] });
    for _ in 0..2 {
        let file = keyed(&fixture, &maria, Method::POST, "/loads/export", "file", &body).await;
        assert!(file.status.is_success() && !is_replayed(&file));
    }
    let count = "SELECT COUNT(*) FROM idempotency_keys";
    let count: i64 = sqlx::query_scalar(count).fetch_one(fixture.services.database.reader()).await.unwrap();
    assert_eq!(count, 0);
});
