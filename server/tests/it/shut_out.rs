//! Who is shut out has no socket left, wherever it stood on its way in, and is heard no more.

use crate::{
    fixture::{Fixture, On, on_both},
    polling::Tab,
};
use app::events::Namespace;
use serde_json::json;
use server::{
    store::streams,
    stream::{StreamKey, StreamName},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_is_removed_while_a_socket_enters_its_stream_loses_that_socket() {
    let fixture = Fixture::build(On::Postgres).await;
    let (admin, carlos) = (fixture.login("admin", "acme").await, fixture.login("carlos", "acme").await);
    let user = fixture.door.read_token(&carlos.token).unwrap().sub;
    // The driver's stream is being made by somebody else, so that whoever enters it waits.
    let mut tx = fixture.services.database.begin_write().await.unwrap();
    let key = StreamKey { tenant: fixture.acme.tenant, namespace: Namespace::Dispatch, stream: StreamName::User(user) };
    streams::ensure(&mut tx, &key).await.unwrap();
    let mut tab = Tab::open(&fixture, "/dispatch", &carlos.token).await;
    assert!(admin.delete(&format!("/users/{user}")).await.status.is_success());
    tab.closed().await;
    tx.commit().await.unwrap();
}

on_both!(
    a_command_of_somebody_who_was_shut_out_is_refused_before_the_socket_is_closed,
    |fixture: Fixture| async move {
        let maria = fixture.login("maria", "acme").await;
        let mut tab = Tab::open(&fixture, "/dispatch", &maria.token).await;
        assert_eq!(tab.ask("nonsense", json!({})).await["error"]["code"], "bad_request");
        // The tokens are worthless; nobody has closed the sockets yet.
        fixture.door.shut_out(fixture.door.read_token(&maria.token).unwrap().sub, 1);
        assert_eq!(tab.ask("nonsense", json!({})).await["error"]["code"], "forbidden");
        tab.closed().await;
    }
);
