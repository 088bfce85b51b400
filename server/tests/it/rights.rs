//! Who may call which route: judged before the body is read, and before anything is told of the state.

use crate::fixture::{Fixture, json_request, on_both};
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

const ROLES: [&str; 6] = ["admin", "sarah", "maria", "sam", "swift", "carlos"];
const CHANGERS: [&str; 3] = ["admin", "sarah", "maria"];
const MANAGERS: [&str; 1] = ["admin"];

/// Every route that changes something, and who may call it; `None` where everybody may who is logged in.
fn routes() -> Vec<(&'static str, &'static str, Option<Vec<&'static str>>)> {
    let changers = || Some(CHANGERS.to_vec());
    let managers = || Some(MANAGERS.to_vec());
    let and = |more: &[&'static str]| Some(CHANGERS.iter().chain(more).copied().collect());
    vec![
        ("POST", "/loads", changers()),
        ("PATCH", "/loads/{load}", changers()),
        ("DELETE", "/loads/{load}", changers()),
        ("POST", "/loads/import", changers()),
        ("POST", "/loads/export", None),
        ("POST", "/loads/bulk-status", and(&["swift", "carlos"])),
        ("POST", "/loads/bulk-assign", changers()),
        ("POST", "/loads/bulk-dispatch", changers()),
        ("PATCH", "/loads/{load}/status", and(&["swift", "carlos"])),
        ("POST", "/loads/{load}/assign", changers()),
        ("POST", "/loads/{load}/tender", changers()),
        ("POST", "/loads/{load}/accept", and(&["swift"])),
        ("POST", "/loads/{load}/reject", and(&["swift"])),
        ("POST", "/loads/{load}/dispatch", changers()),
        ("POST", "/loads/{load}/claim", changers()),
        ("POST", "/loads/{load}/undo", changers()),
        ("POST", "/loads/{load}/eta", and(&["carlos"])),
        ("POST", "/loads/{load}/check-calls", and(&["carlos"])),
        ("POST", "/stops/{stop}/arrive", and(&["carlos"])),
        ("POST", "/stops/{stop}/depart", and(&["carlos"])),
        ("POST", "/positions", and(&["swift", "carlos"])),
        ("POST", "/units/{unit}/readings", changers()),
        ("POST", "/sites", managers()),
        ("POST", "/units", managers()),
        ("PATCH", "/units/{unit}", managers()),
        ("POST", "/conversations", and(&["sam"])),
        ("POST", "/conversations/{load}/messages", None),
        ("POST", "/conversations/{load}/read", None),
        ("POST", "/notifications", managers()),
        ("POST", "/notifications/read-all", None),
        ("POST", "/notifications/{load}/read", None),
        ("POST", "/presets", None),
        ("PATCH", "/presets/{load}", None),
        ("DELETE", "/presets/{load}", None),
        ("POST", "/announcements", managers()),
        ("POST", "/carriers", managers()),
        ("PATCH", "/carriers/{carrier}", managers()),
        ("POST", "/facilities", managers()),
        ("PATCH", "/facilities/{facility}", managers()),
        ("POST", "/users", managers()),
        ("PATCH", "/users/{load}", managers()),
        ("DELETE", "/users/{load}", managers()),
        ("POST", "/users/{load}/password", managers()),
    ]
}

on_both!(who_may_not_is_told_so_before_anything_else_is_looked_at, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let admin = fixture.login("admin", "acme").await;
    let company = &fixture.acme;
    // Seen by all six, and where hardly anything can be done to it any more.
    let load = maria.book(company, json!({})).await;
    let driver = json!({ "version": 1, "driverId": company.driver });
    let load = maria.patch(&format!("/loads/{}", text(&load["id"])), &driver).await.data().clone();
    let load = maria.bring_to(&load, "DELIVERED").await;
    let stops = maria.get(&format!("/loads/{}/stops", text(&load["id"]))).await.data().clone();
    let site = admin.post("/sites", &json!({ "name": "Yard", "city": "Joliet", "state": "IL" })).await.data().clone();
    let unit =
        json!({ "siteId": site["id"], "name": "Room", "kind": "cold_room", "minTemperature": 0, "maxTemperature": 1 });
    let unit = admin.post("/units", &unit).await.data().clone();

    let described: Value = maria.get("/openapi.json").await.body;
    let writes = described["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys().filter(|method| *method != "get");
        methods.map(move |method| format!("{} {}", method.to_uppercase(), path))
    });
    let unnamed = |path: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let mut writes: Vec<String> =
        writes.filter(|write| !write.contains("/auth/")).map(|write| unnamed(&write)).collect();
    let mut listed: Vec<String> =
        routes().iter().map(|(method, path, _)| unnamed(&format!("{method} {path}"))).collect();
    writes.sort();
    listed.sort();
    assert_eq!(writes, listed, "the routes of this test are those of the API");

    for name in ROLES {
        let person = fixture.login(name, "acme").await;
        for (method, path, may) in routes() {
            let path = path
                .replace("{load}", text(&load["id"]))
                .replace("{stop}", text(&stops[0]["id"]))
                .replace("{unit}", text(&unit["id"]))
                .replace("{carrier}", &company.fit_carrier.to_string())
                .replace("{facility}", &company.chicago.to_string());
            // Nothing of it can be read. Who may is told that; who may not never gets so far.
            let request = Request::builder()
                .method(method)
                .uri(format!("/api/v1{path}"))
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
                .body(Body::from("{ not JSON"))
                .unwrap();
            let may = may.is_none_or(|may| may.contains(&name));
            if may && method == "DELETE" || path.ends_with("/read-all") {
                continue;
            }
            let status = fixture.send(request).await.status.as_u16();
            // Units are not seen by outside parties.
            let hidden = path.starts_with("/units/") && ["swift", "carlos"].contains(&name);
            let expected = if hidden { 404 } else { 403 };
            assert_eq!(status == expected, !may, "{name}: {method} {path}: {status}");
        }
    }
});

