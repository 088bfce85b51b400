//! The database: opening it, its migrations, and the two kinds of transaction.

mod place;

pub use place::{Place, PlaceError};

use super::{StoreError, postgres_url, private};
use sqlx::{
    Any, AnyPool, AssertSqlSafe, Transaction,
    any::AnyPoolOptions,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{borrow::Cow, path::Path, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};

/// A transaction, on either database.
pub type Tx = Transaction<'static, Any>;

/// In order; a migration that has shipped is never changed.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../migrations/0001_first.sql")),
    (2, "shut out", include_str!("../../migrations/0002_shut_out.sql")),
    (3, "positions", include_str!("../../migrations/0003_positions.sql")),
    (4, "cold chain", include_str!("../../migrations/0004_cold_chain.sql")),
    (5, "chat notifications", include_str!("../../migrations/0005_chat_notifications.sql")),
    (6, "one login a driver", include_str!("../../migrations/0006_driver_login.sql")),
    (7, "claims", include_str!("../../migrations/0007_claims.sql")),
    (8, "road", include_str!("../../migrations/0008_road.sql")),
    (9, "idempotency", include_str!("../../migrations/0009_idempotency.sql")),
    (10, "saved views", include_str!("../../migrations/0010_saved_views.sql")),
    (11, "facilities", include_str!("../../migrations/0011_facilities.sql")),
    (12, "tender returned on track", include_str!("../../migrations/0012_tender_returned_on_track.sql")),
    (13, "imports", include_str!("../../migrations/0013_imports.sql")),
    (14, "idempotency done", include_str!("../../migrations/0014_idempotency_done.sql")),
    (15, "audit", include_str!("../../migrations/0015_audit.sql")),
    (16, "demo seeds", include_str!("../../migrations/0016_demo_seeds.sql")),
    (17, "indexes of loads", include_str!("../../migrations/0017_indexes_of_loads.sql")),
    (18, "idempotency room", include_str!("../../migrations/0018_idempotency_room.sql")),
    (19, "identity", include_str!("../../migrations/0019_identity.sql")),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") { Self::Sqlite } else { Self::Postgres }
    }
}

/// The file that the URL of an SQLite database names.
fn sqlite_file(url: &str) -> &str {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
    file.split('?').next().unwrap_or_default()
}

/// Pools of connections to one database.
#[derive(Debug, Clone)]
pub struct Database {
    dialect: Dialect,
    readers: AnyPool,
    /// SQLite has one writer at a time: one connection queues them here, in order, instead of in its busy loop.
    writers: AnyPool,
    /// One connection that only tells whether the database answers: it never waits behind those who read.
    probe: AnyPool,
    /// Turns of those who look through many rows; see [`Self::scan_turn`].
    scans: Arc<Semaphore>,
}

/// How long a statement may take on PostgreSQL unless set.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long one waits for a turn to look through many rows.
const SCAN_PATIENCE: Duration = Duration::from_secs(5);

