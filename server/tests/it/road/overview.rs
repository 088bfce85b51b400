//! The loads that are on the road, and how many stand where.

use super::driven;
use crate::fixture::{Fixture, On, on_both};
use app::domain::time::{DAY, HOUR, MINUTE};
use serde_json::{Value, json};

on_both!(the_loads_on_the_road_are_those_dispatched_and_not_delivered, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let mut expected = Vec::new();
    for (status, is_active) in
        [("PENDING", false), ("ACCEPTED", false), ("DISPATCHED", true), ("IN_TRANSIT", true), ("DELIVERED", false)]
    {
        let load = driven(&sarah, &fixture.acme, status, json!({})).await;
        expected.extend(is_active.then(|| load["id"].clone()));
    }
    for (name, is_staff) in [("sarah", true), ("sam", true), ("swift", false), ("carlos", false)] {
        let answer = fixture.login(name, "acme").await.get("/loads/active").await.body;
        let cards = answer["data"]["cards"].as_array().unwrap();
        assert_eq!(cards.iter().map(|card| card["id"].clone()).collect::<Vec<_>>(), expected, "{name}");
        for namespace in ["/dispatch", "/tracking"] {
            let streams = answer["cursors"][namespace].as_object().unwrap();
            assert_eq!((streams.len(), streams.contains_key("tenant")), (1, is_staff), "{name} {namespace}");
        }
    }
    let stranger = fixture.login("sarah", "globex").await.get("/loads/active").await.body;
    assert_eq!(stranger["data"]["cards"], json!([]));
});

on_both!(counts_are_of_what_the_caller_sees, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let load = sarah.book(&fixture.acme, json!({ "hot": true })).await;
    sarah.bring_to(&load, "PENDING").await;
    for status in ["TENDERED", "DISPATCHED", "DELIVERED", "COMPLETED"] {
        driven(&sarah, &fixture.acme, status, json!({})).await;
    }
    // Now the pickup of those that wait for it has been missed: windows ended after four hours.
    fixture.advance_clock(4 * HOUR + 1);
    let stats = |body: Value| {
        let data = body["data"].clone();
        let count = |list: &str, key: &str, name: &str| {
            let found = data[list].as_array().unwrap().iter().find(|count| count[key] == name).unwrap();
            found["count"].as_i64().unwrap()
        };
        let statuses = ["PENDING", "TENDERED", "DISPATCHED", "DELIVERED", "COMPLETED", "CANCELLED"];
        let lanes = ["unassigned", "tendered", "dispatched", "in-transit", "delivered", "completed"];
        (
            statuses.map(|status| count("byStatus", "status", status)),
            lanes.map(|lane| count("byLane", "lane", lane)),
            ["unassigned", "atRisk", "late", "tendersOpen", "hot"].map(|name| data[name].as_i64().unwrap()),
        )
    };
    let all = stats(sarah.get("/loads/stats").await.body);
    assert_eq!(all, ([1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 1, 1], [1, 0, 3, 1, 1]));
    let own = stats(fixture.login("swift", "acme").await.get("/loads/stats").await.body);
    assert_eq!(own, ([0, 1, 1, 1, 1, 0], [0, 1, 1, 0, 1, 1], [0, 0, 2, 1, 0]));
    let none = stats(fixture.login("sarah", "globex").await.get("/loads/stats").await.body);
    assert_eq!(none, ([0; 6], [0; 6], [0; 5]));
    fixture.advance_clock(7 * DAY);
    let sarah = fixture.login("sarah", "acme").await;
    let later = stats(sarah.get("/loads/stats").await.body);
    assert_eq!((later.0[4], later.1[5]), (1, 0), "a completed load leaves the board, not the count");
});

#[tokio::test]
async fn the_board_names_the_interval_of_check_calls() {
    let interval =
        |settings: &mut server::settings::Settings| settings.trade.check_call_interval = "90m".parse().unwrap();
    let fixture = Fixture::with_settings(On::Sqlite, interval).await;
    let board = fixture.login("maria", "acme").await.get("/loads/board").await.body;
    assert_eq!(board["data"]["rules"], json!({ "checkCallInterval": 90 * MINUTE }));
}
