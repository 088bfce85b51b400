//! Sites: yards and warehouses with refrigerated units.

use super::{
    StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::{
    api::cold_chain::Site,
    domain::id::{SiteId, TenantId},
};
use sqlx::any::AnyRow;

pub async fn insert(tx: &mut Tx, tenant: TenantId, site: &Site) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sites (id, tenant_id, name, city, state) VALUES ($1, $2, $3, $4, $5)")
        .bind(id(site.id))
        .bind(id(tenant))
        .bind(&site.name)
        .bind(&site.city)
        .bind(&site.state)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<Option<Site>, StoreError> {
    let row = sqlx::query("SELECT id, name, city, state FROM sites WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(site))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Up to `limit` sites created after `after`, oldest first, and how many there are in all.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    after: Option<SiteId>,
    limit: i64,
) -> Result<(Vec<Site>, i64), StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, city, state FROM sites
         WHERE tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id > $2) ORDER BY id LIMIT $3",
    )
    .bind(id(tenant))
    .bind(maybe_id(after))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query("SELECT COUNT(*) AS total FROM sites WHERE tenant_id = $1")
        .bind(id(tenant))
        .fetch_one(&mut **tx)
        .await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, count.int("total")?))
}

fn read(row: &AnyRow) -> Result<Site, StoreError> {
    Ok(Site { id: row.parsed("id")?, name: row.text("name")?, city: row.text("city")?, state: row.text("state")? })
}
