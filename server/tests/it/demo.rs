//! The demo's seed: in portions, between which others write, and gone on with after an interruption.

use crate::{
    fixture::{NOW, On},
    postgres,
};
use server::{
    clock::Clock,
    demo, operations,
    serve::Assembly,
    services::Services,
    settings::Settings,
    store::{Database, demo_seeds, row::Columns},
};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const LOADS: i64 = 1_000;

async fn empty(on: On, folder: &TempDir) -> (Settings, Services) {
    let mut settings = Settings::default();
    settings.server.data_dir = folder.path().join("data");
    settings.database.url = match on {
        On::Sqlite => format!("sqlite://{}", folder.path().join("test.db").display()),
        On::Postgres => postgres::new_database().await,
    };
    settings.demo.simulate = false;
    settings.demo.loads = usize::try_from(LOADS).unwrap();
    let services = Assembly::build(&settings, Clock::from_fn(|| NOW)).await.unwrap().services;
    (settings, services)
}

async fn number(database: &Database, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(database.reader()).await.unwrap().int("total").unwrap()
}

async fn loads(database: &Database) -> i64 {
    number(database, "SELECT COUNT(*) AS total FROM loads").await
}

async fn is_interrupted(database: &Database) -> bool {
    let (acme, globex) = (demo_seeds::find(database, "acme").await, demo_seeds::find(database, "globex").await);
    acme.unwrap().is_some() || globex.unwrap().is_some()
}

async fn seed_in_portions(on: On) {
    let folder = tempfile::tempdir().unwrap();
    let (mut settings, services) = empty(on, &folder).await;
    let database = services.database.clone();
    let stop = CancellationToken::new();
    let seeding = {
        let (settings, services, stop) = (settings.clone(), services.clone(), stop.clone());
        tokio::spawn(async move { demo::start(&settings, &services, stop).await })
    };
    while loads(&database).await == 0 {
        assert!(!seeding.is_finished());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    operations::add_tenant(&database, "initech", "Initech").await.unwrap();
    assert!(is_interrupted(&database).await, "somebody else wrote between the portions");
    stop.cancel();
    seeding.await.unwrap().unwrap();
    let before = loads(&database).await;
    assert!(before > 0 && before < 2 * LOADS && before % 100 == 0 && is_interrupted(&database).await, "{before}");

    // What is asked for now concerns what is seeded anew.
    settings.demo.loads = 7;
    demo::start(&settings, &services, CancellationToken::new()).await.unwrap();
    assert_eq!(loads(&database).await, 2 * LOADS);
    assert!(!is_interrupted(&database).await);
    // Of each month the numbers are 1, 2, 3 and so on; of each stream 0, -1, -2 and so on.
    let numbered = number(&database, "SELECT CAST(SUM(last_number) AS BIGINT) AS total FROM load_numbers").await;
    assert_eq!(numbered, 2 * LOADS);
    let gaps = number(
        &database,
        "SELECT COUNT(*) AS total FROM (SELECT stream FROM events GROUP BY tenant_id, namespace, stream
         HAVING MIN(seq) <> 1 - COUNT(*) OR MAX(seq) <> 0) AS gaps",
    )
    .await;
    assert_eq!(gaps, 0);
    let untold = "SELECT COUNT(*) AS total FROM loads l
                  WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.load_id = l.id AND e.event = 'load:created')";
    assert_eq!(number(&database, untold).await, 0);

    demo::start(&settings, &services, CancellationToken::new()).await.unwrap();
    assert_eq!(loads(&database).await, 2 * LOADS, "it is seeded once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seeding_lets_others_write_and_goes_on_after_an_interruption_on_sqlite() {
    seed_in_portions(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seeding_lets_others_write_and_goes_on_after_an_interruption_on_postgres() {
    seed_in_portions(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_seed_at_once_write_each_load_once() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, services) = empty(On::Postgres, &folder).await;
    let other = Assembly::build(&settings, Clock::from_fn(|| NOW)).await.unwrap().services;
    let stop = CancellationToken::new();
    let first = {
        let (settings, services, stop) = (settings.clone(), services.clone(), stop.clone());
        tokio::spawn(async move { demo::start(&settings, &services, stop).await })
    };
    while loads(&services.database).await == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    demo::start(&settings, &other, stop).await.unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(loads(&services.database).await, 2 * LOADS);
    assert!(!is_interrupted(&services.database).await);
}
