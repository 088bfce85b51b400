//! Where trucks were and are, and what drivers said.

mod check_calls;
mod tracked;

pub use check_calls::{CheckCall, insert_check_call, insert_check_calls, list_check_calls};
pub use tracked::{TrackedLoad, Way, forget_the_latest, lock_all, note_on_track, on_the_road, tracked, ways};

use super::{
    StoreError, Tx,
    many::{self, CHUNK, Many},
    row::{BindReal, Columns, id},
};
use app::domain::{
    geo::LatLng,
    id::{LoadId, TenantId},
    position::PositionSource,
    time::Timestamp,
};

use sqlx::{Row, any::AnyRow};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub load_id: LoadId,
    pub recorded_at: Timestamp,
    pub at: LatLng,
    /// Degrees clockwise from north.
    pub heading: Option<f64>,
    /// Miles per hour.
    pub speed: Option<f64>,
    pub source: PositionSource,
}

/// Adds positions to the history. Of one load and one moment the first that is stored stays.
pub async fn insert_all(tx: &mut Tx, positions: &[Position]) -> Result<(), StoreError> {
    let mut positions: Vec<&Position> = positions.iter().collect();
    // All nodes write in one order, so that none waits for another that waits for it.
    positions.sort_by_key(|position| (position.load_id, position.recorded_at));
    for chunk in positions.chunks(CHUNK) {
        let values = many::rows(chunk.len(), 7);
        let mut insert = Many::new(format!(
            "INSERT INTO positions (load_id, recorded_at, lat, lng, heading, speed, source) VALUES {values}
             ON CONFLICT DO NOTHING"
        ));
        for position in chunk {
            insert = insert
                .bind(id(position.load_id))
                .bind(position.recorded_at.millis())
                .bind(position.at.lat)
                .bind(position.at.lng)
                .bind_real(position.heading)
                .bind_real(position.speed)
                .bind(position.source.code());
        }
        insert.execute(tx).await?;
    }
    Ok(())
}

/// Makes positions, at most one of each load, the newest of their loads, except those that are older than the newest.
/// Returns the loads that have a new one.
pub async fn keep_latest(tx: &mut Tx, mut positions: Vec<(TenantId, Position)>) -> Result<Vec<LoadId>, StoreError> {
    positions.sort_by_key(|(_, position)| position.load_id);
    let mut kept = Vec::new();
    for chunk in positions.chunks(CHUNK) {
        let values = many::rows(chunk.len(), 8);
        let mut upsert = Many::new(format!(
            "INSERT INTO latest_positions (load_id, tenant_id, recorded_at, lat, lng, heading, speed, source)
             VALUES {values}
             ON CONFLICT (load_id) DO UPDATE SET recorded_at = excluded.recorded_at, lat = excluded.lat,
                lng = excluded.lng, heading = excluded.heading, speed = excluded.speed, source = excluded.source
             WHERE excluded.recorded_at > latest_positions.recorded_at
             RETURNING load_id"
        ));
        for (tenant, position) in chunk {
            upsert = upsert
                .bind(id(position.load_id))
                .bind(id(tenant))
                .bind(position.recorded_at.millis())
                .bind(position.at.lat)
                .bind(position.at.lng)
                .bind_real(position.heading)
                .bind_real(position.speed)
                .bind(position.source.code());
        }
        for row in upsert.fetch_all(tx).await? {
            kept.push(row.parsed("load_id")?);
        }
    }
    Ok(kept)
}

/// The newest position of a load.
pub async fn latest(tx: &mut Tx, load: LoadId) -> Result<Option<Position>, StoreError> {
    let row =
        sqlx::query("SELECT recorded_at, lat, lng, heading, speed, source FROM latest_positions WHERE load_id = $1")
            .bind(id(load))
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| read(&row, load)).transpose()
}

/// A stretch of a load's history.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    pub from: Timestamp,
    pub to: Timestamp,
    /// Only what follows this moment.
    pub after: Option<Timestamp>,
    /// At most this many.
    pub limit: i64,
}

/// Where a load was, oldest first, and how many positions there are from `from` to `to`.
pub async fn history(tx: &mut Tx, load: LoadId, stretch: Stretch) -> Result<(Vec<Position>, i64), StoreError> {
    let Stretch { from, to, after, limit } = stretch;
    let rows = sqlx::query(
        "SELECT recorded_at, lat, lng, heading, speed, source FROM positions
         WHERE load_id = $1 AND recorded_at >= $2 AND recorded_at <= $3 ORDER BY recorded_at LIMIT $4",
    )
    .bind(id(load))
    .bind(after.map_or(from, |after| from.max(after.plus(1))).millis())
    .bind(to.millis())
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(
        "SELECT COUNT(*) AS total FROM positions WHERE load_id = $1 AND recorded_at >= $2 AND recorded_at <= $3",
    )
    .bind(id(load))
    .bind(from.millis())
    .bind(to.millis())
    .fetch_one(&mut **tx)
    .await?;
    Ok((rows.iter().map(|row| read(row, load)).collect::<Result<_, _>>()?, count.int("total")?))
}

fn read(row: &AnyRow, load_id: LoadId) -> Result<Position, StoreError> {
    Ok(Position {
        load_id,
        recorded_at: row.time("recorded_at")?,
        at: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
        heading: row.try_get("heading")?,
        speed: row.try_get("speed")?,
        source: row.word("source", PositionSource::from_code)?,
    })
}
