//! Changes of loads, and what they leave in the streams.

use crate::fixture::{Fixture, On, on_both};
use serde_json::{Value, json};

on_both!(a_load_is_worked_from_planning_to_completed, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    assert_eq!(tendered["tenderExpiresAt"], "2026-11-21T14:35:00.000Z");
    let accepted = maria.bring_to(&tendered, "ACCEPTED").await;
    assert_eq!(accepted["tenderExpiresAt"], Value::Null);
    let completed = maria.bring_to(&accepted, "COMPLETED").await;
    assert_eq!(completed["version"], 11);

    let events = maria.get("/events?namespace=/dispatch").await.body;
    let seqs: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    let steps = events["data"].as_array().unwrap().iter().filter(|event| event["event"] == "load:status:changed");
    let path: Vec<_> = steps.map(|event| event["data"]["newStatus"].as_str().unwrap()).collect();
    assert_eq!(
        path.join(" "),
        "PENDING TENDERED ACCEPTED DISPATCHED AT_PICKUP PICKED_UP IN_TRANSIT AT_DELIVERY DELIVERED COMPLETED"
    );
});

on_both!(a_change_on_an_old_version_is_refused_with_who_was_first, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let john = fixture.login("john", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    maria.step(&load, "PENDING", None).await.data();
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let answers = [
        john.step(&load, "PENDING", None).await,
        john.patch(&path, &json!({ "version": 1, "hot": true })).await,
        john.delete(&format!("{path}?version=1")).await,
    ];
    for answer in answers {
        let details = answer.refused(409, "conflict");
        assert_eq!(details["currentVersion"], 2);
        assert_eq!(details["status"], "PENDING");
        assert_eq!(details["updatedBy"]["name"], "maria");
        assert_eq!(details["updatedAt"], "2026-11-21T14:05:00.000Z");
    }
    let now = maria.get(&path).await.data().clone();
    assert_eq!((&now["version"], &now["hot"]), (&json!(2), &json!(false)));
    assert_eq!(maria.get("/events?namespace=/dispatch").await.body["cursor"]["seq"], 2);
});

on_both!(of_many_moves_at_the_same_moment_one_wins, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let moves = (0..8).map(|_| maria.step(&load, "PENDING", None));
    let answers = futures::future::join_all(moves).await;
    let won = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(won, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status.is_success() || answer.status == 409));
});

on_both!(a_declined_tender_returns_the_load_without_its_carrier, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    assert_eq!(swift.step(&tendered, "PENDING", None).await.refused(422, "rule_broken")["rule"], "reason_required");
    let declined = swift.step(&tendered, "PENDING", Some("No truck in Chicago")).await.data().clone();
    assert_eq!((&declined["status"], &declined["carrier"]), (&json!("PENDING"), &Value::Null));

    let seen =
        swift.get(&format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    let changes: Vec<_> =
        seen["data"].as_array().unwrap().iter().filter(|e| e["event"] == "load:status:changed").collect();
    assert_eq!(changes.len(), 2, "the tender and its decline: {seen}");
    assert_eq!(changes[1]["data"]["reason"], Value::Null, "reasons are the staff's");
    swift.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.refused(404, "not_found");
});

on_both!(one_happening_stands_in_several_streams_under_one_id, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    maria.bring_to(&load, "TENDERED").await;
    let staff = maria.get("/events?namespace=/dispatch").await.body;
    let carrier =
        swift.get(&format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    let of_tender = |events: &Value| {
        let events = events["data"].as_array().unwrap().clone();
        events.into_iter().find(|event| event["data"]["newStatus"] == "TENDERED").unwrap()
    };
    let (staff, carrier) = (of_tender(&staff), of_tender(&carrier));
    assert_eq!(staff["id"], carrier["id"]);
    assert_ne!(staff["stream"], carrier["stream"]);
    assert_eq!(carrier["seq"], 1);
});

