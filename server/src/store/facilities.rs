//! Facilities: where loads are picked up and delivered.

use super::{
    Database, StoreError, Tx,
    row::{Columns, id},
};
use app::domain::{
    geo::LatLng,
    id::{FacilityId, TenantId},
    stop::Place,
};
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq)]
pub struct Facility {
    pub id: FacilityId,
    pub name: String,
    pub place: Place,
    /// IANA name of the time zone, such as `America/Chicago`.
    pub zone: String,
    pub location: LatLng,
}

pub async fn find(tx: &mut Tx, tenant: TenantId, facility: FacilityId) -> Result<Option<Facility>, StoreError> {
    let row =
        sqlx::query("SELECT id, name, city, state, zone, lat, lng FROM facilities WHERE tenant_id = $1 AND id = $2")
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

/// The facilities of a tenant, by name.
pub async fn list(database: &Database, tenant: TenantId) -> Result<Vec<Facility>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, city, state, zone, lat, lng FROM facilities WHERE tenant_id = $1 ORDER BY name, id",
    )
    .bind(id(tenant))
    .fetch_all(database.reader())
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Facility, StoreError> {
    Ok(Facility {
        id: row.parsed("id")?,
        name: row.text("name")?,
        place: Place { city: row.text("city")?, state: row.text("state")? },
        zone: row.text("zone")?,
        location: LatLng { lat: row.real("lat")?, lng: row.real("lng")? },
    })
}

pub async fn insert(tx: &mut Tx, tenant: TenantId, facility: &Facility) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO facilities (id, tenant_id, name, city, state, zone, lat, lng)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id(facility.id))
    .bind(id(tenant))
    .bind(&facility.name)
    .bind(&facility.place.city)
    .bind(&facility.place.state)
    .bind(&facility.zone)
    .bind(facility.location.lat)
    .bind(facility.location.lng)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
