//! A Socket.IO client in process: one tab in one namespace, over polling.

use crate::fixture::Fixture;
use axum::{Router, body::Body};
use http::Request;
use serde_json::{Value, json};
use std::{collections::VecDeque, time::Duration};
use tower::ServiceExt;

/// Nothing that a test waits for takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Tab {
    router: Router,
    address: String,
    namespace: &'static str,
    /// Events that came, in order, and were not taken yet: name and envelope.
    heard: VecDeque<(String, Value)>,
    asked: u32,
    is_open: bool,
}

impl Tab {
    /// Connects, and waits until the client is let in.
    pub async fn open(fixture: &Fixture, namespace: &'static str, token: &str) -> Self {
        let mut tab = Self::knock(fixture, namespace, token).await;
        let admitted = format!("40{namespace},");
        while !tab.poll().await.iter().any(|packet| packet.starts_with(&admitted)) {
            assert!(tab.is_open, "the client is let in");
        }
        tab
    }

    /// Connects, and waits until the client is refused: why.
    pub async fn refused(fixture: &Fixture, namespace: &'static str, token: &str) -> Value {
        let mut tab = Self::knock(fixture, namespace, token).await;
        let (admitted, refused) = (format!("40{namespace},"), format!("44{namespace},"));
        loop {
            let packets = tab.poll().await;
            assert!(!packets.iter().any(|packet| packet.starts_with(&admitted)), "the client is refused");
            if let Some(refusal) = packets.iter().find_map(|packet| packet.strip_prefix(&refused)) {
                let refusal: Value = serde_json::from_str(refusal).unwrap();
                return serde_json::from_str(refusal["message"].as_str().unwrap()).unwrap();
            }
        }
    }

    async fn knock(fixture: &Fixture, namespace: &'static str, token: &str) -> Self {
        let address = "/socket.io/?EIO=4&transport=polling".to_owned();
        let router = fixture.router.clone();
        let mut tab = Self { router, address, namespace, heard: VecDeque::new(), asked: 0, is_open: true };
        let open = tab.fetch().await;
        let open: Value = serde_json::from_str(open.strip_prefix('0').expect("an open packet")).unwrap();
        tab.address.push_str(&format!("&sid={}", open["sid"].as_str().unwrap()));
        tab.post(format!("40{namespace},{}", json!({ "token": token }))).await;
        tab
    }

    /// The next event of this name that fits, whatever else comes before it.
    pub async fn next_where(&mut self, event: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let come = async {
            loop {
                let at = self.heard.iter().position(|(name, envelope)| name == event && fits(&envelope["data"]));
                if let Some(at) = at {
                    return self.heard.remove(at).unwrap().1["data"].clone();
                }
                assert!(self.is_open, "{event} comes before the end");
                self.poll().await;
            }
        };
        tokio::time::timeout(PATIENCE, come).await.unwrap_or_else(|_| panic!("{event} comes in time"))
    }

    pub async fn next(&mut self, event: &str) -> Value {
        self.next_where(event, |_| true).await
    }

    /// Sends a command and waits for its answer.
    pub async fn ask(&mut self, command: &str, payload: Value) -> Value {
        self.asked += 1;
        let number = self.asked;
        self.post(format!("42{},{number}{}", self.namespace, json!([command, payload]))).await;
        let answered = format!("43{},{number}", self.namespace);
        let come = async {
            loop {
                let packets = self.poll().await;
                if let Some(answer) = packets.iter().find_map(|packet| packet.strip_prefix(&answered)) {
                    return serde_json::from_str::<Value>(answer).unwrap()[0].clone();
                }
                assert!(self.is_open, "{command} is answered");
            }
        };
        tokio::time::timeout(PATIENCE, come).await.unwrap_or_else(|_| panic!("{command} is answered in time"))
    }

    /// Names of the events about somebody that came and were not taken.
    pub fn left_over_about(&self, id: &Value) -> Vec<&str> {
        let about = self.heard.iter().filter(|(_, envelope)| envelope["data"].to_string().contains(&id.to_string()));
        about.map(|(name, _)| name.as_str()).collect()
    }

    /// Waits until the server closes the socket.
    pub async fn closed(&mut self) {
        let end = async {
            while self.is_open {
                self.poll().await;
            }
        };
        tokio::time::timeout(PATIENCE, end).await.expect("the socket is closed in time");
    }

    /// Leaves, as a tab does that is closed.
    pub async fn close(self) {
        self.post("1".to_owned()).await;
    }

    async fn poll(&mut self) -> Vec<String> {
        let body = self.fetch().await;
        let packets: Vec<String> = body.split('\x1e').map(str::to_owned).collect();
        let event = format!("42{},", self.namespace);
        let end = format!("41{}", self.namespace);
        for packet in &packets {
            if packet == "2" {
                self.post("3".to_owned()).await;
            } else if let Some(message) = packet.strip_prefix(&event) {
                let message: Value = serde_json::from_str(message).unwrap();
                self.heard.push_back((message[0].as_str().unwrap().to_owned(), message[1].clone()));
            } else if packet.starts_with(&end) || packet.starts_with('1') || packet.starts_with("44") {
                self.is_open = false;
            }
        }
        packets
    }

    async fn fetch(&mut self) -> String {
        let request = Request::get(&self.address).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        if !response.status().is_success() {
            // The connection is gone.
            self.is_open = false;
            return String::new();
        }
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    async fn post(&self, packet: String) {
        let request = Request::post(&self.address).body(Body::from(packet)).unwrap();
        self.router.clone().oneshot(request).await.unwrap();
    }
}
