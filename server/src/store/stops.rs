//! Stops of loads, and appointments on the clock of the place.

use super::{
    StoreError, Tx,
    many::{self, CHUNK, Many},
    row::{Columns, id},
};
use app::domain::{
    geo::LatLng,
    id::{FacilityId, LoadId, StopId, TenantId},
    stop::{Appointment, Place, Stop, StopKind, Window, WindowKind},
    time::Timestamp,
};
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// A stop as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct StopRow {
    pub id: StopId,
    pub kind: StopKind,
    pub facility_id: FacilityId,
    pub window: Window,
    /// End of the window that was agreed first.
    pub original_end: Timestamp,
    pub arrived_at: Option<Timestamp>,
    pub departed_at: Option<Timestamp>,
}

pub async fn list(tx: &mut Tx, load: LoadId) -> Result<Vec<Stop>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.id, s.position, s.kind, s.facility_id, f.name, f.city, f.state, f.zone, f.lat, f.lng,
                s.window_kind, s.window_start, s.window_end, s.arrived_at, s.departed_at
         FROM stops s JOIN facilities f ON f.id = s.facility_id WHERE s.load_id = $1 ORDER BY s.position",
    )
    .bind(id(load))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let zone = row.text("zone")?;
            Ok(Stop {
                id: row.parsed("id")?,
                position: row.small("position")?,
                kind: row.word("kind", kind_from_code)?,
                facility_id: row.parsed("facility_id")?,
                facility_name: row.text("name")?,
                place: Place { city: row.text("city")?, state: row.text("state")? },
                location: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
                appointment: appointment(
                    row.word("window_kind", window_kind_from_code)?,
                    row.time("window_start")?,
                    row.time("window_end")?,
                    &zone,
                ),
                time_zone: zone,
                arrived_at: row.maybe_time("arrived_at")?,
                departed_at: row.maybe_time("departed_at")?,
            })
        })
        .collect()
}

/// A stop with the name of its facility.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedStop {
    pub kind: StopKind,
    pub facility: String,
    pub window: Window,
}

/// The stops of many loads, each in the order of its trip.
pub async fn trips(tx: &mut Tx, loads: &[LoadId]) -> Result<HashMap<LoadId, Vec<NamedStop>>, StoreError> {
    let mut trips: HashMap<LoadId, Vec<NamedStop>> = HashMap::new();
    for chunk in loads.chunks(CHUNK) {
        let sql = format!(
            "SELECT s.load_id, s.kind, f.name, s.window_kind, s.window_start, s.window_end
             FROM stops s JOIN facilities f ON f.id = s.facility_id
             WHERE s.load_id IN ({}) ORDER BY s.load_id, s.position",
            many::list(1, chunk.len())
        );
        let query = chunk.iter().fold(Many::new(sql), |query, load| query.bind(id(load)));
        for row in query.fetch_all(tx).await? {
            trips.entry(row.parsed("load_id")?).or_default().push(NamedStop {
                kind: row.word("kind", kind_from_code)?,
                facility: row.text("name")?,
                window: Window {
                    kind: row.word("window_kind", window_kind_from_code)?,
                    start: row.time("window_start")?,
                    end: row.time("window_end")?,
                },
            });
        }
    }
    Ok(trips)
}

/// The load that a stop of the tenant belongs to.
pub async fn load_of(tx: &mut Tx, tenant: TenantId, stop: StopId) -> Result<Option<LoadId>, StoreError> {
    let row = sqlx::query(
        "SELECT s.load_id FROM stops s JOIN loads l ON l.id = s.load_id WHERE s.id = $1 AND l.tenant_id = $2",
    )
    .bind(id(stop))
    .bind(id(tenant))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| row.parsed("load_id")).transpose()
}

/// Writes when the truck came to a stop and left it. The caller holds the load's lock.
pub async fn pass(tx: &mut Tx, stop: &Stop) -> Result<(), StoreError> {
    sqlx::query("UPDATE stops SET arrived_at = $2, departed_at = $3 WHERE id = $1")
        .bind(id(stop.id))
        .bind(stop.arrived_at.map(Timestamp::millis))
        .bind(stop.departed_at.map(Timestamp::millis))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The stops of a load as they are written, in order.
pub async fn rows(tx: &mut Tx, load: LoadId) -> Result<Vec<StopRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, kind, facility_id, window_kind, window_start, window_end, original_end, arrived_at, departed_at
         FROM stops WHERE load_id = $1 ORDER BY position",
    )
    .bind(id(load))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(StopRow {
                id: row.parsed("id")?,
                kind: row.word("kind", kind_from_code)?,
                facility_id: row.parsed("facility_id")?,
                window: Window {
                    kind: row.word("window_kind", window_kind_from_code)?,
                    start: row.time("window_start")?,
                    end: row.time("window_end")?,
                },
                original_end: row.time("original_end")?,
                arrived_at: row.maybe_time("arrived_at")?,
                departed_at: row.maybe_time("departed_at")?,
            })
        })
        .collect()
}

