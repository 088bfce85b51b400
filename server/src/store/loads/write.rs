//! Writing loads.

use super::{
    super::{
        Database, StoreError, Tx,
        row::{Columns, id, maybe_id},
    },
    card::currency_code,
};
use app::domain::{
    id::{CarrierId, DriverId, LoadId, TenantId, UserId},
    load::{Equipment, LoadCard},
    money::Finance,
    status::LoadStatus,
    time::Timestamp,
};

/// A load as it is written; its stops are written apart.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadRow {
    pub id: LoadId,
    pub load_number: String,
    pub status: LoadStatus,
    pub version: i64,
    pub customer: String,
    pub equipment: Equipment,
    pub carrier_id: Option<CarrierId>,
    pub driver_id: Option<DriverId>,
    pub dispatcher_id: Option<UserId>,
    pub commodity: String,
    pub weight_lbs: i32,
    pub miles: i32,
    pub instructions: String,
    pub references: Vec<String>,
    pub hot: bool,
    pub exception: bool,
    pub finance: Option<Finance>,
    pub stop_count: i64,
    pub tender_returned: Option<String>,
    pub tender_expires_at: Option<Timestamp>,
    pub last_check_call_at: Option<Timestamp>,
    pub eta: Option<Timestamp>,
    pub status_since: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Option<UserId>,
}

impl From<&LoadCard> for LoadRow {
    fn from(card: &LoadCard) -> Self {
        Self {
            id: card.id,
            load_number: card.load_number.clone(),
            status: card.status,
            version: card.version,
            customer: card.customer.clone(),
            equipment: card.equipment,
            carrier_id: card.carrier.as_ref().map(|carrier| carrier.id),
            driver_id: card.driver.as_ref().map(|driver| driver.id),
            dispatcher_id: card.dispatcher.as_ref().map(|person| person.id),
            commodity: card.commodity.clone(),
            weight_lbs: card.weight_lbs,
            miles: card.miles,
            instructions: card.instructions.clone(),
            references: card.references.clone(),
            hot: card.hot,
            exception: card.exception,
            finance: card.finance,
            stop_count: i64::from(card.stops_between) + 2,
            tender_returned: card.tender_returned.clone(),
            tender_expires_at: card.tender_expires_at,
            last_check_call_at: card.last_check_call_at,
            eta: card.eta,
            status_since: card.status_since,
            created_at: card.created_at,
            updated_at: card.updated_at,
            updated_by: card.updated_by.as_ref().map(|person| person.id),
        }
    }
}

const INSERT: &str = "INSERT INTO loads (id, tenant_id, load_number, status, version, customer, equipment, carrier_id,
        driver_id, dispatcher_id, commodity, weight_lbs, miles, instructions, reference_numbers, hot, exception,
        revenue, carrier_cost, currency, stop_count, tender_expires_at, last_check_call_at, status_since, created_at,
        updated_at, updated_by, eta, tender_returned)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29)";

const UPDATE: &str = "UPDATE loads SET load_number = $3, status = $4, version = $5, customer = $6, equipment = $7,
        carrier_id = $8, driver_id = $9, dispatcher_id = $10, commodity = $11, weight_lbs = $12, miles = $13,
        instructions = $14, reference_numbers = $15, hot = $16, exception = $17, revenue = $18, carrier_cost = $19,
        currency = $20, stop_count = $21, tender_expires_at = $22, last_check_call_at = $23, status_since = $24,
        created_at = $25, updated_at = $26, updated_by = $27, eta = $28, tender_returned = $29
    WHERE id = $1 AND tenant_id = $2";

pub async fn insert(tx: &mut Tx, tenant: TenantId, load: &LoadRow) -> Result<(), StoreError> {
    write(tx, INSERT, tenant, load).await
}

/// Writes the whole row. The caller holds the load's lock and has checked the version.
pub async fn update(tx: &mut Tx, tenant: TenantId, load: &LoadRow) -> Result<(), StoreError> {
    write(tx, UPDATE, tenant, load).await
}

