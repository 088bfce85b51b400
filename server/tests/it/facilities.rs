//! Facilities, and the customers that loads name.

use crate::fixture::{Fixture, on_both};
use serde_json::{Value, json};
use uuid::Uuid;

fn joliet() -> Value {
    json!({
        "name": " Joliet crossdock ",
        "address": "2500 Laraway Rd",
        "place": { "city": "Joliet", "state": "il" },
        "zone": "America/Chicago",
        "location": { "lat": 41.49, "lng": -88.08 },
        "geofenceMiles": 0.75,
    })
}

fn names(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect()
}

on_both!(a_facility_is_added_changed_and_booked_at, |fixture: Fixture| async move {
    let (admin, maria) = (fixture.login("admin", "acme").await, fixture.login("maria", "acme").await);
    let added = admin.post("/facilities", &joliet()).await;
    assert_eq!(added.status, 201);
    let facility = added.data().clone();
    assert_eq!((&facility["name"], &facility["place"]["state"]), (&json!("Joliet crossdock"), &json!("IL")));
    assert_eq!((&facility["address"], &facility["geofenceMiles"]), (&json!("2500 Laraway Rd"), &json!(0.75)));
    let path = format!("/facilities/{}", facility["id"].as_str().unwrap());
    assert_eq!(*maria.get(&path).await.data(), facility);

    let patch = json!({ "name": "Joliet yard", "address": "", "geofenceMiles": 0, "zone": "america/new_york" });
    let patched = admin.patch(&path, &patch).await.data().clone();
    assert_eq!((&patched["name"], &patched["zone"]), (&json!("Joliet yard"), &json!("America/New_York")));
    assert_eq!((&patched["address"], &patched["geofenceMiles"]), (&Value::Null, &Value::Null));
    assert_eq!((&patched["place"], &patched["location"]), (&facility["place"], &facility["location"]));

    let load = maria.book(&fixture.acme, json!({})).await;
    let mut stops: Vec<Value> = load["stops"].as_array().unwrap().clone();
    stops[0]["facilityId"] = facility["id"].clone();
    let stops: Vec<Value> = stops
        .iter()
        .map(|stop| {
            let window = &stop["appointment"];
            json!({ "kind": stop["kind"], "facilityId": stop["facilityId"], "window":
                { "kind": window["kind"], "start": window["start"], "end": window["end"] } })
        })
        .collect();
    let booked = maria.book(&fixture.acme, json!({ "stops": stops })).await;
    assert_eq!((&booked["origin"]["city"], &booked["pickup"]["zone"]), (&json!("Joliet"), &json!("EST")));
});

on_both!(facilities_are_found_by_name_place_and_id, |fixture: Fixture| async move {
    let (admin, sam) = (fixture.login("admin", "acme").await, fixture.login("sam", "acme").await);
    let joliet_id = admin.post("/facilities", &joliet()).await.data()["id"].as_str().unwrap().to_owned();
    let all = sam.get("/facilities").await.body;
    let everything = ["Chicago dock", "Dallas dock", "Joliet crossdock"];
    assert_eq!((names(&all), &all["page"]), (everything.to_vec(), &json!({ "next": null, "total": 3 })));
    let (chicago, foreign) = (fixture.acme.chicago, fixture.globex.chicago);
    for (query, expected) in [
        ("search=DOCK".to_owned(), everything.to_vec()),
        ("search=crossd".to_owned(), vec!["Joliet crossdock"]),
        ("search=dallas%2C+tx".to_owned(), vec!["Dallas dock"]),
        ("search=joliet".to_owned(), vec!["Joliet crossdock"]),
        ("search=%25".to_owned(), vec![]),
        ("search=%20".to_owned(), everything.to_vec()),
        (format!("ids={joliet_id},{chicago},{chicago},{foreign}"), vec!["Chicago dock", "Joliet crossdock"]),
    ] {
        assert_eq!(names(&sam.get(&format!("/facilities?{query}")).await.body), expected, "{query}");
    }
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = sam.get(&format!("/facilities?limit=2{cursor}")).await.body;
        assert_eq!(page["page"]["total"], 3);
        paged.extend(names(&page).into_iter().map(str::to_owned));
        let Value::String(next) = &page["page"]["next"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, everything);
    let many = vec![joliet_id; 101].join(",");
    for bad in ["limit=0", "limit=501", "cursor=x", "colour=red", "ids=x", &format!("ids={many}")] {
        sam.get(&format!("/facilities?{bad}")).await.refused(400, "bad_request");
    }
});