on_both!(a_role_without_the_right_is_not_told_of_rule_or_version, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let sam = fixture.login("sam", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let pending = maria.step(&load, "PENDING", None).await.data().clone();
    let path = format!("/loads/{}", text(&pending["id"]));
    for version in [json!(2), json!(1)] {
        let dispatched = sam.post(&format!("{path}/dispatch"), &json!({ "version": version })).await;
        assert_eq!(dispatched.refused(403, "forbidden")["rule"], "load_change");
        for (status, rule) in [("CANCELLED", "load_cancel"), ("PLANNING", "load_status_revert")] {
            let body = json!({ "status": status, "version": version, "reason": "because" });
            let refused = maria.patch(&format!("{path}/status"), &body).await;
            assert_eq!(refused.refused(403, "forbidden")["rule"], rule);
        }
    }
    // Where the load stands already is a rule for those who may alone.
    let sarah = fixture.login("sarah", "acme").await;
    let planned = maria.book(&fixture.acme, json!({})).await;
    assert_eq!(maria.step(&planned, "PLANNING", None).await.refused(403, "forbidden")["rule"], "load_status_revert");
    assert_eq!(sarah.step(&planned, "PLANNING", None).await.refused(422, "rule_broken")["rule"], "already_in_status");
});

on_both!(the_body_of_a_route_is_bounded_by_what_the_route_takes, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", text(&load["id"]));
    let large = json!({ "version": 1, "instructions": "x".repeat(70_000) });
    maria.patch(&path, &large).await.refused(413, "payload_too_large");
    // A list has more room.
    let positions: Vec<Value> = (0..1_000)
        .map(|_| json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.0, "heading": 1.0, "speed": 2.0 }))
        .collect();
    let request = json_request(Method::POST, "/positions", Some(&maria.token), &json!(positions));
    assert_ne!(fixture.send(request).await.status.as_u16(), 413);
});

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
