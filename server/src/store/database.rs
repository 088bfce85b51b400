//! The database: opening it, its migrations, and the two kinds of transaction.

mod place;

pub use place::{Place, PlaceError};

use super::{StoreError, postgres_url, private};
use sqlx::{
    Any, AnyPool, Transaction,
    any::AnyPoolOptions,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{borrow::Cow, path::Path, time::Duration};

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
}

impl Database {
    /// Opens the database at `url`, creates its file where there is none, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url);
        let database = match dialect {
            Dialect::Sqlite => Self::open_sqlite(url).await?,
            Dialect::Postgres => {
                let pool = AnyPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(3))
                    .connect(&postgres_url::encrypted(url)?)
                    .await?;
                Self { dialect, readers: pool.clone(), writers: pool }
            }
        };
        database.migrate().await?;
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
        Ok(Self { dialect: Dialect::Sqlite, readers: pool(4).connect(&url).await?, writers })
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
        let wanted = MIGRATIONS.iter().filter(|(of, ..)| *of <= version);
        let migrations = wanted.map(|&(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
        });
        Migrator::with_migrations(migrations.collect()).run(&self.writers).await?;
        Ok(())
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
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
    }
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
