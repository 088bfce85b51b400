//! Where trucks were, and what drivers said.

use super::{
    StoreError, Tx,
    row::{Columns, id},
};
use app::domain::{geo::LatLng, id::LoadId, time::Timestamp};
use sqlx::Row;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub load_id: LoadId,
    pub recorded_at: Timestamp,
    pub at: LatLng,
    /// Degrees clockwise from north.
    pub heading: Option<f64>,
    /// Miles per hour.
    pub speed: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CheckCall {
    pub load_id: LoadId,
    pub at: LatLng,
    pub notes: String,
    pub eta: Option<Timestamp>,
    pub received_at: Timestamp,
}

/// Stores a position; one that is stored already is not stored again.
pub async fn insert(tx: &mut Tx, position: &Position) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO positions (load_id, recorded_at, lat, lng, heading, speed) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(id(position.load_id))
    .bind(position.recorded_at.millis())
    .bind(position.at.lat)
    .bind(position.at.lng)
    .bind(position.heading)
    .bind(position.speed)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The newest position of a load.
pub async fn latest(tx: &mut Tx, load: LoadId) -> Result<Option<Position>, StoreError> {
    let row = sqlx::query(
        "SELECT recorded_at, lat, lng, heading, speed FROM positions WHERE load_id = $1
         ORDER BY recorded_at DESC LIMIT 1",
    )
    .bind(id(load))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Position {
            load_id: load,
            recorded_at: row.time("recorded_at")?,
            at: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
            heading: row.try_get("heading")?,
            speed: row.try_get("speed")?,
        })
    })
    .transpose()
}

pub async fn insert_check_call(tx: &mut Tx, check_call: &CheckCall) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO check_calls (id, load_id, lat, lng, notes, eta, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id(Uuid::now_v7()))
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
    Ok(())
}
