//! Tenants.

use super::{
    StoreError, Tx,
    row::{Columns, id},
};
use app::domain::id::TenantId;

/// One company using the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    /// Short name for the command line, such as `acme`.
    pub slug: String,
    pub name: String,
}

pub async fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $3)")
        .bind(id(tenant.id))
        .bind(&tenant.slug)
        .bind(&tenant.name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Makes others who administer this tenant wait until the transaction ends, so that what is counted stays true.
pub async fn lock(tx: &mut Tx, tenant: TenantId) -> Result<(), StoreError> {
    sqlx::query("UPDATE tenants SET name = name WHERE id = $1").bind(id(tenant)).execute(&mut **tx).await?;
    Ok(())
}

pub async fn find_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Tenant>, StoreError> {
    let row =
        sqlx::query("SELECT id, slug, name FROM tenants WHERE slug = $1").bind(slug).fetch_optional(&mut **tx).await?;
    row.map(|row| Ok(Tenant { id: row.parsed("id")?, slug: row.text("slug")?, name: row.text("name")? })).transpose()
}
