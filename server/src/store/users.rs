//! People who can log in.

use super::{
    Database, StoreError, Tx,
    row::{Columns, id, maybe_id},
};
use app::domain::{
    id::{CarrierId, DriverId, TenantId, UserId},
    role::Role,
    time::Timestamp,
};
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub tenant_id: TenantId,
    pub tenant_name: String,
    /// In lower case.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Argon2id in PHC form.
    pub password_hash: String,
    pub carrier_id: Option<CarrierId>,
    pub driver_id: Option<DriverId>,
    /// Tokens of an earlier generation are worthless.
    pub token_generation: i64,
}

/// Those who are not removed, with what follows.
macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT u.id, u.tenant_id, t.name AS tenant_name, u.email, u.name, u.role, u.password_hash, u.carrier_id,
                u.driver_id, u.token_generation
             FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.removed_at IS NULL ",
            $rest
        )
    };
}

pub async fn find_by_email(database: &Database, email: &str) -> Result<Option<User>, StoreError> {
    let row = sqlx::query(select_users!("AND u.email = $1")).bind(email).fetch_optional(database.reader()).await?;
    row.as_ref().map(read).transpose()
}

pub async fn find(database: &Database, user: UserId) -> Result<Option<User>, StoreError> {
    let row = sqlx::query(select_users!("AND u.id = $1")).bind(id(user)).fetch_optional(database.reader()).await?;
    row.as_ref().map(read).transpose()
}

/// A person of a tenant, as the transaction sees them.
pub async fn find_of_tenant(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<Option<User>, StoreError> {
    let row = sqlx::query(select_users!("AND u.tenant_id = $1 AND u.id = $2"))
        .bind(id(tenant))
        .bind(id(user))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Everybody of a tenant, by name.
pub async fn list(database: &Database, tenant: TenantId) -> Result<Vec<User>, StoreError> {
    let rows = sqlx::query(select_users!("AND u.tenant_id = $1 ORDER BY u.name, u.id"))
        .bind(id(tenant))
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(read).collect()
}

/// How many people of a tenant have a role.
pub async fn count(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<i64, StoreError> {
    let row =
        sqlx::query("SELECT COUNT(*) AS total FROM users WHERE tenant_id = $1 AND role = $2 AND removed_at IS NULL")
            .bind(id(tenant))
            .bind(role.code())
            .fetch_one(&mut **tx)
            .await?;
    row.int("total")
}

/// The login of a driver, if there is one.
pub async fn find_of_driver(tx: &mut Tx, driver: DriverId) -> Result<Option<UserId>, StoreError> {
    let row = sqlx::query("SELECT id FROM users WHERE driver_id = $1 AND removed_at IS NULL")
        .bind(id(driver))
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Somebody whom others of the tenant can write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    pub id: UserId,
    pub role: Role,
    /// The carrier that an outside party works for.
    pub carrier_id: Option<CarrierId>,
}

/// A person of the tenant who can log in.
pub async fn find_addressee(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<Option<Addressee>, StoreError> {
    let row = sqlx::query(
        "SELECT u.id, u.role, COALESCE(u.carrier_id, d.carrier_id) AS carrier_id FROM users u
         LEFT JOIN drivers d ON d.id = u.driver_id
         WHERE u.tenant_id = $1 AND u.id = $2 AND u.removed_at IS NULL",
    )
    .bind(id(tenant))
    .bind(id(user))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Addressee {
            id: row.parsed("id")?,
            role: row.word("role", Role::from_code)?,
            carrier_id: row.maybe_parsed("carrier_id")?,
        })
    })
    .transpose()
}

/// Everybody of a role.
pub async fn list_of_role(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<Vec<UserId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM users WHERE tenant_id = $1 AND role = $2 AND removed_at IS NULL")
        .bind(id(tenant))
        .bind(role.code())
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

pub async fn insert(tx: &mut Tx, user: &User, created_at: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO users (id, tenant_id, email, name, role, password_hash, carrier_id, driver_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id(user.id))
    .bind(id(user.tenant_id))
    .bind(&user.email)
    .bind(&user.name)
    .bind(user.role.code())
    .bind(&user.password_hash)
    .bind(maybe_id(user.carrier_id))
    .bind(maybe_id(user.driver_id))
    .bind(created_at.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_name_and_role(tx: &mut Tx, user: UserId, name: &str, role: Role) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET name = $2, role = $3 WHERE id = $1")
        .bind(id(user))
        .bind(name)
        .bind(role.code())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes the login away. The row stays, since loads and events name it; its e-mail address is free for another login.
pub async fn remove(tx: &mut Tx, user: UserId, at: Timestamp) -> Result<(), StoreError> {
    // With the id in front it is no address, and nobody else's.
    sqlx::query("UPDATE users SET removed_at = $2, email = id || ':' || email WHERE id = $1")
        .bind(id(user))
        .bind(at.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_password(tx: &mut Tx, user: UserId, password_hash: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(id(user))
        .bind(password_hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_password_hash(tx: &mut Tx, email: &str, password_hash: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET password_hash = $2 WHERE email = $1")
        .bind(email)
        .bind(password_hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<User, StoreError> {
    Ok(User {
        id: row.parsed("id")?,
        tenant_id: row.parsed("tenant_id")?,
        tenant_name: row.text("tenant_name")?,
        email: row.text("email")?,
        name: row.text("name")?,
        role: row.word("role", Role::from_code)?,
        password_hash: row.text("password_hash")?,
        carrier_id: row.maybe_parsed("carrier_id")?,
        driver_id: row.maybe_parsed("driver_id")?,
        token_generation: row.int("token_generation")?,
    })
}