on_both!(numbers_follow_one_another_in_each_tenant_and_month, |fixture: Fixture| async move {
    let (acme, globex) = (fixture.login("maria", "acme").await, fixture.login("maria", "globex").await);
    for (person, company, number) in [
        (&acme, &fixture.acme, "LD-202611-00001"),
        (&globex, &fixture.globex, "LD-202611-00001"),
        (&acme, &fixture.acme, "LD-202611-00002"),
    ] {
        assert_eq!(person.book(company, json!({})).await["loadNumber"], number);
    }
    fixture.advance_clock(11 * app::domain::time::DAY);
    // The logins have ended meanwhile.
    let maria = fixture.login("maria", "acme").await;
    assert_eq!(maria.book(&fixture.acme, json!({})).await["loadNumber"], "LD-202612-00001");
});

on_both!(a_deleted_load_is_gone_from_every_view_and_its_events_stay, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    maria.delete(&format!("{path}?version=1")).await.data();
    maria.get(&path).await.refused(404, "not_found");
    assert_eq!(maria.get("/loads/board").await.data()["cards"], json!([]));
    let events = maria.get("/events?namespace=/dispatch").await.body;
    let names: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["event"].clone()).collect();
    assert_eq!(names, ["load:created", "load:deleted"]);
});

#[tokio::test]
async fn a_load_that_was_offered_is_cancelled_and_not_deleted() {
    let fixture = Fixture::build(On::Sqlite).await;
    let sarah = fixture.login("sarah", "acme").await;
    let load = sarah.book(&fixture.acme, json!({})).await;
    let tendered = sarah.bring_to(&load, "TENDERED").await;
    let answer = sarah.delete(&format!("/loads/{}", load["id"].as_str().unwrap())).await;
    assert_eq!(answer.refused(422, "rule_broken")["rule"], "cancel_instead");
    assert_eq!(sarah.step(&tendered, "CANCELLED", Some("Shipper called it off")).await.data()["status"], "CANCELLED");
    assert_eq!(sarah.get("/loads/board").await.data()["cards"], json!([]));
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let patch = json!({ "version": 1, "hot": true, "instructions": " Call ahead ", "driverId": fixture.acme.driver });
    let patched = maria.patch(&path, &patch).await.data().clone();
    assert_eq!(patched["version"], 2);
    assert_eq!((&patched["hot"], &patched["instructions"]), (&json!(true), &json!("Call ahead")));
    assert_eq!(patched["driver"]["name"], "Carlos Ortega");
    for unchanged in ["customer", "status", "carrier", "stops", "miles", "statusSince"] {
        assert_eq!(patched[unchanged], load[unchanged], "{unchanged}");
    }
}

on_both!(who_loses_a_load_is_told_that_it_is_gone_and_not_who_has_it, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let driven = maria.patch(&path, &json!({ "version": 1, "driverId": fixture.acme.driver })).await.data().clone();
    let accepted = maria.bring_to(&driven, "ACCEPTED").await;
    let relieved = json!({ "version": accepted["version"], "driverId": fixture.acme.relief_driver });
    let relieved = maria.patch(&path, &relieved).await.data().clone();

    let carlos = fixture.login("carlos", "acme").await;
    let id = carlos.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned();
    let seen = carlos.get(&format!("/events?namespace=/dispatch&stream=user:{id}")).await.body;
    let last = seen["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["data"]["version"]), (&json!("load:deleted"), &relieved["version"]));
    assert!(!seen.to_string().contains("Rosa Delgado"), "{seen}");

    let sarah = fixture.login("sarah", "acme").await;
    sarah.step(&relieved, "PENDING", Some("Wrong truck, and what we think of them")).await.data();
    let swift = fixture.login("swift", "acme").await;
    let seen =
        swift.get(&format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    assert_eq!(seen["data"].as_array().unwrap().last().unwrap()["event"], "load:deleted");
    assert!(!seen.to_string().contains("what we think of them"), "{seen}");
    let staff = maria.get("/events?namespace=/dispatch").await.body;
    assert!(staff["data"].as_array().unwrap().iter().all(|event| event["event"] != "load:deleted"));
});
