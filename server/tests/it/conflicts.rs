//! Writers that are in one another's way: done again where nothing was done, refused as busy where it does not end, and
//! never done twice.

use crate::{
    fixture::{Answer, Fixture, On, Person, json_request, on_both},
    polling::Tab,
};
use http::{Method, header};
use serde_json::{Value, json};
use server::store::{self, Database, Tx, row::Columns};
use std::time::Duration;

fn address(load: &Value) -> String {
    format!("/loads/{}", load["id"].as_str().unwrap())
}

async fn run(tx: &mut Tx, sql: &'static str) {
    sqlx::query(sql).execute(&mut **tx).await.unwrap();
}

/// Waits until a session of this database waits for a lock, or does `what`, and gives its process.
async fn until_someone(fixture: &Fixture, what: &'static str) -> i64 {
    for _ in 0..2_000 {
        let row = sqlx::query(
            "SELECT CAST(pid AS BIGINT) AS pid FROM pg_stat_activity
             WHERE datname = current_database() AND (wait_event_type = $1 OR (state = 'active' AND query = $1))",
        )
        .bind(what)
        .fetch_optional(fixture.services.database.reader())
        .await
        .unwrap();
        if let Some(row) = row {
            return row.int("pid").unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nobody came to: {what}");
}

async fn end_session(fixture: &Fixture, process: i64) {
    let end = sqlx::query("SELECT CAST(pg_terminate_backend(CAST($1 AS INT)) AS INT) AS ended").bind(process);
    end.fetch_one(fixture.services.database.reader()).await.unwrap();
}

/// How many events of a name there are about a load in the staff's stream.
async fn count(fixture: &Fixture, load: &Value, event: &str) -> i64 {
    let row =
        sqlx::query("SELECT COUNT(*) AS total FROM events WHERE load_id = $1 AND event = $2 AND stream = 'tenant'")
            .bind(load["id"].as_str().unwrap().to_owned())
            .bind(event.to_owned())
            .fetch_one(fixture.services.database.reader())
            .await;
    row.unwrap().int("total").unwrap()
}

async fn make_hot(person: &Person<'_>, load: &Value) -> Answer {
    person.patch(&address(load), &json!({ "version": load["version"], "hot": true })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_in_a_deadlock_is_done_again() {
    let fixture = Fixture::build(On::Postgres).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let mut other = fixture.services.database.begin_write().await.unwrap();
    // So that it is the other one that is ended.
    run(&mut other, "SET LOCAL deadlock_timeout = '10min'").await;
    run(&mut other, "UPDATE streams SET seq = seq").await;
    let interfere = async {
        until_someone(&fixture, "Lock").await;
        run(&mut other, "UPDATE loads SET version = version").await;
        other.rollback().await.unwrap();
    };
    let (answer, ()) = tokio::join!(make_hot(&maria, &load), interfere);
    assert_eq!(answer.data()["hot"], true);
    assert_eq!(count(&fixture, &load, "load:updated").await, 1);
    assert!(fixture.metrics().await.contains(r#"headhaul_conflicts_total{outcome="retried"}"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_whose_connection_broke_before_its_end_is_done_again() {
    let fixture = Fixture::build(On::Postgres).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let mut other = fixture.services.database.begin_write().await.unwrap();
    run(&mut other, "UPDATE loads SET version = version").await;
    let interfere = async {
        let waiting = until_someone(&fixture, "Lock").await;
        end_session(&fixture, waiting).await;
        other.rollback().await.unwrap();
    };
    let (answer, ()) = tokio::join!(make_hot(&maria, &load), interfere);
    assert_eq!(answer.data()["hot"], true);
    assert_eq!(count(&fixture, &load, "load:updated").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_may_have_been_done_is_not_done_again() {
    let fixture = Fixture::build(On::Postgres).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    // Checked at the commit, which so takes its time.
    for sql in [
        "CREATE FUNCTION linger() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER lingers AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION linger()",
    ] {
        sqlx::raw_sql(sql).execute(fixture.services.database.reader()).await.unwrap();
    }
    let interfere = async {
        let committing = until_someone(&fixture, "COMMIT").await;
        end_session(&fixture, committing).await;
    };
    let (answer, ()) = tokio::join!(make_hot(&maria, &load), interfere);
    // Done again, it would linger again.
    answer.refused(500, "internal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_the_way_for_too_long_is_told_that_the_server_is_busy() {
    let fixture = Fixture::with_settings(On::Postgres, |settings| {
        // What else ends a wait takes longer than a test.
        settings.database.url.push_str("&options[lock_timeout]=50");
    });
    let fixture = fixture.await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let admin = fixture.login("admin", "acme").await;
    let news = json!({ "type": "info", "title": "Dock", "message": "Door 4", "role": "dispatcher" });
    admin.post("/notifications", &news).await.data();
    let told = maria.get("/notifications").await.data()[0]["id"].clone();
    let mut tab = Tab::open(&fixture, "/notifications", &maria.token).await;

    let mut other = fixture.services.database.begin_write().await.unwrap();
    run(&mut other, "UPDATE loads SET version = version").await;
    run(&mut other, "UPDATE notifications SET title = title").await;
    let body = json!({ "version": load["version"], "hot": true });
    let request = || {
        let mut request = json_request(Method::PATCH, &address(&load), Some(&maria.token), &body);
        request.headers_mut().insert("idempotency-key", "once".parse().unwrap());
        request
    };
    let busy = fixture.send(request()).await;
    busy.refused(503, "unavailable");
    assert_eq!(busy.headers[header::RETRY_AFTER], "1");
    let answer = tab.ask("notification:read", json!({ "id": told })).await;
    assert_eq!((&answer["ok"], &answer["error"]["code"]), (&json!(false), &json!("unavailable")));
    let position = json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.65 });
    maria.post("/positions", &position).await.refused(503, "unavailable");
    // Of many, each is told for itself.
    let seen = json!({ "id": load["id"], "version": load["version"] });
    let many = maria.post("/loads/bulk-status", &json!({ "loads": [seen], "status": "PENDING" })).await;
    assert_eq!(many.data()[0]["error"]["code"], "unavailable", "{:?}", many.body);
    assert!(fixture.metrics().await.contains(r#"headhaul_conflicts_total{outcome="refused"}"#));

    // Nothing was done, so the same key does it now.
    other.rollback().await.unwrap();
    assert_eq!(fixture.send(request()).await.data()["hot"], true);
    assert_eq!(tab.ask("notification:read", json!({ "id": told })).await["ok"], true);
    assert_eq!(count(&fixture, &load, "load:updated").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_that_writes_into_the_file_is_waited_for_and_then_the_server_is_busy() {
    let fixture = Fixture::build(On::Sqlite).await;
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let process = Database::open(&fixture.settings.database.url).await.unwrap();
    let writes = process.begin_write().await.unwrap();
    let busy = make_hot(&maria, &load).await;
    busy.refused(503, "unavailable");
    assert!(busy.headers.contains_key(header::RETRY_AFTER));
    writes.rollback().await.unwrap();
    assert_eq!(make_hot(&maria, &load).await.data()["hot"], true);
    process.close().await;
}

on_both!(a_change_happens_when_its_turn_has_come_and_not_when_it_was_asked_for, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    let load = maria.book(&fixture.acme, json!({})).await;
    let tendered = maria.bring_to(&load, "TENDERED").await;
    let mut other = fixture.services.database.begin_write().await.unwrap();
    run(&mut other, "UPDATE loads SET version = version").await;
    let body = json!({ "version": tendered["version"] });
    let path = format!("{}/accept", address(&load));
    let accept = maria.post(&path, &body);
    let wait = async {
        if fixture.settings.database.url.starts_with("postgres") {
            until_someone(&fixture, "Lock").await;
        } else {
            // It stands in a queue where nobody sees it. Were it not there yet, it would be later still.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // Meanwhile the tender has run out.
        fixture.advance_clock(60 * 60_000);
        store::commit(other).await.unwrap();
    };
    let (answer, ()) = tokio::join!(accept, wait);
    assert_eq!(answer.refused(422, "rule_broken")["rule"], "tender_expired");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_truck_that_has_lost_its_load_meanwhile_does_not_report_for_it() {
    let fixture = Fixture::build(On::Postgres).await;
    let (maria, swift) = (fixture.login("maria", "acme").await, fixture.login("swift", "acme").await);
    let load = maria.bring_to(&maria.book(&fixture.acme, json!({})).await, "IN_TRANSIT").await;
    let report = json!({ "loadId": load["id"], "lat": 41.0, "lng": -87.65 });
    let mut other = fixture.services.database.begin_write().await.unwrap();
    let taken = sqlx::query("UPDATE loads SET carrier_id = $1 WHERE id = $2")
        .bind(fixture.acme.suspended_carrier.to_string())
        .bind(load["id"].as_str().unwrap().to_owned());
    taken.execute(&mut *other).await.unwrap();
    let wait = async {
        // Whoever does not wait has been answered already.
        tokio::select! {
            _ = until_someone(&fixture, "Lock") => {}
            () = tokio::time::sleep(Duration::from_secs(3)) => {}
        }
        store::commit(other).await.unwrap();
    };
    let (answer, ()) = tokio::join!(swift.post("/positions", &report), wait);
    answer.refused(404, "not_found");
    let path = format!("/operations/tracking/positions/{}", load["id"].as_str().unwrap());
    maria.get(&path).await.refused(404, "not_found");
}
