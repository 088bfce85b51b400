//! What is done to loads by the names of the trade.

use crate::fixture::{Fixture, Person, on_both};
use app::domain::time::MINUTE;
use serde_json::{Value, json};

async fn act(person: &Person<'_>, load: &Value, verb: &str, mut body: Value) -> crate::fixture::Answer {
    if verb != "claim" {
        body["version"] = load["version"].clone();
    }
    person.post(&format!("/loads/{}/{verb}", load["id"].as_str().unwrap()), &body).await
}

async fn reload(person: &Person<'_>, load: &Value) -> Value {
    person.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.data().clone()
}

async fn named(person: &Person<'_>, name: &str) -> Vec<Value> {
    let events = person.get("/events?namespace=/dispatch&limit=1000").await.body;
    let events = events["data"].as_array().unwrap().iter();
    events.filter(|event| event["event"] == name).map(|event| event["data"].clone()).collect()
}

on_both!(a_load_is_tendered_accepted_and_dispatched, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let company = &fixture.acme;
    let load = maria.book(company, json!({ "carrierId": null })).await;
    let offer = json!({ "carrierId": company.fit_carrier, "windowMinutes": 10 });
    let tendered = act(&maria, &load, "tender", offer).await.data().clone();
    assert_eq!((&tendered["status"], &tendered["version"]), (&json!("TENDERED"), &json!(3)), "by way of pending");
    assert_eq!(tendered["tenderExpiresAt"], "2026-11-21T14:15:00.000Z");

    let accepted = act(&swift, &tendered, "accept", json!({})).await.data().clone();
    assert_eq!(accepted["status"], "ACCEPTED");
    let dispatched = act(&maria, &accepted, "dispatch", json!({ "driverId": company.driver })).await.data().clone();
    assert_eq!((&dispatched["status"], &dispatched["driver"]["name"]), (&json!("DISPATCHED"), &json!("Carlos Ortega")));
    let told = named(&maria, "load:dispatched").await;
    assert_eq!((told.len(), &told[0]["driverName"]), (1, &json!("Carlos Ortega")));
});

on_both!(tenders_that_cannot_be_returned_hold_up_no_other, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    act(&maria, &load, "tender", json!({})).await.data();
    // More than are read at a time, each of them longer due, and unreadable.
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    for number in 0..201 {
        sqlx::query(
            "INSERT INTO loads (id, tenant_id, load_number, status, version, customer, equipment, commodity, weight_lbs,
                 miles, instructions, reference_numbers, hot, exception, currency, stop_count, tender_expires_at,
                 status_since, created_at, updated_at)
             SELECT $1, tenant_id, $2, status, version, customer, 'unheard of', commodity, weight_lbs, miles,
                 instructions, reference_numbers, hot, exception, currency, stop_count, tender_expires_at - 1,
                 status_since, created_at, updated_at
             FROM loads WHERE id = $3",
        )
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(format!("broken {number}"))
        .bind(load["id"].as_str().unwrap())
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    fixture.advance_clock(30 * MINUTE);
    server::jobs::return_expired_tenders(&fixture.services).await;
    assert_eq!(reload(&maria, &load).await["status"], "PENDING");
});

on_both!(a_tender_that_nobody_answers_runs_out, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let swift = fixture.login("swift", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = act(&maria, &load, "tender", json!({})).await.data().clone();
    fixture.advance_clock(29 * MINUTE);
    server::jobs::return_expired_tenders(&fixture.services).await;
    assert_eq!(reload(&maria, &load).await["status"], "TENDERED");

    fixture.advance_clock(MINUTE);
    let late = act(&swift, &tendered, "accept", json!({})).await;
    assert_eq!(late.refused(422, "rule_broken")["rule"], "tender_expired");
    server::jobs::return_expired_tenders(&fixture.services).await;
    server::jobs::return_expired_tenders(&fixture.services).await;
    let returned = reload(&maria, &load).await;
    assert_eq!((&returned["status"], &returned["carrier"]), (&json!("PENDING"), &Value::Null));
    assert_eq!(returned["tenderReturned"], "The tender expired.");
    assert_eq!(maria.on_board(&load).await["tenderReturned"], "The tender expired.");
    let steps = named(&maria, "load:status:changed").await;
    let last = steps.last().unwrap();
    assert_eq!((&last["reason"], &last["updatedBy"]), (&json!("The tender expired."), &Value::Null));
    assert_eq!(steps.len(), 3, "it ran out once");
    swift.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.refused(404, "not_found");
});

