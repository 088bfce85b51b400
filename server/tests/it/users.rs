//! The people of a tenant: adding, changing, removing them, and their passwords.

use crate::{
    fixture::{Fixture, PASSWORD, Person, json_request, on_both},
    polling::Tab,
};
use http::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

async fn id_of(person: &Person<'_>) -> String {
    person.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned()
}

/// The status of a login.
async fn log_in(fixture: &Fixture, email: &str, password: &str) -> u16 {
    let body = json!({ "email": email, "password": password });
    fixture.send(json_request(Method::POST, "/auth/login", None, &body)).await.status.as_u16()
}

async fn is_let_in(fixture: &Fixture, token: &str) -> bool {
    fixture.send(json_request(Method::GET, "/auth/me", Some(token), &Value::Null)).await.status.is_success()
}

fn dana() -> Value {
    json!({ "email": " Dana@acme.test", "name": "Dana Reyes", "role": "dispatcher", "password": "good and long enough" })
}

on_both!(an_admin_adds_people_who_can_log_in, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let added = admin.post("/users", &dana()).await;
    assert_eq!(added.status, 201);
    let id = added.data()["id"].clone();
    assert_eq!(
        *added.data(),
        json!({ "id": id, "name": "Dana Reyes", "email": "dana@acme.test", "role": "dispatcher" })
    );
    assert_eq!(log_in(&fixture, "dana@acme.test", "good and long enough").await, 200);

    let office = json!({ "email": "office@acme.test", "name": "Office", "role": "carrier", "password": "good and long enough",
        "carrierId": fixture.acme.suspended_carrier });
    assert_eq!(admin.post("/users", &office).await.data()["carrierId"], json!(fixture.acme.suspended_carrier));
    let driver = json!({ "email": "rosa@acme.test", "name": "Rosa", "role": "driver", "password": "good and long enough",
        "driverId": fixture.acme.relief_driver });
    admin.post("/users", &driver).await.data();

    let listed = fixture.login("sam", "acme").await.get("/users").await.body;
    assert_eq!(listed["page"], json!({ "next": null, "total": 10 }));
    assert!(!listed.to_string().contains("argon2"));
    let emails: Vec<_> =
        listed["data"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect();
    assert!(
        emails.contains(&"dana@acme.test") && emails.iter().all(|email| email.ends_with("@acme.test")),
        "{emails:?}"
    );
});

on_both!(who_may_not_or_gives_bad_values_adds_nobody, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    for name in ["sarah", "maria", "sam", "swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        assert_eq!(person.post("/users", &dana()).await.refused(403, "forbidden")["rule"], "tenant_manage");
    }
    for name in ["swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        assert_eq!(person.get("/users").await.refused(403, "forbidden")["rule"], "staff_only");
    }
    for (field, value, named) in [
        ("email", json!("nobody"), "email"),
        ("email", json!("a b@acme.test"), "email"),
        ("email", json!(format!("{}@acme.test", "x".repeat(250))), "email"),
        ("name", json!(" "), "name"),
        ("password", json!("7 chars"), "password"),
        ("password", json!("x".repeat(1_025)), "password"),
        ("role", json!("carrier"), "carrierId"),
        ("role", json!("driver"), "driverId"),
        ("carrierId", json!(fixture.acme.fit_carrier), "carrierId"),
    ] {
        let mut body = dana();
        body[field] = value;
        assert_eq!(admin.post("/users", &body).await.refused(422, "rule_broken")["field"], named, "{body}");
    }
    let mut taken = dana();
    taken["email"] = json!("maria@GLOBEX.test");
    assert_eq!(admin.post("/users", &taken).await.refused(409, "conflict")["field"], "email");
    let login = |email: &str, driver: Value| json!({ "email": email, "name": "D", "role": "driver", "password": "good and long enough", "driverId": driver });
    let second = login("second@acme.test", json!(fixture.acme.driver));
    assert_eq!(admin.post("/users", &second).await.refused(409, "conflict")["field"], "driverId");
    for foreign in [json!(fixture.globex.relief_driver), json!(Uuid::now_v7())] {
        admin.post("/users", &login("d@acme.test", foreign)).await.refused(404, "not_found");
    }
    assert_eq!(admin.get("/users").await.body["page"]["total"], 7);
});

on_both!(a_removed_person_is_out_everywhere_at_once, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let (maria, phone) = (fixture.login("maria", "acme").await, fixture.login("maria", "acme").await);
    let mut tabs =
        [Tab::open(&fixture, "/events", &maria.token).await, Tab::open(&fixture, "/dispatch", &phone.token).await];
    let mut bystander = Tab::open(&fixture, "/dispatch", &admin.token).await;
    let id = id_of(&maria).await;
    admin.delete(&format!("/users/{id}")).await.data();
    for tab in &mut tabs {
        tab.closed().await;
    }
    for person in [&maria, &phone] {
        person.get("/loads/board").await.refused(401, "unauthorized");
        person.post("/auth/refresh", &Value::Null).await.refused(401, "unauthorized");
    }
    assert_eq!(log_in(&fixture, "maria@acme.test", PASSWORD).await, 401);
    assert_eq!(bystander.ask("leave:load", json!({ "loadId": id })).await["left"], true);
    assert_eq!(admin.get("/users").await.body["page"]["total"], 6);
    for answer in [
        admin.delete(&format!("/users/{id}")).await,
        admin.patch(&format!("/users/{id}"), &json!({ "name": "Ghost" })).await,
        admin.post(&format!("/users/{id}/password"), &json!({ "password": "good and long enough" })).await,
    ] {
        answer.refused(404, "not_found");
    }
    // The address is free for another login, and the old tokens stay worthless.
    let mut again = dana();
    again["email"] = json!("maria@acme.test");
    admin.post("/users", &again).await.data();
    assert_eq!(log_in(&fixture, "maria@acme.test", "good and long enough").await, 200);
    let token = maria.token.clone();
    let fixture = fixture.restart().await;
    assert!(!is_let_in(&fixture, &token).await);
});

