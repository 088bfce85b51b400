//! Changing the stops of a load that is there.

use crate::fixture::{Company, Fixture, NOW, On, Person, on_both};
use app::domain::time::{DAY, HOUR};
use serde_json::{Value, json};
use uuid::Uuid;

/// The stops of a load as a patch names them.
fn as_patched(load: &Value) -> Vec<Value> {
    let stop = |stop: &Value| {
        let window = &stop["appointment"];
        json!({ "id": stop["id"], "kind": stop["kind"], "facilityId": stop["facilityId"], "window":
            { "kind": window["kind"], "start": window["start"], "end": window["end"] } })
    };
    load["stops"].as_array().unwrap().iter().map(stop).collect()
}

fn between(company: &Company) -> Value {
    let window = json!({ "kind": "FCFS", "start": NOW.plus(6 * HOUR), "end": NOW.plus(8 * HOUR) });
    json!({ "kind": "pickup", "facilityId": company.dallas, "window": window })
}

async fn patch(person: &Person<'_>, load: &Value, stops: &[Value]) -> crate::fixture::Answer {
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    person.patch(&path, &json!({ "version": load["version"], "stops": stops })).await
}

fn ids(load: &Value) -> Vec<Value> {
    load["stops"].as_array().unwrap().iter().map(|stop| stop["id"].clone()).collect()
}

/// The end that was agreed first, of each stop in order.
async fn original_ends(fixture: &Fixture, load: &Value) -> Vec<i64> {
    let mut tx = fixture.services.database.begin_snapshot().await.unwrap();
    let rows = server::store::stops::rows(&mut tx, load["id"].as_str().unwrap().parse().unwrap()).await.unwrap();
    rows.iter().map(|row| row.original_end.millis()).collect()
}

on_both!(a_load_that_is_planned_gets_stops_in_another_order, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let mut stops = as_patched(&load);
    stops.insert(1, between(&fixture.acme));
    let longer = patch(&maria, &load, &stops).await.data().clone();
    assert_eq!((&longer["stopsBetween"], &longer["version"]), (&json!(1), &json!(2)));
    let positions: Vec<_> = longer["stops"].as_array().unwrap().iter().map(|stop| stop["position"].clone()).collect();
    assert_eq!(positions, [1, 2, 3]);
    assert_eq!(
        [&ids(&longer)[0], &ids(&longer)[2]],
        [&ids(&load)[0], &ids(&load)[1]],
        "those that stay keep their ids"
    );

    // The second pickup becomes the first, and gets an earlier window.
    let mut stops = as_patched(&longer);
    stops.swap(0, 1);
    stops[0]["window"] = json!({ "kind": "FCFS", "start": NOW.plus(2 * HOUR), "end": NOW.plus(7 * HOUR) });
    let turned = patch(&maria, &longer, &stops).await.data().clone();
    assert_eq!((&turned["origin"]["city"], &turned["pickup"]["end"]), (&json!("Dallas"), &json!(NOW.plus(7 * HOUR))));
    let first_agreed = [NOW.plus(8 * HOUR), NOW.plus(4 * HOUR), NOW.plus(DAY + 4 * HOUR)].map(|at| at.millis());
    assert_eq!(original_ends(&fixture, &turned).await, first_agreed);

    let mut stops = as_patched(&turned);
    stops.remove(1);
    let shorter = patch(&maria, &turned, &stops).await.data().clone();
    assert_eq!((&shorter["stopsBetween"], ids(&shorter).len()), (&json!(0), 2));
    let read = maria.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.data().clone();
    assert_eq!(read, shorter);
    let events = maria.get("/events?namespace=/dispatch").await.body;
    let last = events["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["data"]["origin"]), (&json!("load:updated"), &shorter["origin"]));
});

