//! Connections that take too long, or are too many: they end, and everybody else is served.

use crate::{
    fixture::{Fixture, On},
    wire::{Listens, Wire, ask, status},
};
use serde_json::Value;
use server::settings::{Settings, Span};
use std::time::Duration;

const SHORT: Span = Span(Duration::from_millis(400));

async fn fixture_with(adjust: impl FnOnce(&mut Settings)) -> Fixture {
    Fixture::with_settings(On::Sqlite, adjust).await
}

async fn is_served(server: &Listens) -> bool {
    status(&ask(server, "", &[], "GET /healthz", &Value::Null).await) == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_a_head_byte_by_byte_is_closed_and_others_are_served() {
    let fixture = fixture_with(|settings| settings.limits.header_timeout = SHORT).await;
    let server = fixture.listen().await;
    let mut slow = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let mut wire = Wire::open(&server).await;
        slow.spawn(async move {
            wire.send("GET /healthz HTTP/1.1\r\n").await;
            let endless = async {
                while wire.send("x").await {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(60), endless).await
        });
    }
    assert!(is_served(&server).await);
    while let Some(ended) = slow.join_next().await {
        assert!(ended.unwrap().is_ok(), "the server ends it");
    }
    assert!(is_served(&server).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_nothing_at_all_is_closed() {
    let fixture = fixture_with(|settings| settings.limits.header_timeout = SHORT).await;
    let server = fixture.listen().await;
    assert_eq!(Wire::open(&server).await.read_to_end().await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_drips_a_body_is_refused_and_closed() {
    let fixture = fixture_with(|settings| settings.limits.body_timeout = SHORT).await;
    let server = fixture.listen().await;
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{";
    let mut wire = Wire::open(&server).await;
    wire.send(head).await;
    let drip = async {
        // It never stops by itself.
        while wire.send(" ").await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), drip).await.expect("the server ends it");

    // One that waits for its answer is told.
    let mut wire = Wire::open(&server).await;
    wire.send(head).await;
    let answer = wire.read_to_end().await;
    assert_eq!(status(&answer), 400, "{answer}");
    assert!(answer.contains("bad_request"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_kept_for_the_next_request_and_closed_once_it_is_idle_for_too_long() {
    let fixture = fixture_with(|settings| {
        settings.limits.header_timeout = SHORT;
        settings.limits.idle_timeout = Span(Duration::from_secs(5));
    })
    .await;
    let server = fixture.listen().await;
    let mut wire = Wire::open(&server).await;
    for _ in 0..3 {
        assert!(wire.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await);
        assert_eq!(status(&wire.read_answer().await), 200);
        // Longer than a head may take, and not as long as it may be idle.
        tokio::time::sleep(Duration::from_millis(800)).await;
    }
    assert_eq!(wire.read_to_end().await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_read_slowly_comes_whole() {
    let fixture = fixture_with(|settings| settings.limits.idle_timeout = SHORT).await;
    let server = fixture.listen().await;
    let mut wire = Wire::open_narrow(&server).await;
    wire.send("GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let mut answer = wire.read_some().await;
    let length = answer.to_lowercase().split_once("content-length: ").unwrap().1.to_owned();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    while answer.split_once("\r\n\r\n").is_none_or(|(_, body)| body.len() < length) {
        // All of it takes several times as long as a connection may be idle.
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer.push_str(&wire.read_some().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_speaks_http_2_which_would_do_many_things_at_once() {
    let fixture = fixture_with(|_| {}).await;
    let server = fixture.listen().await;
    let mut wire = Wire::open(&server).await;
    wire.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let answer = wire.read_to_end().await;
    assert!(answer.is_empty() || status(&answer) == 400, "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_outlives_the_limits_of_requests() {
    let fixture = fixture_with(|settings| {
        settings.limits.header_timeout = SHORT;
        settings.limits.body_timeout = SHORT;
        settings.limits.idle_timeout = SHORT;
        settings.limits.request_timeout = SHORT;
    })
    .await;
    let server = fixture.listen().await;
    let mut wire = Wire::open(&server).await;
    wire.send(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    .await;
    assert_eq!(status(&wire.read_answer().await), 101);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    // A ping of WebSocket, masked by zeros: it is answered as long as the connection lives.
    assert!(wire.send([0x89, 0x82, 0, 0, 0, 0, b'h', b'i']).await);
    let mut answered = String::new();
    while !answered.contains("\u{2}hi") {
        answered.push_str(&wire.read_some().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_beyond_the_cap_are_turned_away_and_the_next_finds_a_place() {
    let fixture = fixture_with(|settings| settings.limits.connections = 20).await;
    let server = fixture.listen().await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        let mut wire = Wire::open(&server).await;
        wire.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(status(&wire.read_answer().await), 200);
        idle.push(wire);
    }
    for _ in 0..50 {
        let told = Wire::open(&server).await.read_to_end().await;
        assert!(told.is_empty() || status(&told) == 503, "{told}");
    }
    drop(idle);
    let served = async {
        while !is_served(&server).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), served).await.expect("there is a place again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_takes_no_more_than_its_share_of_the_places() {
    let fixture = fixture_with(|settings| {
        settings.limits.connections_per_address = 5;
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
        settings.server.proxy_protocol = true;
    })
    .await;
    let server = fixture.listen().await;
    let greedy = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n";
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut wire = Wire::open(&server).await;
        wire.send(format!("{greedy}GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")).await;
        assert_eq!(status(&wire.read_answer().await), 200);
        held.push(wire);
    }
    let told = ask(&server, greedy, &[], "GET /healthz", &Value::Null).await;
    assert!(told.is_empty() || status(&told) == 503, "{told}");
    let other = "PROXY TCP4 203.0.113.8 127.0.0.1 4711 80\r\n";
    assert_eq!(status(&ask(&server, other, &[], "GET /healthz", &Value::Null).await), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_names_its_clients_in_headers_is_not_held_to_the_share_of_one() {
    for (trusted, expected) in [(vec!["127.0.0.1".to_owned()], 200), (Vec::new(), 503)] {
        let fixture = fixture_with(|settings| {
            settings.limits.connections_per_address = 2;
            settings.server.trusted_proxies = trusted;
        })
        .await;
        let server = fixture.listen().await;
        let mut held = Vec::new();
        for _ in 0..2 {
            let mut wire = Wire::open(&server).await;
            wire.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
            assert_eq!(status(&wire.read_answer().await), 200);
            held.push(wire);
        }
        let told = ask(&server, "", &[], "GET /healthz", &Value::Null).await;
        assert!(status(&told) == expected || (expected == 503 && told.is_empty()), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_proxy_that_begins_by_anything_but_its_header_is_closed() {
    let fixture = fixture_with(|settings| {
        settings.limits.header_timeout = SHORT;
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
        settings.server.proxy_protocol = true;
    })
    .await;
    let server = fixture.listen().await;
    assert_eq!(ask(&server, "", &[], "GET /healthz", &Value::Null).await, "");
    assert_eq!(ask(&server, "PROXY nonsense\r\n", &[], "GET /healthz", &Value::Null).await, "");
    // One that begins and does not go on.
    let mut wire = Wire::open(&server).await;
    wire.send("PROXY TCP4 ").await;
    assert_eq!(wire.read_to_end().await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_takes_too_long_is_given_up_and_told_so() {
    let mut fixture = fixture_with(|_| {}).await;
    let token = fixture.login("maria", "acme").await.token;
    fixture.settings.limits.request_timeout = SHORT;
    let server = fixture.another_node().await.listen().await;
    // The only writer is taken, so that what a logout writes has to wait.
    let held = fixture.services.database.begin_write().await.unwrap();
    let bearer = format!("authorization: Bearer {token}");
    let answer = ask(&server, "", &[&bearer], "POST /api/v1/auth/logout", &Value::Null).await;
    assert_eq!(status(&answer), 504, "{answer}");
    assert!(answer.contains("\"timeout\""), "{answer}");
    drop(held);
}
