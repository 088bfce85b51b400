//! A server in process, furnished for a test: two tenants with people, carriers and facilities.

use crate::postgres;
use app::domain::{
    carrier::Compliance,
    geo::LatLng,
    id::{CarrierId, DriverId, FacilityId, TenantId, UserId},
    role::Role,
    stop::Place,
    time::{DAY, HOUR, Timestamp},
};
use axum::{Router, body::Body};
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::{
    auth::{Door, password},
    clock::Clock,
    serve::Assembly,
    services::Services,
    settings::Settings,
    store::{
        Database,
        carriers::{self, Carrier, Driver},
        facilities::{self, Facility},
        tenants::{self, Tenant},
        users::{self, User},
    },
};
use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicI64, Ordering},
};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

/// When every test begins: 2026-11-21T14:05:00Z.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);
pub const PASSWORD: &str = "correct horse";
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).unwrap());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// Runs a test on each of the databases: `on_both!(name, async |fixture| { … })` is two tests.
macro_rules! on_both {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let body: fn(_) -> _ = $body;
                body(Fixture::build(crate::fixture::On::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let body: fn(_) -> _ = $body;
                body(Fixture::build(crate::fixture::On::Postgres).await).await;
            }
        }
    };
}
pub(crate) use on_both;

/// People, carriers and places of a tenant.
#[derive(Debug, Clone)]
pub struct Company {
    pub tenant: TenantId,
    pub fit_carrier: CarrierId,
    pub uninsured_carrier: CarrierId,
    pub suspended_carrier: CarrierId,
    pub driver: DriverId,
    /// Drives for the same carrier, and has no login.
    pub relief_driver: DriverId,
    pub chicago: FacilityId,
    pub dallas: FacilityId,
}

pub struct Fixture {
    pub router: Router,
    pub services: Services,
    pub door: Door,
    pub settings: Settings,
    pub acme: Company,
    pub globex: Company,
    clock: Arc<AtomicI64>,
    /// Kept until the last of the nodes ends.
    _folder: Arc<TempDir>,
}

impl Fixture {
    pub async fn build(on: On) -> Self {
        Self::with_settings(on, |_| {}).await
    }

    pub async fn with_settings(on: On, adjust: impl FnOnce(&mut Settings)) -> Self {
        // What the server logs stands beside a test that fails.
        let _ = tracing_subscriber::fmt().with_test_writer().with_max_level(tracing::Level::ERROR).try_init();
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().join("data");
        settings.limits.logins_per_minute = 100;
        settings.database.url = match on {
            On::Sqlite => format!("sqlite://{}", folder.path().join("test.db").display()),
            On::Postgres => postgres::new_database().await,
        };
        adjust(&mut settings);
        let clock = Arc::new(AtomicI64::new(NOW.millis()));
        let assembly = Assembly::build(&settings, ticking(&clock)).await.unwrap();
        let database = assembly.services.database.clone();
        let acme = furnish(&database, "acme").await;
        let globex = furnish(&database, "globex").await;
        Self {
            router: assembly.router,
            services: assembly.services,
            door: assembly.door,
            settings,
            acme,
            globex,
            clock,
            _folder: Arc::new(folder),
        }
    }

    /// The same data behind a server that was started anew.
    pub async fn restart(self) -> Self {
        let assembly = Assembly::build(&self.settings, ticking(&self.clock)).await.unwrap();
        Self { router: assembly.router, services: assembly.services, door: assembly.door, ..self }
    }

    /// Another server on the same data, which hears nothing of this one.
    pub async fn another_node(&self) -> Self {
        let assembly = Assembly::build(&self.settings, ticking(&self.clock)).await.unwrap();
        Self {
            router: assembly.router,
            services: assembly.services,
            door: assembly.door,
            settings: self.settings.clone(),
            acme: self.acme.clone(),
            globex: self.globex.clone(),
            clock: self.clock.clone(),
            _folder: self._folder.clone(),
        }
    }

