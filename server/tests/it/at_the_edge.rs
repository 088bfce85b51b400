//! What answers say to browsers, what other sites may read, and what other accounts of the machine may.

use crate::fixture::{Fixture, On, PASSWORD, json_request};
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

async fn with_site(public_url: &str) -> Fixture {
    Fixture::with_settings(On::Sqlite, |settings| {
        settings.server.public_url = public_url.into();
        settings.server.allowed_origins = vec!["https://wall.example".into()];
    })
    .await
}

fn preflight(path: &str, origin: &str) -> Request<Body> {
    let request = Request::builder().method(Method::OPTIONS).uri(path).header(header::ORIGIN, origin);
    let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "PATCH");
    request.header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization").body(Body::empty()).unwrap()
}

fn from_site(path: &str, origin: &str) -> Request<Body> {
    Request::get(path).header(header::ORIGIN, origin).body(Body::empty()).unwrap()
}

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

#[tokio::test]
async fn an_allowed_site_may_read_rest_and_sockets_that_poll_and_no_other_may() {
    let fixture = with_site("https://freight.example").await;
    for path in ["/api/v1/loads/board", "/api/v1/auth/login", POLLING] {
        for (origin, allowed) in [("https://wall.example", true), ("https://evil.example", false), ("null", false)] {
            for request in [preflight(path, origin), from_site(path, origin)] {
                let asked = format!("{} {path} from {origin}", request.method());
                let answer = fixture.send(request).await;
                let said = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
                let expected = allowed.then(|| origin.to_owned());
                assert_eq!(said("access-control-allow-origin"), expected, "{asked}");
                let expected = allowed.then(|| "true".to_owned());
                assert_eq!(said("access-control-allow-credentials"), expected, "{asked}");
            }
        }
    }
    let answer = fixture.send(preflight("/api/v1/loads/board", "https://wall.example")).await;
    let headers = answer.headers["access-control-allow-headers"].to_str().unwrap().to_lowercase();
    assert!(headers.contains("authorization") && headers.contains("idempotency-key"), "{headers}");
    let page = fixture.send(from_site("/login", "https://wall.example")).await;
    assert!(!page.headers.contains_key("access-control-allow-origin"), "pages are for nobody to read");
}

#[tokio::test]
async fn an_answer_of_the_api_is_kept_by_nobody_and_is_no_page() {
    let fixture = with_site("http://127.0.0.1:3000").await;
    let maria = fixture.login("maria", "acme").await;
    for answer in [maria.get("/loads/board").await, maria.get("/nowhere").await] {
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        assert!(!answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "the site is not https");
    }
    let page = fixture.send(Request::get("/login").body(Body::empty()).unwrap()).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("connect-src 'self';"), "{policy}");
}

#[tokio::test]
async fn a_site_that_is_https_insists_on_it() {
    let fixture = with_site("https://freight.example").await;
    for path in ["/api/v1/auth/me", "/login", "/healthz", POLLING] {
        let answer = fixture.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_says_https_cookies_are_secure_though_the_setting_was_forgotten() {
    let fixture = Fixture::build(On::Sqlite).await;
    let body = json!({ "email": "maria@acme.test", "password": PASSWORD });
    for (proto, secure) in [(None, false), (Some("http"), false), (Some("https"), true)] {
        let mut login = json_request(Method::POST, "/auth/login", None, &body);
        if let Some(proto) = proto {
            // As the listener leaves it where a trusted proxy said so.
            login.headers_mut().insert("x-forwarded-proto", proto.parse().unwrap());
        }
        let answer = fixture.send(login).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            assert_eq!(cookie.to_str().unwrap().ends_with("; Secure"), secure, "{proto:?} {cookie:?}");
        }
    }
}

#[tokio::test]
async fn the_site_without_tls_is_not_the_site() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    for (origin, expected) in [("https://node.example", 200), ("http://node.example", 403)] {
        let request =
            Request::get("/api/v1/auth/me").header(header::HOST, "node.example").header("x-forwarded-proto", "https");
        let request =
            request.header(header::ORIGIN, origin).header(header::COOKIE, format!("auth_token={}", maria.token));
        assert_eq!(fixture.send(request.body(Body::empty()).unwrap()).await.status, expected, "{origin}");
    }
}

#[tokio::test]
async fn other_accounts_of_the_machine_do_not_read_the_data() {
    let fixture = Fixture::build(On::Sqlite).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = &fixture.settings.server.data_dir;
    assert_eq!(mode(data), 0o700);
    let file = fixture.settings.database.url.trim_start_matches("sqlite://").to_owned();
    for file in [file.clone(), format!("{file}-wal"), format!("{file}-shm")] {
        assert_eq!(mode(file.as_ref()), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_password_takes_as_many_characters_everywhere() {
    let fixture = Fixture::build(On::Sqlite).await;
    let admin = fixture.login("admin", "acme").await;
    let wish = |password: &str| json!({ "email": "d@acme.test", "name": "D", "role": "support", "password": password });
    assert_eq!(admin.post("/users", &wish("elevenchars")).await.refused(422, "rule_broken")["field"], "password");
    admin.post("/users", &wish("twelve chars")).await.data();
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "elevenchars" });
    admin.post("/auth/password", &change).await.refused(422, "rule_broken");
}