on_both!(a_tender_is_turned_down_with_a_reason, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let (swift, sam) = (fixture.login("swift", "acme").await, fixture.login("sam", "acme").await);
    for person in [&swift, &maria] {
        let load = maria.book(&fixture.acme, json!({})).await;
        let early = act(&maria, &load, "reject", json!({ "reason": "full" })).await;
        assert_eq!(early.refused(422, "rule_broken")["rule"], "not_tendered");
        let tendered = act(&maria, &load, "tender", json!({})).await.data().clone();
        let mute = act(person, &tendered, "reject", json!({ "reason": " " })).await;
        assert_eq!(mute.refused(422, "rule_broken")["rule"], "reason_required");
        act(&sam, &tendered, "reject", json!({ "reason": "full" })).await.refused(403, "forbidden");
        let returned =
            act(person, &tendered, "reject", json!({ "reason": "No truck in Chicago" })).await.data().clone();
        assert_eq!((&returned["status"], &returned["carrier"]), (&json!("PENDING"), &Value::Null));
        assert_eq!(maria.on_board(&load).await["tenderReturned"], "No truck in Chicago");
        let gone = maria.delete(&format!("/loads/{}", load["id"].as_str().unwrap())).await;
        assert_eq!(gone.refused(422, "rule_broken")["rule"], "cancel_instead", "others have known of it");
        let again = json!({ "carrierId": fixture.acme.fit_carrier });
        let offered = act(&maria, &returned, "tender", again).await.data().clone();
        assert_eq!(offered["tenderReturned"], Value::Null, "it waits no more");
        assert_eq!(maria.on_board(&load).await["tenderReturned"], Value::Null);
    }
    let returned = named(&maria, "load:status:changed").await;
    assert!(returned.iter().any(|step| step["reason"] == "No truck in Chicago"), "{returned:?}");
});

on_both!(an_unfit_carrier_needs_a_manager_and_a_reason, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let company = &fixture.acme;
    for (carrier, rule) in
        [(company.uninsured_carrier, "insurance_expired"), (company.suspended_carrier, "compliance_suspended")]
    {
        for verb in ["assign", "tender"] {
            let load = maria.book(company, json!({ "carrierId": null })).await;
            let plain = json!({ "carrierId": carrier });
            let reasoned = json!({ "carrierId": carrier, "overrideReason": "Certificate seen on paper" });
            assert_eq!(act(&sarah, &load, verb, plain).await.refused(422, "rule_broken")["rule"], rule);
            let refused = act(&maria, &load, verb, reasoned.clone()).await;
            assert_eq!(refused.refused(403, "forbidden")["rule"], "compliance_override");
            let given = act(&sarah, &load, verb, reasoned).await.data().clone();
            assert_eq!(given["carrier"]["id"], carrier.to_string());
        }
    }
    let assigned = named(&maria, "load:assigned").await;
    assert!(assigned.iter().all(|event| event["overrideReason"] == "Certificate seen on paper"), "{assigned:?}");
    assert_eq!(assigned.len(), 2);
});

on_both!(a_claim_is_seen_and_taken_over, |fixture: Fixture| async move {
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let (sam, swift) = (fixture.login("sam", "acme").await, fixture.login("swift", "acme").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    let mine = act(&maria, &load, "claim", json!({ "claimed": true })).await.data().clone();
    assert_eq!((&mine["claimedBy"]["name"], &mine["version"]), (&json!("maria"), &load["version"]));
    assert_eq!(reload(&john, &load).await["claimedBy"]["name"], "maria");
    let details = act(&john, &load, "claim", json!({ "claimed": true })).await;
    assert_eq!(details.refused(409, "conflict")["claimedBy"]["name"], "maria");
    act(&john, &load, "claim", json!({ "claimed": true, "takeOver": true })).await.data();
    let not_mine = act(&maria, &load, "claim", json!({ "claimed": false })).await.data().clone();
    assert_eq!(not_mine["claimedBy"]["name"], "john", "who is not on it changes nothing by leaving");
    act(&john, &load, "claim", json!({ "claimed": false })).await.data();
    act(&sam, &load, "claim", json!({ "claimed": true })).await.refused(403, "forbidden");
    let told: Vec<_> =
        named(&sam, "load:claimed").await.iter().map(|event| event["claimedBy"]["name"].clone()).collect();
    assert_eq!(told, [json!("maria"), json!("john"), Value::Null]);
    act(&maria, &load, "tender", json!({})).await.data();
    let stream = format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier);
    let heard = swift.get(&stream).await.body["data"].to_string();
    assert!(heard.contains("load:status:changed") && !heard.contains("load:claimed"), "{heard}");
});