/// Writes the stops of a load anew, in order. Those that stay keep their rows; the others are gone.
pub async fn replace_all(tx: &mut Tx, load: LoadId, stops: &[StopRow]) -> Result<(), StoreError> {
    // Out of the way, since no two stops may have one position even for a moment.
    sqlx::query("UPDATE stops SET position = -position WHERE load_id = $1").bind(id(load)).execute(&mut **tx).await?;
    for (stop, position) in stops.iter().zip(1i64..) {
        let updated = sqlx::query(
            "UPDATE stops SET position = $3, kind = $4, facility_id = $5, window_kind = $6, window_start = $7,
                              window_end = $8, original_end = $9, arrived_at = $10, departed_at = $11
             WHERE id = $1 AND load_id = $2",
        )
        .bind(id(stop.id))
        .bind(id(load))
        .bind(position)
        .bind(kind_code(stop.kind))
        .bind(id(stop.facility_id))
        .bind(window_kind_code(stop.window.kind))
        .bind(stop.window.start.millis())
        .bind(stop.window.end.millis())
        .bind(stop.original_end.millis())
        .bind(stop.arrived_at.map(Timestamp::millis))
        .bind(stop.departed_at.map(Timestamp::millis))
        .execute(&mut **tx)
        .await?;
        if updated.rows_affected() == 0 {
            insert(tx, &[(load, position, stop)]).await?;
        }
    }
    sqlx::query("DELETE FROM stops WHERE load_id = $1 AND position < 0").bind(id(load)).execute(&mut **tx).await?;
    Ok(())
}

/// Writes the stops of a load in order.
pub async fn insert_all(tx: &mut Tx, load: LoadId, stops: &[StopRow]) -> Result<(), StoreError> {
    insert_of_loads(tx, &[(load, stops)]).await
}

/// Writes the stops of many loads, those of each in order.
pub async fn insert_of_loads(tx: &mut Tx, loads: &[(LoadId, &[StopRow])]) -> Result<(), StoreError> {
    let rows: Vec<(LoadId, i64, &StopRow)> = loads
        .iter()
        .flat_map(|(load, stops)| stops.iter().zip(1..).map(|(stop, position)| (*load, position, stop)))
        .collect();
    insert(tx, &rows).await
}

async fn insert(tx: &mut Tx, rows: &[(LoadId, i64, &StopRow)]) -> Result<(), StoreError> {
    for chunk in rows.chunks(CHUNK) {
        let values = many::rows(chunk.len(), 11);
        let mut insert = Many::new(format!(
            "INSERT INTO stops (id, load_id, position, kind, facility_id, window_kind, window_start, window_end,
                                original_end, arrived_at, departed_at)
             VALUES {values}"
        ));
        for (load, position, stop) in chunk {
            insert = insert
                .bind(id(stop.id))
                .bind(id(load))
                .bind(*position)
                .bind(kind_code(stop.kind))
                .bind(id(stop.facility_id))
                .bind(window_kind_code(stop.window.kind))
                .bind(stop.window.start.millis())
                .bind(stop.window.end.millis())
                .bind(stop.original_end.millis())
                .bind(stop.arrived_at.map(Timestamp::millis))
                .bind(stop.departed_at.map(Timestamp::millis));
        }
        insert.execute(tx).await?;
    }
    Ok(())
}

/// Minutes east of UTC in a zone at a time. A zone that is not known is taken for UTC.
pub fn offset_in(zone: &str, at: Timestamp) -> i32 {
    let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    zone.to_offset(instant).seconds() / 60
}

/// A window with the clock of a place. A zone that is not known is shown as UTC.
pub fn appointment(kind: WindowKind, start: Timestamp, end: Timestamp, zone: &str) -> Appointment {
    appointment_in(kind, start, end, &time_zone(zone))
}

/// The zone of this name; UTC for one that is not known.
pub fn time_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A window with the clock of a zone.
pub fn appointment_in(kind: WindowKind, start: Timestamp, end: Timestamp, zone: &TimeZone) -> Appointment {
    let instant = jiff::Timestamp::from_millisecond(start.millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let info = zone.to_offset_info(instant);
    Appointment { kind, start, end, zone: info.abbreviation().to_owned(), utc_offset: info.offset().seconds() / 60 }
}

fn kind_code(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Pickup => "pickup",
        StopKind::Delivery => "delivery",
    }
}

fn kind_from_code(code: &str) -> Option<StopKind> {
    [StopKind::Pickup, StopKind::Delivery].into_iter().find(|kind| kind_code(*kind) == code)
}

fn window_kind_code(kind: WindowKind) -> &'static str {
    match kind {
        WindowKind::Fcfs => "FCFS",
        WindowKind::Fixed => "fixed",
    }
}

pub(super) fn window_kind_from_code(code: &str) -> Option<WindowKind> {
    [WindowKind::Fcfs, WindowKind::Fixed].into_iter().find(|kind| window_kind_code(*kind) == code)
}
