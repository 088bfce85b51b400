//! Tokens that were made worthless at another node, which this one has not heard of.

use crate::{
    fixture::{Fixture, On, PASSWORD, json_request, on_both},
    polling::Tab,
};
use http::Method;
use serde_json::{Value, json};

/// Whoever has the token refreshes it at a node that has heard of nothing.
async fn is_refreshed(node: &Fixture, token: &str) -> bool {
    node.send(json_request(Method::POST, "/auth/refresh", Some(token), &Value::Null)).await.status.is_success()
}

on_both!(a_token_can_not_be_refreshed_after_its_person_changed_the_password, |fixture: Fixture| async move {
    let other = fixture.another_node().await;
    let maria = fixture.login("maria", "acme").await;
    assert!(is_refreshed(&other, &maria.token).await);
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "battery staple" });
    maria.post("/auth/password", &change).await.data();
    assert!(!is_refreshed(&other, &maria.token).await);
    // From now on this node knows.
    other
        .send(json_request(Method::GET, "/auth/me", Some(&maria.token), &Value::Null))
        .await
        .refused(401, "unauthorized");
});

on_both!(a_token_can_not_be_refreshed_after_a_change_of_role_a_removal_or_a_logout, |fixture: Fixture| async move {
    let other = fixture.another_node().await;
    let admin = fixture.login("admin", "acme").await;
    let [john, sam, sarah] =
        [fixture.login("john", "acme").await, fixture.login("sam", "acme").await, fixture.login("sarah", "acme").await];
    let id = async |person: &crate::fixture::Person<'_>| {
        person.get("/auth/me").await.data()["id"].as_str().unwrap().to_owned()
    };
    admin.patch(&format!("/users/{}", id(&john).await), &json!({ "role": "support" })).await.data();
    admin.delete(&format!("/users/{}", id(&sam).await)).await.data();
    sarah.post("/auth/logout", &Value::Null).await.data();
    for person in [&john, &sam, &sarah] {
        assert!(!is_refreshed(&other, &person.token).await);
    }
    assert!(is_refreshed(&other, &admin.token).await);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_is_not_let_in_with_a_token_that_was_made_worthless_elsewhere() {
    let fixture = Fixture::build(On::Sqlite).await;
    let other = fixture.another_node().await;
    let maria = fixture.login("maria", "acme").await;
    Tab::open(&other, "/dispatch", &maria.token).await.close().await;
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "battery staple" });
    maria.post("/auth/password", &change).await.data();
    let refusal = Tab::refused(&other, "/dispatch", &maria.token).await;
    assert_eq!(refusal["code"], "unauthorized");
}
