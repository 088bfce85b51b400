//! What the sensors of units measured.

use super::{
    StoreError, Tx,
    many::{self, CHUNK, Many},
    row::{BindReal, Columns, id},
};
use app::{
    domain::{
        excursion::Limits,
        id::{ReadingId, UnitId},
        sensor::ReadingSource,
        time::Timestamp,
    },
    events::SensorReading,
};
use sqlx::{Row, any::AnyRow};
use std::collections::HashSet;

/// Stores readings, and says which are new. Of two that a unit took at the same moment the first stays.
pub async fn insert_all(tx: &mut Tx, readings: &[SensorReading]) -> Result<HashSet<ReadingId>, StoreError> {
    let mut new = HashSet::new();
    for chunk in readings.chunks(CHUNK) {
        let mut insert = Many::new(format!(
            "INSERT INTO readings (unit_id, recorded_at, id, device_id, temperature, humidity, battery,
                                   signal_strength, source)
             VALUES {} ON CONFLICT (unit_id, recorded_at) DO NOTHING RETURNING id",
            many::rows(chunk.len(), 9)
        ));
        for reading in chunk {
            insert = insert
                .bind(id(reading.unit_id))
                .bind(reading.recorded_at.millis())
                .bind(id(reading.id))
                .bind(reading.device_id.clone())
                .bind(reading.temperature)
                .bind_real(reading.humidity)
                .bind_real(reading.battery)
                .bind_real(reading.signal_strength)
                .bind(reading.source.code());
        }
        for row in insert.fetch_all(tx).await? {
            new.insert(row.parsed("id")?);
        }
    }
    Ok(new)
}

/// Up to `limit` readings that a unit took before `before`, newest first.
pub async fn list(
    tx: &mut Tx,
    unit: UnitId,
    before: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<SensorReading>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, unit_id, recorded_at, device_id, temperature, humidity, battery, signal_strength, source
         FROM readings WHERE unit_id = $1 AND recorded_at < $2 ORDER BY recorded_at DESC LIMIT $3",
    )
    .bind(id(unit))
    .bind(before.map_or(i64::MAX, Timestamp::millis))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(read).collect()
}

/// How many readings of a unit there are.
pub async fn count(tx: &mut Tx, unit: UnitId) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS total FROM readings WHERE unit_id = $1")
        .bind(id(unit))
        .fetch_one(&mut **tx)
        .await?;
    row.int("total")
}

/// When the unbroken run of readings outside the limits began that lasts up to the newest; none where that is inside.
pub async fn outside_since(tx: &mut Tx, unit: UnitId, limits: &Limits) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "SELECT MIN(recorded_at) AS since FROM readings WHERE unit_id = $1 AND recorded_at > COALESCE(
             (SELECT MAX(recorded_at) FROM readings WHERE unit_id = $1 AND temperature BETWEEN $2 AND $3), $4)",
    )
    .bind(id(unit))
    .bind(limits.min)
    .bind(limits.max)
    .bind(i64::MIN)
    .fetch_one(&mut **tx)
    .await?;
    row.maybe_time("since")
}

fn read(row: &AnyRow) -> Result<SensorReading, StoreError> {
    Ok(SensorReading {
        id: row.parsed("id")?,
        unit_id: row.parsed("unit_id")?,
        device_id: row.maybe_text("device_id")?,
        temperature: row.real("temperature")?,
        humidity: row.try_get("humidity")?,
        battery: row.try_get("battery")?,
        signal_strength: row.try_get("signal_strength")?,
        recorded_at: row.time("recorded_at")?,
        source: row.word("source", ReadingSource::from_code)?,
    })
}