on_both!(facilities_are_the_admins_to_change_and_the_tenants_own, |fixture: Fixture| async move {
    let (admin, stranger) = (fixture.login("admin", "acme").await, fixture.login("admin", "globex").await);
    let path = format!("/facilities/{}", fixture.acme.chicago);
    for name in ["sarah", "maria", "sam", "swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        for answer in [person.post("/facilities", &joliet()).await, person.patch(&path, &json!({})).await] {
            assert_eq!(answer.refused(403, "forbidden")["rule"], "tenant_manage");
        }
    }
    for name in ["swift", "carlos"] {
        let person = fixture.login(name, "acme").await;
        for path in ["/facilities", path.as_str(), "/customers"] {
            assert_eq!(person.get(path).await.refused(403, "forbidden")["rule"], "staff_only");
        }
    }
    stranger.get(&path).await.refused(404, "not_found");
    stranger.patch(&path, &json!({ "name": "Mine" })).await.refused(404, "not_found");
    admin.get(&format!("/facilities/{}", Uuid::now_v7())).await.refused(404, "not_found");

    admin.post("/facilities", &joliet()).await.data();
    assert_eq!(admin.post("/facilities", &joliet()).await.refused(409, "conflict")["field"], "name");
    let taken = json!({ "name": "Joliet crossdock" });
    assert_eq!(admin.patch(&path, &taken).await.refused(409, "conflict")["field"], "name");
    // Each tenant has its own names.
    stranger.post("/facilities", &joliet()).await.data();
});

on_both!(what_no_facility_can_be_is_refused_by_field, |fixture: Fixture| async move {
    let admin = fixture.login("admin", "acme").await;
    let path = format!("/facilities/{}", fixture.acme.chicago);
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("x".repeat(121))),
        ("address", json!("x".repeat(201))),
        ("place", json!({ "city": "", "state": "IL" })),
        ("place", json!({ "city": "Joliet", "state": "Illinois" })),
        ("zone", json!("Central")),
        ("zone", json!("")),
        ("location", json!({ "lat": 91.0, "lng": 0.0 })),
        ("geofenceMiles", json!(0.01)),
        ("geofenceMiles", json!(25.5)),
        ("geofenceMiles", json!(-1)),
    ] {
        let mut body = joliet();
        body[field] = value.clone();
        assert_eq!(admin.post("/facilities", &body).await.refused(422, "rule_broken")["field"], field, "{value}");
        let patch = json!({ field: value });
        assert_eq!(admin.patch(&path, &patch).await.refused(422, "rule_broken")["field"], field, "{value}");
    }
    admin.post("/facilities", &json!({ "name": "X" })).await.refused(400, "bad_request");
});

on_both!(customers_are_those_that_loads_were_booked_for, |fixture: Fixture| async move {
    let (maria, stranger) = (fixture.login("maria", "acme").await, fixture.login("maria", "globex").await);
    for customer in ["Prairie Paper", "Lakeside Foods", "Prairie Paper", "100% Organic"] {
        maria.book(&fixture.acme, json!({ "customer": customer })).await;
    }
    stranger.book(&fixture.globex, json!({ "customer": "Secret Client" })).await;
    for (query, expected) in [
        ("", vec!["100% Organic", "Lakeside Foods", "Prairie Paper"]),
        ("?search=pRAi", vec!["Prairie Paper"]),
        ("?search=%25", vec!["100% Organic"]),
        ("?search=secret", vec![]),
        ("?limit=1", vec!["100% Organic"]),
    ] {
        assert_eq!(names(&maria.get(&format!("/customers{query}")).await.body), expected, "{query}");
    }
    for bad in ["limit=0", "limit=101", "cursor=x"] {
        maria.get(&format!("/customers?{bad}")).await.refused(400, "bad_request");
    }
});