on_both!(a_load_that_was_offered_keeps_its_trip_and_moves_its_windows, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    let load = maria.get(&format!("/loads/{}", tendered["id"].as_str().unwrap())).await.data().clone();
    let mut longer = as_patched(&load);
    longer.insert(1, between(&fixture.acme));
    let mut elsewhere = as_patched(&load);
    elsewhere[1]["facilityId"] = json!(fixture.acme.chicago);
    let mut anew = as_patched(&load);
    anew[1]["id"] = Value::Null;
    for stops in [longer, elsewhere, anew] {
        let answer = patch(&maria, &load, &stops).await;
        assert_eq!(answer.refused(422, "rule_broken")["rule"], "trip_agreed");
    }
    let mut later = as_patched(&load);
    later[1]["window"] = json!({ "kind": "fixed", "start": NOW.plus(2 * DAY), "end": NOW.plus(2 * DAY) });
    let moved = patch(&maria, &load, &later).await.data().clone();
    assert_eq!((&moved["delivery"]["kind"], &moved["delivery"]["end"]), (&json!("fixed"), &json!(NOW.plus(2 * DAY))));
    assert_eq!(original_ends(&fixture, &moved).await[1], NOW.plus(DAY + 4 * HOUR).millis());
    // Its carrier hears of it.
    let swift = fixture.login("swift", "acme").await;
    let seen =
        swift.get(&format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    let last = seen["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["data"]["delivery"]), (&json!("load:updated"), &moved["delivery"]));
});

on_both!(where_the_truck_has_been_nothing_changes, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let id = load["id"].as_str().unwrap().parse().unwrap();
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    let mut rows = server::store::stops::rows(&mut tx, id).await.unwrap();
    rows[0].arrived_at = Some(NOW);
    server::store::stops::replace_all(&mut tx, id, &rows).await.unwrap();
    tx.commit().await.unwrap();

    let mut later = as_patched(&load);
    later[0]["window"]["end"] = json!(NOW.plus(9 * HOUR));
    let mut longer = as_patched(&load);
    longer.insert(0, between(&fixture.acme));
    longer[0]["window"] = longer[1]["window"].clone();
    for stops in [later, longer] {
        let answer = patch(&maria, &load, &stops).await;
        assert_eq!(answer.refused(422, "rule_broken")["rule"], "stop_visited");
    }
    let mut moved = as_patched(&load);
    moved[1]["window"]["end"] = json!(NOW.plus(2 * DAY));
    assert_eq!(patch(&maria, &load, &moved).await.data()["stops"][0]["arrivedAt"], json!(NOW));
});

#[tokio::test]
async fn stops_that_make_no_trip_are_refused() {
    let fixture = Fixture::build(On::Sqlite).await;
    let (maria, stranger) = (fixture.login("maria", "acme").await, fixture.login("maria", "globex").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    let foreign = stranger.book(&fixture.globex, json!({})).await;
    let change = |of: &dyn Fn(&mut Vec<Value>)| {
        let mut stops = as_patched(&load);
        of(&mut stops);
        stops
    };
    for stops in [
        change(&|stops| stops.truncate(1)),
        change(&|stops| stops.reverse()),
        change(&|stops| stops[1]["window"]["end"] = json!(NOW)),
        change(&|stops| stops[0]["id"] = stops[1]["id"].clone()),
        change(&|stops| (0..20).for_each(|_| stops.insert(1, between(&fixture.acme)))),
    ] {
        assert_eq!(patch(&maria, &load, &stops).await.refused(422, "rule_broken")["field"], "stops");
    }
    for stops in [
        change(&|stops| stops[0]["id"] = as_patched(&foreign)[0]["id"].clone()),
        change(&|stops| stops[0]["id"] = json!(Uuid::now_v7())),
        change(&|stops| stops[0]["facilityId"] = json!(fixture.globex.chicago)),
        change(&|stops| stops[0]["facilityId"] = json!(Uuid::now_v7())),
    ] {
        patch(&maria, &load, &stops).await.refused(404, "not_found");
    }
    let now = maria.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.data().clone();
    assert_eq!(now, load);
}