    /// Somebody who has logged in before.
    pub fn with_token(&self, token: String) -> Person<'_> {
        Person { fixture: self, token }
    }

    /// A server with other settings, such as another database that holds the same.
    pub async fn move_to(self, settings: Settings) -> Self {
        Self { settings, ..self }.restart().await
    }

    pub fn advance_clock(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What is counted, as Prometheus reads it.
    pub async fn metrics(&self) -> String {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Logs a person in by the part of the e-mail address before the @, and the tenant.
    pub async fn login(&self, name: &str, tenant: &str) -> Person<'_> {
        let body = json!({ "email": format!("{name}@{tenant}.test"), "password": PASSWORD });
        let answer = self.send(json_request(Method::POST, "/auth/login", None, &body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        let token = answer.body["data"]["token"].as_str().unwrap().to_owned();
        Person { fixture: self, token }
    }
}

fn ticking(clock: &Arc<AtomicI64>) -> Clock {
    let clock = clock.clone();
    Clock::from_fn(move || Timestamp::from_millis(clock.load(Ordering::Relaxed)))
}

/// An answer, its body read as JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Asserts a refusal, and gives its details.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Value {
        assert_eq!(
            (self.status.as_u16(), self.body["error"]["code"].as_str()),
            (status, Some(code)),
            "{:?}",
            self.body
        );
        let message = self.body["error"]["message"].as_str().unwrap();
        assert!(!message.is_empty());
        &self.body["error"]["details"]
    }

    /// Asserts a success, and gives its data.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert!(self.status.is_success(), "{} {:?}", self.status, self.body);
        &self.body["data"]
    }
}

/// Somebody who is logged in.
pub struct Person<'a> {
    fixture: &'a Fixture,
    pub token: String,
}

impl Person<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, &Value::Null).await
    }

    /// An answer that is not JSON.
    pub async fn text(&self, path: &str) -> String {
        let request = json_request(Method::GET, path, Some(&self.token), &Value::Null);
        let response = self.fixture.router.clone().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path, body).await
    }

    /// The load's card as the board shows it.
    pub async fn on_board(&self, load: &Value) -> Value {
        let board = self.get("/loads/board").await;
        let card = board.data()["cards"].as_array().unwrap().iter().find(|card| card["id"] == load["id"]);
        card.expect("it is on the board").clone()
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::PATCH, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path, &Value::Null).await
    }

    async fn request(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.fixture.send(json_request(method, path, Some(&self.token), body)).await
    }

    /// Books a load from Chicago to Dallas.
    pub async fn book(&self, company: &Company, changes: Value) -> Value {
        let mut body = new_load(company);
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        self.post("/loads", &body).await.data().clone()
    }

    /// Takes a step from the version that `load` shows.
    pub async fn step(&self, load: &Value, status: &str, reason: Option<&str>) -> Answer {
        let body = json!({ "status": status, "version": load["version"], "reason": reason });
        self.patch(&format!("/loads/{}/status", load["id"].as_str().unwrap()), &body).await
    }

    /// Takes steps until the load stands in `status`.
    pub async fn bring_to(&self, load: &Value, status: &str) -> Value {
        let mut load = load.clone();
        let path = [
            "PENDING",
            "TENDERED",
            "ACCEPTED",
            "DISPATCHED",
            "AT_PICKUP",
            "PICKED_UP",
            "IN_TRANSIT",
            "AT_DELIVERY",
            "DELIVERED",
            "COMPLETED",
        ];
        let done = path.iter().position(|step| *step == load["status"]).map_or(0, |at| at + 1);
        for step in &path[done..=path.iter().position(|step| *step == status).unwrap()] {
            load = self.step(&load, step, None).await.data().clone();
        }
        load
    }
}

pub fn json_request(method: Method, path: &str, token: Option<&str>, body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    request = request.header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    request.body(body).unwrap()
}