async fn write(tx: &mut Tx, sql: &'static str, tenant: TenantId, load: &LoadRow) -> Result<(), StoreError> {
    let references = serde_json::to_string(&load.references).unwrap_or_else(|_| "[]".into());
    let currency = load.finance.map_or_else(Default::default, |finance| finance.revenue.currency);
    sqlx::query(sql)
        .bind(id(load.id))
        .bind(id(tenant))
        .bind(&load.load_number)
        .bind(load.status.code())
        .bind(load.version)
        .bind(&load.customer)
        .bind(load.equipment.code())
        .bind(maybe_id(load.carrier_id))
        .bind(maybe_id(load.driver_id))
        .bind(maybe_id(load.dispatcher_id))
        .bind(&load.commodity)
        .bind(i64::from(load.weight_lbs))
        .bind(i64::from(load.miles))
        .bind(&load.instructions)
        .bind(references)
        .bind(i64::from(load.hot))
        .bind(i64::from(load.exception))
        .bind(load.finance.map(|finance| finance.revenue.amount))
        .bind(load.finance.map(|finance| finance.carrier_cost.amount))
        .bind(currency_code(currency))
        .bind(load.stop_count)
        .bind(load.tender_expires_at.map(Timestamp::millis))
        .bind(load.last_check_call_at.map(Timestamp::millis))
        .bind(load.status_since.millis())
        .bind(load.created_at.millis())
        .bind(load.updated_at.millis())
        .bind(maybe_id(load.updated_by))
        .bind(load.eta.map(Timestamp::millis))
        .bind(&load.tender_returned)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Notes when a load will be at its next stop, as was said at `at`. The version stays: nobody's change is overtaken.
pub async fn say_eta(tx: &mut Tx, load: LoadId, eta: Timestamp, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE loads SET eta = $2, eta_said_at = $3 WHERE id = $1")
        .bind(id(load))
        .bind(eta.millis())
        .bind(at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Notes who is on a load. The version stays: nobody's change is overtaken.
pub async fn claim(
    tx: &mut Tx,
    tenant: TenantId,
    load: LoadId,
    claimed: Option<(UserId, Timestamp)>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE loads SET claimed_by = $3, claimed_at = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(load))
        .bind(maybe_id(claimed.map(|(user, _)| user)))
        .bind(claimed.map(|(_, at)| at.millis()))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Loads of every tenant whose tender has run out, those first that have waited longest.
pub async fn expired_tenders(
    database: &Database,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(TenantId, LoadId)>, StoreError> {
    let rows = sqlx::query(
        "SELECT tenant_id, id FROM loads WHERE status = 'TENDERED' AND deleted_at IS NULL AND tender_expires_at <= $1
         ORDER BY tender_expires_at LIMIT $2",
    )
    .bind(now.millis())
    .bind(limit)
    .fetch_all(database.reader())
    .await?;
    rows.iter().map(|row| Ok((row.parsed("tenant_id")?, row.parsed("id")?))).collect()
}

/// Takes the load out of every view. Its row and its events stay.
pub async fn delete(tx: &mut Tx, tenant: TenantId, load: LoadId, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE loads SET deleted_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(load))
        .bind(at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The next `LD-{YYYYMM}-{NNNNN}` of the tenant in the month of `at` (UTC). Never given twice, without a gap.
pub async fn next_number(tx: &mut Tx, tenant: TenantId, at: Timestamp) -> Result<String, StoreError> {
    let civil = at.civil(0);
    let month = format!("{:04}{:02}", civil.year, civil.month);
    let row = sqlx::query(
        "INSERT INTO load_numbers (tenant_id, month, last_number) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, month) DO UPDATE SET last_number = load_numbers.last_number + 1
         RETURNING last_number",
    )
    .bind(id(tenant))
    .bind(&month)
    .fetch_one(&mut **tx)
    .await?;
    Ok(format!("LD-{month}-{:05}", row.int("last_number")?))
}
