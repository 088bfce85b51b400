//! Alerts: what is, or was, wrong.

use super::{
    StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::{
    api::cold_chain::Alert,
    domain::{
        id::{AlertId, TenantId, UnitId},
        sensor::{AlertSeverity, AlertType},
        time::Timestamp,
    },
};
use sqlx::any::AnyRow;

/// The alerts of tenant `$1`, with what follows.
macro_rules! select_alerts {
    ($rest:literal) => {
        concat!(
            "SELECT id, unit_id, load_id, type, severity, message, triggered_at, resolved_at
             FROM alerts WHERE tenant_id = $1 ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO alerts (id, tenant_id, unit_id, load_id, type, severity, message, triggered_at, resolved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id(alert.id))
    .bind(id(tenant))
    .bind(maybe_id(alert.unit_id))
    .bind(maybe_id(alert.load_id))
    .bind(alert.alert_type.code())
    .bind(alert.severity.code())
    .bind(&alert.message)
    .bind(alert.triggered_at.millis())
    .bind(alert.resolved_at.map(Timestamp::millis))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn resolve(tx: &mut Tx, tenant: TenantId, alert: AlertId, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE alerts SET resolved_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(alert))
        .bind(at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The alert about a unit that is open.
pub async fn open_of(tx: &mut Tx, tenant: TenantId, unit: UnitId) -> Result<Option<Alert>, StoreError> {
    let row = sqlx::query(select_alerts!("AND unit_id = $2 AND resolved_at IS NULL ORDER BY id DESC LIMIT 1"))
        .bind(id(tenant))
        .bind(id(unit))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Up to `limit` alerts older than `before`, newest first, and how many there are in all; only the open ones, or only
/// those that are over, where `open` says so.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    open: Option<bool>,
    before: Option<AlertId>,
    limit: i64,
) -> Result<(Vec<Alert>, i64), StoreError> {
    let open = open.map(i64::from);
    let rows = sqlx::query(select_alerts!(
        "AND (CAST($2 AS BIGINT) IS NULL OR (CASE WHEN resolved_at IS NULL THEN 1 ELSE 0 END) = $2)
         AND (CAST($3 AS TEXT) IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
    ))
    .bind(id(tenant))
    .bind(open)
    .bind(maybe_id(before))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    let count = sqlx::query(
        "SELECT COUNT(*) AS total FROM alerts WHERE tenant_id = $1
           AND (CAST($2 AS BIGINT) IS NULL OR (CASE WHEN resolved_at IS NULL THEN 1 ELSE 0 END) = $2)",
    )
    .bind(id(tenant))
    .bind(open)
    .fetch_one(&mut **tx)
    .await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, count.int("total")?))
}

fn read(row: &AnyRow) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.parsed("id")?,
        unit_id: row.maybe_parsed("unit_id")?,
        load_id: row.maybe_parsed("load_id")?,
        alert_type: row.word("type", AlertType::from_code)?,
        severity: row.word("severity", AlertSeverity::from_code)?,
        message: row.text("message")?,
        triggered_at: row.time("triggered_at")?,
        resolved_at: row.maybe_time("resolved_at")?,
    })
}
