//! Carriers and drivers, announcements, and what they leave in the stream of `/events`.

use crate::fixture::{Fixture, NOW, Person, on_both};
use app::domain::time::DAY;
use serde_json::{Value, json};
use uuid::Uuid;

fn prairie() -> Value {
    json!({ "name": " Prairie Haul ", "mcNumber": "mc-204417", "phone": "555-0170", "insuranceExpiresAt": NOW.plus(DAY) })
}

/// Name and data of everything in the staff's stream.
async fn told(person: &Person<'_>) -> Vec<(String, Value)> {
    let events = person.get("/events?namespace=/events").await.body;
    let events = events["data"].as_array().unwrap().clone();
    events.into_iter().map(|event| (event["event"].as_str().unwrap().to_owned(), event["data"].clone())).collect()
}

fn names(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|carrier| carrier["name"].as_str().unwrap()).collect()
}

on_both!(a_carrier_is_added_changed_and_given_a_load, |fixture: Fixture| async move {
    let (admin, maria) = (fixture.login("admin", "acme").await, fixture.login("maria", "acme").await);
    let added = admin.post("/carriers", &prairie()).await;
    assert_eq!(added.status, 201);
    let carrier = added.data().clone();
    assert_eq!(carrier["name"], "Prairie Haul");
    assert_eq!((&carrier["mcNumber"], &carrier["compliance"]), (&json!("MC-204417"), &json!("approved")));
    let path = format!("/carriers/{}", carrier["id"].as_str().unwrap());
    assert_eq!(*maria.get(&path).await.data(), carrier);
    maria.book(&fixture.acme, json!({ "carrierId": carrier["id"] })).await;

    let patched = admin.patch(&path, &json!({ "name": "Prairie Haulage", "phone": "" })).await.data().clone();
    assert_eq!((&patched["name"], &patched["phone"]), (&json!("Prairie Haulage"), &Value::Null));
    // What changes nothing is no news.
    admin.patch(&path, &json!({ "name": "Prairie Haulage" })).await.data();
    let expected = [("carrier:created", carrier), ("carrier:updated", patched)];
    assert_eq!(told(&maria).await, expected.map(|(name, data)| (name.to_owned(), data)));
});

on_both!(staff_are_alerted_when_a_change_makes_a_carrier_unfit, |fixture: Fixture| async move {
    let (admin, maria) = (fixture.login("admin", "acme").await, fixture.login("maria", "acme").await);
    let path = format!("/carriers/{}", fixture.acme.fit_carrier);
    let expired = NOW.plus(-DAY);
    // Each change, and what the alert says of it, if there is one.
    let steps = [
        (json!({ "phone": "555-0199" }), None),
        (json!({ "compliance": "suspended" }), Some("its compliance is suspended")),
        (json!({ "phone": "555-0198" }), None),
        (json!({ "insuranceExpiresAt": expired }), Some("its insurance expired on Nov 20")),
        (json!({ "compliance": "approved" }), Some("its insurance expired on Nov 20")),
        (json!({ "phone": "555-0197" }), None),
        (json!({ "insuranceExpiresAt": NOW.plus(DAY) }), None),
    ];
    for (patch, alert) in &steps {
        let before = told(&maria).await.len();
        let carrier = admin.patch(&path, patch).await.data().clone();
        let news = told(&maria).await.split_off(before);
        let events: Vec<_> = news.iter().map(|(name, _)| name.as_str()).collect();
        let Some(reason) = alert else {
            assert_eq!(events, ["carrier:updated"], "{patch}");
            continue;
        };
        assert_eq!(events, ["carrier:updated", "carrier:compliance:alert"], "{patch}");
        let data = &news[1].1;
        assert_eq!(data["message"], format!("Swift River can't be assigned: {reason}."));
        assert_eq!((&data["carrierId"], &data["compliance"]), (&carrier["id"], &carrier["compliance"]));
        assert_eq!(data["insuranceExpiresAt"], carrier["insuranceExpiresAt"]);
    }
    let mut unfit = prairie();
    unfit["insuranceExpiresAt"] = json!(expired);
    unfit["compliance"] = json!("suspended");
    admin.post("/carriers", &unfit).await.data();
    let last = told(&maria).await.pop().unwrap();
    assert_eq!(last.0, "carrier:compliance:alert");
    let message = "Prairie Haul can't be assigned: its compliance is suspended, and its insurance expired on Nov 20.";
    assert_eq!(last.1["message"], message);
});

