//! The audit trail: who let themselves in and out, changed people and rights, took data out or brought it in.

use crate::{
    fixture::{Fixture, On, PASSWORD, Person, json_request, on_both},
    wire::{ask, status},
};
use app::domain::time::{HOUR, MINUTE};
use http::Method;
use serde_json::{Value, json};
use server::{
    clock::Clock,
    operations::{self, NewUser},
};

/// The trail as an admin reads it, oldest first.
async fn trail(admin: &Person<'_>, query: &str) -> Vec<Value> {
    let answer = admin.get(&format!("/audit?{query}")).await;
    let mut entries = answer.data().as_array().unwrap().clone();
    entries.reverse();
    entries
}

/// What is noted of a failed login comes after its answer.
async fn until_noted(person: &Person<'_>, count: usize) {
    for _ in 0..1_000 {
        if trail(person, "").await.len() >= count {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("fewer than {count} entries");
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

async fn id_of(person: &Person<'_>) -> String {
    person.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned()
}

on_both!(what_is_done_to_people_is_in_the_trail_with_who_did_it, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let wrong = json!({ "email": "sam@acme.test", "password": "wrong" });
    fixture.send(json_request(Method::POST, "/auth/login", None, &wrong)).await.refused(401, "unauthorized");
    until_noted(&admin, 2).await;
    let unknown = json!({ "email": "nobody@acme.test", "password": "wrong" });
    fixture.send(json_request(Method::POST, "/auth/login", None, &unknown)).await.refused(401, "unauthorized");
    let john = fixture.login("john", "acme").await;
    let (admin_id, john_id) = (id_of(&admin).await, id_of(&john).await);
    let dana = json!({ "email": "dana@acme.test", "name": "Dana", "role": "support", "password": "good and long" });
    let dana = admin.post("/users", &dana).await.data()["id"].as_str().unwrap().to_owned();
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "battery staple" });
    let token = john.post("/auth/password", &change).await.data()["token"].as_str().unwrap().to_owned();
    fixture.send(json_request(Method::POST, "/auth/logout", Some(&token), &Value::Null)).await.data();
    admin.patch(&format!("/users/{john_id}"), &json!({ "name": "John Q", "role": "ops_manager" })).await.data();
    admin.post(&format!("/users/{john_id}/password"), &json!({ "password": "good and long" })).await.data();
    admin.delete(&format!("/users/{dana}")).await.data();
    // What is refused was not done.
    admin.delete(&format!("/users/{admin_id}")).await.refused(422, "rule_broken");

    let entries = trail(&admin, "").await;
    assert_eq!(
        actions(&entries),
        [
            "login",
            "login_failed",
            "login",
            "user_created",
            "password_changed",
            "logout",
            "user_renamed",
            "role_changed",
            "password_set",
            "user_removed"
        ]
    );
    let [login, failed, .., role, set, removed] = &entries[..] else { panic!() };
    assert_eq!(login["actor"], json!({ "id": admin_id, "name": "admin" }));
    assert_eq!(login["at"], "2026-11-21T14:05:00.000Z");
    assert_eq!((&failed["actor"], &failed["details"]["email"]), (&Value::Null, &json!("sam@acme.test")));
    assert_eq!(role["details"], json!({ "name": "John Q", "from": "dispatcher", "to": "ops_manager" }));
    assert_eq!(set["subject"], json!({ "kind": "user", "id": john_id }));
    assert_eq!((&removed["subject"]["id"], &removed["details"]["email"]), (&json!(dana), &json!("dana@acme.test")));
    assert!(!json!(entries).to_string().contains("argon2") && !json!(entries).to_string().contains("good and long"));

    let elsewhere = fixture.login("admin", "globex").await;
    assert_eq!(actions(&trail(&elsewhere, "").await), ["login"], "each tenant has its own");
});

