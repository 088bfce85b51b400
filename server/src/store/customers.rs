//! Customers, as the loads name them.

use super::{
    StoreError, Tx,
    row::{Columns, containing, id},
};
use app::domain::id::TenantId;

/// The first names of customers that any load of the tenant was booked for.
pub async fn names(tx: &mut Tx, tenant: TenantId, search: Option<&str>, limit: i64) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT customer FROM loads
         WHERE tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR LOWER(customer) LIKE LOWER(CAST($2 AS TEXT)) ESCAPE '!')
         ORDER BY customer LIMIT $3",
    )
    .bind(id(tenant))
    .bind(search.map(containing))
    .bind(limit)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| row.text("customer")).collect()
}