on_both!(a_new_role_shuts_out_the_old_tokens_and_a_new_name_does_not, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let sarah = fixture.login("sarah", "acme").await;
    let path = format!("/users/{}", id_of(&sarah).await);
    let renamed = admin.patch(&path, &json!({ "name": " Sarah Lindqvist " })).await;
    assert_eq!(renamed.data()["name"], "Sarah Lindqvist");
    admin.patch(&path, &json!({ "role": "ops_manager" })).await.data();
    assert_eq!(sarah.get("/auth/me").await.data()["name"], "Sarah Lindqvist");

    let mut tab = Tab::open(&fixture, "/events", &sarah.token).await;
    assert_eq!(admin.patch(&path, &json!({ "role": "support" })).await.data()["role"], "support");
    tab.closed().await;
    sarah.get("/auth/me").await.refused(401, "unauthorized");
    let again = fixture.login("sarah", "acme").await;
    assert_eq!(again.get("/auth/me").await.data()["permissions"], json!(["load_view_all"]));

    let swift = id_of(&fixture.login("swift", "acme").await).await;
    for (id, role) in [(swift.as_str(), "admin"), (path.trim_start_matches("/users/"), "carrier")] {
        let answer = admin.patch(&format!("/users/{id}"), &json!({ "role": role })).await;
        assert_eq!(answer.refused(422, "rule_broken")["rule"], "role_of_outside_party");
    }
    let stranger = fixture.login("admin", "globex").await;
    stranger.patch(&path, &json!({ "name": "Mine" })).await.refused(404, "not_found");
    stranger.delete(&path).await.refused(404, "not_found");
});

on_both!(a_tenant_is_never_left_without_an_admin, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let own = format!("/users/{}", id_of(&admin).await);
    let rule = async |answer: crate::fixture::Answer| answer.refused(422, "rule_broken")["rule"].clone();
    assert_eq!(rule(admin.delete(&own).await).await, "oneself");
    assert_eq!(rule(admin.patch(&own, &json!({ "role": "dispatcher" })).await).await, "last_admin");
    let new = json!({ "password": "good and long enough" });
    assert_eq!(rule(admin.post(&format!("{own}/password"), &new).await).await, "oneself");

    let sarah = fixture.login("sarah", "acme").await;
    let other = format!("/users/{}", id_of(&sarah).await);
    admin.patch(&other, &json!({ "role": "admin" })).await.data();
    let sarah = fixture.login("sarah", "acme").await;
    // Both take the right from one another at the same moment: one of them keeps it.
    let demotion = json!({ "role": "support" });
    let (first, second) = futures::join!(admin.patch(&other, &demotion), sarah.patch(&own, &demotion));
    assert_eq!([&first, &second].iter().filter(|answer| answer.status.is_success()).count(), 1, "{first:?} {second:?}");
    let john = fixture.login("john", "acme").await;
    let users = john.get("/users").await.body;
    assert_eq!(users["data"].as_array().unwrap().iter().filter(|user| user["role"] == "admin").count(), 1);
});

on_both!(a_new_password_keeps_this_device_and_ends_every_other_session, |fixture: Fixture| async move {
    let (maria, phone) = (fixture.login("maria", "acme").await, fixture.login("maria", "acme").await);
    let mut tab = Tab::open(&fixture, "/events", &phone.token).await;
    let change = |current: &str, new: &str| json!({ "currentPassword": current, "newPassword": new });
    let wrong = maria.post("/auth/password", &change("wrong", "a better one")).await;
    assert_eq!(wrong.refused(422, "rule_broken")["rule"], "wrong_password");
    let short = maria.post("/auth/password", &change(PASSWORD, "short")).await;
    assert_eq!(short.refused(422, "rule_broken")["field"], "newPassword");
    assert!(is_let_in(&fixture, &phone.token).await);

    let answer = maria.post("/auth/password", &change(PASSWORD, "a better one")).await;
    let token = answer.data()["token"].as_str().unwrap().to_owned();
    assert!(answer.headers[header::SET_COOKIE].to_str().unwrap().starts_with(&format!("auth_token={token};")));
    tab.closed().await;
    for old in [&maria, &phone] {
        old.get("/auth/me").await.refused(401, "unauthorized");
    }
    assert!(is_let_in(&fixture, &token).await);
    let mut new_tab = Tab::open(&fixture, "/events", &token).await;
    assert_eq!(new_tab.ask("presence:list", json!({})).await["ok"], true);
    assert_eq!(log_in(&fixture, "maria@acme.test", PASSWORD).await, 401);
    assert_eq!(log_in(&fixture, "maria@acme.test", "a better one").await, 200);
    assert!(is_let_in(&fixture.restart().await, &token).await);
});

on_both!(an_admin_sets_a_forgotten_password, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let john = fixture.login("john", "acme").await;
    let path = format!("/users/{}/password", id_of(&john).await);
    let new = json!({ "password": "a better one" });
    john.post(&path, &new).await.refused(403, "forbidden");
    fixture.login("admin", "globex").await.post(&path, &new).await.refused(404, "not_found");
    admin.post(&path, &json!({ "password": "short" })).await.refused(422, "rule_broken");
    assert!(is_let_in(&fixture, &john.token).await);
    admin.post(&path, &new).await.data();
    john.get("/auth/me").await.refused(401, "unauthorized");
    assert_eq!(log_in(&fixture, "john@acme.test", PASSWORD).await, 401);
    assert_eq!(log_in(&fixture, "john@acme.test", "a better one").await, 200);
});