on_both!(what_is_done_to_carriers_facilities_and_files_is_in_the_trail, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let carrier = fixture.acme.fit_carrier;
    admin.patch(&format!("/carriers/{carrier}"), &json!({ "compliance": "suspended" })).await.data();
    // Nothing changes.
    admin.patch(&format!("/carriers/{carrier}"), &json!({ "compliance": "suspended" })).await.data();
    admin.patch(&format!("/facilities/{}", fixture.acme.dallas), &json!({ "geofenceMiles": 2.0 })).await.data();
    admin.post("/announcements", &json!({ "message": "Closed on Friday" })).await.data();
    let sarah = fixture.login("sarah", "acme").await;
    sarah.text("/loads/export").await;
    let entries = trail(&admin, "").await;
    assert_eq!(
        actions(&entries),
        ["login", "carrier_changed", "facility_changed", "announced", "login", "loads_exported"]
    );
    let [_, changed, facility, announced, _, exported] = &entries[..] else { panic!() };
    let compliance = [&changed["details"]["before"]["compliance"], &changed["details"]["after"]["compliance"]];
    assert_eq!(compliance, ["approved", "suspended"]);
    assert_eq!(facility["details"]["after"]["geofenceMiles"], 2.0);
    assert_eq!(announced["actor"]["name"], "admin");
    assert_eq!(
        (&exported["actor"]["name"], &exported["details"]),
        (&json!("sarah"), &json!({ "loads": 0, "finance": true }))
    );
});

on_both!(the_trail_is_read_page_by_page_and_by_action_person_and_time, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let maria = fixture.login("maria", "acme").await;
    for hour in 0..5 {
        fixture.advance_clock(if hour == 0 { MINUTE } else { HOUR });
        fixture.login("maria", "acme").await;
        admin.post("/announcements", &json!({ "message": format!("{hour}") })).await.data();
    }
    let maria = id_of(&maria).await;
    assert_eq!(trail(&admin, &format!("actor={maria}")).await.len(), 6);
    assert_eq!(actions(&trail(&admin, &format!("actor={maria}&action=announced")).await).len(), 0);
    let between = "action=announced&from=2026-11-21T15:06:00Z&to=2026-11-21T17:06:00Z";
    let said: Vec<_> = trail(&admin, between).await.iter().map(|entry| entry["details"]["message"].clone()).collect();
    assert_eq!(said, ["1", "2"]);

    let all = admin.get("/audit").await.body;
    assert_eq!(all["page"], json!({ "next": null, "total": 12 }));
    let (mut read, mut next) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/audit?limit=5{next}")).await.body;
        assert_eq!(page["page"]["total"], 12);
        read.extend(page["data"].as_array().unwrap().clone());
        let Some(cursor) = page["page"]["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(json!(read), all["data"]);
    for bad in ["limit=0", "limit=501", "cursor=x", "action=sneezed", "actor=x", "from=yesterday", "who=maria"] {
        admin.get(&format!("/audit?{bad}")).await.refused(400, "bad_request");
    }
});

#[tokio::test]
async fn only_admins_read_the_trail() {
    let fixture = Fixture::build(On::Sqlite).await;
    for name in ["sarah", "maria", "sam", "swift", "carlos"] {
        fixture.login(name, "acme").await.get("/audit").await.refused(403, "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_tells_from_where_and_what_operators_did() {
    let fixture = Fixture::with_settings(On::Sqlite, |settings| {
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await;
    let server = fixture.listen().await;
    let body = json!({ "email": "maria@acme.test", "password": PASSWORD });
    let from = "x-forwarded-for: 203.0.113.5";
    assert_eq!(status(&ask(&server, "", &[from], "POST /api/v1/auth/login", &body).await), 200);
    let database = &fixture.services.database;
    let olga = NewUser {
        tenant: "acme".into(),
        email: "olga@acme.test".into(),
        name: "Olga".into(),
        role: app::domain::role::Role::Support,
        password: "good and long".into(),
    };
    operations::add_user(database, olga, &Clock::system()).await.unwrap();
    operations::issue_token(&fixture.settings, database, "olga@acme.test").await.unwrap();
    let admin = fixture.login("admin", "acme").await;
    let logins = trail(&admin, "action=login").await;
    assert_eq!(logins[0]["address"], "203.0.113.5");
    for action in ["user_created", "token_issued"] {
        let entries = trail(&admin, &format!("action={action}")).await;
        assert_eq!((entries.len(), &entries[0]["actor"]), (1, &Value::Null), "{action}");
    }
}
