//! What was told held against what is stored.

use crate::fixture::{Fixture, On};
use app::{
    domain::load::LoadCard,
    events::{LoadClaimed, LoadStatusChanged},
};
use serde_json::Value;
use server::store::row::Columns;
use std::collections::BTreeMap;

/// Each stream holds every number from 1 to where it stands.
pub async fn assert_streams_have_no_gap(fixture: &Fixture) {
    let rows = sqlx::query(
        "SELECT s.stream || ' in ' || s.namespace AS name, s.seq, COUNT(e.seq) AS events, MIN(e.seq) AS first,
                MAX(e.seq) AS last
         FROM streams s LEFT JOIN events e
           ON e.tenant_id = s.tenant_id AND e.namespace = s.namespace AND e.stream = s.stream
         GROUP BY s.tenant_id, s.stream, s.namespace, s.seq",
    )
    .fetch_all(fixture.services.database.reader())
    .await
    .unwrap();
    let mut told = 0;
    for row in rows {
        let (name, seq) = (row.text("name").unwrap(), row.int("seq").unwrap());
        let found = (row.int("events").unwrap(), row.maybe_int("first").unwrap(), row.maybe_int("last").unwrap());
        let whole = if seq == 0 { (0, None, None) } else { (seq, Some(1), Some(seq)) };
        assert_eq!(found, whole, "{name}");
        told += seq;
    }
    assert!(told > 1_000, "only {told} events were told");
}

/// Whoever has followed the staff's stream from its beginning sees the same cards as one who asks for the board now.
pub async fn assert_board_is_what_was_told(fixture: &Fixture) {
    let rows = sqlx::query(
        "SELECT event, happened_at, load_id, data FROM events
         WHERE tenant_id = $1 AND namespace = '/dispatch' AND stream = 'tenant' ORDER BY seq",
    )
    .bind(fixture.acme.tenant.to_string())
    .fetch_all(fixture.services.database.reader())
    .await
    .unwrap();
    let mut cards = BTreeMap::<String, LoadCard>::new();
    for row in rows {
        let data: Value = row.parsed("data").unwrap();
        let Some(load) = row.maybe_text("load_id").unwrap() else { continue };
        match row.text("event").unwrap().as_str() {
            "load:created" | "load:updated" => drop(cards.insert(load, serde_json::from_value(data).unwrap())),
            "load:status:changed" => {
                let step: LoadStatusChanged = serde_json::from_value(data).unwrap();
                let card = cards.get_mut(&load).unwrap();
                assert_eq!((step.previous_status, step.version), (card.status, card.version + 1), "{load}");
                step.apply_to(card, row.time("happened_at").unwrap());
            }
            "load:claimed" => {
                let claim: LoadClaimed = serde_json::from_value(data).unwrap();
                cards.get_mut(&load).unwrap().claimed_by = claim.claimed_by;
            }
            _ => {}
        }
    }
    let admin = fixture.login("admin", "acme").await;
    let board = admin.get("/loads/board").await;
    let shown: Vec<LoadCard> = serde_json::from_value(board.data()["cards"].clone()).unwrap();
    assert!(shown.len() > 50, "{} cards", shown.len());
    for mut card in shown {
        // Follows positions, which pass by the streams.
        card.on_track_at = None;
        let told = cards.remove(&card.id.to_string()).map(|told| LoadCard { on_track_at: None, ..told });
        assert_eq!(told.as_ref(), Some(&card), "{}", card.load_number);
    }
    let missing: Vec<_> = cards.values().filter(|card| !card.status.is_final()).map(|card| &card.load_number).collect();
    assert!(missing.is_empty(), "{missing:?} were told of and are not on the board");
}

/// No statement that is kept prepared takes a number of half the width: it would refuse the next of the whole.
pub async fn assert_no_number_was_narrowed(fixture: &Fixture) {
    if fixture.settings.database.url.starts_with("sqlite:") {
        return;
    }
    let database = &fixture.services.database;
    let mut connections = Vec::new();
    while let Some(connection) = database.reader().try_acquire() {
        connections.push(connection);
    }
    assert!(connections.len() > 1, "{:?} looked at", On::Postgres);
    for connection in &mut connections {
        let narrow =
            sqlx::query("SELECT statement FROM pg_prepared_statements WHERE 'real'::regtype = ANY (parameter_types)")
                .fetch_all(&mut **connection)
                .await
                .unwrap();
        let narrow: Vec<_> = narrow.iter().map(|row| row.text("statement").unwrap()).collect();
        assert!(narrow.is_empty(), "{narrow:?}");
    }
}
