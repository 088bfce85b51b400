//! What an operator sees: whether the server is ready, and what it counts.

use crate::fixture::{Fixture, On};
use axum::body::Body;
use http::Request;
use server::supervise::Ended;

async fn ask(fixture: &Fixture, path: &str) -> crate::fixture::Answer {
    fixture.send(Request::get(path).body(Body::empty()).unwrap()).await
}

async fn scrape(fixture: &Fixture) -> String {
    use tower::ServiceExt;
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = fixture.router.clone().oneshot(request).await.unwrap();
    String::from_utf8(axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_task_that_is_down_is_named_and_counted_until_it_runs_again() {
    let fixture = Fixture::build(On::Sqlite).await;
    let ready = ask(&fixture, "/readyz").await;
    assert_eq!((ready.status.as_u16(), &ready.body["tasks"]), (200, &serde_json::json!("ok")));

    let (mend, mended) = tokio::sync::watch::channel(false);
    fixture.services.supervisor.run("mail", move || {
        let is_mended = *mended.borrow();
        async move {
            assert!(is_mended, "by a test");
            std::future::pending::<Ended>().await
        }
    });
    let named = loop {
        let ready = ask(&fixture, "/readyz").await;
        if ready.status == 503 {
            break ready.body;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((&named["tasks"]["mail"], &named["status"]), (&"restarting".into(), &"not ready".into()));
    assert_eq!(ask(&fixture, "/healthz").await.status, 200, "the process lives");
    mend.send(true).unwrap();
    while ask(&fixture, "/readyz").await.body["tasks"]["mail"] == "restarting" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let counted = scrape(&fixture).await;
    let line = counted.lines().find(|line| line.starts_with(r#"headhaul_task_restarts_total{task="mail"}"#));
    assert!(line.is_some_and(|line| !line.ends_with(" 0")), "{line:?}");
    assert!(counted.contains("headhaul_panics_total"), "{counted}");
}
