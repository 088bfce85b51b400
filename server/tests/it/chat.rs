//! Conversations: who takes part, what is stored, and what goes into whose stream.

mod persons;

use crate::fixture::{Fixture, On, Person, on_both};
use serde_json::{Value, json};
use uuid::Uuid;

/// A load with driver Carlos, brought to a status.
async fn load_at(maria: &Person<'_>, fixture: &Fixture, status: &str) -> Value {
    let load = maria.book(&fixture.acme, json!({})).await;
    let body = json!({ "version": 1, "driverId": fixture.acme.driver });
    let load = maria.patch(&format!("/loads/{}", text(&load["id"])), &body).await.data().clone();
    maria.bring_to(&load, status).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn id_of(person: &Person<'_>) -> String {
    text(&person.get("/auth/me").await.data()["id"]).to_owned()
}

async fn say(person: &Person<'_>, conversation: &Value, body: &str) -> Value {
    let answer =
        person.post(&format!("/conversations/{}/messages", text(conversation)), &json!({ "body": body })).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.data().clone()
}

async fn read(person: &Person<'_>, message: &Value) {
    let path = format!("/conversations/{}/read", text(&message["conversationId"]));
    person.post(&path, &json!({ "messageId": message["id"] })).await.data();
}

/// What was said, newest first, as a person reads it.
async fn said(person: &Person<'_>, conversation: &Value) -> Vec<String> {
    let answer = person.get(&format!("/conversations/{}/messages", text(conversation))).await;
    answer.data().as_array().unwrap().iter().map(|message| text(&message["body"]).to_owned()).collect()
}

/// Names of the events in a stream of `/chat`, in order.
async fn heard(person: &Person<'_>, stream: &str) -> Vec<String> {
    let page = person.get(&format!("/events?namespace=/chat&stream={stream}")).await.body;
    page["data"]
        .as_array()
        .unwrap_or_else(|| panic!("{page}"))
        .iter()
        .map(|event| text(&event["event"]).into())
        .collect()
}

async fn unread(person: &Person<'_>, conversation: &Value) -> i64 {
    let path = format!("/conversations/{}", text(conversation));
    person.get(&path).await.data()["unread"].as_i64().unwrap()
}

async fn begin(person: &Person<'_>, members: &[&str], title: Option<&str>) -> Value {
    let body = json!({ "memberIds": members, "title": title });
    person.post("/conversations", &body).await.data().clone()
}

on_both!(staff_the_carrier_and_its_driver_talk_about_a_load, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let sam = fixture.login("sam", "acme").await;
    let load = load_at(&maria, &fixture, "DISPATCHED").await;
    let id = &load["id"];
    let path = format!("/conversations/{}", text(id));
    let empty = sam.get(&path).await.body;
    assert_eq!((&empty["data"]["loadNumber"], &empty["data"]["unread"]), (&load["loadNumber"], &json!(0)));
    assert_eq!(sam.get("/conversations").await.body["page"]["total"], 0);

    let first = say(&maria, id, "  Where are you?\n").await;
    assert_eq!(
        (&first["body"], &first["loadId"], &first["author"]["name"]),
        (&json!("Where are you?"), id, &json!("maria"))
    );
    say(&carlos, id, "At the dock").await;
    say(&swift, id, "He called us, too").await;
    for person in [&maria, &swift, &carlos, &sam] {
        assert_eq!(said(person, id).await, ["He called us, too", "At the dock", "Where are you?"]);
        let of_load = person.get(&format!("/loads/{}/messages", text(id))).await.body;
        assert_eq!((&of_load["page"]["total"], &of_load["data"][2]), (&json!(3), &first));
        let listed = person.get("/conversations").await.body;
        assert_eq!((&listed["page"]["total"], &listed["data"][0]["id"]), (&json!(1), id));
        assert_eq!(listed["data"][0]["lastMessage"]["body"], "He called us, too");
    }

    let carrier = format!("carrier:{}", fixture.acme.fit_carrier);
    let driver = format!("user:{}", id_of(&carlos).await);
    for (person, stream) in [(&maria, "tenant"), (&swift, carrier.as_str()), (&carlos, driver.as_str())] {
        assert_eq!(heard(person, stream).await, ["message:new"; 3], "{stream}");
        let snapshot = person.get(&format!("{path}/messages")).await.body;
        assert_eq!(snapshot["cursors"]["/chat"][stream]["seq"], 3, "{snapshot}");
    }
    let own = format!("user:{}", id_of(&maria).await);
    assert_eq!(heard(&maria, &own).await, [""; 0], "what all staff hear is not said to each of them again");
    let snapshot = maria.get(&path).await.body;
    assert_eq!(snapshot["cursors"]["/chat"][&own]["seq"], 0);
    maria.get(&format!("/events?namespace=/chat&stream={driver}")).await.refused(404, "not_found");
});

