//! Views of the board that persons have saved.

use super::{
    Database, StoreError, Tx,
    row::{Columns, id},
};
use app::{
    api::presets::Preset,
    domain::id::{PresetId, UserId},
};
use sqlx::any::AnyRow;

/// A person's presets, the oldest first.
pub async fn list(database: &Database, user: UserId) -> Result<Vec<Preset>, StoreError> {
    let rows = sqlx::query("SELECT id, name, query, created_at FROM saved_views WHERE user_id = $1 ORDER BY id")
        .bind(id(user))
        .fetch_all(database.reader())
        .await?;
    rows.iter().map(read).collect()
}

pub async fn find(tx: &mut Tx, user: UserId, preset: PresetId) -> Result<Option<Preset>, StoreError> {
    let row = sqlx::query("SELECT id, name, query, created_at FROM saved_views WHERE user_id = $1 AND id = $2")
        .bind(id(user))
        .bind(id(preset))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Makes other writers of a person's presets wait until the transaction ends.
pub async fn lock(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET name = name WHERE id = $1").bind(id(user)).execute(&mut **tx).await?;
    Ok(())
}

/// How many a person has.
pub async fn count(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS total FROM saved_views WHERE user_id = $1")
        .bind(id(user))
        .fetch_one(&mut **tx)
        .await?;
    row.int("total")
}

pub async fn insert(tx: &mut Tx, user: UserId, preset: &Preset) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO saved_views (id, user_id, name, name_key, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id(preset.id))
    .bind(id(user))
    .bind(&preset.name)
    .bind(preset.name.to_lowercase())
    .bind(&preset.query)
    .bind(preset.created_at.millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes name and query.
pub async fn update(tx: &mut Tx, user: UserId, preset: &Preset) -> Result<(), StoreError> {
    sqlx::query("UPDATE saved_views SET name = $3, name_key = $4, query = $5 WHERE user_id = $1 AND id = $2")
        .bind(id(user))
        .bind(id(preset.id))
        .bind(&preset.name)
        .bind(preset.name.to_lowercase())
        .bind(&preset.query)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether there was one.
pub async fn delete(tx: &mut Tx, user: UserId, preset: PresetId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM saved_views WHERE user_id = $1 AND id = $2")
        .bind(id(user))
        .bind(id(preset))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

fn read(row: &AnyRow) -> Result<Preset, StoreError> {
    Ok(Preset {
        id: row.parsed("id")?,
        name: row.text("name")?,
        query: row.text("query")?,
        created_at: row.time("created_at")?,
    })
}
