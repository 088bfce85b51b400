//! Which database this is, and the key that its nodes sign their letters with.

use super::{Database, StoreError, Tx, commit, database::Dialect, row::Columns};
use base64::{Engine, prelude::BASE64_STANDARD};
use uuid::Uuid;

/// What tells a database from every other, its copies included.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Made with the database, and anew with [`renew`].
    pub name: String,
    /// The server that holds it, where that can be told: a copy that was restored elsewhere has another.
    pub place: String,
    /// 32 random bytes.
    pub relay_key: Vec<u8>,
}

/// Reads the identity, and makes one where there is none yet.
pub async fn read(database: &Database) -> Result<Identity, StoreError> {
    let mut tx = database.begin_write().await?;
    insert(&mut tx).await?;
    let row = sqlx::query("SELECT name, relay_key FROM database_identity WHERE id = 1").fetch_one(&mut *tx).await?;
    commit(tx).await?;
    let key = row.text("relay_key")?;
    let relay_key = BASE64_STANDARD.decode(&key);
    let relay_key = relay_key.map_err(|_| StoreError::Unreadable { column: "relay_key", value: String::new() })?;
    Ok(Identity { name: row.text("name")?, place: place(database).await?, relay_key })
}

/// Makes this database another than the one that it was copied from: its nodes neither hear those of the original nor are
/// heard by them.
pub async fn renew(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM database_identity").execute(&mut **tx).await?;
    insert(tx).await
}

async fn insert(tx: &mut Tx) -> Result<(), StoreError> {
    let key: [u8; 32] = rand::random();
    sqlx::query("INSERT INTO database_identity (id, name, relay_key) VALUES (1, $1, $2) ON CONFLICT DO NOTHING")
        .bind(Uuid::new_v4().to_string())
        .bind(BASE64_STANDARD.encode(key))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The same on the standby servers that may take over. Empty where the server does not tell.
///
/// # Errors
/// Where it could not be asked: a node that took that for an answer would not hear the others, nor they it.
async fn place(database: &Database) -> Result<String, StoreError> {
    if database.dialect() != Dialect::Postgres {
        return Ok(String::new());
    }
    let told = sqlx::query(
        "SELECT (SELECT system_identifier FROM pg_control_system())::TEXT
             || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())::TEXT AS place",
    )
    .fetch_one(database.reader())
    .await;
    match told {
        Ok(row) => row.text("place"),
        Err(error) if is_withheld(&error) => {
            tracing::warn!(%error, "the server of the database does not tell which one it is");
            Ok(String::new())
        }
        Err(error) => Err(error.into()),
    }
}

/// PostgreSQL: the role may not ask, or the server has no such function.
fn is_withheld(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| ["42501", "42883", "0A000"].contains(&&*code))
}