on_both!(an_outside_party_sees_a_loads_conversation_while_it_has_the_load, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let carlos = fixture.login("carlos", "acme").await;
    let load = load_at(&maria, &fixture, "PENDING").await;
    let id = &load["id"];
    let path = format!("/conversations/{}", text(id));
    let internal = say(&maria, id, "Swift was late twice, watch them").await;
    for person in [&swift, &carlos] {
        person.get(&path).await.refused(404, "not_found");
        person.get(&format!("{path}/messages")).await.refused(404, "not_found");
        person.get(&format!("/loads/{}/messages", text(id))).await.refused(404, "not_found");
        person.post(&format!("{path}/messages"), &json!({ "body": "Hello?" })).await.refused(404, "not_found");
    }

    let tendered = maria.bring_to(&load, "TENDERED").await;
    assert_eq!(said(&swift, id).await, [""; 0], "what was said before the tender stays among the staff");
    assert_eq!(swift.get("/conversations").await.body["page"]["total"], 0);
    swift.get(&format!("{path}/messages?before={}", text(&internal["id"]))).await.refused(404, "not_found");
    let mark = json!({ "messageId": internal["id"] });
    swift.post(&format!("{path}/read"), &mark).await.refused(404, "not_found");
    say(&maria, id, "Can you take it?").await;
    read(&maria, &internal).await;
    assert_eq!(said(&swift, id).await, ["Can you take it?"]);
    assert_eq!(said(&maria, id).await.len(), 2);
    assert_eq!((unread(&swift, id).await, unread(&maria, id).await), (1, 0));
    assert_eq!(swift.get("/conversations").await.body["page"]["total"], 1);
    let carrier = format!("carrier:{}", fixture.acme.fit_carrier);
    assert_eq!(heard(&swift, &carrier).await, ["message:new"], "nor is it told who has read it");
    assert_eq!(swift.get(&format!("{path}/messages")).await.body["readMarks"], json!([]));

    swift.step(&tendered, "PENDING", Some("No truck")).await.data();
    say(&maria, id, "They let us down").await;
    swift.get(&path).await.refused(404, "not_found");
    assert_eq!(swift.get("/conversations").await.body["page"]["total"], 0);
    assert_eq!(heard(&swift, &carrier).await, ["message:new"]);
    assert_eq!(said(&maria, id).await.len(), 3);
});

on_both!(a_message_that_is_sent_again_is_stored_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let load = load_at(&maria, &fixture, "TENDERED").await;
    let path = format!("/conversations/{}/messages", text(&load["id"]));
    let body = json!({ "body": "Hello", "clientId": "m-1" });
    let attempts = futures::future::join_all((0..6).map(|_| maria.post(&path, &body))).await;
    let stored = attempts[0].data();
    assert!(attempts.iter().all(|answer| answer.data() == stored));
    assert_eq!(attempts.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(stored["clientId"], "m-1");
    let other = john.post(&path, &body).await;
    assert_eq!(other.status, 201, "another's name for a message is another name");
    assert_eq!(maria.get(&path).await.body["page"]["total"], 2);
    assert_eq!(heard(&maria, "tenant").await, ["message:new"; 2]);

    for wrong in [
        json!({ "body": " \n " }),
        json!({ "body": "x".repeat(4_001) }),
        json!({ "body": "x", "clientId": "" }),
        json!({ "body": "x", "clientId": "x".repeat(65) }),
    ] {
        maria.post(&path, &wrong).await.refused(422, "rule_broken");
    }
    maria.post(&path, &json!({ "body": "x", "author": "john" })).await.refused(400, "bad_request");
    maria.post(&path, &json!({ "body": "a\0b" })).await.refused(400, "bad_request");
    maria.post(&path, &json!({ "body": "é".repeat(4_000), "clientId": "x".repeat(64) })).await.data();
});

