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
