//! Bad input: each gets its exact error, and nothing changes.

use crate::fixture::{Fixture, On, new_load, on_both};
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};
use uuid::Uuid;

on_both!(rules_of_the_trade_are_named_and_change_nothing, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let company = &fixture.acme;
    let load = maria.book(company, json!({ "carrierId": null })).await;
    let pending = maria.step(&load, "PENDING", None).await.data().clone();
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let patch = |field: &str, value: Value| json!({ "version": 2, field: value });

    let table: Vec<(_, u16, &str)> = vec![
        (maria.step(&pending, "TENDERED", None).await, 422, "carrier_required"),
        (maria.step(&pending, "DELIVERED", None).await, 422, "not_the_next_status"),
        (maria.step(&pending, "PENDING", None).await, 422, "already_in_status"),
        (maria.step(&pending, "PLANNING", Some("because")).await, 403, "load_status_revert"),
        (maria.step(&pending, "CANCELLED", Some("because")).await, 403, "load_cancel"),
        (maria.patch(&path, &patch("carrierId", json!(company.uninsured_carrier))).await, 422, "insurance_expired"),
        (maria.patch(&path, &patch("carrierId", json!(company.suspended_carrier))).await, 422, "compliance_suspended"),
        (maria.patch(&path, &patch("driverId", json!(company.driver))).await, 422, "driver_of_other_carrier"),
        (maria.patch(&path, &patch("customer", json!("  "))).await, 422, "value_out_of_bounds"),
        (maria.patch(&path, &patch("weightLbs", json!(-1))).await, 422, "value_out_of_bounds"),
        (maria.patch(&path, &patch("miles", json!(10_001))).await, 422, "value_out_of_bounds"),
        (maria.patch(&path, &patch("finance", json!({ "revenue": { "amount": 1, "currency": "USD" }, "carrierCost": { "amount": 1, "currency": "USD" } }))).await, 403, "finance_view"),
    ];
    for (answer, status, rule) in table {
        let code = if status == 403 { "forbidden" } else { "rule_broken" };
        assert_eq!(answer.refused(status, code)["rule"], rule);
    }
    let sam = fixture.login("sam", "acme").await;
    assert_eq!(sam.post("/loads", &new_load(company)).await.refused(403, "forbidden")["rule"], "load_change");
    assert_eq!(sam.patch(&path, &patch("hot", json!(true))).await.refused(403, "forbidden")["rule"], "load_change");
    assert_eq!(sam.step(&pending, "TENDERED", None).await.refused(403, "forbidden")["rule"], "load_change");
    assert_eq!(maria.get(&path).await.data()["version"], 2);
    assert_eq!(maria.get("/events?namespace=/dispatch").await.body["cursor"]["seq"], 2);
});

on_both!(what_belongs_to_another_tenant_is_not_found, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let stranger = fixture.login("admin", "globex").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    for answer in [
        stranger.get(&path).await,
        stranger.patch(&path, &json!({ "version": 1, "hot": true })).await,
        stranger.step(&load, "PENDING", None).await,
        stranger.delete(&path).await,
        stranger.post("/loads", &new_load(&fixture.acme)).await,
        stranger.get(&format!("/loads/{}", Uuid::now_v7())).await,
    ] {
        answer.refused(404, "not_found");
    }
    let mut body = new_load(&fixture.globex);
    body["carrierId"] = json!(fixture.acme.fit_carrier);
    stranger.post("/loads", &body).await.refused(404, "not_found");
    assert_eq!(maria.get(&path).await.data()["version"], 1);
});