on_both!(a_read_mark_only_moves_forward, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let his = format!("user:{}", id_of(&john).await);
    let pair = begin(&maria, &[&id_of(&john).await], None).await;
    let id = &pair["id"];
    let mut messages = Vec::new();
    for number in 1..=3 {
        messages.push(say(&maria, id, &format!("Message {number}")).await);
    }
    say(&john, id, "Wait").await;
    assert_eq!((unread(&john, id).await, unread(&maria, id).await), (3, 1), "one's own are not unread");
    read(&john, &messages[1]).await;
    assert_eq!(unread(&john, id).await, 1);
    read(&john, &messages[0]).await;
    read(&john, &messages[1]).await;
    assert_eq!(unread(&john, id).await, 1);
    assert_eq!(heard(&john, &his).await.iter().filter(|name| *name == "message:read").count(), 1);
    fixture.advance_clock(1_000);
    read(&john, &messages[2]).await;
    assert_eq!(unread(&john, id).await, 0);

    let events = maria.get(&format!("/events?namespace=/chat&stream=user:{}", id_of(&maria).await)).await.body;
    let told: Vec<_> =
        events["data"].as_array().unwrap().iter().filter(|event| event["event"] == "message:read").collect();
    assert_eq!(told.len(), 2, "the writer sees how far it was read");
    let mark = json!({
        "conversationId": id, "userId": id_of(&john).await, "messageId": messages[2]["id"],
        "readAt": "2026-11-21T14:05:01.000Z",
    });
    assert_eq!(told[1]["data"], mark);
    let snapshot = maria.get(&format!("/conversations/{}/messages", text(id))).await.body;
    assert_eq!(snapshot["readMarks"], json!([mark]));

    let other = begin(&maria, &[&id_of(&john).await], Some("Other")).await;
    let elsewhere = say(&maria, &other["id"], "Here").await;
    let path = format!("/conversations/{}/read", text(id));
    john.post(&path, &json!({ "messageId": elsewhere["id"] })).await.refused(404, "not_found");
    john.post(&path, &json!({ "messageId": Uuid::now_v7() })).await.refused(404, "not_found");
});

on_both!(lists_are_paged_with_the_newest_first, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let his = id_of(&john).await;
    let mut conversations = Vec::new();
    for number in 0..5 {
        fixture.advance_clock(1_000);
        conversations.push(begin(&maria, &[&his], Some(&format!("Topic {number}"))).await["id"].clone());
    }
    for number in 1..=5 {
        fixture.advance_clock(1_000);
        say(&maria, &conversations[1], &format!("Message {number}")).await;
    }
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = john.get(&format!("/conversations?limit=2{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 5);
        titles.extend(page["data"].as_array().unwrap().iter().map(|one| text(&one["title"]).to_owned()));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(titles, ["Topic 1", "Topic 4", "Topic 3", "Topic 2", "Topic 0"]);

    let path = format!("/conversations/{}/messages?limit=2", text(&conversations[1]));
    let (mut bodies, mut before) = (Vec::new(), String::new());
    loop {
        let page = john.get(&format!("{path}{before}")).await.body;
        assert_eq!(page["page"]["total"], 5);
        bodies.extend(page["data"].as_array().unwrap().iter().map(|one| text(&one["body"]).to_owned()));
        let Value::String(next) = &page["page"]["next"] else { break };
        before = format!("&before={next}");
    }
    assert_eq!(bodies, ["Message 5", "Message 4", "Message 3", "Message 2", "Message 1"]);
    for wrong in ["limit=0", "limit=201", "cursor=soon", "cursor=1_x", "before=1"] {
        john.get(&format!("/conversations?{wrong}")).await.refused(400, "bad_request");
    }
});

on_both!(another_tenant_finds_no_conversation, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let stranger = fixture.login("admin", "globex").await;
    let load = load_at(&maria, &fixture, "DISPATCHED").await;
    let message = say(&maria, &load["id"], "Ours").await;
    let pair = begin(&maria, &[&id_of(&fixture.login("john", "acme").await).await], None).await;
    for id in [&load["id"], &pair["id"], &json!(Uuid::now_v7())] {
        let path = format!("/conversations/{}", text(id));
        for answer in [
            stranger.get(&path).await,
            stranger.get(&format!("{path}/messages")).await,
            stranger.get(&format!("/loads/{}/messages", text(id))).await,
            stranger.post(&format!("{path}/messages"), &json!({ "body": "Hello" })).await,
            stranger.post(&format!("{path}/read"), &json!({ "messageId": message["id"] })).await,
        ] {
            answer.refused(404, "not_found");
        }
    }
    assert_eq!(stranger.get("/conversations").await.body["page"]["total"], 0);
});

#[tokio::test]
async fn a_conversation_outlives_a_restart() {
    let fixture = Fixture::build(On::Sqlite).await;
    let load = {
        let maria = fixture.login("maria", "acme").await;
        let load = load_at(&maria, &fixture, "DISPATCHED").await;
        say(&maria, &load["id"], "Before").await;
        load
    };
    let fixture = fixture.restart().await;
    let carlos = fixture.login("carlos", "acme").await;
    say(&carlos, &load["id"], "After").await;
    assert_eq!(said(&carlos, &load["id"]).await, ["After", "Before"]);
}
