//! What the page of a load begins with: who sees what of it, and from which places it can be kept true.

use crate::fixture::{Answer, Fixture, NOW, on_both};
use serde_json::json;

on_both!(a_load_comes_with_its_truck_and_the_places_that_it_is_true_at, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let id = load["id"].as_str().unwrap();
    let path = format!("/loads/{id}/detail");
    let answer = maria.get(&path).await;
    let detail = answer.data();
    assert_eq!((&detail["load"], &detail["now"]), (maria.get(&format!("/loads/{id}")).await.data(), &json!(NOW)));
    assert!(detail.get("position").is_none(), "no truck has sent a position");
    for namespace in ["/dispatch", "/tracking", "/chat"] {
        assert!(answer.body["cursors"][namespace]["tenant"]["epoch"].is_string(), "{namespace}: {}", answer.body);
    }

    maria.bring_to(&load, "DISPATCHED").await;
    maria.post("/positions", &json!({ "loadId": id, "lat": 41.0, "lng": -88.0 })).await.data();
    let later = maria.get(&path).await;
    assert_eq!(later.data()["position"]["location"], json!({ "lat": 41.0, "lng": -88.0 }));
    let place = |answer: &Answer| answer.body["cursors"]["/dispatch"]["tenant"]["seq"].as_i64();
    assert!(place(&later) > place(&answer), "what has happened lies before the place");
});

on_both!(each_sees_the_page_of_a_load_as_the_load_itself, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let finance = json!({ "finance": { "revenue": usd(200_000), "carrierCost": usd(150_000) } });
    let load = sarah.book(&fixture.acme, finance).await;
    let path = format!("/loads/{}/detail", load["id"].as_str().unwrap());
    for (name, status, sees_money) in [
        ("sarah", 200, true),
        ("admin", 200, true),
        ("maria", 200, false),
        ("sam", 200, false),
        // It is not theirs before it is tendered to them.
        ("swift", status_of_load(&fixture, "swift", &load).await, false),
        ("carlos", 404, false),
    ] {
        let answer = fixture.login(name, "acme").await.get(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{name}");
        let money = answer.body.to_string().contains("carrierCost");
        assert_eq!(money, sees_money, "{name}");
    }
    let stranger = fixture.login("maria", "globex").await;
    stranger.get(&path).await.refused(404, "not_found");
    sarah.get("/loads/x/detail").await.refused(400, "bad_request");
});

/// The status with which a person is answered who asks for the load itself.
async fn status_of_load(fixture: &Fixture, name: &str, load: &serde_json::Value) -> u16 {
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    fixture.login(name, "acme").await.get(&path).await.status.as_u16()
}
