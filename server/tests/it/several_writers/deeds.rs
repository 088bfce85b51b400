//! What people do, one after the other, at random.

use super::{Answered, Office, STATUSES};
use crate::fixture::{NOW, json_request, new_load};
use app::domain::time::{HOUR, MINUTE};
use http::Method;
use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};
use std::{sync::Arc, time::Instant};

/// Every kind of write.
pub const NAMES: [&str; 29] = [
    "step",
    "eta",
    "check call",
    "assign",
    "tender",
    "accept",
    "reject",
    "dispatch",
    "arrive",
    "depart",
    "patch",
    "claim",
    "undo",
    "bulk status",
    "bulk assign",
    "bulk dispatch",
    "position",
    "positions",
    "message",
    "read messages",
    "tell",
    "read all",
    "reading",
    "readings",
    "create",
    "import",
    "preset",
    "carrier",
    "unit",
];

pub struct Worker {
    pub office: Arc<Office>,
    pub token: String,
    pub dice: StdRng,
}

impl Worker {
    pub async fn work_until(mut self, end: Instant) {
        while Instant::now() < end {
            let deed = NAMES[self.dice.random_range(0..NAMES.len())];
            self.office.fixture.advance_clock(1);
            self.act(deed).await;
        }
    }

    async fn act(&mut self, deed: &'static str) {
        let number = self.dice.random_range(0..self.office.loads.len());
        let load = self.office.loads[number].lock().unwrap().clone();
        let (id, version) = (load["id"].as_str().unwrap().to_owned(), load["version"].clone());
        let company = self.office.fixture.acme.clone();
        let now = NOW.plus(self.dice.random_range(0..10 * MINUTE));
        let of_load = |verb: &str| format!("/loads/{id}/{verb}");
        let (path, body) = match deed {
            "step" => {
                (of_load("status"), json!({ "status": self.next_of(&load), "version": version, "reason": "So." }))
            }
            "eta" => (of_load("eta"), json!({ "eta": now.plus(5 * HOUR) })),
            "check call" => {
                let place = json!({ "lat": 40.0, "lng": -89.0 });
                let eta = self.dice.random_bool(0.5).then(|| now.plus(4 * HOUR));
                (of_load("check-calls"), json!({ "location": place, "notes": "Rolling", "eta": eta }))
            }
            "assign" => (
                of_load("assign"),
                json!({ "version": version, "carrierId": company.fit_carrier,
                "driverId": if self.dice.random_bool(0.5) { company.driver } else { company.relief_driver } }),
            ),
            "tender" | "accept" => (of_load(deed), json!({ "version": version })),
            "dispatch" => (of_load(deed), json!({ "version": version, "driverId": company.driver })),
            "reject" => (of_load(deed), json!({ "version": version, "reason": "No truck" })),
            "arrive" | "depart" => {
                let stops = load["stops"].as_array().cloned().unwrap_or_default();
                let stop = &stops[self.dice.random_range(0..stops.len())];
                (format!("/stops/{}/{deed}", stop["id"].as_str().unwrap()), json!({ "version": version }))
            }
            "patch" => (
                format!("/loads/{id}"),
                json!({ "version": version, "hot": self.dice.random_bool(0.5),
                "commodity": format!("Goods {}", self.dice.random_range(0..1_000)) }),
            ),
            "claim" => (of_load(deed), json!({ "claimed": self.dice.random_bool(0.7), "takeOver": true })),
            "undo" => (of_load(deed), json!({ "version": version })),
            "bulk status" => (
                "/loads/bulk-status".into(),
                json!({ "loads": self.several(), "reason": "So.",
                "status": STATUSES[self.dice.random_range(1..STATUSES.len())] }),
            ),
            "bulk assign" => (
                "/loads/bulk-assign".into(),
                json!({ "loads": self.several(),
                "carrierId": company.fit_carrier }),
            ),
            "bulk dispatch" => ("/loads/bulk-dispatch".into(), json!({ "loads": self.several() })),
            "position" => ("/positions".into(), self.position(&load)),
            "positions" => (
                "/positions".into(),
                json!(
                    (0..5)
                        .map(|_| {
                            let load = self.dice.random_range(0..self.office.loads.len());
                            let load = self.office.loads[load].lock().unwrap().clone();
                            self.position(&load)
                        })
                        .collect::<Vec<_>>()
                ),
            ),
            "message" => (format!("/conversations/{id}/messages"), json!({ "body": "Where are you?" })),
            "read messages" => return self.read_messages(&id).await,
            "tell" => (
                "/notifications".into(),
                json!({ "type": "info", "title": "Dock closed", "message": "Use door 4",
                "role": "dispatcher" }),
            ),
            "read all" => ("/notifications/read-all".into(), Value::Null),
            "reading" => (self.unit("/readings"), self.reading()),
            "readings" => (self.unit("/readings"), json!((0..4).map(|_| self.reading()).collect::<Vec<_>>())),
            "create" => ("/loads".into(), new_load(&company)),
            "import" => ("/loads/import".into(), json!({ "csv": format!("{HEAD}\n{ROW}\n{ROW}"), "confirm": true })),
            "preset" => (
                "/presets".into(),
                json!({ "name": format!("View {}", self.dice.random_range(0..20)),
                "query": "" }),
            ),
            "carrier" => (
                format!("/carriers/{}", company.fit_carrier),
                json!({ "phone": format!("555-{:04}", self.dice.random_range(0..9_999)) }),
            ),
            "unit" => (self.unit(""), json!({ "maxTemperature": self.dice.random_range(6..10) })),
            other => panic!("nobody knows how to do: {other}"),
        };
        let method = if matches!(deed, "step" | "patch" | "carrier" | "unit") { Method::PATCH } else { Method::POST };
        let answer = self.send(deed, method, &path, &body).await;
        let is_of_load = answer["id"] == load["id"] && answer["version"].is_number();
        // What others have done meanwhile is seen now and then; until then one works on what was seen last.
        if !is_of_load && self.dice.random_bool(0.5) {
            let seen = self
                .office
                .fixture
                .send(json_request(Method::GET, &format!("/loads/{id}"), Some(&self.token), &Value::Null))
                .await;
            if seen.status.is_success() {
                *self.office.loads[number].lock().unwrap() = seen.body["data"].clone();
            }
        } else if is_of_load {
            let stops = load["stops"].clone();
            let mut seen = self.office.loads[number].lock().unwrap();
            *seen = answer;
            if !seen["stops"].is_array() {
                seen["stops"] = stops;
            }
        }
    }