#[tokio::test]
async fn malformed_requests_are_refused_with_what_is_wrong() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| settings.limits.body_bytes = 2_000).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/api/v1/loads/{}", load["id"].as_str().unwrap());
    let status = format!("{path}/status");
    let json_kind = "application/json";
    let huge = format!("{{\"version\": 1, \"instructions\": \"{}\"}}", "x".repeat(3_000));
    for (method, uri, kind, body, expected, code) in [
        (Method::PATCH, &status, json_kind, "{", 400, "bad_request"),
        (Method::PATCH, &status, json_kind, "[]", 400, "bad_request"),
        (Method::PATCH, &status, json_kind, "", 400, "bad_request"),
        (Method::PATCH, &status, json_kind, r#"{"status":"FLYING","version":1}"#, 400, "bad_request"),
        (Method::PATCH, &status, json_kind, r#"{"status":"PENDING","version":"1"}"#, 400, "bad_request"),
        (Method::PATCH, &status, json_kind, r#"{"status":"PENDING"}"#, 400, "bad_request"),
        (Method::PATCH, &status, json_kind, r#"{"status":"PENDING","version":1,"force":true}"#, 400, "bad_request"),
        (Method::PATCH, &path, json_kind, r#"{"version":1,"hot":1}"#, 400, "bad_request"),
        (Method::PATCH, &path, json_kind, huge.as_str(), 413, "payload_too_large"),
        (Method::PATCH, &path, "text/plain", "{}", 415, "unsupported_media_type"),
        (Method::GET, &"/api/v1/loads/LD-1".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/loads?status=FLYING".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/loads?color=red".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/loads?limit=0".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/events?namespace=/nowhere".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/events?namespace=/dispatch&after=-1".to_owned(), json_kind, "", 400, "bad_request"),
        (Method::GET, &"/api/v1/nothing".to_owned(), json_kind, "", 404, "not_found"),
        (Method::PUT, &path, json_kind, "{}", 405, "method_not_allowed"),
    ] {
        let request = Request::builder()
            .method(&method)
            .uri(uri)
            .header(header::CONTENT_TYPE, kind)
            .header(header::AUTHORIZATION, format!("Bearer {}", maria.token))
            .body(Body::from(body.to_owned()))
            .unwrap();
        let answer = fixture.send(request).await;
        let got = (answer.status.as_u16(), answer.body["error"]["code"].clone());
        assert_eq!(got, (expected, json!(code)), "{method} {uri} {body:.60}: {:?}", answer.body);
    }
    let now = maria.get(path.trim_start_matches("/api/v1")).await;
    assert_eq!(now.data()["version"], 1);
}

#[tokio::test]
async fn values_out_of_bounds_name_their_field() {
    let fixture = Fixture::build(On::Sqlite).await;
    let sarah = fixture.login("sarah", "acme").await;
    let good = new_load(&fixture.acme);
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let (pickup, delivery) = (good["stops"][0].clone(), good["stops"][1].clone());
    let mut backwards = pickup.clone();
    backwards["window"]["end"] = json!("2026-11-20T00:00:00Z");
    for (field, value, named) in [
        ("customer", json!(""), "customer"),
        ("customer", json!("x".repeat(121)), "customer"),
        ("stops", json!([]), "stops"),
        ("stops", json!([pickup]), "stops"),
        ("stops", json!([delivery, pickup]), "stops"),
        ("stops", json!([backwards, delivery]), "stops"),
        ("references", json!(["x".repeat(61)]), "references"),
        ("weightLbs", json!(250_001), "weightLbs"),
        ("miles", json!(-5), "miles"),
        ("finance", json!({ "revenue": usd(-1), "carrierCost": usd(0) }), "finance"),
        ("finance", json!({ "revenue": usd(1), "carrierCost": { "amount": 1, "currency": "CAD" } }), "finance"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = sarah.post("/loads", &body).await;
        assert_eq!(answer.refused(422, "rule_broken")["field"], named, "{body}");
    }
    assert_eq!(sarah.get("/loads").await.body["page"]["total"], 0);
}

#[tokio::test]
async fn requests_without_a_good_token_or_from_foreign_sites_are_refused() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let (cookie, bearer) = (format!("auth_token={}", maria.token), format!("Bearer {}", maria.token));
    let other = format!("Bearer {}", john.token);
    let in_query = format!("/api/v1/auth/me?token={}", maria.token);
    let me = "/api/v1/auth/me";
    type Headers<'a> = &'a [(header::HeaderName, &'a str)];
    let table: [(&str, Headers<'_>, u16, &str); 7] = [
        (me, &[], 401, "unauthorized"),
        (me, &[(header::AUTHORIZATION, "Bearer x.y.z")], 401, "unauthorized"),
        (me, &[(header::AUTHORIZATION, "Basic abc")], 401, "unauthorized"),
        (&in_query, &[], 401, "unauthorized"),
        (&in_query, &[(header::AUTHORIZATION, &bearer)], 401, "unauthorized"),
        (me, &[(header::COOKIE, &cookie), (header::AUTHORIZATION, &other)], 401, "unauthorized"),
        (me, &[(header::COOKIE, &cookie), (header::ORIGIN, "https://evil.example")], 403, "forbidden_origin"),
    ];
    for (uri, headers, status, code) in table {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        fixture.send(request.body(Body::empty()).unwrap()).await.refused(status, code);
    }
}
