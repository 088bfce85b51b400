//! Loads, as far as their positions need them: whose they are, where they were last, and what is ahead of them.

use super::{
    super::{
        StoreError, Tx,
        database::Dialect,
        loads::Scope,
        row::{Columns, id},
    },
    CHUNK, Many, Position, many, read,
};
use app::domain::{
    geo::LatLng,
    id::{CarrierId, DriverId, LoadId, TenantId, UserId},
    position::{ToldEta, TripStop},
    status::LoadStatus,
    time::Timestamp,
};
use sqlx::any::AnyRow;
use std::collections::{BTreeSet, HashMap};

/// A load that reports positions.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackedLoad {
    pub tenant: TenantId,
    pub load_number: String,
    pub status: LoadStatus,
    pub carrier: Option<CarrierId>,
    pub driver: Option<DriverId>,
    /// The driver's login.
    pub login: Option<UserId>,
    pub latest: Option<Position>,
    /// As on its card.
    pub on_track_at: Option<Timestamp>,
}

/// What is ahead of a load.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Way {
    /// In the order of the trip.
    pub stops: Vec<TripStop>,
    /// What was said last of the arrival at the next stop, in a check call or by itself.
    pub told: Option<ToldEta>,
}

/// Makes other writers of those loads that are of these tenants wait until the transaction ends. The loads must be in
/// order: all take them in the same, so that none waits for another that waits for it.
///
/// Does nothing on SQLite, where a transaction that writes has no others beside it.
pub async fn lock_all(
    tx: &mut Tx,
    dialect: Dialect,
    tenants: &BTreeSet<TenantId>,
    loads: &[LoadId],
) -> Result<(), StoreError> {
    if dialect == Dialect::Sqlite {
        return Ok(());
    }
    for tenant in tenants {
        for chunk in loads.chunks(CHUNK) {
            let ids = many::list(2, chunk.len());
            let sql =
                format!("SELECT id FROM loads WHERE tenant_id = $1 AND id IN ({ids}) ORDER BY id FOR NO KEY UPDATE");
            let lock = Many::new(sql).bind(id(*tenant));
            chunk.iter().fold(lock, |lock, load| lock.bind(id(load))).fetch_all(tx).await?;
        }
    }
    Ok(())
}

/// The loads of any tenant that have these ids.
pub async fn tracked(tx: &mut Tx, loads: &[LoadId]) -> Result<HashMap<LoadId, TrackedLoad>, StoreError> {
    let mut tracked = HashMap::new();
    for row in about(tx, loads, |ids| {
        format!(
            "SELECT l.id, l.tenant_id, l.load_number, l.status, l.carrier_id, l.driver_id, l.on_track_at,
                    (SELECT MIN(u.id) FROM users u WHERE u.driver_id = l.driver_id AND u.removed_at IS NULL) AS login,
                    p.load_id, p.recorded_at, p.lat, p.lng, p.heading, p.speed, p.source
             FROM loads l LEFT JOIN latest_positions p ON p.load_id = l.id
             WHERE l.deleted_at IS NULL AND l.id IN ({ids})"
        )
    })
    .await?
    {
        let load = row.parsed("id")?;
        let latest = row.maybe_text("load_id")?.map(|_| read(&row, load)).transpose()?;
        tracked.insert(
            load,
            TrackedLoad {
                tenant: row.parsed("tenant_id")?,
                load_number: row.text("load_number")?,
                status: row.word("status", LoadStatus::from_code)?,
                carrier: row.maybe_parsed("carrier_id")?,
                driver: row.maybe_parsed("driver_id")?,
                login: row.maybe_parsed("login")?,
                latest,
                on_track_at: row.maybe_time("on_track_at")?,
            },
        );
    }
    Ok(tracked)
}

/// Notes that the newest position of these loads shows them on their way and in time.
pub async fn note_on_track(tx: &mut Tx, loads: &[LoadId]) -> Result<(), StoreError> {
    for chunk in loads.chunks(CHUNK) {
        let update = Many::new(format!(
            "UPDATE loads SET on_track_at = (SELECT p.recorded_at FROM latest_positions p WHERE p.load_id = loads.id)
             WHERE id IN ({})",
            many::list(1, chunk.len())
        ));
        chunk.iter().fold(update, |update, load| update.bind(id(load))).execute(tx).await?;
    }
    Ok(())
}

