//! Carriers and their drivers.

use super::{
    StoreError, Tx,
    row::{Columns, id},
};
use app::domain::{
    carrier::Compliance,
    id::{CarrierId, DriverId, TenantId},
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    pub id: CarrierId,
    pub name: String,
    pub mc_number: String,
    pub phone: Option<String>,
    pub insurance_expires_at: Timestamp,
    pub compliance: Compliance,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    pub id: DriverId,
    pub carrier_id: CarrierId,
    pub name: String,
    pub phone: Option<String>,
}

pub async fn find(tx: &mut Tx, tenant: TenantId, carrier: CarrierId) -> Result<Option<Carrier>, StoreError> {
    let row = sqlx::query(
        "SELECT id, name, mc_number, phone, insurance_expires_at, compliance FROM carriers
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id(tenant))
    .bind(id(carrier))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Carrier {
            id: row.parsed("id")?,
            name: row.text("name")?,
            mc_number: row.text("mc_number")?,
            phone: row.maybe_text("phone")?,
            insurance_expires_at: row.time("insurance_expires_at")?,
            compliance: row.word("compliance", Compliance::from_code)?,
        })
    })
    .transpose()
}

pub async fn find_driver(tx: &mut Tx, tenant: TenantId, driver: DriverId) -> Result<Option<Driver>, StoreError> {
    let row = sqlx::query("SELECT id, carrier_id, name, phone FROM drivers WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(driver))
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| {
        Ok(Driver {
            id: row.parsed("id")?,
            carrier_id: row.parsed("carrier_id")?,
            name: row.text("name")?,
            phone: row.maybe_text("phone")?,
        })
    })
    .transpose()
}

pub async fn insert(tx: &mut Tx, tenant: TenantId, carrier: &Carrier) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO carriers (id, tenant_id, name, mc_number, phone, insurance_expires_at, compliance)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id(carrier.id))
    .bind(id(tenant))
    .bind(&carrier.name)
    .bind(&carrier.mc_number)
    .bind(carrier.phone.as_deref())
    .bind(carrier.insurance_expires_at.millis())
    .bind(carrier.compliance.code())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_driver(tx: &mut Tx, tenant: TenantId, driver: &Driver) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO drivers (id, tenant_id, carrier_id, name, phone) VALUES ($1, $2, $3, $4, $5)")
        .bind(id(driver.id))
        .bind(id(tenant))
        .bind(id(driver.carrier_id))
        .bind(&driver.name)
        .bind(driver.phone.as_deref())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
