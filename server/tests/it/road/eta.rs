//! When the truck will be there: who says so, who is shown it, and until when.

use super::{driven, heard, id, names, pass, reload};
use crate::fixture::{Fixture, NOW, On, on_both};
use app::domain::time::{DAY, HOUR};
use serde_json::{Value, json};

on_both!(an_eta_is_shown_told_and_gone_on_arrival, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (swift, carlos) = (fixture.login("swift", "acme").await, fixture.login("carlos", "acme").await);
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    let path = format!("/loads/{}/eta", id(&load));
    // The pickup ends in four hours.
    for (hours, state) in [(2, "on_time"), (3, "tight"), (4, "tight"), (5, "late")] {
        let body = json!({ "eta": NOW.plus(hours * HOUR), "note": " Traffic at Gary " });
        let card = maria.post(&path, &body).await.data().clone();
        assert_eq!((&card["eta"], &card["version"]), (&body["eta"], &load["version"]), "nobody's change is overtaken");
        let events = heard(&maria, "/tracking", "tenant").await;
        let (name, event) = events.last().unwrap();
        assert_eq!((name.as_str(), &event["eta"]), ("load:eta:updated", &body["eta"]));
        assert_eq!((&event["etaState"], &event["note"]), (&json!(state), &json!("Traffic at Gary")));
        assert_eq!((&event["version"], &event["updatedBy"]["name"]), (&load["version"], &json!("maria")));
    }
    let office = heard(&swift, "/tracking", &format!("carrier:{}", fixture.acme.fit_carrier)).await;
    assert_eq!(names(&office), ["load:eta:updated"; 4]);
    let board = maria.get("/loads/board").await.body;
    assert_eq!(board["data"]["cards"][0]["eta"], json!(NOW.plus(5 * HOUR)));
    let (name, card) = heard(&maria, "/dispatch", "tenant").await.pop().unwrap();
    assert_eq!((name.as_str(), &card["eta"]), ("load:updated", &json!(NOW.plus(5 * HOUR))));

    let arrived = pass(&carlos, &load, 1, "arrive", Value::Null).await.data().clone();
    assert_eq!(arrived["eta"], Value::Null);
    let (name, card) = heard(&maria, "/dispatch", "tenant").await.pop().unwrap();
    assert_eq!((name.as_str(), &card["eta"]), ("load:updated", &Value::Null), "boards hear that it is gone");

    // At the pickup, and by status: what was said of the delivery stands until the truck is there.
    let body = json!({ "eta": NOW.plus(DAY) });
    carlos.post(&path, &body).await.data();
    let moved = maria.bring_to(&arrived, "IN_TRANSIT").await;
    assert_eq!(moved["eta"], body["eta"]);
    let there = maria.bring_to(&moved, "AT_DELIVERY").await;
    assert_eq!(there["eta"], Value::Null);
    let refused = maria.post(&path, &body).await;
    assert_eq!(refused.refused(422, "rule_broken")["rule"], "not_on_the_road");
});

on_both!(a_check_call_with_an_eta_says_it_too, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "IN_TRANSIT", json!({})).await;
    let calls = format!("/loads/{}/check-calls", id(&load));
    let mut call = json!({ "location": { "lat": 38.6, "lng": -90.2 }, "notes": "Rolling", "eta": NOW.plus(DAY) });
    maria.post(&calls, &call).await.data();
    let events = heard(&maria, "/tracking", "tenant").await;
    assert_eq!(names(&events)[events.len() - 2..], ["checkcall:received", "load:eta:updated"]);
    assert_eq!(reload(&maria, &load).await["eta"], json!(NOW.plus(DAY)));
    call.as_object_mut().unwrap().remove("eta");
    maria.post(&calls, &call).await.data();
    assert_eq!(reload(&maria, &load).await["eta"], json!(NOW.plus(DAY)), "a call that says nothing of it leaves it");
    // The map knows it, too, until a newer position comes.
    maria.post("/positions", &json!({ "loadId": load["id"], "lat": 38.6, "lng": -90.2 })).await.data();
    let on_map =
        async || maria.get(&format!("/operations/tracking/positions/{}", id(&load))).await.data()["eta"].clone();
    assert_eq!(on_map().await, json!(NOW.plus(DAY)));
    let planned = maria.book(&fixture.acme, json!({})).await;
    call["eta"] = json!(NOW.plus(DAY));
    maria.post(&format!("/loads/{}/check-calls", id(&planned)), &call).await.data();
    assert_eq!(reload(&maria, &planned).await["eta"], Value::Null, "it drives nowhere yet");
});

#[tokio::test]
async fn an_eta_that_can_not_be_is_refused() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let load = driven(&maria, &fixture.acme, "DISPATCHED", json!({})).await;
    let path = format!("/loads/{}/eta", id(&load));
    for (body, field) in [
        (json!({ "eta": NOW.plus(-1) }), "eta"),
        (json!({ "eta": NOW.plus(365 * DAY + 1) }), "eta"),
        (json!({ "eta": NOW.plus(HOUR), "note": "x".repeat(501) }), "note"),
    ] {
        assert_eq!(maria.post(&path, &body).await.refused(422, "rule_broken")["field"], field);
    }
    for body in [json!({}), json!({ "eta": "soon" }), json!({ "eta": NOW, "stop": 1 })] {
        maria.post(&path, &body).await.refused(400, "bad_request");
    }
    let pending = maria.book(&fixture.acme, json!({})).await;
    let early = maria.post(&format!("/loads/{}/eta", id(&pending)), &json!({ "eta": NOW.plus(HOUR) })).await;
    assert_eq!(early.refused(422, "rule_broken")["rule"], "not_on_the_road");
    assert_eq!(reload(&maria, &load).await["eta"], Value::Null);
}
