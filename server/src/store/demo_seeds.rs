//! How far the loads of demo tenants are written.

use super::{
    Database, StoreError, Tx,
    row::{Columns, id},
};
use app::domain::{id::TenantId, time::Timestamp};

/// A demo tenant whose loads are not all written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSeed {
    pub tenant: TenantId,
    /// What the plan was drawn from, with the amounts that it was drawn for.
    pub seed: u64,
    pub planned_at: Timestamp,
    pub loads: i64,
    pub trucks: i64,
    pub written: i64,
}

pub async fn insert(tx: &mut Tx, begun: &DemoSeed) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO demo_seeds (tenant_id, seed, planned_at, loads, trucks, written) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id(begun.tenant))
    .bind(begun.seed.to_string())
    .bind(begun.planned_at.millis())
    .bind(begun.loads)
    .bind(begun.trucks)
    .bind(begun.written)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that so many loads more are written, if still as many are as `begun` says; others wait until the transaction
/// ends. Otherwise somebody else has gone on with it.
pub async fn advance(tx: &mut Tx, begun: &DemoSeed, more: i64) -> Result<bool, StoreError> {
    let advanced = sqlx::query("UPDATE demo_seeds SET written = written + $3 WHERE tenant_id = $1 AND written = $2")
        .bind(id(begun.tenant))
        .bind(begun.written)
        .bind(more)
        .execute(&mut **tx)
        .await?;
    Ok(advanced.rows_affected() == 1)
}

/// All loads are written.
pub async fn finish(tx: &mut Tx, tenant: TenantId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM demo_seeds WHERE tenant_id = $1").bind(id(tenant)).execute(&mut **tx).await?;
    Ok(())
}

/// How far the loads of a tenant are; `None` where all are written, or none of it was ever planned.
pub async fn find(database: &Database, slug: &str) -> Result<Option<DemoSeed>, StoreError> {
    let row = sqlx::query(
        "SELECT d.tenant_id, d.seed, d.planned_at, d.loads, d.trucks, d.written
         FROM demo_seeds d JOIN tenants t ON t.id = d.tenant_id WHERE t.slug = $1",
    )
    .bind(slug)
    .fetch_optional(database.reader())
    .await?;
    row.map(|row| {
        Ok(DemoSeed {
            tenant: row.parsed("tenant_id")?,
            seed: row.parsed("seed")?,
            planned_at: row.time("planned_at")?,
            loads: row.int("loads")?,
            trucks: row.int("trucks")?,
            written: row.int("written")?,
        })
    })
    .transpose()
}