on_both!(carriers_are_found_by_name_number_and_fitness, |fixture: Fixture| async move {
    let (admin, sam) = (fixture.login("admin", "acme").await, fixture.login("sam", "acme").await);
    admin.post("/carriers", &prairie()).await.data();
    let everybody = ["Lapsed Lines", "Parked Partners", "Prairie Haul", "Swift River"];
    let all = sam.get("/carriers").await.body;
    assert_eq!((names(&all), &all["page"]), (everybody.to_vec(), &json!({ "next": null, "total": 4 })));
    for (query, expected) in [
        ("fit=true", vec!["Prairie Haul", "Swift River"]),
        ("fit=false", vec!["Lapsed Lines", "Parked Partners"]),
        ("search=PR", vec!["Prairie Haul"]),
        ("search=204417", vec!["Prairie Haul"]),
        ("search=p&fit=false", vec!["Lapsed Lines", "Parked Partners"]),
        ("search=%25", vec![]),
        ("search=_", vec![]),
        ("search=%20", everybody.to_vec()),
    ] {
        assert_eq!(names(&sam.get(&format!("/carriers?{query}")).await.body), expected, "{query}");
    }
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = sam.get(&format!("/carriers?limit=3{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 4);
        paged.extend(names(&page).into_iter().map(str::to_owned));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, everybody);
    fixture.advance_clock(2 * DAY);
    let sam = fixture.login("sam", "acme").await;
    assert_eq!(names(&sam.get("/carriers?fit=true").await.body), ["Swift River"]);
    for bad in ["limit=0", "limit=501", "fit=maybe", "cursor=x", "colour=red"] {
        sam.get(&format!("/carriers?{bad}")).await.refused(400, "bad_request");
    }
});

on_both!(carriers_are_the_admins_to_change_and_the_tenants_own, |fixture: Fixture| async move {
    let (admin, stranger) = (fixture.login("admin", "acme").await, fixture.login("admin", "globex").await);
    let path = format!("/carriers/{}", fixture.acme.fit_carrier);
    for name in ["sarah", "maria", "sam", "swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        let answers = [person.post("/carriers", &prairie()).await, person.patch(&path, &json!({ "name": "X" })).await];
        for answer in answers {
            assert_eq!(answer.refused(403, "forbidden")["rule"], "tenant_manage");
        }
    }
    for name in ["swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        for path in ["/carriers", path.as_str(), "/drivers"] {
            assert_eq!(person.get(path).await.refused(403, "forbidden")["rule"], "staff_only");
        }
    }
    stranger.get(&path).await.refused(404, "not_found");
    stranger.patch(&path, &json!({ "name": "Mine" })).await.refused(404, "not_found");
    admin.get(&format!("/carriers/{}", Uuid::now_v7())).await.refused(404, "not_found");

    admin.post("/carriers", &prairie()).await.data();
    assert_eq!(admin.post("/carriers", &prairie()).await.refused(409, "conflict")["field"], "mcNumber");
    let number = json!({ "mcNumber": "MC-204417" });
    assert_eq!(admin.patch(&path, &number).await.refused(409, "conflict")["field"], "mcNumber");
    // Each tenant has its own numbers.
    stranger.post("/carriers", &prairie()).await.data();
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(121))),
        ("mcNumber", json!("MC 1")),
        ("mcNumber", json!("1".repeat(21))),
        ("phone", json!("5".repeat(41))),
    ] {
        let mut body = prairie();
        body["mcNumber"] = json!("MC-1");
        body[field] = value;
        assert_eq!(admin.post("/carriers", &body).await.refused(422, "rule_broken")["field"], field);
    }
    assert_eq!(told(&admin).await.len(), 1);
});

on_both!(drivers_are_listed_by_carrier, |fixture: Fixture| async move {
    let sam = fixture.login("sam", "acme").await;
    let all = sam.get("/drivers").await.body;
    assert_eq!((names(&all), &all["page"]["total"]), (vec!["Carlos Ortega", "Rosa Delgado"], &json!(2)));
    assert_eq!(all["data"][0]["carrierId"], json!(fixture.acme.fit_carrier));
    assert_eq!(all["data"][0]["phone"], "555-0142");
    let of = async |carrier: String| sam.get(&format!("/drivers?carrierId={carrier}")).await;
    assert_eq!(names(&of(fixture.acme.fit_carrier.to_string()).await.body).len(), 2);
    assert_eq!(names(&of(fixture.acme.suspended_carrier.to_string()).await.body).len(), 0);
    of(fixture.globex.fit_carrier.to_string()).await.refused(404, "not_found");
    of("x".into()).await.refused(400, "bad_request");
});

on_both!(an_announcement_reaches_all_staff_and_waits_for_those_who_are_away, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let answer = admin.post("/announcements", &json!({ "message": " The yard is closed on Friday. " })).await;
    assert_eq!(answer.status, 201);
    let id = admin.get("/auth/me").await.data()["id"].clone();
    for name in ["maria", "sam"] {
        let expected = json!({ "message": "The yard is closed on Friday.", "by": { "id": id, "name": "admin" } });
        let person = fixture.login(name, "acme").await;
        assert_eq!(told(&person).await, [("system:announcement".to_owned(), expected)]);
    }
    let swift = fixture.login("swift", "acme").await;
    swift.get("/events?namespace=/events").await.refused(404, "not_found");
    let own = swift.get(&format!("/events?namespace=/events&stream=carrier:{}", fixture.acme.fit_carrier)).await.body;
    assert_eq!(own["data"], json!([]));
    for message in ["", "  ", &"x".repeat(501)] {
        let answer = admin.post("/announcements", &json!({ "message": message })).await;
        assert_eq!(answer.refused(422, "rule_broken")["field"], "message");
    }
    for name in ["sarah", "maria", "swift"] {
        let person = fixture.login(name, "acme").await;
        person.post("/announcements", &json!({ "message": "Hi" })).await.refused(403, "forbidden");
    }
    assert_eq!(told(&admin).await.len(), 1);
});