on_both!(ones_own_last_step_can_be_undone, |fixture: Fixture| async move {
    let (maria, john) = (fixture.login("maria", "acme").await, fixture.login("john", "acme").await);
    let load = maria.book(&fixture.acme, json!({})).await;
    assert_eq!(act(&maria, &load, "undo", json!({})).await.refused(422, "rule_broken")["rule"], "nothing_to_undo");
    let pending = maria.bring_to(&load, "PENDING").await;
    act(&john, &pending, "undo", json!({})).await.refused(422, "rule_broken");
    let planning = act(&maria, &pending, "undo", json!({})).await.data().clone();
    assert_eq!((&planning["status"], &planning["version"]), (&json!("PLANNING"), &json!(3)));

    let pending = maria.bring_to(&planning, "PENDING").await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let hot = john.patch(&path, &json!({ "version": pending["version"], "hot": true })).await.data().clone();
    act(&maria, &pending, "undo", json!({})).await.refused(409, "conflict");
    act(&maria, &hot, "undo", json!({})).await.refused(422, "rule_broken");

    let tendered = maria.bring_to(&hot, "TENDERED").await;
    fixture.advance_clock(6 * MINUTE);
    act(&maria, &tendered, "undo", json!({})).await.refused(422, "rule_broken");
});

on_both!(a_step_that_has_ended_something_can_not_be_undone, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let book = async |status| maria.bring_to(&maria.book(&fixture.acme, json!({})).await, status).await;
    let tendered = book("TENDERED").await;
    let returned = act(&maria, &tendered, "reject", json!({ "reason": "No truck" })).await.data().clone();
    assert_eq!(act(&maria, &returned, "undo", json!({})).await.refused(422, "rule_broken")["rule"], "tender_over");
    let completed = book("COMPLETED").await;
    assert_eq!(act(&maria, &completed, "undo", json!({})).await.refused(422, "rule_broken")["rule"], "status_final");
    let cancelled =
        sarah.step(&book("PENDING").await, "CANCELLED", Some("Customer called it off")).await.data().clone();
    assert_eq!(act(&sarah, &cancelled, "undo", json!({})).await.refused(422, "rule_broken")["rule"], "status_final");
    let undone = act(&maria, &book("ACCEPTED").await, "undo", json!({})).await.data().clone();
    assert_eq!(undone["status"], "TENDERED");
    let twice = act(&maria, &undone, "undo", json!({})).await;
    assert_eq!(twice.refused(422, "rule_broken")["rule"], "nothing_to_undo", "to and fro is no undoing");
});

on_both!(a_plain_step_passes_the_same_gates_as_tendering_and_accepting, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let swift = fixture.login("swift", "acme").await;
    let given = json!({ "carrierId": fixture.acme.suspended_carrier, "overrideReason": "Seen on paper" });
    let load = maria.book(&fixture.acme, json!({ "carrierId": null })).await;
    let load = sarah.bring_to(&act(&sarah, &load, "assign", given).await.data().clone(), "PENDING").await;
    let refused = maria.step(&load, "TENDERED", None).await;
    assert_eq!(refused.refused(422, "rule_broken")["rule"], "compliance_suspended");
    let reasoned = maria.step(&load, "TENDERED", Some("I say so")).await;
    assert_eq!(reasoned.refused(403, "forbidden")["rule"], "compliance_override");
    sarah.step(&load, "TENDERED", Some("Seen on paper")).await.data();

    let tendered = maria.bring_to(&maria.book(&fixture.acme, json!({})).await, "TENDERED").await;
    fixture.advance_clock(30 * MINUTE);
    let late = swift.step(&tendered, "ACCEPTED", None).await;
    assert_eq!(late.refused(422, "rule_broken")["rule"], "tender_expired");
});

