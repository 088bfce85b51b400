//! Carriers and their drivers.

use super::{
    StoreError, Tx,
    row::{Columns, containing, id, maybe_id},
};
use app::domain::{
    carrier::Compliance,
    id::{CarrierId, DriverId, TenantId},
    time::Timestamp,
};
use sqlx::any::AnyRow;

pub use app::domain::carrier::CarrierProfile as Carrier;

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
    row.as_ref().map(read).transpose()
}

/// Which carriers to list.
#[derive(Debug, Clone)]
pub struct CarrierFilter {
    /// In the name or the MC number, in lower case.
    pub search: Option<String>,
    /// Only those that may be given a load at `now`, or only those that may not.
    pub fit: Option<bool>,
    pub now: Timestamp,
}

/// What a filter lets through of the carriers of tenant `$1`, with what follows.
macro_rules! from_carriers {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM carriers WHERE tenant_id = $1
               AND (CAST($2 AS TEXT) IS NULL OR LOWER(name) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!' OR LOWER(mc_number) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!')
               AND (CAST($3 AS BIGINT) IS NULL
                    OR $3 = CASE WHEN compliance = 'suspended' OR insurance_expires_at <= $4 THEN 0 ELSE 1 END) ",
            $rest
        )
    };
}

/// Up to `limit` carriers that follow `after` by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    filter: &CarrierFilter,
    after: Option<CarrierId>,
    limit: i64,
) -> Result<(Vec<Carrier>, i64), StoreError> {
    let pattern = filter.search.as_deref().map(containing);
    let rows = sqlx::query(from_carriers!(
        "id, name, mc_number, phone, insurance_expires_at, compliance",
        "AND (CAST($5 AS TEXT) IS NULL
              OR (name, id) > (SELECT name, id FROM carriers WHERE tenant_id = $1 AND id = $5))
         ORDER BY name, id LIMIT $6"
    ))
    .bind(id(tenant))
    .bind(&pattern)
    .bind(filter.fit.map(i64::from))
    .bind(filter.now.millis())
    .bind(maybe_id(after))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(from_carriers!("COUNT(*) AS total", ""))
        .bind(id(tenant))
        .bind(&pattern)
        .bind(filter.fit.map(i64::from))
        .bind(filter.now.millis())
        .fetch_one(&mut **tx)
        .await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, count.int("total")?))
}

/// Makes others who change this carrier wait until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant: TenantId, carrier: CarrierId) -> Result<(), StoreError> {
    sqlx::query("UPDATE carriers SET name = name WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(carrier))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Carrier, StoreError> {
    Ok(Carrier {
        id: row.parsed("id")?,
        name: row.text("name")?,
        mc_number: row.text("mc_number")?,
        phone: row.maybe_text("phone")?,
        insurance_expires_at: row.time("insurance_expires_at")?,
        compliance: row.word("compliance", Compliance::from_code)?,
    })
}

pub async fn find_driver(tx: &mut Tx, tenant: TenantId, driver: DriverId) -> Result<Option<Driver>, StoreError> {
    let row = sqlx::query("SELECT id, carrier_id, name, phone FROM drivers WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(driver))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read_driver).transpose()
}

/// The drivers of a carrier, or of every carrier, by name.
pub async fn list_drivers(
    tx: &mut Tx,
    tenant: TenantId,
    carrier: Option<CarrierId>,
) -> Result<Vec<Driver>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, carrier_id, name, phone FROM drivers
         WHERE tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR carrier_id = $2) ORDER BY name, id",
    )
    .bind(id(tenant))
    .bind(maybe_id(carrier))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(read_driver).collect()
}

fn read_driver(row: &AnyRow) -> Result<Driver, StoreError> {
    Ok(Driver {
        id: row.parsed("id")?,
        carrier_id: row.parsed("carrier_id")?,
        name: row.text("name")?,
        phone: row.maybe_text("phone")?,
    })
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

/// Writes a carrier as it is now.
pub async fn update(tx: &mut Tx, tenant: TenantId, carrier: &Carrier) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE carriers SET name = $3, mc_number = $4, phone = $5, insurance_expires_at = $6, compliance = $7
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id(tenant))
    .bind(id(carrier.id))
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
