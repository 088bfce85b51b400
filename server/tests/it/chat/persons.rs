//! Conversations between persons.

use super::{begin, heard, id_of, say, text};
use crate::fixture::{Fixture, NOW, on_both};
use app::domain::{id::UserId, role::Role};
use serde_json::{Value, json};
use server::store::{
    Database,
    users::{self, User},
};
use uuid::Uuid;

/// Somebody in the office of another carrier of the tenant.
async fn rival_of(fixture: &Fixture) -> UserId {
    let database = Database::open(&fixture.settings.database.url).await.unwrap();
    let rival = User {
        id: UserId(Uuid::now_v7()),
        tenant_id: fixture.acme.tenant,
        tenant_name: String::new(),
        email: "rival@acme.test".into(),
        name: "rival".into(),
        role: Role::Carrier,
        password_hash: String::new(),
        carrier_id: Some(fixture.acme.suspended_carrier),
        driver_id: None,
        token_generation: 0,
    };
    let mut tx = database.begin_write().await.unwrap();
    users::insert(&mut tx, &rival, NOW).await.unwrap();
    tx.commit().await.unwrap();
    database.close().await;
    rival.id
}

on_both!(persons_talk_among_themselves, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let sarah = fixture.login("sarah", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let (her, his) = (id_of(&maria).await, id_of(&john).await);
    let pair = begin(&maria, &[&his], None).await;
    assert_eq!(pair["members"].as_array().unwrap().len(), 2);
    let again = john.post("/conversations", &json!({ "memberIds": [her, her, his] })).await;
    assert_eq!((again.status.as_u16(), &again.data()["id"]), (200, &pair["id"]), "two have one conversation");
    let group = begin(&maria, &[&his, &id_of(&carlos).await], Some(" Night shift ")).await;
    assert_eq!(group["title"], "Night shift");
    let names: Vec<_> =
        group["members"].as_array().unwrap().iter().map(|m| (text(&m["name"]), text(&m["role"]))).collect();
    assert_eq!(names, [("carlos", "driver"), ("john", "dispatcher"), ("maria", "dispatcher")]);

    say(&maria, &pair["id"], "Coffee?").await;
    say(&carlos, &group["id"], "On my way").await;
    assert_eq!(heard(&john, &format!("user:{his}")).await, ["message:new"; 2]);
    assert_eq!(
        heard(&maria, &format!("user:{her}")).await,
        ["message:new"; 2],
        "a sender's other devices hear it, too"
    );
    assert_eq!(heard(&carlos, &format!("user:{}", id_of(&carlos).await)).await, ["message:new"]);
    assert_eq!(heard(&maria, "tenant").await, [""; 0], "it is no business of the others");

    for person in [&sarah, &fixture.login("admin", "acme").await] {
        let path = format!("/conversations/{}", text(&pair["id"]));
        person.get(&path).await.refused(404, "not_found");
        person.get(&format!("{path}/messages")).await.refused(404, "not_found");
        person.post(&format!("{path}/messages"), &json!({ "body": "Me too" })).await.refused(404, "not_found");
        person.get(&format!("/loads/{}/messages", text(&pair["id"]))).await.refused(404, "not_found");
        assert_eq!(person.get("/conversations").await.body["page"]["total"], 0);
    }
    maria.get(&format!("/loads/{}/messages", text(&pair["id"]))).await.refused(404, "not_found");
    carlos.get(&format!("/conversations/{}", text(&pair["id"]))).await.refused(404, "not_found");
});

on_both!(a_conversation_is_begun_by_staff_with_people_who_may_know_of_one_another, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let stranger = fixture.login("john", "globex").await;
    let (office, driver) = (id_of(&swift).await, id_of(&carlos).await);
    begin(&maria, &[&office, &driver], None).await;
    let rival = rival_of(&fixture).await;
    let ask = |ids: Value| json!({ "memberIds": ids });
    let many: Vec<_> = (0..50).map(|_| Uuid::now_v7()).collect();
    for (body, status, code, said) in [
        (ask(json!([])), 422, "rule_broken", "memberIds"),
        (ask(json!([id_of(&maria).await])), 422, "rule_broken", "memberIds"),
        (ask(json!(many)), 422, "rule_broken", "memberIds"),
        (ask(json!([Uuid::now_v7()])), 404, "not_found", "user"),
        (ask(json!([id_of(&stranger).await])), 404, "not_found", "user"),
        (ask(json!([office, rival])), 422, "rule_broken", "carriers"),
        (json!({ "memberIds": [office], "title": " " }), 422, "rule_broken", "title"),
    ] {
        let answer = maria.post("/conversations", &body).await;
        answer.refused(status, code);
        assert!(text(&answer.body["error"]["message"]).contains(said), "{:?}", answer.body);
    }
    let answer = swift.post("/conversations", &ask(json!([id_of(&maria).await]))).await;
    assert_eq!(answer.refused(403, "forbidden")["rule"], "staff_only");
    assert_eq!(maria.get("/conversations").await.body["page"]["total"], 1);
});