on_both!(the_next_carrier_learns_nothing_of_the_last_one, |fixture: Fixture| async move {
    let (maria, sarah) = (fixture.login("maria", "acme").await, fixture.login("sarah", "acme").await);
    let swift = fixture.login("swift", "acme").await;
    let other = json!({ "carrierId": fixture.acme.suspended_carrier, "overrideReason": "SECRET-GATE" });
    let load = maria.book(&fixture.acme, json!({ "carrierId": null })).await;
    let path = format!("/loads/{}", load["id"].as_str().unwrap());
    let load = act(&sarah, &load, "tender", other).await.data().clone();
    let load = sarah.bring_to(&load, "IN_TRANSIT").await;
    let at = json!({ "lat": 41.0, "lng": -87.65 });
    let call = json!({ "location": at, "notes": "SECRET-CALL", "eta": app::domain::time::Timestamp::plus(crate::fixture::NOW, MINUTE) });
    maria.post(&format!("{path}/check-calls"), &call).await.data();
    maria.post("/positions", &json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.65 })).await.data();
    fixture.advance_clock(MINUTE);
    let load = sarah.step(&load, "PENDING", Some("SECRET-REVERT")).await.data().clone();
    let fit = json!({ "carrierId": fixture.acme.fit_carrier });
    let load = act(&maria, &load, "tender", fit).await.data().clone();
    for (name, gone) in [("lastCheckCallAt", &load["lastCheckCallAt"]), ("eta", &load["eta"])] {
        assert_eq!(gone, &Value::Null, "{name} is of the last truck");
    }
    swift.get(&path.replace("/loads/", "/operations/tracking/positions/")).await.refused(404, "not_found");
    assert_eq!(swift.get(&format!("{path}/check-calls")).await.body["page"]["total"], 0);
    assert_eq!(swift.get(&format!("{path}/positions")).await.body["data"], json!([]));
    assert_eq!(maria.get(&format!("{path}/check-calls")).await.body["page"]["total"], 1, "the staff keep what was");
    let stream = format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.fit_carrier);
    for place in [path.clone(), format!("{path}/detail"), format!("{path}/timeline"), stream] {
        let heard = swift.get(&place).await.body.to_string();
        assert!(!heard.contains("SECRET"), "{place}: {heard}");
    }
    let stream = format!("/events?namespace=/dispatch&stream=carrier:{}", fixture.acme.suspended_carrier);
    let admin = fixture.login("admin", "acme").await;
    admin.get(&stream).await.refused(404, "not_found");
});

on_both!(many_loads_are_changed_each_for_itself, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let stranger = fixture.login("maria", "globex").await;
    let mut loads = Vec::new();
    for number in 0..6 {
        let load = maria.book(&fixture.acme, json!({})).await;
        loads.push(if number < 4 { maria.bring_to(&load, "ACCEPTED").await } else { load });
    }
    let foreign = stranger.book(&fixture.globex, json!({})).await;
    let seen = |load: &Value| json!({ "id": load["id"], "version": load["version"] });
    let mut wanted: Vec<Value> = loads.iter().map(seen).collect();
    wanted[3]["version"] = json!(1);
    wanted.push(seen(&foreign));
    let answer = maria.post("/loads/bulk-dispatch", &json!({ "loads": wanted })).await.data().clone();
    let results = answer.as_array().unwrap();
    let codes: Vec<_> = results.iter().map(|result| result["error"]["code"].as_str().unwrap_or("done")).collect();
    assert_eq!(codes, ["done", "done", "done", "conflict", "rule_broken", "rule_broken", "not_found"]);
    assert!(results.iter().zip(&wanted).all(|(result, wanted)| result["id"] == wanted["id"]));
    assert_eq!(reload(&maria, &loads[4]).await["version"], loads[4]["version"]);

    for loads in [json!([]), json!([wanted[0], wanted[0]])] {
        maria.post("/loads/bulk-dispatch", &json!({ "loads": loads })).await.refused(422, "rule_broken");
    }
    let planned: Vec<Value> = loads[4..].iter().map(seen).collect();
    let body = json!({ "loads": planned, "status": "PENDING" });
    let moved = maria.post("/loads/bulk-status", &body).await.data().clone();
    assert!(moved.as_array().unwrap().iter().all(|result| result["load"]["status"] == "PENDING"), "{moved}");
    let body = json!({ "loads": moved.as_array().unwrap().iter().map(|result| seen(&result["load"])).collect::<Vec<_>>(),
        "carrierId": fixture.acme.fit_carrier });
    let assigned = maria.post("/loads/bulk-assign", &body).await.data().clone();
    assert!(assigned.as_array().unwrap().iter().all(|result| result["ok"] == json!(true)), "{assigned}");
});

on_both!(actions_on_what_belongs_to_another_tenant_find_nothing, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let stranger = fixture.login("admin", "globex").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    for (verb, body) in [
        ("assign", json!({ "carrierId": fixture.globex.fit_carrier })),
        ("tender", json!({})),
        ("accept", json!({})),
        ("reject", json!({ "reason": "x" })),
        ("dispatch", json!({})),
        ("claim", json!({ "claimed": true })),
        ("undo", json!({})),
    ] {
        act(&stranger, &load, verb, body).await.refused(404, "not_found");
    }
    let foreign_carrier = json!({ "carrierId": fixture.globex.fit_carrier });
    act(&maria, &load, "assign", foreign_carrier).await.refused(404, "not_found");
    assert_eq!(reload(&maria, &load).await["version"], 1);
});
