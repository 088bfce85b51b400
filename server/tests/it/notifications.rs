//! Notifications: who is told what, and that reading is known on every device.

use crate::fixture::{Fixture, Person, on_both};
use serde_json::{Value, json};
use server::store::Database;
use uuid::Uuid;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn id_of(person: &Person<'_>) -> String {
    text(&person.get("/auth/me").await.data()["id"]).to_owned()
}

/// The events of a person's own stream.
async fn heard(person: &Person<'_>) -> Vec<Value> {
    let stream = format!("user:{}", id_of(person).await);
    let page = person.get(&format!("/events?namespace=/notifications&stream={stream}")).await.body;
    page["data"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
}

fn news(to: Value) -> Value {
    let mut body = json!({ "type": "info", "title": "Dock closed", "message": "Use door 4", "link": "/loads?q=1" });
    body.as_object_mut().unwrap().extend(to.as_object().unwrap().clone());
    body
}

on_both!(a_decline_is_told_to_the_loads_dispatcher, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    swift.step(&tendered, "PENDING", Some("No truck in Chicago")).await.data();

    let list = maria.get("/notifications").await.body;
    assert_eq!((&list["unreadCount"], &list["page"]["total"]), (&json!(1), &json!(1)));
    let told = &list["data"][0];
    let number = text(&load["loadNumber"]);
    assert_eq!(told["message"], format!("Swift River declined {number}: No truck in Chicago"));
    assert_eq!((&told["type"], text(&told["link"])), (&json!("warning"), &*format!("/loads/{}", text(&load["id"]))));
    assert_eq!(told["readAt"], Value::Null);
    let own = format!("user:{}", id_of(&maria).await);
    assert_eq!(list["cursors"]["/notifications"][&own]["seq"], 1);
    let event = &heard(&maria).await[0];
    assert_eq!((&event["event"], &event["data"]["id"]), (&json!("notification:new"), &told["id"]));
    assert_eq!(text(&event["data"]["userId"]), id_of(&maria).await);
    for name in ["john", "sarah", "swift"] {
        let other = fixture.login(name, "acme").await;
        assert_eq!(other.get("/notifications").await.body["page"]["total"], 0, "{name}");
        other.get(&format!("/events?namespace=/notifications&stream={own}")).await.refused(404, "not_found");
    }
});

on_both!(a_decline_of_a_load_without_dispatcher_is_told_to_all_of_them, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    let database = Database::open(&fixture.settings.database.url).await.unwrap();
    let mut tx = database.begin_write().await.unwrap();
    let set = sqlx::query("UPDATE loads SET dispatcher_id = NULL WHERE id = $1").bind(text(&load["id"]));
    set.execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    database.close().await;
    swift.step(&tendered, "PENDING", Some("No truck")).await.data();
    for (name, count) in [("maria", 1), ("john", 1), ("sarah", 0), ("admin", 0), ("swift", 0)] {
        let person = fixture.login(name, "acme").await;
        assert_eq!(person.get("/notifications").await.body["unreadCount"], count, "{name}");
    }
    let stranger = fixture.login("maria", "globex").await;
    assert_eq!(stranger.get("/notifications").await.body["unreadCount"], 0);
});

