//! Logging in and out.

use crate::fixture::{Fixture, On, PASSWORD, json_request, on_both};
use app::domain::time::HOUR;
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

on_both!(a_login_answers_with_the_person_and_sets_the_cookie, |fixture: Fixture| async move {
    let body = json!({ "email": " Maria@ACME.test ", "password": PASSWORD });
    let answer = fixture.send(json_request(Method::POST, "/auth/login", None, &body)).await;
    let data = answer.data();
    assert_eq!(data["user"]["email"], "maria@acme.test");
    assert_eq!(data["user"]["role"], "dispatcher");
    assert_eq!(data["user"]["tenantName"], "ACME");
    assert_eq!(data["user"]["permissions"], json!(["load_view_all", "load_change", "check_call"]));
    assert_eq!(data["expiresAt"], "2026-11-22T02:05:00.000Z");
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let token = data["token"].as_str().unwrap();
    assert_eq!(cookie, format!("auth_token={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"));

    let request = Request::get("/api/v1/auth/me").header(header::COOKIE, format!("auth_token={token}"));
    let me = fixture.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(me.data()["email"], "maria@acme.test");
});

on_both!(a_token_is_worthless_after_logout_even_after_a_restart, |fixture: Fixture| async move {
    let token = {
        let maria = fixture.login("maria", "acme").await;
        maria.post("/auth/logout", &Value::Null).await.data();
        maria.get("/auth/me").await.refused(401, "unauthorized");
        maria.token
    };
    let fixture = fixture.restart().await;
    fixture.send(json_request(Method::GET, "/auth/me", Some(&token), &Value::Null)).await.refused(401, "unauthorized");
});

#[tokio::test]
async fn a_token_ends_by_itself_and_a_fresh_one_goes_on() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    fixture.advance_clock(11 * HOUR);
    let fresh = maria.post("/auth/refresh", &Value::Null).await.data()["token"].as_str().unwrap().to_owned();
    fixture.advance_clock(2 * HOUR);
    maria.get("/auth/me").await.refused(401, "expired");
    fixture.send(json_request(Method::GET, "/auth/me", Some(&fresh), &Value::Null)).await.data();
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let fixture = Fixture::build(On::Sqlite).await;
    let mut messages = Vec::new();
    for (email, password) in [("maria@acme.test", "wrong"), ("nobody@acme.test", PASSWORD), ("", "")] {
        let body = json!({ "email": email, "password": password });
        let answer = fixture.send(json_request(Method::POST, "/auth/login", None, &body)).await;
        answer.refused(401, "unauthorized");
        messages.push(answer.body["error"]["message"].to_string());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
}

#[tokio::test]
async fn guessing_is_slowed_down_with_the_time_to_wait() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.limits.logins_per_minute = 2).await;
    let attempt = |password: &str| json!({ "email": "maria@acme.test", "password": password });
    for _ in 0..2 {
        let answer = fixture.send(json_request(Method::POST, "/auth/login", None, &attempt("guess"))).await;
        answer.refused(401, "unauthorized");
    }
    let answer = fixture.send(json_request(Method::POST, "/auth/login", None, &attempt(PASSWORD))).await;
    answer.refused(429, "rate_limited");
    let wait: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=31).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_logout_ends_every_token_of_its_session_and_no_other() {
    let fixture = Fixture::build(On::Sqlite).await;
    let elsewhere = fixture.login("maria", "acme").await;
    let first = fixture.login("maria", "acme").await;
    let refreshed = first.post("/auth/refresh", &Value::Null).await.data()["token"].as_str().unwrap().to_owned();
    fixture.send(json_request(Method::POST, "/auth/logout", Some(&refreshed), &Value::Null)).await.data();
    first.get("/auth/me").await.refused(401, "unauthorized");
    elsewhere.get("/auth/me").await.data();
}

#[tokio::test]
async fn endless_addresses_and_passwords_are_refused_before_anything_is_remembered() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.limits.logins_per_minute = 1).await;
    let long = "x".repeat(2_000);
    for body in [
        json!({ "email": format!("{long}@acme.test"), "password": "p" }),
        json!({ "email": "a@b.c", "password": long }),
    ] {
        for _ in 0..3 {
            let answer = fixture.send(json_request(Method::POST, "/auth/login", None, &body)).await;
            answer.refused(401, "unauthorized");
        }
    }
}
