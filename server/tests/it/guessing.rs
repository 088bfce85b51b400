//! Those who guess passwords are slowed down, and nobody else.

use crate::{
    fixture::{Fixture, On, PASSWORD},
    wire::{Listens, ask, status},
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

const LOGIN: &str = "POST /api/v1/auth/login";

/// A server that trusts the test as its proxy, and counts as one does outside of tests.
async fn behind_proxy() -> Fixture {
    Fixture::with_settings(On::Sqlite, |settings| {
        settings.limits.logins_per_minute = 10;
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await
}

async fn log_in(server: &Listens, headers: &[&str], email: &str, password: &str) -> String {
    ask(server, "", headers, LOGIN, &json!({ "email": email, "password": password })).await
}

async fn status_of_login(server: &Listens, headers: &[&str], email: &str, password: &str) -> u16 {
    status(&log_in(server, headers, email, password).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_wrong_logins_from_one_address_behind_the_proxy_keep_nobody_else_out() {
    let fixture = behind_proxy().await;
    let server = std::sync::Arc::new(fixture.listen().await);
    let began = Instant::now();
    let mut guessers = tokio::task::JoinSet::new();
    for guesser in 0..8 {
        let server = server.clone();
        guessers.spawn(async move {
            let mut answers = BTreeMap::new();
            for guess in 0..1_250 {
                let (email, from) = (format!("user{guess}@acme.test"), "x-forwarded-for: 203.0.113.66");
                let email = if guess % 2 == 0 { "maria@acme.test" } else { &email };
                let status = status_of_login(&server, &[from], email, &format!("guess {guesser} {guess}")).await;
                *answers.entry(status).or_insert(0) += 1;
            }
            answers
        });
    }
    // Meanwhile the office comes to work, maria among them.
    let mut slowest = Duration::ZERO;
    for (last, name) in ["maria", "john", "sarah", "sam", "admin", "swift", "carlos"].into_iter().enumerate() {
        let from = format!("x-forwarded-for: 198.51.100.{last}");
        let asked = Instant::now();
        assert_eq!(status_of_login(&server, &[&from], &format!("{name}@acme.test"), PASSWORD).await, 200, "{name}");
        slowest = slowest.max(asked.elapsed());
    }
    let mut answers = BTreeMap::new();
    while let Some(of_one) = guessers.join_next().await {
        for (status, count) in of_one.unwrap() {
            *answers.entry(status).or_insert(0) += count;
        }
    }
    let took = began.elapsed();
    println!("10,000 wrong logins in {took:.1?}: {answers:?}; the slowest of 7 others got in after {slowest:.1?}");
    assert_eq!(answers.values().sum::<i32>(), 10_000);
    assert_eq!(answers.keys().copied().collect::<Vec<_>>(), [401, 429]);
    // A minute's worth at once, and what came back in the meantime.
    let checked = 100 + took.as_secs() as i32 * 100 / 60 + 2;
    assert!(answers[&401] <= checked, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_trusted_proxy_speaks_for_nobody_else() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.limits.logins_per_minute = 1).await;
    let server = fixture.listen().await;
    let mut answers = Vec::new();
    for guess in 0..30 {
        let forged = format!("x-forwarded-for: 203.0.113.{guess}");
        answers.push(status_of_login(&server, &[&forged], &format!("user{guess}@acme.test"), "guess").await);
    }
    // However slow the machine is, and whatever came back meanwhile.
    assert!(answers[0] == 401 && answers.contains(&429), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_balancer_names_its_clients_by_the_proxy_protocol() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.limits.logins_per_minute = 1;
        settings.server.trusted_proxies = vec!["127.0.0.0/8".into()];
        settings.server.proxy_protocol = true;
    })
    .await;
    let server = fixture.listen().await;
    let attempt = async |last: u8, password: &str| {
        let before = format!("PROXY TCP4 203.0.113.{last} 127.0.0.1 4711 80\r\n");
        let body = json!({ "email": "maria@acme.test", "password": password });
        // The client's own header is none of a proxy's.
        status(&ask(&server, &before, &["x-forwarded-for: 203.0.113.99"], LOGIN, &body).await)
    };
    assert_eq!(attempt(1, "guess").await, 401);
    assert_eq!(attempt(1, PASSWORD).await, 429);
    assert_eq!(attempt(2, PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_gets_in_on_a_known_device_while_others_guess_from_everywhere() {
    let fixture = behind_proxy().await;
    let server = fixture.listen().await;
    let home = "x-forwarded-for: 198.51.100.1";
    let answer = log_in(&server, &[home], "admin@acme.test", PASSWORD).await;
    let device = answer.lines().find_map(|line| line.strip_prefix("set-cookie: known_device=")).expect("a device");
    let cookie = format!("cookie: known_device={}", device.split(';').next().unwrap());
    let mut answers = BTreeMap::new();
    for guess in 0..80 {
        let from = format!("x-forwarded-for: 203.0.113.{guess}");
        *answers.entry(status_of_login(&server, &[&from], "admin@acme.test", "guess").await).or_insert(0) += 1;
    }
    assert!(answers[&401] < 60 && answers[&429] > 20, "those who guess are stopped: {answers:?}");
    assert_eq!(status_of_login(&server, &[home], "admin@acme.test", PASSWORD).await, 429, "nothing shows who this is");
    let known = log_in(&server, &[home, &cookie], "admin@acme.test", PASSWORD).await;
    assert_eq!(status(&known), 200, "{known}");
    assert!(!known.contains("known_device"), "it is known already");
    // The device of one person is of no use for another's password.
    for guess in 0..60 {
        let from = format!("x-forwarded-for: 203.0.114.{guess}");
        status_of_login(&server, &[&from], "maria@acme.test", "guess").await;
    }
    assert_eq!(status_of_login(&server, &[home, &cookie], "maria@acme.test", PASSWORD).await, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_guess_at_the_login_do_not_keep_a_person_from_changing_the_password() {
    let fixture = behind_proxy().await;
    let server = fixture.listen().await;
    let maria = fixture.login("maria", "acme").await;
    for guess in 0..80 {
        let from = format!("x-forwarded-for: 203.0.113.{guess}");
        status_of_login(&server, &[&from], "maria@acme.test", "guess").await;
    }
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "battery staple" });
    maria.post("/auth/password", &change).await.data();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_logins_at_once_than_may_wait_are_told_to_come_back() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.limits.waiting_logins = 1;
        settings.limits.requests_at_once = 100;
    })
    .await;
    let server = std::sync::Arc::new(fixture.listen().await);
    let mut logins = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let server = server.clone();
        logins.spawn(async move { log_in(&server, &[], "maria@acme.test", "wrong password").await });
    }
    let mut refused = 0;
    while let Some(answer) = logins.join_next().await {
        let answer = answer.unwrap();
        match status(&answer) {
            401 => {}
            503 => {
                assert!(answer.contains("retry-after: 1") && answer.contains("\"unavailable\""), "{answer}");
                refused += 1;
            }
            _ => panic!("{answer}"),
        }
    }
    assert!(refused > 0);
    assert_eq!(status_of_login(&server, &[], "maria@acme.test", PASSWORD).await, 200);
}
