//! Facilities: where loads are picked up and delivered.

use super::{
    Database, StoreError, Tx,
    row::{BindReal, Columns, containing, id, maybe_id},
};
use app::domain::{
    geo::LatLng,
    id::{FacilityId, TenantId},
    stop::Place,
};
use sqlx::any::AnyRow;

pub use app::domain::facility::FacilityProfile as Facility;

pub async fn find(tx: &mut Tx, tenant: TenantId, facility: FacilityId) -> Result<Option<Facility>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, address, city, state, zone, lat, lng, geofence_miles FROM facilities
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id(tenant))
    .bind(id(facility))
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The time zones that facilities of a tenant lie in.
pub async fn zones(tx: &mut Tx, tenant: TenantId) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query("SELECT DISTINCT zone FROM facilities WHERE tenant_id = $1 ORDER BY zone")
        .bind(id(tenant))
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(|row| row.text("zone")).collect()
}

/// All facilities of a tenant, by name.
pub async fn list(database: &Database, tenant: TenantId) -> Result<Vec<Facility>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, address, city, state, zone, lat, lng, geofence_miles FROM facilities
         WHERE tenant_id = $1 ORDER BY name, id",
    )
    .bind(id(tenant))
    .fetch_all(database.reader())
    .await?;
    rows.iter().map(read).collect()
}

/// What a search lets through of the facilities of tenant `$1`, with what follows.
macro_rules! from_facilities {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM facilities WHERE tenant_id = $1
               AND (CAST($2 AS TEXT) IS NULL OR LOWER(name || ' ' || city || ', ' || state) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!') ",
            $rest
        )
    };
}

/// Up to `limit` facilities that follow `after` by name, and how many there are in all.
pub async fn search(
    tx: &mut Tx,
    tenant: TenantId,
    search: Option<&str>,
    after: Option<FacilityId>,
    limit: i64,
) -> Result<(Vec<Facility>, i64), StoreError> {
    let pattern = search.map(containing);
    let rows = sqlx::query(from_facilities!(
        "id, name, address, city, state, zone, lat, lng, geofence_miles",
        "AND (CAST($3 AS TEXT) IS NULL
              OR (name, id) > (SELECT name, id FROM facilities WHERE tenant_id = $1 AND id = $3))
         ORDER BY name, id LIMIT $4"
    ))
    .bind(id(tenant))
    .bind(&pattern)
    .bind(maybe_id(after))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(from_facilities!("COUNT(*) AS total", ""))
        .bind(id(tenant))
        .bind(&pattern)
        .fetch_one(&mut **tx)
        .await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, count.int("total")?))
}

/// Makes others who change this facility wait until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant: TenantId, facility: FacilityId) -> Result<(), StoreError> {
    sqlx::query("UPDATE facilities SET name = name WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(facility))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Facility, StoreError> {
    Ok(Facility {
        id: row.parsed("id")?,
        name: row.text("name")?,
        address: row.maybe_text("address")?,
        place: Place { city: row.text("city")?, state: row.text("state")? },
        zone: row.text("zone")?,
        location: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
        geofence_miles: row.maybe_real("geofence_miles")?,
    })
}

const INSERT: &str =
    "INSERT INTO facilities (id, tenant_id, name, address, city, state, zone, lat, lng, geofence_miles)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

const UPDATE: &str =
    "UPDATE facilities SET name = $3, address = $4, city = $5, state = $6, zone = $7, lat = $8, lng = $9,
    geofence_miles = $10 WHERE id = $1 AND tenant_id = $2";

pub async fn insert(tx: &mut Tx, tenant: TenantId, facility: &Facility) -> Result<(), StoreError> {
    write(tx, INSERT, tenant, facility).await
}

/// Writes a facility as it is now.
pub async fn update(tx: &mut Tx, tenant: TenantId, facility: &Facility) -> Result<(), StoreError> {
    write(tx, UPDATE, tenant, facility).await
}

async fn write(tx: &mut Tx, sql: &'static str, tenant: TenantId, facility: &Facility) -> Result<(), StoreError> {
    sqlx::query(sql)
        .bind(id(facility.id))
        .bind(id(tenant))
        .bind(&facility.name)
        .bind(facility.address.as_deref())
        .bind(&facility.place.city)
        .bind(&facility.place.state)
        .bind(&facility.zone)
        .bind(facility.location.lat)
        .bind(facility.location.lng)
        .bind_real(facility.geofence_miles)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
