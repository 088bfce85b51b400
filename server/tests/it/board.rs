//! What each role reads: the board, the list, one load.

use crate::fixture::{Fixture, On, new_load, on_both};
use serde_json::{Value, json};

on_both!(the_board_shows_the_tenants_loads_and_its_place_in_the_stream, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let empty = maria.get("/loads/board").await.body;
    assert_eq!(empty["data"]["cards"], json!([]));
    assert_eq!(empty["cursors"]["/dispatch"]["tenant"]["seq"], 0);

    let load = maria.book(&fixture.acme, json!({})).await;
    let board = maria.get("/loads/board").await.body;
    let card = &board["data"]["cards"][0];
    assert_eq!(card["loadNumber"], "LD-202611-00001");
    assert_eq!(card["id"], load["id"]);
    assert_eq!(card["origin"], json!({ "city": "Chicago", "state": "IL" }));
    assert_eq!(card["carrier"]["name"], "Swift River");
    assert_eq!(card["pickup"]["zone"], "CST");
    assert_eq!(card["pickup"]["utcOffset"], -360);
    assert_eq!(card["status"], "PLANNING");
    let cursor = &board["cursors"]["/dispatch"]["tenant"];
    assert_eq!(cursor["seq"], 1);
    assert_eq!(cursor["epoch"], empty["cursors"]["/dispatch"]["tenant"]["epoch"]);

    let stranger = fixture.login("maria", "globex").await;
    assert_eq!(stranger.get("/loads/board").await.data()["cards"], json!([]));
});

on_both!(a_card_is_the_same_on_the_board_in_the_list_and_alone, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let finance = json!({ "revenue": { "amount": 250_000, "currency": "CAD" }, "carrierCost": { "amount": 9, "currency": "CAD" } });
    let words =
        json!({ "finance": finance, "references": ["PO|1", "\u{1f}"], "instructions": "a|b\n'\"", "hot": true });
    let full = sarah.book(&fixture.acme, words).await;
    let path = format!("/loads/{}", full["id"].as_str().unwrap());
    sarah.patch(&path, &json!({ "version": 1, "driverId": fixture.acme.driver, "exception": true })).await.data();
    sarah.bring_to(&sarah.get(&path).await.data().clone(), "TENDERED").await;
    sarah.post(&format!("{path}/claim"), &json!({ "claimed": true })).await;
    sarah.book(&fixture.acme, json!({ "carrierId": null })).await;
    for name in ["sarah", "maria", "swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        let mut board = person.get("/loads/board").await.data()["cards"].as_array().unwrap().clone();
        board.reverse();
        assert_eq!(person.get("/loads").await.body["data"], json!(board), "{name}");
        for card in &mut board {
            let mut alone = person.get(&format!("/loads/{}", card["id"].as_str().unwrap())).await.data().clone();
            alone.as_object_mut().unwrap().remove("stops");
            assert_eq!(*card, alone, "{name}");
        }
        assert!(!board.is_empty(), "{name}");
    }
});

on_both!(money_never_reaches_a_role_without_finance_view, |fixture: Fixture| async move {
    let finance = json!({ "revenue": { "amount": 250_000, "currency": "USD" }, "carrierCost": { "amount": 200_000, "currency": "USD" } });
    let sarah = fixture.login("sarah", "acme").await;
    let load = sarah.book(&fixture.acme, json!({ "finance": finance })).await;
    sarah.bring_to(&load, "DISPATCHED").await;
    let id = load["id"].as_str().unwrap();
    let paths =
        ["/loads/board".to_owned(), "/loads".into(), format!("/loads/{id}"), "/events?namespace=/dispatch".into()];
    for (name, sees) in [("admin", true), ("sarah", true), ("maria", false), ("sam", false)] {
        let person = fixture.login(name, "acme").await;
        for path in &paths {
            let text = person.get(path).await.body.to_string();
            assert!(text.contains("Prairie Paper"), "{name} {path}");
            assert_eq!(text.contains("revenue"), sees, "{name} {path}");
            assert_eq!(text.contains("carrierCost"), sees, "{name} {path}");
        }
    }
    let swift = fixture.login("swift", "acme").await;
    let text = swift.get("/loads/board").await.body.to_string();
    assert!(text.contains("Prairie Paper") && !text.contains("revenue"));
});

on_both!(outside_parties_see_their_own_loads_from_the_tender_on, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let body = json!({ "version": 1, "driverId": fixture.acme.driver });
    let load = maria.patch(&path, &body).await.data().clone();

    for name in ["swift", "carlos"] {
        let outsider = fixture.login(name, "acme").await;
        outsider.get(&path).await.refused(404, "not_found");
        assert_eq!(outsider.get("/loads").await.body["page"]["total"], 0);
    }
    maria.bring_to(&load, "TENDERED").await;
    for (name, stream) in [("swift", "carrier:"), ("carlos", "user:")] {
        let outsider = fixture.login(name, "acme").await;
        assert_eq!(outsider.get(&path).await.data()["status"], "TENDERED");
        assert_eq!(outsider.get("/loads").await.body["page"]["total"], 1);
        let board = outsider.get("/loads/board").await.body;
        let streams = board["cursors"]["/dispatch"].as_object().unwrap();
        assert!(streams.keys().all(|key| key.starts_with(stream)), "{streams:?}");
        outsider.get("/events?namespace=/dispatch&stream=tenant").await.refused(404, "not_found");
    }
});

on_both!(the_list_pages_through_every_load_once, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for _ in 0..7 {
        maria.book(&fixture.acme, json!({})).await;
    }
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = maria.get(&format!("/loads?limit=3{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 7);
        numbers.extend(
            page["data"].as_array().unwrap().iter().map(|card| card["loadNumber"].as_str().unwrap().to_owned()),
        );
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    let expected: Vec<_> = (1..=7).rev().map(|n| format!("LD-202611-{n:05}")).collect();
    assert_eq!(numbers, expected);
    assert_eq!(maria.get("/loads?status=PENDING").await.body["page"]["total"], 0);
});

#[tokio::test]
async fn a_load_of_many_stops_says_how_many_lie_between() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let mut body = new_load(&fixture.acme);
    let between = body["stops"][0].clone();
    body["stops"].as_array_mut().unwrap().insert(1, between);
    let load = maria.post("/loads", &body).await.data().clone();
    assert_eq!(load["stopsBetween"], 1);
    assert_eq!(load["destination"]["city"], "Dallas");
    let positions: Vec<_> = load["stops"].as_array().unwrap().iter().map(|stop| stop["position"].clone()).collect();
    assert_eq!(positions, [1, 2, 3]);
}
