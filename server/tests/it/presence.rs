//! Who is online, over sockets and REST.

use crate::{
    fixture::{Fixture, On, Person, on_both},
    polling::Tab,
};
use serde_json::{Value, json};
use server::settings::Span;
use std::time::Duration;

/// The same fixture with a grace that a test can wait for, or one that no test outlives.
async fn with_grace(mut fixture: Fixture, grace: Duration) -> Fixture {
    fixture.settings.realtime.presence_grace = Span(grace);
    fixture.restart().await
}

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(600);

/// A tab that hears everything from now on.
async fn open(fixture: &Fixture, person: &Person<'_>) -> Tab {
    let mut tab = Tab::open(fixture, "/events", &person.token).await;
    tab.next("stream:state").await;
    tab
}

async fn id_of(person: &Person<'_>) -> Value {
    person.get("/auth/me").await.data()["id"].clone()
}

fn names(people: &Value) -> Vec<&str> {
    people["users"].as_array().unwrap().iter().map(|shown| shown["person"]["name"].as_str().unwrap()).collect()
}

on_both!(several_tabs_are_one_person_who_is_offline_after_the_last, |fixture: Fixture| async move {
    let fixture = with_grace(fixture, SHORT).await;
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let mut watcher = open(&fixture, &john).await;
    let (mut first, second) = (open(&fixture, &maria).await, open(&fixture, &maria).await);
    let id = id_of(&maria).await;
    let online = watcher.next_where("user:online", |online| online["userId"] == id).await;
    assert_eq!(online, json!({ "userId": id, "name": "maria" }));
    assert_eq!(first.ask("presence:view", json!({ "page": "dispatch", "loadId": null })).await["viewing"], true);
    let shown = watcher.next("presence:update").await;
    assert_eq!(shown["person"], json!({ "id": id, "name": "maria" }));
    assert_eq!(shown["views"], json!([{ "page": "dispatch", "loadId": null }]));

    first.close().await;
    assert_eq!(watcher.next("presence:update").await["views"], json!([]));
    assert_eq!(names(john.get("/presence").await.data()), ["john", "maria"]);

    second.close().await;
    assert_eq!(watcher.next("user:offline").await, json!({ "userId": id }));
    assert_eq!(names(john.get("/presence").await.data()), ["john"]);
    assert_eq!(watcher.left_over_about(&id), [] as [&str; 0]);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_is_loaded_anew_does_not_flicker() {
    let fixture = with_grace(Fixture::build(On::Sqlite).await, LONG).await;
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let mut watcher = open(&fixture, &john).await;
    let mut tab = open(&fixture, &maria).await;
    tab.ask("presence:view", json!({ "page": "tracking" })).await;
    assert_eq!(watcher.next("presence:update").await["views"][0]["page"], "tracking");
    let id = id_of(&maria).await;
    watcher.next_where("user:online", |online| online["userId"] == id).await;
    tab.close().await;
    assert_eq!(watcher.next("presence:update").await["views"], json!([]));
    let mut again = open(&fixture, &maria).await;
    again.ask("presence:view", json!({ "page": "loads" })).await;
    assert_eq!(watcher.next("presence:update").await["views"][0]["page"], "loads");
    assert_eq!(watcher.left_over_about(&id), [] as [&str; 0]);
}

on_both!(what_the_tabs_show_is_merged_and_cleared_by_null, |fixture: Fixture| async move {
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    let mut watcher = open(&fixture, &john).await;
    let (mut one, mut two) = (open(&fixture, &maria).await, open(&fixture, &maria).await);
    one.ask("presence:view", json!({ "page": "loads", "loadId": load["id"] })).await;
    watcher.next("presence:update").await;
    two.ask("presence:view", json!({ "page": "dispatch" })).await;
    let (board, detail) =
        (json!({ "page": "dispatch", "loadId": null }), json!({ "page": "loads", "loadId": load["id"] }));
    assert_eq!(watcher.next("presence:update").await["views"], json!([board, detail]));

    // The same page in both is told once, so that the second tab is no news.
    one.ask("presence:view", json!({ "page": "dispatch", "loadId": null })).await;
    assert_eq!(watcher.next("presence:update").await["views"], json!([board]));
    one.ask("presence:view", Value::Null).await;
    assert_eq!(two.ask("presence:view", Value::Null).await["ok"], true);
    assert_eq!(watcher.next("presence:update").await["views"], json!([]));
    let listed = watcher.ask("presence:list", json!({})).await;
    assert_eq!(names(&listed), ["john", "maria"]);
});

on_both!(outside_parties_are_seen_by_staff_and_see_nobody, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (swift, carlos) = (fixture.login("swift", "acme").await, fixture.login("carlos", "acme").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    let mut watcher = open(&fixture, &maria).await;
    let mut office = open(&fixture, &swift).await;
    watcher.next_where("user:online", |online| online["name"] == "swift").await;
    let _cab = open(&fixture, &carlos).await;
    watcher.next_where("user:online", |online| online["name"] == "carlos").await;

    // The load is not offered to anybody yet.
    let hidden = office.ask("presence:view", json!({ "page": "loads", "loadId": load["id"] })).await;
    assert_eq!(hidden["error"]["code"], "not_found");
    assert_eq!(office.ask("presence:list", json!({})).await["error"]["code"], "forbidden");
    swift.get("/presence").await.refused(403, "forbidden");
    maria.bring_to(&load, "TENDERED").await;
    office.ask("presence:view", json!({ "page": "loads", "loadId": load["id"] })).await;
    let shown = watcher.next("presence:update").await;
    assert_eq!((&shown["person"]["name"], &shown["views"][0]["loadId"]), (&json!("swift"), &load["id"]));
    assert_eq!(office.ask("presence:view", Value::Null).await["ok"], true);
    for person in [&maria, &swift, &carlos] {
        assert_eq!(office.left_over_about(&id_of(person).await), [] as [&str; 0]);
    }

    let stranger = fixture.login("maria", "globex").await;
    assert_eq!(names(stranger.get("/presence").await.data()), [] as [&str; 0]);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_of_everybody_or_of_those_who_are_asked_for() {
    let fixture = Fixture::build(On::Sqlite).await;
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let (mut tab, _other) = (open(&fixture, &maria).await, open(&fixture, &john).await);
    let (id, nobody) = (id_of(&john).await, uuid::Uuid::now_v7());
    assert_eq!(names(&tab.ask("presence:list", json!({})).await), ["john", "maria"]);
    assert_eq!(names(&tab.ask("presence:list", json!({ "userIds": [id, nobody] })).await), ["john"]);
    assert_eq!(names(&tab.ask("presence:list", json!({ "userIds": [] })).await), [] as [&str; 0]);
    let path = format!("/presence?userIds={},{nobody}", id.as_str().unwrap());
    assert_eq!(names(maria.get(&path).await.data()), ["john"]);
    maria.get("/presence?userIds=john").await.refused(400, "bad_request");
    for bad in [json!({ "page": "" }), json!({ "page": "Dispatch" }), json!({ "page": "x".repeat(41) }), json!("x")] {
        assert_eq!(tab.ask("presence:view", bad).await["error"]["code"], "bad_request");
    }
    let absent = json!({ "page": "loads", "loadId": nobody });
    assert_eq!(tab.ask("presence:view", absent).await["error"]["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_of_other_namespaces_make_nobody_online() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let mut board = Tab::open(&fixture, "/dispatch", &maria.token).await;
    board.next("stream:state").await;
    assert_eq!(names(maria.get("/presence").await.data()), [] as [&str; 0]);
}