impl Database {
    /// Opens the database at `url`, creates its file where there is none, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, STATEMENT_TIMEOUT).await
    }

    /// The same with a limit to the time that a statement takes. PostgreSQL ends what takes longer. SQLite has no such
    /// limit, so there it is the number of those who read at length that is bounded.
    pub async fn open_with(url: &str, statement_timeout: Duration) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url);
        let database = match dialect {
            Dialect::Sqlite => Self::open_sqlite(url).await?,
            Dialect::Postgres => {
                let url = postgres_url::encrypted(url)?;
                // Migrations may take their time.
                let first = AnyPoolOptions::new().max_connections(1).connect(&url).await?;
                migrate(&first, Self::newest_version()).await?;
                first.close().await;
                let limit = format!("SET statement_timeout = {}", statement_timeout.as_millis());
                let probe =
                    AnyPoolOptions::new().max_connections(1).acquire_timeout(PROBE_PATIENCE).connect_lazy(&url)?;
                let pool = AnyPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .after_connect(move |connection, _| {
                        let limit = limit.clone();
                        Box::pin(async move {
                            sqlx::raw_sql(AssertSqlSafe(limit)).execute(&mut *connection).await?;
                            Ok(())
                        })
                    })
                    .acquire_timeout(Duration::from_secs(3))
                    .connect(&url)
                    .await?;
                let scans = Arc::new(Semaphore::new(POSTGRES_CONNECTIONS as usize / 2));
                Self { dialect, readers: pool.clone(), writers: pool, probe, scans }
            }
        };
        Ok(database)
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        let file = sqlite_file(url);
        if let Some(folder) = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private::create_folder(folder).map_err(sqlx::Error::Io)?;
        }
        private::create_or_close(Path::new(file)).map_err(sqlx::Error::Io)?;
        let url = format!("sqlite://{file}?mode=rwc");
        let pool = |connections| {
            AnyPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(30)).after_connect(
                |connection, _| {
                    Box::pin(async move {
                        // FULL: a commit that was confirmed survives the loss of power, too.
                        sqlx::raw_sql(
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                             PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32000;",
                        )
                        .execute(&mut *connection)
                        .await?;
                        Ok(())
                    })
                },
            )
        };
        let writers = pool(1).connect(&url).await?;
        migrate(&writers, Self::newest_version()).await?;
        let readers = pool(SQLITE_READERS).connect(&url).await?;
        let probe = pool(1).acquire_timeout(PROBE_PATIENCE).connect_lazy(&url)?;
        let scans = Arc::new(Semaphore::new(SQLITE_READERS as usize / 2));
        Ok(Self { dialect: Dialect::Sqlite, readers, writers, probe, scans })
    }

    /// A database that one pool serves for everything.
    fn of_one_pool(dialect: Dialect, pool: AnyPool) -> Self {
        let scans = Arc::new(Semaphore::new(1));
        Self { dialect, readers: pool.clone(), writers: pool.clone(), probe: pool, scans }
    }

    /// Whether there is a database at `url`, as far as can be told without asking a server.
    pub fn is_there(url: &str) -> bool {
        Dialect::of(url) == Dialect::Postgres || Path::new(sqlite_file(url)).is_file()
    }

    /// The version of the tables that this program works with.
    pub fn newest_version() -> i64 {
        MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_to(Self::newest_version()).await
    }

    /// Makes the tables as they were at a version, from an older one or from none.
    pub async fn migrate_to(&self, version: i64) -> Result<(), StoreError> {
        migrate(&self.writers, version).await
    }

    /// A turn to look through many rows, such as a search. There are fewer than there are readers, so that those who
    /// read a little always find one; `None` where others are at it for too long.
    ///
    /// It must be held until the statement has ended: SQLite goes on with one whose caller has gone.
    pub async fn scan_turn(&self) -> Option<OwnedSemaphorePermit> {
        time::timeout(SCAN_PATIENCE, self.scans.clone().acquire_owned()).await.ok()?.ok()
    }

    /// A transaction that will write. On SQLite it waits its turn now rather than fail at its first write.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        Ok(match self.dialect {
            Dialect::Sqlite => self.writers.begin_with("BEGIN IMMEDIATE").await?,
            Dialect::Postgres => self.writers.begin().await?,
        })
    }

    /// A transaction whose reads all see one moment: a snapshot and its cursors must agree.
    pub async fn begin_snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match self.dialect {
            Dialect::Sqlite => self.readers.begin_with("BEGIN DEFERRED").await?,
            Dialect::Postgres => self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
        })
    }

    /// For single reads.
    pub fn reader(&self) -> &AnyPool {
        &self.readers
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.probe).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
        self.probe.close().await;
    }
}

/// How long the probe waits for its connection.
const PROBE_PATIENCE: Duration = Duration::from_secs(3);

/// Makes the tables as they were at a version, from an older one or from none.
async fn migrate(pool: &AnyPool, version: i64) -> Result<(), StoreError> {
    let wanted = MIGRATIONS.iter().filter(|(of, ..)| *of <= version);
    let migrations = wanted.map(|&(version, name, sql)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
    });
    Migrator::with_migrations(migrations.collect()).run(pool).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_migrations_is_run() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
        let mut files: Vec<_> = folder.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        let mut run: Vec<_> = MIGRATIONS.iter().map(|(_, _, sql)| (*sql).to_owned()).collect();
        files.sort();
        run.sort();
        assert!(files == run, "{} files, {} migrations", files.len(), run.len());
        assert!(MIGRATIONS.iter().map(|(version, ..)| *version).eq(1..=run.len() as i64));
    }
}