/// The body of a load from Chicago to Dallas with the fit carrier.
pub fn new_load(company: &Company) -> Value {
    let window = |from: i64, to: i64| json!({ "kind": "FCFS", "start": NOW.plus(from), "end": NOW.plus(to) });
    json!({
        "customer": "Prairie Paper",
        "equipment": "dry_van",
        "stops": [
            { "kind": "pickup", "facilityId": company.chicago, "window": window(2 * HOUR, 4 * HOUR) },
            { "kind": "delivery", "facilityId": company.dallas, "window": window(DAY, DAY + 4 * HOUR) },
        ],
        "commodity": "Paper rolls",
        "weightLbs": 42_000,
        "carrierId": company.fit_carrier,
    })
}

/// One tenant: a person of each role, three carriers, two drivers, two facilities.
async fn furnish(database: &Database, slug: &str) -> Company {
    let mut tx = database.begin_write().await.unwrap();
    let company = Company {
        tenant: TenantId(Uuid::now_v7()),
        fit_carrier: CarrierId(Uuid::now_v7()),
        uninsured_carrier: CarrierId(Uuid::now_v7()),
        suspended_carrier: CarrierId(Uuid::now_v7()),
        driver: DriverId(Uuid::now_v7()),
        relief_driver: DriverId(Uuid::now_v7()),
        chicago: FacilityId(Uuid::now_v7()),
        dallas: FacilityId(Uuid::now_v7()),
    };
    let tenant = company.tenant;
    tenants::insert(&mut tx, &Tenant { id: tenant, slug: slug.into(), name: slug.to_uppercase() }).await.unwrap();
    for (id, name, insured_for, compliance) in [
        (company.fit_carrier, "Swift River", 90 * DAY, Compliance::Approved),
        (company.uninsured_carrier, "Lapsed Lines", -DAY, Compliance::Approved),
        (company.suspended_carrier, "Parked Partners", 90 * DAY, Compliance::Suspended),
    ] {
        let insurance_expires_at = NOW.plus(insured_for);
        let carrier =
            Carrier { id, name: name.into(), mc_number: id.to_string(), phone: None, insurance_expires_at, compliance };
        carriers::insert(&mut tx, tenant, &carrier).await.unwrap();
    }
    for (id, name) in [(company.driver, "Carlos Ortega"), (company.relief_driver, "Rosa Delgado")] {
        let carrier_id = company.fit_carrier;
        let driver = Driver { id, carrier_id, name: name.into(), phone: Some("555-0142".into()) };
        carriers::insert_driver(&mut tx, tenant, &driver).await.unwrap();
    }
    for (id, city, state, zone, location) in [
        (company.chicago, "Chicago", "IL", "America/Chicago", LatLng { lat: 41.85, lng: -87.65 }),
        (company.dallas, "Dallas", "TX", "America/Chicago", LatLng { lat: 32.78, lng: -96.8 }),
    ] {
        let place = Place { city: city.into(), state: state.into() };
        let (name, zone) = (format!("{city} dock"), zone.into());
        let facility = Facility { id, name, address: None, place, zone, location, geofence_miles: None };
        facilities::insert(&mut tx, tenant, &facility).await.unwrap();
    }
    for (name, role, carrier_id, driver_id) in [
        ("admin", Role::Admin, None, None),
        ("sarah", Role::OpsManager, None, None),
        ("maria", Role::Dispatcher, None, None),
        ("john", Role::Dispatcher, None, None),
        ("sam", Role::Support, None, None),
        ("swift", Role::Carrier, Some(company.fit_carrier), None),
        ("carlos", Role::Driver, None, Some(company.driver)),
    ] {
        let user = User {
            id: UserId(Uuid::now_v7()),
            tenant_id: tenant,
            tenant_name: String::new(),
            email: format!("{name}@{slug}.test"),
            name: name.to_owned(),
            role,
            password_hash: PASSWORD_HASH.clone(),
            carrier_id,
            driver_id,
            token_generation: 0,
        };
        users::insert(&mut tx, &user, NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    company
}
