//! The lock by which the nodes of one PostgreSQL know of one another. One that speaks to no others must be alone: it would
//! not learn who was shut out elsewhere, nor what happens there.

use super::{StoreError, postgres_url, row::Columns};
use sqlx::{AnyConnection, Connection};
use std::time::Duration;

/// The same in every release.
const KEY: i64 = 0x6865_6164_6861_756c;

/// What does not answer within this time is gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// With whom a node shares its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// With nobody.
    Alone,
    /// With others that hear one another.
    Together,
}

/// Held as long as its connection lasts, which is used for nothing else.
pub struct NodeLock {
    url: String,
    sharing: Sharing,
    connection: AnyConnection,
    /// The session that holds it, as PostgreSQL names it: process and begin.
    session: (i64, String),
}

impl NodeLock {
    /// Takes the lock of the database at `url`. `None` where a node is at work that this one may not run beside.
    pub async fn take(url: &str, sharing: Sharing) -> Result<Option<Self>, StoreError> {
        sqlx::any::install_default_drivers();
        let url = postgres_url::encrypted(url)?;
        Self::take_by(AnyConnection::connect(&url).await?, &url, sharing).await
    }

    async fn take_by(mut connection: AnyConnection, url: &str, sharing: Sharing) -> Result<Option<Self>, StoreError> {
        let statement = match sharing {
            Sharing::Alone => "SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END::BIGINT AS taken",
            Sharing::Together => "SELECT CASE WHEN pg_try_advisory_lock_shared($1) THEN 1 ELSE 0 END::BIGINT AS taken",
        };
        let row = sqlx::query(statement).bind(KEY).fetch_one(&mut connection).await?;
        if row.flag("taken")? {
            let session = sqlx::query(
                "SELECT pid::BIGINT AS pid, backend_start::TEXT AS began FROM pg_stat_activity WHERE pid = pg_backend_pid()",
            );
            let row = session.fetch_one(&mut connection).await?;
            let session = (row.int("pid")?, row.text("began")?);
            return Ok(Some(Self { url: url.to_owned(), sharing, connection, session }));
        }
        connection.close().await?;
        Ok(None)
    }

    /// Whether the lock is held still.
    pub async fn is_held(&mut self) -> bool {
        matches!(tokio::time::timeout(PATIENCE, self.connection.ping()).await, Ok(Ok(())))
    }

    /// Takes a lock again that was lost with its connection. `false` where another node has come between, or PostgreSQL
    /// has not yet ended the session that held it.
    pub async fn retake(&mut self) -> Result<bool, StoreError> {
        let taking = tokio::time::timeout(PATIENCE, async {
            let mut connection = AnyConnection::connect(&self.url).await?;
            // A session whose peer is gone without a word would hold the lock for as long as it is not noticed.
            sqlx::query(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                 WHERE pid = $1 AND backend_start::TEXT = $2",
            )
            .bind(self.session.0)
            .bind(self.session.1.clone())
            .execute(&mut connection)
            .await?;
            Self::take_by(connection, &self.url, self.sharing).await
        });
        let taken = taking.await.map_err(|_| StoreError::Sql(sqlx::Error::PoolTimedOut))??;
        let Some(lock) = taken else { return Ok(false) };
        *self = lock;
        Ok(true)
    }

    /// Lets go of the lock.
    pub async fn release(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }
}