    /// Sends a write, notes how it was answered, and gives its data.
    async fn send(&self, deed: &'static str, method: Method, path: &str, body: &Value) -> Value {
        let begun = Instant::now();
        let answer = self.office.fixture.send(json_request(method, path, Some(&self.token), body)).await;
        let took = begun.elapsed();
        let (status, mut body) = (answer.status.as_u16(), answer.body);
        let data = body["data"].take();
        self.office.answers.lock().unwrap().push(Answered { deed, status, took, body });
        data
    }

    async fn read_messages(&mut self, load: &str) {
        let path = format!("/conversations/{load}/messages");
        let page = self.office.fixture.send(json_request(Method::GET, &path, Some(&self.token), &Value::Null)).await;
        let Some(message) = page.body["data"].as_array().and_then(|messages| messages.last()) else { return };
        let body = json!({ "messageId": message["id"] });
        self.send("read messages", Method::POST, &format!("/conversations/{load}/read"), &body).await;
    }

    /// Mostly the next status, else any.
    fn next_of(&mut self, load: &Value) -> &'static str {
        let at = STATUSES.iter().position(|status| load["status"] == *status).unwrap_or(0);
        let next = STATUSES[(at + 1).min(STATUSES.len() - 1)];
        if self.dice.random_bool(0.7) { next } else { STATUSES[self.dice.random_range(1..STATUSES.len())] }
    }

    /// Three loads as they were seen last.
    fn several(&mut self) -> Vec<Value> {
        let first = self.dice.random_range(0..self.office.loads.len());
        let places = (0..3).map(|step| (first + 7 * step) % self.office.loads.len());
        let seen = places.map(|place| self.office.loads[place].lock().unwrap().clone());
        seen.map(|load| json!({ "id": load["id"], "version": load["version"] })).collect()
    }

    fn position(&mut self, load: &Value) -> Value {
        let recorded_at = NOW.plus(-self.dice.random_range(0..30 * MINUTE));
        let speed = self.dice.random_bool(0.5).then_some(55.5);
        let lat = 41.0 + self.dice.random_range(0..100) as f64 / 10_000.0;
        json!({ "loadId": load["id"], "lat": lat, "lng": -88.0, "recordedAt": recorded_at, "speed": speed })
    }

    fn reading(&mut self) -> Value {
        let humidity = self.dice.random_bool(0.5).then_some(55.5);
        let recorded_at = NOW.plus(-self.dice.random_range(0..100 * MINUTE));
        json!({ "temperature": self.dice.random_range(0..12), "humidity": humidity, "recordedAt": recorded_at })
    }

    fn unit(&mut self, what: &str) -> String {
        let unit = self.dice.random_range(0..self.office.units.len());
        format!("/units/{}{what}", self.office.units[unit])
    }
}

const HEAD: &str = "customer,equipment,pickup_facility,pickup_start,pickup_end,delivery_facility,delivery_start,\
                    delivery_end,weight_lbs,revenue,carrier_cost,hot";
const ROW: &str = "Prairie Paper,dry_van,Chicago dock,2026-11-23 08:00,2026-11-23 10:00,Dallas dock,\
                   2026-11-24T14:00:00Z,2026-11-24T16:00:00Z,42000,,,yes";
