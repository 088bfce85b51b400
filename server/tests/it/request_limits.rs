//! How much each person may ask for, and what nobody can take from the others.

use crate::fixture::{Fixture, On, json_request, new_load, on_both};
use app::domain::load_filter::{LoadFilter, MOST_WORDS};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn whoever_asks_for_too_much_waits_and_nobody_else_does() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.limits.requests_per_second = 1;
        settings.limits.request_burst = 5;
    })
    .await;
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    for _ in 0..5 {
        maria.get("/auth/me").await.data();
    }
    let refused = maria.get("/auth/me").await;
    refused.refused(429, "rate_limited");
    let wait: u64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    john.get("/auth/me").await.data();
    // Files of loads weigh more than there is left of a bucket that was used once.
    john.get("/loads/export").await.refused(429, "rate_limited");
}

#[tokio::test]
async fn a_page_counts_once_whatever_it_asks_for_while_it_is_rendered() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.limits.requests_per_second = 1;
        settings.limits.request_burst = 10;
    })
    .await;
    let maria = fixture.login("maria", "acme").await;
    let page = async || {
        let request = Request::get("/loads").header(header::COOKIE, format!("auth_token={}", maria.token));
        fixture.send(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(page().await, StatusCode::OK);
    assert_eq!(page().await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn searches_leave_readers_free_and_the_server_ready() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    maria.book(&fixture.acme, json!({})).await;
    let database = &fixture.services.database;
    // As long as two look through everything, a third waits; who reads a little does not.
    let turns = (database.scan_turn().await.unwrap(), database.scan_turn().await.unwrap());
    let waiting = maria.get("/loads?q=paper");
    tokio::pin!(waiting);
    let others = async {
        for path in ["/loads/board", "/loads", "/auth/me"] {
            maria.get(path).await.data();
        }
    };
    tokio::select! {
        _ = &mut waiting => panic!("it has found something before its turn"),
        () = others => {}
    }
    drop(turns);
    assert_eq!(waiting.await.body["page"]["total"], 1);

    // All readers are at work, and it is told that the server is ready all the same.
    let mut readers = Vec::new();
    for _ in 0..4 {
        readers.push(database.begin_snapshot().await.unwrap());
    }
    let ready = fixture.send(Request::get("/readyz").body(Body::empty()).unwrap());
    let ready = tokio::time::timeout(Duration::from_secs(10), ready).await.expect("it waits behind nobody");
    assert_eq!(ready.status, StatusCode::OK);
}

#[tokio::test]
async fn postgres_ends_a_statement_that_takes_too_long() {
    let fixture = Fixture::with_settings(On::Postgres, |settings| {
        settings.database.statement_timeout = serde_json::from_value(json!("200ms")).unwrap();
    })
    .await;
    let mut tx = fixture.services.database.begin_snapshot().await.unwrap();
    let error = sqlx::query("SELECT COUNT(*) FROM generate_series(1, 1000000000)").execute(&mut *tx).await.unwrap_err();
    assert!(error.to_string().contains("statement timeout"), "{error}");
}

on_both!(of_many_words_the_first_that_differ_are_looked_for, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    maria.book(&fixture.acme, json!({})).await;
    let total = async |text: &str| {
        let text = text.replace(' ', "+");
        maria.get(&format!("/loads?q={text}")).await.body["page"]["total"].as_i64().unwrap()
    };
    assert_eq!(total("prairie paper chicago dallas swift il tx").await, 1);
    assert_eq!(total("prairie paper chicago dallas swift nowhere").await, 0);
    let same = ["paper PAPER"; 12].join(" ");
    assert_eq!(total(&format!("{same} nowhere")).await, 0, "words that are the same count once");
    assert_eq!(total("prairie paper chicago dallas swift il nowhere").await, 1, "so many are looked for, and no more");
    let filter = LoadFilter { text: "a b c A d e f g".into(), ..LoadFilter::default() };
    assert_eq!((filter.words().len(), filter.words().join("")), (MOST_WORDS, "abcdef".to_owned()));
});

on_both!(positions_of_loads_that_are_not_theirs_take_no_place_and_no_turn, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let invented: Vec<Value> =
        (0..1_000).map(|_| json!({ "loadId": Uuid::now_v7(), "lat": 41.0, "lng": -87.0 })).collect();
    // Nothing can be written meanwhile: they are refused all the same.
    let held = fixture.services.database.begin_write().await.unwrap();
    let invented = json!(invented);
    let refused = carlos.post("/positions", &invented);
    let refused = tokio::time::timeout(Duration::from_secs(20), refused).await.expect("it waits for no writer");
    refused.refused(404, "not_found");
    drop(held);
    let own = json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.0 });
    assert_eq!(maria.post("/positions", &own).await.data()["accepted"], 1);
});

on_both!(a_list_that_is_narrowed_down_is_paged_and_counted_to_its_end, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for number in 0..5 {
        let customer = if number % 2 == 0 { "Prairie Paper" } else { "Lakeside Foods" };
        maria.book(&fixture.acme, json!({ "customer": customer })).await;
    }
    let first = maria.get("/loads?q=prairie&limit=2").await.body;
    let next = first["page"]["next"].as_str().unwrap().to_owned();
    let second = maria.get(&format!("/loads?q=prairie&limit=2&cursor={next}")).await.body;
    let counted = |page: &Value| (page["data"].as_array().unwrap().len(), page["page"]["total"].as_i64().unwrap());
    assert_eq!((counted(&first), counted(&second)), ((2, 3), (1, 3)));
    let last = second["data"][0]["id"].as_str().unwrap();
    let beyond = maria.get(&format!("/loads?q=prairie&cursor={last}")).await.body;
    assert_eq!(counted(&beyond), (0, 3), "what came before is counted where nothing is left");
    let swift = fixture.login("swift", "acme").await;
    assert_eq!(counted(&swift.get("/loads").await.body), (0, 0));
});

#[tokio::test]
async fn many_requests_at_once_wait_for_one_another() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.limits.requests_at_once = 2).await;
    let maria = fixture.login("maria", "acme").await;
    let body = new_load(&fixture.acme);
    let booked = (0..20).map(|_| fixture.send(json_request(Method::POST, "/loads", Some(&maria.token), &body)));
    let booked = futures::future::join_all(booked).await;
    assert!(booked.iter().all(|answer| answer.status == StatusCode::CREATED), "they had their turns");
    let too_many = (0..200).map(|_| fixture.send(json_request(Method::POST, "/loads", Some(&maria.token), &body)));
    let answers = futures::future::join_all(too_many).await;
    assert!(answers.iter().any(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS));
    assert!(answers.iter().all(|answer| [201, 429].contains(&answer.status.as_u16())));
}
