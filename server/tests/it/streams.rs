//! Reading the numbered streams back.

use crate::fixture::{Fixture, on_both};
use serde_json::json;

on_both!(events_are_read_from_a_place_on, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    for _ in 0..5 {
        maria.book(&fixture.acme, json!({})).await;
    }
    let all = maria.get("/events?namespace=/dispatch&stream=tenant&after=0").await.body;
    let epoch = all["cursor"]["epoch"].as_str().unwrap().to_owned();
    assert_eq!(all["data"].as_array().unwrap().len(), 5);

    let page = maria.get(&format!("/events?namespace=/dispatch&epoch={epoch}&after=2&limit=2")).await.body;
    let seqs: Vec<_> = page["data"].as_array().unwrap().iter().map(|event| event["seq"].clone()).collect();
    assert_eq!(seqs, [3, 4]);
    assert_eq!((&page["cursor"]["seq"], &page["more"], &page["recovered"]), (&json!(4), &json!(true), &json!(true)));

    let rest = maria.get(&format!("/events?namespace=/dispatch&epoch={epoch}&after=4")).await.body;
    assert_eq!((&rest["cursor"]["seq"], &rest["more"]), (&json!(5), &json!(false)));
    let envelope = rest["data"][0].as_object().unwrap();
    let mut fields: Vec<_> = envelope.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["data", "epoch", "event", "id", "seq", "stream", "tenantId", "timestamp"]);
});

on_both!(a_place_that_is_not_known_is_said_so, |fixture: Fixture| async move {
    let maria = fixture.login("maria", "acme").await;
    maria.book(&fixture.acme, json!({})).await;
    for query in ["epoch=another&after=0", "after=2"] {
        let page = maria.get(&format!("/events?namespace=/dispatch&{query}")).await.body;
        assert_eq!((&page["recovered"], &page["data"], &page["cursor"]["seq"]), (&json!(false), &json!([]), &json!(1)));
    }
});

on_both!(numbering_goes_on_after_a_restart, |fixture: Fixture| async move {
    let epoch = {
        let maria = fixture.login("maria", "acme").await;
        maria.book(&fixture.acme, json!({})).await;
        maria.get("/events?namespace=/dispatch").await.body["cursor"]["epoch"].clone()
    };
    let fixture = fixture.restart().await;
    let maria = fixture.login("maria", "acme").await;
    maria.book(&fixture.acme, json!({})).await;
    let cursor = maria.get("/events?namespace=/dispatch").await.body["cursor"].clone();
    assert_eq!(cursor, json!({ "epoch": epoch, "seq": 2 }));
});