/// Makes it unknown where a load is; where it was stays.
pub async fn forget_the_latest(tx: &mut Tx, load: LoadId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM latest_positions WHERE load_id = $1",
        "UPDATE loads SET on_track_at = NULL, eta_said_at = NULL WHERE id = $1",
    ] {
        sqlx::query(sql).bind(id(load)).execute(&mut **tx).await?;
    }
    Ok(())
}

/// What is ahead of these loads.
pub async fn ways(tx: &mut Tx, loads: &[LoadId]) -> Result<HashMap<LoadId, Way>, StoreError> {
    let mut ways: HashMap<LoadId, Way> = HashMap::new();
    for row in about(tx, loads, |ids| {
        format!(
            "SELECT s.load_id, f.lat, f.lng, s.window_end, s.arrived_at
             FROM stops s JOIN facilities f ON f.id = s.facility_id WHERE s.load_id IN ({ids})
             ORDER BY s.load_id, s.position"
        )
    })
    .await?
    {
        ways.entry(row.parsed("load_id")?).or_default().stops.push(TripStop {
            location: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
            window_end: row.time("window_end")?,
            has_arrived: row.maybe_int("arrived_at")?.is_some(),
        });
    }
    for row in about(tx, loads, |ids| {
        format!(
            "SELECT l.id, l.eta, l.eta_said_at FROM loads l
             WHERE l.id IN ({ids}) AND l.eta IS NOT NULL AND l.eta_said_at IS NOT NULL"
        )
    })
    .await?
    {
        let told = ToldEta { eta: row.time("eta")?, received_at: row.time("eta_said_at")? };
        ways.entry(row.parsed("id")?).or_default().told = Some(told);
    }
    Ok(ways)
}

/// The loads in a scope that are on the road, dispatched and not yet delivered, and have sent a position: number,
/// status and the position.
pub async fn on_the_road(
    tx: &mut Tx,
    tenant: TenantId,
    scope: Scope,
) -> Result<Vec<(String, LoadStatus, Position)>, StoreError> {
    let (carrier, driver) = match scope {
        Scope::Tenant => (None, None),
        Scope::Carrier(carrier) => (Some(id(carrier)), None),
        Scope::Driver(driver) => (None, Some(id(driver))),
    };
    let rows = sqlx::query(
        "SELECT l.id, l.load_number, l.status, p.recorded_at, p.lat, p.lng, p.heading, p.speed, p.source
         FROM latest_positions p JOIN loads l ON l.id = p.load_id
         WHERE p.tenant_id = $1 AND l.deleted_at IS NULL
           AND l.status IN ('DISPATCHED', 'AT_PICKUP', 'PICKED_UP', 'IN_TRANSIT', 'AT_DELIVERY')
           AND (CAST($2 AS TEXT) IS NULL OR l.carrier_id = $2)
           AND (CAST($3 AS TEXT) IS NULL OR l.driver_id = $3)
         ORDER BY l.id",
    )
    .bind(id(tenant))
    .bind(carrier)
    .bind(driver)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let position = read(row, row.parsed("id")?)?;
            Ok((row.text("load_number")?, row.word("status", LoadStatus::from_code)?, position))
        })
        .collect()
}

/// The rows of a statement about many loads, asked for in pieces. `sql` is given the placeholders of the ids.
async fn about(tx: &mut Tx, loads: &[LoadId], sql: impl Fn(&str) -> String) -> Result<Vec<AnyRow>, StoreError> {
    let mut rows = Vec::new();
    for chunk in loads.chunks(CHUNK) {
        let select = Many::new(sql(&many::list(1, chunk.len())));
        let select = chunk.iter().fold(select, |select, load| select.bind(id(load)));
        rows.extend(select.fetch_all(tx).await?);
    }
    Ok(rows)
}
