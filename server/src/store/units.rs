//! Units: refrigerated trailers and cold rooms, and where the watch over each stands.

use super::{
    StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::{
    api::cold_chain::Unit,
    domain::{
        excursion::{Limits, Watch},
        id::{SiteId, TenantId, UnitId},
        sensor::UnitKind,
        time::Timestamp,
    },
};
use sqlx::any::AnyRow;

/// What has to be known of a unit to judge its readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    pub unit: Unit,
    pub judged_at: Option<Timestamp>,
    pub outside_since: Option<Timestamp>,
}

impl Watched {
    pub fn limits(&self) -> Limits {
        let Unit { min_temperature: min, max_temperature: max, min_duration_ms: min_duration, .. } = self.unit;
        Limits { min, max, min_duration }
    }
}

/// The units of tenant `$1`, with what follows.
macro_rules! select_units {
    ($rest:literal) => {
        concat!(
            "SELECT id, site_id, name, kind, min_temperature, max_temperature, min_duration_ms, load_id, judged_at,
                outside_since
             FROM units WHERE tenant_id = $1 ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx, tenant: TenantId, unit: &Unit) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO units (id, tenant_id, site_id, name, kind, min_temperature, max_temperature, min_duration_ms,
                            load_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id(unit.id))
    .bind(id(tenant))
    .bind(id(unit.site_id))
    .bind(&unit.name)
    .bind(unit.kind.code())
    .bind(unit.min_temperature)
    .bind(unit.max_temperature)
    .bind(unit.min_duration_ms)
    .bind(maybe_id(unit.load_id))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what a patch can change.
pub async fn update(tx: &mut Tx, tenant: TenantId, unit: &Unit) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE units SET site_id = $3, name = $4, min_temperature = $5, max_temperature = $6, min_duration_ms = $7,
                          load_id = $8
         WHERE tenant_id = $1 AND id = $2",
    )
    .bind(id(tenant))
    .bind(id(unit.id))
    .bind(id(unit.site_id))
    .bind(&unit.name)
    .bind(unit.min_temperature)
    .bind(unit.max_temperature)
    .bind(unit.min_duration_ms)
    .bind(maybe_id(unit.load_id))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn save_watch(tx: &mut Tx, tenant: TenantId, unit: UnitId, watch: &Watch) -> Result<(), StoreError> {
    sqlx::query("UPDATE units SET judged_at = $3, outside_since = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(unit))
        .bind(watch.judged_at.map(Timestamp::millis))
        .bind(watch.outside_since.map(Timestamp::millis))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Makes other writers of this unit and of its readings wait until the transaction ends, so that readings are judged one
/// after the other, whichever node they reach.
pub async fn lock(tx: &mut Tx, tenant: TenantId, unit: UnitId) -> Result<(), StoreError> {
    sqlx::query("UPDATE units SET name = name WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(unit))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, tenant: TenantId, unit: UnitId) -> Result<Option<Watched>, StoreError> {
    let row =
        sqlx::query(select_units!("AND id = $2")).bind(id(tenant)).bind(id(unit)).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}

/// Up to `limit` units created after `after`, oldest first, and how many there are in all; of one site where one is named.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    site: Option<SiteId>,
    after: Option<UnitId>,
    limit: i64,
) -> Result<(Vec<Unit>, i64), StoreError> {
    let rows = sqlx::query(select_units!(
        "AND (CAST($2 AS TEXT) IS NULL OR site_id = $2) AND (CAST($3 AS TEXT) IS NULL OR id > $3)
         ORDER BY id LIMIT $4"
    ))
    .bind(id(tenant))
    .bind(maybe_id(site))
    .bind(maybe_id(after))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(
        "SELECT COUNT(*) AS total FROM units WHERE tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR site_id = $2)",
    )
    .bind(id(tenant))
    .bind(maybe_id(site))
    .fetch_one(&mut **tx)
    .await?;
    let units = rows.iter().map(|row| read(row).map(|watched| watched.unit));
    Ok((units.collect::<Result<_, _>>()?, count.int("total")?))
}

fn read(row: &AnyRow) -> Result<Watched, StoreError> {
    let unit = Unit {
        id: row.parsed("id")?,
        site_id: row.parsed("site_id")?,
        name: row.text("name")?,
        kind: row.word("kind", UnitKind::from_code)?,
        min_temperature: row.real("min_temperature")?,
        max_temperature: row.real("max_temperature")?,
        min_duration_ms: row.int("min_duration_ms")?,
        load_id: row.maybe_parsed("load_id")?,
    };
    Ok(Watched { unit, judged_at: row.maybe_time("judged_at")?, outside_since: row.maybe_time("outside_since")? })
}
