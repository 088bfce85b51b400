//! What tells the nodes of one database of one another, and one database from its copies.

use crate::{
    fixture::{Fixture, on_both},
    postgres,
};
use server::store::{
    Database, identity,
    node_lock::{NodeLock, Sharing},
};

async fn take(url: &str, sharing: Sharing) -> Option<NodeLock> {
    NodeLock::take(url, sharing).await.unwrap()
}

#[tokio::test]
async fn a_node_that_hears_no_others_has_its_database_alone() {
    let url = postgres::new_database().await;
    let alone = take(&url, Sharing::Alone).await.unwrap();
    assert!(take(&url, Sharing::Alone).await.is_none());
    assert!(take(&url, Sharing::Together).await.is_none());
    assert!(
        take(&postgres::new_database().await, Sharing::Alone).await.is_some(),
        "another database is another matter"
    );
    alone.release().await.unwrap();
    let together = [take(&url, Sharing::Together).await.unwrap(), take(&url, Sharing::Together).await.unwrap()];
    assert!(take(&url, Sharing::Alone).await.is_none());
    for lock in together {
        lock.release().await.unwrap();
    }
    assert!(take(&url, Sharing::Alone).await.is_some());
}

#[tokio::test]
async fn a_lock_that_was_lost_with_its_connection_is_taken_again_unless_another_node_was_quicker() {
    let url = postgres::new_database().await;
    let database = Database::open(&url).await.unwrap();
    let cut = async || {
        let holders = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database())";
        sqlx::query(holders).execute(database.reader()).await.unwrap();
    };
    let mut lock = take(&url, Sharing::Alone).await.unwrap();
    assert!(lock.is_held().await);
    cut().await;
    // PostgreSQL ends the session when it gets to it.
    while lock.is_held().await {}
    while !lock.retake().await.unwrap() {}
    assert!(lock.is_held().await);
    cut().await;
    let quicker = loop {
        if let Some(lock) = take(&url, Sharing::Alone).await {
            break lock;
        }
    };
    while lock.is_held().await {}
    assert!(!lock.retake().await.unwrap());
    quicker.release().await.unwrap();
    database.close().await;
}

on_both!(the_identity_of_a_database_stays_until_it_is_renewed, |fixture: Fixture| async move {
    let database = &fixture.services.database;
    let first = identity::read(database).await.unwrap();
    assert_eq!(first.relay_key.len(), 32);
    assert!(identity::read(database).await.unwrap() == first);
    let mut tx = database.begin_write().await.unwrap();
    identity::renew(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let renewed = identity::read(database).await.unwrap();
    assert_ne!(renewed.name, first.name);
    assert_ne!(renewed.relay_key, first.relay_key);
    assert_eq!(renewed.place, first.place);
    let on_postgres = fixture.settings.database.url.starts_with("postgres");
    assert_eq!(!renewed.place.is_empty(), on_postgres, "PostgreSQL tells which server it is");
});
