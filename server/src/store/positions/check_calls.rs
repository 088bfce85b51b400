//! Check calls: contacts with drivers.

use super::super::{
    StoreError, Tx,
    many::{self, CHUNK, Many},
    row::{Columns, id, maybe_id},
};
use app::domain::{
    geo::LatLng,
    id::{CheckCallId, LoadId},
    time::Timestamp,
};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct CheckCall {
    pub load_id: LoadId,
    pub at: LatLng,
    pub notes: String,
    pub eta: Option<Timestamp>,
    pub received_at: Timestamp,
}

/// Stores a check call, and when it was on the load.
pub async fn insert_check_call(tx: &mut Tx, check_call: &CheckCall) -> Result<CheckCallId, StoreError> {
    let new = CheckCallId(Uuid::now_v7());
    sqlx::query(
        "INSERT INTO check_calls (id, load_id, lat, lng, notes, eta, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id(new))
    .bind(id(check_call.load_id))
    .bind(check_call.at.lat)
    .bind(check_call.at.lng)
    .bind(&check_call.notes)
    .bind(check_call.eta.map(Timestamp::millis))
    .bind(check_call.received_at.millis())
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE loads SET last_check_call_at = $2 WHERE id = $1")
        .bind(id(check_call.load_id))
        .bind(check_call.received_at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(new)
}

/// Stores check calls whose loads tell of the last of them already.
pub async fn insert_check_calls(tx: &mut Tx, check_calls: &[CheckCall]) -> Result<(), StoreError> {
    for chunk in check_calls.chunks(CHUNK) {
        let values = many::rows(chunk.len(), 7);
        let mut insert = Many::new(format!(
            "INSERT INTO check_calls (id, load_id, lat, lng, notes, eta, received_at) VALUES {values}"
        ));
        for check_call in chunk {
            insert = insert
                .bind(id(CheckCallId(Uuid::now_v7())))
                .bind(id(check_call.load_id))
                .bind(check_call.at.lat)
                .bind(check_call.at.lng)
                .bind(check_call.notes.clone())
                .bind(check_call.eta.map(Timestamp::millis))
                .bind(check_call.received_at.millis());
        }
        insert.execute(tx).await?;
    }
    Ok(())
}

/// Up to `limit` check calls of a load `since` then, before another of it, newest first, and how many there are in all.
pub async fn list_check_calls(
    tx: &mut Tx,
    load: LoadId,
    since: Timestamp,
    before: Option<CheckCallId>,
    limit: i64,
) -> Result<(Vec<(CheckCallId, CheckCall)>, i64), StoreError> {
    let rows = sqlx::query(
        "SELECT id, lat, lng, notes, eta, received_at FROM check_calls WHERE load_id = $1 AND received_at >= $4
           AND (CAST($2 AS TEXT) IS NULL
                OR (received_at, id) < (SELECT b.received_at, b.id FROM check_calls b WHERE b.load_id = $1 AND b.id = $2))
         ORDER BY received_at DESC, id DESC LIMIT $3",
    )
    .bind(id(load))
    .bind(maybe_id(before))
    .bind(limit)
    .bind(since.millis())
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query("SELECT COUNT(*) AS total FROM check_calls WHERE load_id = $1 AND received_at >= $2")
        .bind(id(load))
        .bind(since.millis())
        .fetch_one(&mut **tx)
        .await?;
    let calls = rows.iter().map(|row| {
        let check_call = CheckCall {
            load_id: load,
            at: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
            notes: row.text("notes")?,
            eta: row.maybe_time("eta")?,
            received_at: row.time("received_at")?,
        };
        Ok((row.parsed("id")?, check_call))
    });
    Ok((calls.collect::<Result<_, StoreError>>()?, count.int("total")?))
}
