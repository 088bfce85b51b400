//! Loads as files.

use crate::fixture::{Fixture, NOW, new_load, on_both};
use app::api::load_files::Import;
use serde_json::{Value, json};
use server::store::imports::{self, BegunImport, Progress};
use std::time::Duration;
use uuid::Uuid;

const HEAD: &str = "customer,equipment,pickup_facility,pickup_start,pickup_end,delivery_facility,delivery_start,\
                    delivery_end,weight_lbs,revenue,carrier_cost,hot";

fn file(rows: &[&str]) -> String {
    std::iter::once(HEAD).chain(rows.iter().copied()).collect::<Vec<_>>().join("\n")
}

const GOOD: &str = "Prairie Paper,dry_van,Chicago dock,2026-11-23 08:00,2026-11-23 10:00,Dallas dock,\
                    2026-11-24T14:00:00Z,2026-11-24T16:00:00Z,\"42,000\",,,yes";

async fn finished(person: &crate::fixture::Person<'_>, id: &Value) -> Value {
    for _ in 0..500 {
        let import = person.get(&format!("/loads/import/{}", id.as_str().unwrap())).await.data().clone();
        if import["finished"] == json!(true) {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import did not finish");
}

on_both!(a_file_is_previewed_then_booked, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let bad = [
        GOOD.replace("dry_van", "boat"),
        GOOD.replace("Chicago dock", "Atlantis dock"),
        GOOD.replace("2026-11-23 08:00", "tomorrow"),
        GOOD.replace("\"42,000\"", "heavy"),
        GOOD.replace("\"42,000\"", "900000"),
        GOOD.replace("2026-11-23 10:00", "2026-11-22 10:00"),
        GOOD.replace(",,,yes", ",100,50,yes"),
        GOOD.replace("\"42,000\"", "\"42,5\""),
        GOOD.replace(",,,yes", ",\"1850,50\",\"1500,00\",yes"),
        GOOD.replace("Prairie Paper", ""),
    ];
    let mut rows = vec![GOOD; 60];
    rows.splice(30..30, bad.iter().map(String::as_str));
    let csv = file(&rows);
    let preview = maria.post("/loads/import", &json!({ "csv": csv })).await.data().clone();
    assert_eq!((&preview["total"], &preview["good"], &preview["id"]), (&json!(70), &json!(60), &Value::Null));
    let wrong: Vec<_> =
        preview["errors"].as_array().unwrap().iter().map(|e| (e["row"].clone(), e["column"].clone())).collect();
    let columns = [
        "equipment",
        "pickup_facility",
        "pickup_start",
        "weight_lbs",
        "weight_lbs",
        "pickup_end",
        "revenue",
        "weight_lbs",
        "revenue",
        "customer",
    ];
    let expected: Vec<_> = (32..).zip(columns).map(|(row, column)| (json!(row), json!(column))).collect();
    assert_eq!(wrong, expected);
    assert_eq!(maria.get("/loads").await.body["page"]["total"], 0, "nothing is stored before it is confirmed");

    let answer = maria.post("/loads/import", &json!({ "csv": csv, "confirm": true })).await;
    assert_eq!(answer.status.as_u16(), 202);
    let import = finished(&maria, &answer.data()["id"]).await;
    assert_eq!((&import["done"], import["errors"].as_array().unwrap().len()), (&json!(60), 10));
    assert_eq!(maria.get("/loads").await.body["page"]["total"], 60);
    let load = maria.get("/loads?limit=1").await.body["data"][0].clone();
    assert_eq!(load["pickup"]["start"], "2026-11-23T14:00:00.000Z", "8 in the morning in Chicago");
    assert_eq!((&load["hot"], &load["weightLbs"]), (&json!(true), &json!(42_000)));
    let john = fixture.login("john", "acme").await;
    john.get(&format!("/loads/import/{}", answer.data()["id"].as_str().unwrap())).await.refused(404, "not_found");
});

on_both!(a_file_that_is_none_is_refused_with_what_it_lacks, |fixture: Fixture| async move {
    let (maria, sam) = (fixture.login("maria", "acme").await, fixture.login("sam", "acme").await);
    for (csv, says) in [
        ("", "lacks the columns customer"),
        ("customer,colour\nA,red", "\"colour\" is not known"),
        ("customer,equipment\nA,reefer", "lacks the columns pickup_facility"),
    ] {
        let answer = maria.post("/loads/import", &json!({ "csv": csv })).await;
        answer.refused(422, "rule_broken");
        let message = answer.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
    }
    sam.post("/loads/import", &json!({ "csv": file(&[GOOD]) })).await.refused(403, "forbidden");
});

on_both!(money_is_in_the_file_of_those_who_may_see_it, |fixture: Fixture| async move {
    let (sarah, maria) = (fixture.login("sarah", "acme").await, fixture.login("maria", "acme").await);
    let swift = fixture.login("swift", "acme").await;
    let money = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let finance = json!({ "revenue": money(200_000), "carrierCost": money(150_050) });
    let load = sarah.book(&fixture.acme, json!({ "finance": finance, "customer": "=Prairie, \"Paper\"" })).await;
    sarah.book(&fixture.acme, json!({})).await;
    let of_sarah = sarah.text("/loads/export").await;
    assert_eq!(of_sarah.lines().count(), 3);
    assert!(of_sarah.contains("2000.00,1500.50,499.50,USD"), "{of_sarah}");
    assert!(of_sarah.contains("\"'=Prairie, \"\"Paper\"\"\""), "{of_sarah}");
    let of_maria = maria.text(&format!("/loads/export?ids={}", load["id"].as_str().unwrap())).await;
    assert_eq!(of_maria.lines().count(), 2);
    assert!(!of_maria.contains("revenue") && !of_maria.contains("1500.50"), "{of_maria}");
    assert_eq!(swift.text("/loads/export").await.lines().count(), 1, "only the names of the columns");
});

on_both!(what_was_exported_is_imported_as_the_same_loads, |fixture: Fixture| async move {
    let sarah = fixture.login("sarah", "acme").await;
    let company = &fixture.acme;
    let money = |amount: i64| json!({ "amount": amount, "currency": "CAD" });
    let finance = json!({ "revenue": money(200_000), "carrierCost": money(150_050) });
    let mut between = new_load(company)["stops"].clone();
    let stop = |kind: &str, place: String, window: &str, from: i64, to: i64| json!({ "kind": kind, "facilityId": place, "window": { "kind": window, "start": NOW.plus(from), "end": NOW.plus(to) } });
    let hour = 3_600_000;
    let on_the_way = [
        stop("delivery", company.dallas.to_string(), "fixed", 6 * hour, 7 * hour),
        stop("pickup", company.chicago.to_string(), "FCFS", 9 * hour, 9 * hour),
    ];
    between.as_array_mut().unwrap().splice(1..1, on_the_way);
    between[0]["window"]["kind"] = json!("fixed");
    for changes in [
        json!({}),
        json!({ "finance": finance, "customer": "=Prairie, \"Paper\"", "hot": true, "references": ["PO 1", "BOL-2"] }),
        json!({ "stops": between, "instructions": "Call ahead.\nUse gate 3; ask for Jo.", "miles": 1_234 }),
    ] {
        sarah.book(company, changes).await;
    }
    let before: Vec<Value> = sarah.get("/loads").await.data().as_array().unwrap().clone();
    sarah.bring_to(&before[2], "TENDERED").await;
    let file = sarah.text("/loads/export").await;
    let preview = sarah.post("/loads/import", &json!({ "csv": file })).await.data().clone();
    assert_eq!((&preview["good"], &preview["errors"]), (&json!(3), &json!([])));
    let passed_over: Vec<_> =
        preview["passedOver"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(["load_number", "status", "carrier"].iter().all(|name| passed_over.contains(name)), "{passed_over:?}");
    let begun = sarah.post("/loads/import", &json!({ "csv": file, "confirm": true })).await.data().clone();
    let path = format!("/loads/import/{}", begun["id"].as_str().unwrap());
    while sarah.get(&path).await.data()["finished"] != json!(true) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let mut after: Vec<Value> = sarah.get("/loads").await.data().as_array().unwrap().clone();
    assert_eq!(after.len(), 6);
    after.truncate(3);
    // Both are listed newest first, and the file is in the order of the list.
    after.reverse();
    let facts = async |load: &Value| {
        let load = sarah.get(&format!("/loads/{}", load["id"].as_str().unwrap())).await.data().clone();
        let stops = load["stops"].as_array().unwrap().iter();
        let stops: Vec<_> = stops.map(|stop| json!([stop["kind"], stop["facilityId"], stop["appointment"]])).collect();
        let named = [
            "customer",
            "equipment",
            "commodity",
            "weightLbs",
            "miles",
            "references",
            "instructions",
            "hot",
            "finance",
        ];
        (named.map(|name| load[name].clone()), stops, load["status"].clone())
    };
    for (old, new) in before.iter().zip(&after) {
        let (old, new) = (facts(old).await, facts(new).await);
        assert_eq!((old.0, old.1), (new.0, new.1));
        assert_eq!(new.2, json!("PLANNING"));
    }
});

/// An import of a person that was confirmed, of which so many loads are booked, and whose process has ended.
async fn lost_import(fixture: &Fixture, of: &crate::fixture::Person<'_>, loads: Vec<Value>, passed: usize) -> Value {
    let me = of.get("/auth/me").await.data().clone();
    let id = Uuid::now_v7();
    let good = loads.len();
    let outcome =
        Import { id: Some(id), total: good, good, done: passed, finished: false, passed_over: vec![], errors: vec![] };
    let loads = loads.into_iter().map(|load| serde_json::from_value(load).unwrap());
    let import = BegunImport {
        id,
        tenant: me["tenantId"].as_str().unwrap().parse().unwrap(),
        user: me["id"].as_str().unwrap().parse().unwrap(),
        loads: (2..).zip(loads).collect(),
        progress: Progress { passed, outcome },
    };
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    imports::insert(&mut tx, &import, NOW).await.unwrap();
    tx.commit().await.unwrap();
    json!(id)
}

on_both!(an_import_whose_process_has_ended_is_taken_up_where_it_stood, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let loads = vec![new_load(&fixture.acme); 40];
    let id = lost_import(&fixture, &maria, loads, 10).await;
    fixture.advance_clock(10_000);
    server::jobs::take_up_imports(&fixture.services).await;
    let path = format!("/loads/import/{}", id.as_str().unwrap());
    assert_eq!(maria.get(&path).await.data()["done"], 10, "somebody may still be at it");
    fixture.advance_clock(10_000);
    tokio::join!(server::jobs::take_up_imports(&fixture.services), server::jobs::take_up_imports(&fixture.services));
    let import = maria.get(&path).await.data().clone();
    assert_eq!((&import["done"], &import["finished"], &import["errors"]), (&json!(40), &json!(true), &json!([])));
    let list = maria.get("/loads").await.body;
    assert_eq!(list["page"]["total"], 30, "the first ten were booked before");
    assert_eq!(list["data"][0]["dispatcher"]["name"], "maria", "booked by who has confirmed it");
    server::jobs::take_up_imports(&fixture.services).await;
    assert_eq!(maria.get("/loads").await.body["page"]["total"], 30);
});

on_both!(a_row_that_can_be_booked_no_more_is_named_and_costs_no_other, |fixture: Fixture| async move {
    let (maria, sam) = (fixture.login("maria", "acme").await, fixture.login("sam", "acme").await);
    let mut loads = vec![new_load(&fixture.acme); 5];
    loads[2]["stops"][0]["facilityId"] = json!(Uuid::now_v7());
    let id = lost_import(&fixture, &maria, loads.clone(), 0).await;
    let of_sam = lost_import(&fixture, &sam, loads, 0).await;
    fixture.advance_clock(20_000);
    server::jobs::take_up_imports(&fixture.services).await;
    let outcome = async |by: &crate::fixture::Person<'_>, id: &Value| {
        let import = by.get(&format!("/loads/import/{}", id.as_str().unwrap())).await.data().clone();
        let rows: Vec<_> = import["errors"].as_array().unwrap().iter().map(|error| error["row"].clone()).collect();
        (import["done"].clone(), import["finished"].clone(), json!(rows))
    };
    assert_eq!(outcome(&maria, &id).await, (json!(4), json!(true), json!([4])));
    let refused = outcome(&sam, &of_sam).await;
    assert_eq!(refused, (json!(0), json!(true), json!([2, 3, 4, 5, 6])), "support may not book");
    assert_eq!(maria.get("/loads").await.body["page"]["total"], 4);
});

