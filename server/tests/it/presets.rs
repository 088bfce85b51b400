//! Saved views: everybody has their own, within bounds.

use crate::fixture::{Fixture, Person, on_both};
use serde_json::{Value, json};
use uuid::Uuid;

async fn names(person: &Person<'_>) -> Vec<String> {
    let page = person.get("/presets").await;
    let names = page.data().as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
    names.collect()
}

fn texas() -> Value {
    json!({ "name": " Texas reefers ", "query": "?equipment=reefer&to=TX&sort=unassigned:pickup" })
}

fn address(preset: &Value) -> String {
    format!("/presets/{}", preset["id"].as_str().unwrap())
}

on_both!(a_view_is_saved_changed_and_deleted, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    assert_eq!(maria.get("/presets").await.body, json!({ "data": [], "page": { "next": null, "total": 0 } }));
    let answer = maria.post("/presets", &texas()).await;
    assert_eq!(answer.status, 201);
    let saved = answer.data().clone();
    let expected = json!({ "id": saved["id"], "name": "Texas reefers",
        "query": "equipment=reefer&to=TX&sort=unassigned:pickup", "createdAt": "2026-11-21T14:05:00.000Z" });
    assert_eq!(saved, expected);
    let plain = maria.post("/presets", &json!({ "name": "Plain", "query": "" })).await.data().clone();

    let renamed = maria.patch(&address(&saved), &json!({ "name": "Texas" })).await.data().clone();
    assert_eq!((&renamed["name"], &renamed["query"]), (&json!("Texas"), &saved["query"]));
    let moved = maria.patch(&address(&saved), &json!({ "query": "to=GA" })).await.data().clone();
    assert_eq!((&moved["name"], &moved["query"]), (&json!("Texas"), &json!("to=GA")));
    assert_eq!(maria.patch(&address(&saved), &json!({})).await.data(), &moved);

    // Another login of the same person, and a server that was started anew.
    assert_eq!(names(&fixture.login("maria", "acme").await).await, ["Texas", "Plain"]);
    let fixture = fixture.restart().await;
    let maria = fixture.login("maria", "acme").await;
    assert_eq!(maria.get("/presets").await.data(), &json!([moved, plain]));

    assert_eq!(maria.delete(&address(&moved)).await.data(), &json!({ "done": true }));
    maria.delete(&address(&moved)).await.refused(404, "not_found");
    assert_eq!(names(&maria).await, ["Plain"]);
});

on_both!(what_others_have_saved_is_nobody_elses, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let saved = maria.post("/presets", &texas()).await.data().clone();
    for (name, tenant) in [("john", "acme"), ("admin", "acme"), ("swift", "acme"), ("maria", "globex")] {
        let other = fixture.login(name, tenant).await;
        assert!(names(&other).await.is_empty(), "{name}@{tenant}");
        other.patch(&address(&saved), &json!({ "name": "Mine" })).await.refused(404, "not_found");
        other.delete(&address(&saved)).await.refused(404, "not_found");
        // The name is free for everybody else.
        other.post("/presets", &texas()).await.data();
        assert_eq!(names(&other).await, ["Texas reefers"]);
    }
    maria.patch(&format!("/presets/{}", Uuid::now_v7()), &json!({})).await.refused(404, "not_found");
    assert_eq!(maria.get("/presets").await.data(), &json!([saved]));
});

on_both!(a_name_is_used_once_whatever_its_capitals, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let first = maria.post("/presets", &json!({ "name": "Überfällig", "query": "" })).await.data().clone();
    let second = maria.post("/presets", &json!({ "name": "Texas", "query": "to=TX" })).await.data().clone();
    let taken = json!({ "name": "ÜBERFÄLLIG", "query": "" });
    assert_eq!(maria.post("/presets", &taken).await.refused(409, "conflict")["field"], "name");
    let renaming = json!({ "name": "überfällig" });
    assert_eq!(maria.patch(&address(&second), &renaming).await.refused(409, "conflict")["field"], "name");
    // Its own name is its own, in whatever capitals.
    assert_eq!(maria.patch(&address(&first), &renaming).await.data()["name"], "überfällig");
    maria.delete(&address(&first)).await.data();
    maria.post("/presets", &taken).await.data();
    // Two at once: one of them has it.
    let [left, right] = ["Twice", "twice"].map(|name| json!({ "name": name, "query": "" }));
    let (one, other) = futures::join!(maria.post("/presets", &left), maria.post("/presets", &right));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
});

on_both!(values_out_of_bounds_save_nothing, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("é".repeat(61))),
        ("query", json!("a".repeat(2_001))),
        ("query", json!("q=a b")),
        ("query", json!("q=a\nb")),
        ("query", json!("q=a#b")),
    ] {
        let mut body = texas();
        body[field] = value;
        assert_eq!(maria.post("/presets", &body).await.refused(422, "rule_broken")["field"], field, "{body}");
    }
    for body in [json!({}), json!({ "name": "X" }), json!({ "name": "X", "query": 1 }), json!([])] {
        maria.post("/presets", &body).await.refused(400, "bad_request");
    }
    let mut more = texas();
    more["userId"] = json!(Uuid::now_v7());
    maria.post("/presets", &more).await.refused(400, "bad_request");
    assert!(names(&maria).await.is_empty());

    let saved = maria.post("/presets", &json!({ "name": "é".repeat(60), "query": "a".repeat(2_000) })).await;
    let saved = saved.data().clone();
    for patch in [json!({ "name": "" }), json!({ "query": "a".repeat(2_001) })] {
        maria.patch(&address(&saved), &patch).await.refused(422, "rule_broken");
    }
    maria.patch("/presets/7", &json!({})).await.refused(400, "bad_request");
    assert_eq!(maria.get("/presets").await.data(), &json!([saved]));
});

on_both!(a_person_has_fifty_at_most, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for number in 1..50 {
        maria.post("/presets", &json!({ "name": format!("View {number}"), "query": "" })).await.data();
    }
    // There is room for one more: of two at once, one is saved.
    let [left, right] = ["Left", "Right"].map(|name| json!({ "name": name, "query": "" }));
    let (one, other) = futures::join!(maria.post("/presets", &left), maria.post("/presets", &right));
    let refused = if one.status.is_success() { &other } else { &one };
    assert_eq!(refused.refused(422, "rule_broken")["rule"], "too_many_presets");
    assert_eq!(names(&maria).await.len(), 50);
    fixture.login("john", "acme").await.post("/presets", &texas()).await.data();
});
