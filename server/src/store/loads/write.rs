//! Writing loads.

use super::{
    super::{
        Database, StoreError, Tx,
        many::{self, CHUNK, Many},
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
use std::collections::BTreeMap;

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

/// Binds the columns of a load, in the order of [`INSERT`] and [`UPDATE`].
macro_rules! bind_row {
    ($query:expr, $tenant:expr, $load:expr) => {{
        let load: &LoadRow = $load;
        let references = serde_json::to_string(&load.references).unwrap_or_else(|_| "[]".into());
        let currency = load.finance.map_or_else(Default::default, |finance| finance.revenue.currency);
        $query
            .bind(id(load.id))
            .bind(id($tenant))
            .bind(load.load_number.clone())
            .bind(load.status.code())
            .bind(load.version)
            .bind(load.customer.clone())
            .bind(load.equipment.code())
            .bind(maybe_id(load.carrier_id))
            .bind(maybe_id(load.driver_id))
            .bind(maybe_id(load.dispatcher_id))
            .bind(load.commodity.clone())
            .bind(i64::from(load.weight_lbs))
            .bind(i64::from(load.miles))
            .bind(load.instructions.clone())
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
            .bind(load.tender_returned.clone())
    }};
}

macro_rules! insert_into_loads {
    () => {
        "INSERT INTO loads (id, tenant_id, load_number, status, version, customer, equipment, carrier_id,
        driver_id, dispatcher_id, commodity, weight_lbs, miles, instructions, reference_numbers, hot, exception,
        revenue, carrier_cost, currency, stop_count, tender_expires_at, last_check_call_at, status_since, created_at,
        updated_at, updated_by, eta, tender_returned)
    VALUES "
    };
}

/// How many columns these are.
const COLUMNS: usize = 29;

const INSERT: &str = concat!(
    insert_into_loads!(),
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
      $26, $27, $28, $29)"
);

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

/// Writes new loads, many at a time.
pub async fn insert_all(tx: &mut Tx, tenant: TenantId, loads: &[LoadRow]) -> Result<(), StoreError> {
    for chunk in loads.chunks(CHUNK) {
        let rows = many::rows(chunk.len(), COLUMNS);
        let insert = Many::new(format!("{}{rows}", insert_into_loads!()));
        chunk.iter().fold(insert, |insert, load| bind_row!(insert, tenant, load)).execute(tx).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, sql: &'static str, tenant: TenantId, load: &LoadRow) -> Result<(), StoreError> {
    bind_row!(sqlx::query(sql), tenant, load).execute(&mut **tx).await?;
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

/// A tender that has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredTender {
    pub tenant: TenantId,
    pub load: LoadId,
    pub expires_at: Timestamp,
}

/// Tenders of every tenant that have run out, those first that have waited longest; only those that follow `after` in
/// this order, where it is given.
pub async fn expired_tenders(
    database: &Database,
    now: Timestamp,
    after: Option<(Timestamp, LoadId)>,
    limit: i64,
) -> Result<Vec<ExpiredTender>, StoreError> {
    let rows = sqlx::query(
        "SELECT tenant_id, id, tender_expires_at FROM loads
         WHERE status = 'TENDERED' AND deleted_at IS NULL AND tender_expires_at <= $1
           AND tender_expires_at >= $3 AND (tender_expires_at > $3 OR id > $4)
         ORDER BY tender_expires_at, id LIMIT $2",
    )
    .bind(now.millis())
    .bind(limit)
    .bind(after.map_or(i64::MIN, |(expired_at, _)| expired_at.millis()))
    .bind(after.map_or_else(String::new, |(_, load)| id(load)))
    .fetch_all(database.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let (tenant, load) = (row.parsed("tenant_id")?, row.parsed("id")?);
            Ok(ExpiredTender { tenant, load, expires_at: row.time("tender_expires_at")? })
        })
        .collect()
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
    let month = month(at);
    let last = take_numbers(tx, tenant, &month, 1).await?;
    Ok(load_number(&month, last))
}

/// The next numbers of the tenant for loads of these moments, each as [`next_number`] gives it.
pub async fn next_numbers(tx: &mut Tx, tenant: TenantId, at: &[Timestamp]) -> Result<Vec<String>, StoreError> {
    let months: Vec<String> = at.iter().copied().map(month).collect();
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    months.iter().for_each(|month| *counts.entry(month).or_default() += 1);
    // From here on the last number that was given in each month.
    for (month, count) in &mut counts {
        *count = take_numbers(tx, tenant, month, *count).await? - *count;
    }
    let mut numbers = Vec::with_capacity(at.len());
    for month in &months {
        let last = counts.entry(month).or_default();
        *last += 1;
        numbers.push(load_number(month, *last));
    }
    Ok(numbers)
}

/// Takes so many numbers of a month and returns the last of them.
async fn take_numbers(tx: &mut Tx, tenant: TenantId, month: &str, count: i64) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "INSERT INTO load_numbers (tenant_id, month, last_number) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, month) DO UPDATE SET last_number = load_numbers.last_number + excluded.last_number
         RETURNING last_number",
    )
    .bind(id(tenant))
    .bind(month)
    .bind(count)
    .fetch_one(&mut **tx)
    .await?;
    row.int("last_number")
}

fn month(at: Timestamp) -> String {
    let civil = at.civil(0);
    format!("{:04}{:02}", civil.year, civil.month)
}

fn load_number(month: &str, number: i64) -> String {
    format!("LD-{month}-{number:05}")
}