#[tokio::test]
async fn rows_are_numbered_as_in_the_file_and_judged_by_their_clocks() {
    let fixture = Fixture::build(crate::fixture::On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let preview = async |csv: String| maria.post("/loads/import", &json!({ "csv": csv })).await.data().clone();
    let gap = GOOD.replace("2026-11-23 08:00", "2027-03-14 02:30").replace("2026-11-23 10:00", "2027-03-14 03:30");
    let twice = GOOD.replace("2026-11-23 08:00", "2026-11-01 01:30");
    let long = format!("{GOOD},one too many");
    let rows = [GOOD, "", &gap, &twice, ",,,,,,,,,,,", &long, &GOOD.replace("dry_van", "boat")];
    let read = preview(file(&rows).replacen("customer", "CUSTOMER", 1)).await;
    let errors = read["errors"].as_array().unwrap();
    let wrong: Vec<_> = errors.iter().map(|error| (error["row"].clone(), error["column"].clone())).collect();
    let column = |name: &str| json!(name);
    assert_eq!(
        wrong,
        [
            (json!(4), column("pickup_start")),
            (json!(5), column("pickup_start")),
            (json!(7), Value::Null),
            (json!(8), column("equipment")),
        ],
        "{errors:?}"
    );
    assert_eq!((&read["total"], &read["good"]), (&json!(5), &json!(1)));
    let doubled = file(&[GOOD]).replacen("customer,", "customer,customer,", 1);
    let refused = maria.post("/loads/import", &json!({ "csv": doubled })).await;
    assert_eq!(refused.refused(422, "rule_broken")["rule"], "unreadable_file");
}

on_both!(an_export_of_chosen_loads_holds_them_wherever_they_are, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let mut loads = Vec::new();
    for _ in 0..3 {
        loads.push(maria.book(&fixture.acme, json!({})).await);
    }
    let file = maria.text(&format!("/loads/export?ids={}", loads[0]["id"].as_str().unwrap())).await;
    assert_eq!(file.lines().count(), 2);
    assert!(file.contains(loads[0]["loadNumber"].as_str().unwrap()), "{file}");
    let nobodys = maria.text(&format!("/loads/export?ids={}", Uuid::now_v7())).await;
    assert_eq!(nobodys.lines().count(), 1, "of none there are none, not all");
});