on_both!(reading_is_told_once_to_all_devices_of_the_person, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let maria = fixture.login("maria", "acme").await;
    let phone = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let told = admin.post("/notifications", &news(json!({ "role": "dispatcher" }))).await;
    assert_eq!((told.status.as_u16(), told.data()), (201, &json!({ "told": 2 })));
    let list = maria.get("/notifications?unread=true").await.body;
    let path = format!("/notifications/{}/read", text(&list["data"][0]["id"]));
    john.post(&path, &Value::Null).await.refused(404, "not_found");
    fixture.advance_clock(1_000);
    maria.post(&path, &Value::Null).await.data();
    phone.post(&path, &Value::Null).await.data();

    let now = phone.get("/notifications").await.body;
    assert_eq!((&now["unreadCount"], &now["data"][0]["readAt"]), (&json!(0), &json!("2026-11-21T14:05:01.000Z")));
    let events = heard(&phone).await;
    assert_eq!(events.len(), 2, "{events:?}");
    let expected = json!({ "id": list["data"][0]["id"], "readAt": "2026-11-21T14:05:01.000Z" });
    assert_eq!((&events[1]["event"], &events[1]["data"]), (&json!("notification:read"), &expected));
    assert_eq!(john.get("/notifications").await.body["unreadCount"], 1, "each reads for oneself");
    maria.post(&format!("/notifications/{}/read", Uuid::now_v7()), &Value::Null).await.refused(404, "not_found");
});

on_both!(everything_can_be_read_at_once_and_is_listed_page_by_page, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let maria = fixture.login("maria", "acme").await;
    let her = id_of(&maria).await;
    for _ in 0..5 {
        admin.post("/notifications", &news(json!({ "userIds": [her, her] }))).await.data();
    }
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("/notifications?limit=2{cursor}")).await.body;
        assert_eq!((&page["page"]["total"], &page["unreadCount"]), (&json!(5), &json!(5)));
        ids.extend(page["data"].as_array().unwrap().iter().map(|one| text(&one["id"]).to_owned()));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(ids.len() == 5 && ids.is_sorted_by(|newer, older| newer > older), "{ids:?}");
    maria.post(&format!("/notifications/{}/read", ids[0]), &Value::Null).await.data();
    assert_eq!(maria.get("/notifications?unread=false").await.body["page"]["total"], 1);
    assert_eq!(maria.post("/notifications/read-all", &Value::Null).await.data()["read"], 4);
    assert_eq!(maria.post("/notifications/read-all", &Value::Null).await.data()["read"], 0);
    assert_eq!(maria.get("/notifications?unread=true").await.body["page"]["total"], 0);
    assert_eq!(heard(&maria).await.iter().filter(|event| event["event"] == "notification:read").count(), 5);
    maria.get("/notifications?limit=0").await.refused(400, "bad_request");
});

on_both!(an_admin_tells_people_of_the_own_tenant, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let stranger = id_of(&fixture.login("maria", "globex").await).await;
    let maria = fixture.login("maria", "acme").await;
    let her = id_of(&maria).await;
    let to_her = news(json!({ "userIds": [her] }));
    let with = |field: &str, value: Value| {
        let mut body = to_her.clone();
        body[field] = value;
        body
    };
    for (body, status, code) in [
        (news(json!({ "userIds": [stranger] })), 404, "not_found"),
        (news(json!({ "userIds": [her, stranger] })), 404, "not_found"),
        (news(json!({ "userIds": [] })), 422, "rule_broken"),
        (news(json!({})), 422, "rule_broken"),
        (with("role", json!("admin")), 422, "rule_broken"),
        (with("title", json!(" ")), 422, "rule_broken"),
        (with("message", json!("x".repeat(2_001))), 422, "rule_broken"),
        (with("link", json!("//evil.test")), 422, "rule_broken"),
        (with("link", json!("https://evil.test")), 422, "rule_broken"),
        (with("type", json!("loud")), 400, "bad_request"),
    ] {
        admin.post("/notifications", &body).await.refused(status, code);
    }
    for name in ["sarah", "maria", "sam", "swift", "carlos"] {
        let answer = fixture.login(name, "acme").await.post("/notifications", &to_her).await;
        assert_eq!(answer.refused(403, "forbidden")["rule"], "tenant_manage", "{name}");
    }
    assert_eq!(maria.get("/notifications").await.body["page"]["total"], 0);
    admin.post("/notifications", &with("link", Value::Null)).await.data();
    let told = maria.get("/notifications").await.body["data"][0].clone();
    assert_eq!((&told["title"], &told["link"]), (&json!("Dock closed"), &Value::Null));
});
