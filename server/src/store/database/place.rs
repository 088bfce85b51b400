//! Where a backup is restored: beside the database that is there, which is exchanged for it at the end.

use super::{
    super::{StoreError, backup::quoted, postgres_url, row::Columns},
    Database, Dialect, sqlite_file,
};
use sqlx::{
    AnyConnection, AssertSqlSafe, ConnectOptions, Connection,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use std::{
    fs,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// The schema that a backup is restored into on PostgreSQL before it takes the place of the other.
const SCRATCH: &str = "headhaul_restore";

/// How often, and after how long each time, it is looked again whether others have gone.
const GOING: u32 = 20;
const GONE: Duration = Duration::from_millis(100);

/// Why a database can't be exchanged.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("the database is in use; stop every server and program that has it open")]
    InUse,
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for PlaceError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(StoreError::Sql(error))
    }
}

/// The place of a database, held so that no server starts there.
pub enum Place {
    Sqlite {
        file: PathBuf,
        /// None where there is no file yet.
        held: Option<AnyConnection>,
    },
    Postgres {
        url: String,
        held: AnyConnection,
        /// The schema of the tables.
        schema: String,
    },
}

impl Database {
    /// Opens a database as it is, to read: it is not created and not brought up to date.
    pub async fn open_read_only(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = match Dialect::of(url) {
            Dialect::Sqlite => (Dialect::Sqlite, format!("sqlite://{}?mode=ro", sqlite_file(url))),
            Dialect::Postgres => (Dialect::Postgres, postgres_url::encrypted(url)?.into_owned()),
        };
        let pool = AnyPoolOptions::new().max_connections(1).connect_with(quiet(&url)?).await?;
        Ok(Self::of_one_pool(dialect, pool))
    }
}

impl Place {
    /// Takes hold of the place of the database at `url`. Fails where anybody else has it open.
    pub async fn hold(url: &str) -> Result<Self, PlaceError> {
        sqlx::any::install_default_drivers();
        match Dialect::of(url) {
            Dialect::Sqlite => {
                let file = PathBuf::from(sqlite_file(url));
                let held = if file.exists() { Some(hold_file(&file).await?) } else { None };
                Ok(Self::Sqlite { file, held })
            }
            Dialect::Postgres => {
                let url = postgres_url::encrypted(url)?.into_owned();
                let mut held = AnyConnection::connect(&url).await?;
                refuse_others(&mut held).await?;
                let row = sqlx::query("SELECT CAST(current_schema() AS TEXT) AS name").fetch_one(&mut held).await?;
                let schema = row.text("name")?;
                Ok(Self::Postgres { url, held, schema })
            }
        }
    }

    /// How many tenants there are in the database.
    pub async fn tenants(&mut self) -> Result<i64, PlaceError> {
        let (held, sql) = match self {
            Self::Sqlite { held: None, .. } => return Ok(0),
            Self::Sqlite { held: Some(held), .. } => {
                (held, "SELECT COUNT(*) AS total FROM sqlite_master WHERE type = 'table' AND name = 'tenants'")
            }
            Self::Postgres { held, .. } => (
                held,
                "SELECT COUNT(*) AS total FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_name = 'tenants'",
            ),
        };
        if sqlx::query(sql).fetch_one(&mut *held).await?.int("total")? == 0 {
            return Ok(0);
        }
        let row = sqlx::query("SELECT COUNT(*) AS total FROM tenants").fetch_one(held).await?;
        Ok(row.int("total")?)
    }

    /// An empty database beside the one that is there. What an earlier restore left half done is gone.
    pub async fn scratch(&mut self) -> Result<Database, PlaceError> {
        match self {
            Self::Sqlite { file, .. } => {
                let scratch = scratch_of(file);
                let failed = |cause| PlaceError::File { path: scratch.clone(), cause };
                if let Some(folder) = scratch.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    fs::create_dir_all(folder).map_err(failed)?;
                }
                if scratch.exists() {
                    fs::remove_file(&scratch).map_err(failed)?;
                }
                fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&scratch).map_err(failed)?;
                let pool = AnyPoolOptions::new().max_connections(1).after_connect(|connection, _| {
                    Box::pin(async move {
                        // It is nobody's until it is whole; then it is written through to the disk as a whole.
                        let how = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;";
                        sqlx::raw_sql(how).execute(&mut *connection).await?;
                        Ok(())
                    })
                });
                let pool = pool.connect_with(quiet(&format!("sqlite://{}?mode=rw", scratch.display()))?).await?;
                Ok(Database::of_one_pool(Dialect::Sqlite, pool))
            }
            Self::Postgres { url, held, schema } => {
                run(held, format!("DROP SCHEMA IF EXISTS {SCRATCH} CASCADE")).await?;
                run(held, format!("CREATE SCHEMA {SCRATCH}")).await?;
                let path = format!("SET search_path = {SCRATCH}, {}", quoted(schema));
                let pool = AnyPoolOptions::new().max_connections(1).after_connect(move |connection, _| {
                    let path = path.clone();
                    Box::pin(async move { sqlx::raw_sql(AssertSqlSafe(path)).execute(connection).await.map(drop) })
                });
                let pool = pool.connect_with(quiet(url)?).await?;
                Ok(Database::of_one_pool(Dialect::Postgres, pool))
            }
        }
    }

    /// Puts what was restored in the place of what was there, which is kept under a name with `stamp`, or dropped.
    /// Returns where it is kept.
    pub async fn exchange(self, restored: Database, stamp: &str, keep: bool) -> Result<Option<String>, PlaceError> {
        restored.close().await;
        match self {
            Self::Sqlite { file, held } => {
                let kept = PathBuf::from(format!("{}.before-restore-{stamp}", file.display()));
                let is_there = held.is_some();
                exchange_files(&file, is_there.then_some(&*kept))
                    .map_err(|(path, cause)| PlaceError::File { path, cause })?;
                if let Some(held) = held {
                    held.close().await?;
                }
                if is_there && !keep {
                    fs::remove_file(&kept).map_err(|cause| PlaceError::File { path: kept.clone(), cause })?;
                }
                Ok((is_there && keep).then(|| kept.display().to_string()))
            }
            Self::Postgres { mut held, schema, .. } => {
                let kept = format!("headhaul_before_{}", stamp.to_lowercase());
                let restored = tables_of(&mut held, SCRATCH).await?;
                let mut before = tables_of(&mut held, &schema).await?;
                before.retain(|table| restored.contains(table));
                // Nobody has come while it was restored.
                refuse_others(&mut held).await?;
                let mut exchange = held.begin().await?;
                run(&mut exchange, format!("CREATE SCHEMA {kept}")).await?;
                for table in &before {
                    run(&mut exchange, format!("ALTER TABLE {}.{} SET SCHEMA {kept}", quoted(&schema), quoted(table)))
                        .await?;
                }
                for table in &restored {
                    run(
                        &mut exchange,
                        format!("ALTER TABLE {SCRATCH}.{} SET SCHEMA {}", quoted(table), quoted(&schema)),
                    )
                    .await?;
                }
                run(&mut exchange, format!("DROP SCHEMA {SCRATCH}")).await?;
                let keep = keep && !before.is_empty();
                if !keep {
                    run(&mut exchange, format!("DROP SCHEMA {kept} CASCADE")).await?;
                }
                exchange.commit().await?;
                held.close().await?;
                Ok(keep.then(|| format!("schema {kept}")))
            }
        }
    }

    /// Leaves the database as it was.
    pub async fn leave(self, restored: Database) -> Result<(), PlaceError> {
        restored.close().await;
        match self {
            Self::Sqlite { file, .. } => {
                let path = scratch_of(&file);
                fs::remove_file(&path).map_err(|cause| PlaceError::File { path, cause })
            }
            Self::Postgres { mut held, .. } => run(&mut held, format!("DROP SCHEMA {SCRATCH} CASCADE")).await,
        }
    }
}

/// Only one who is alone with a file may change how it is written; and nobody else can open it from then on.
async fn hold_file(file: &Path) -> Result<AnyConnection, PlaceError> {
    let mut held = AnyConnection::connect(&format!("sqlite://{}?mode=rw", file.display())).await?;
    let alone = async {
        sqlx::raw_sql("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE;").execute(&mut held).await?;
        let mode = sqlx::query("PRAGMA journal_mode = DELETE").fetch_one(&mut held).await?;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut held).await?;
        Ok::<_, sqlx::Error>(mode)
    };
    match alone.await {
        Ok(mode) if mode.text("journal_mode")? == "delete" => Ok(held),
        Ok(_) => Err(PlaceError::InUse),
        Err(error) if error.to_string().contains("locked") => Err(PlaceError::InUse),
        Err(error) => Err(error.into()),
    }
}

/// Whole tables take long to read and to write: that is not worth a warning.
fn quiet(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

fn scratch_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.restoring", file.display()))
}

/// Names what could not be done, and why.
fn exchange_files(file: &Path, kept: Option<&Path>) -> Result<(), (PathBuf, std::io::Error)> {
    let scratch = scratch_of(file);
    let at = |path: &Path| {
        let path = path.to_owned();
        move |cause| (path, cause)
    };
    fs::File::open(&scratch).and_then(|scratch| scratch.sync_all()).map_err(at(&scratch))?;
    if let Some(kept) = kept {
        fs::rename(file, kept).map_err(at(kept))?;
    }
    // What a server that was killed left beside a file that is gone would be read into the one that takes its name.
    for rest in ["-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{rest}", file.display()));
        match fs::rename(&left, format!("{}{rest}.before-restore", file.display())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err((left, error)),
            _ => {}
        }
    }
    fs::rename(&scratch, file).map_err(at(file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// Refuses while anybody else is connected to the same database on PostgreSQL. One who has just gone may be told for a
/// moment longer.
async fn refuse_others(held: &mut AnyConnection) -> Result<(), PlaceError> {
    let sql = "SELECT COUNT(*) AS total FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for _ in 0..GOING {
        if sqlx::query(sql).fetch_one(&mut *held).await?.int("total")? == 0 {
            return Ok(());
        }
        tokio::time::sleep(GONE).await;
    }
    Err(PlaceError::InUse)
}

async fn tables_of(held: &mut AnyConnection, schema: &str) -> Result<Vec<String>, PlaceError> {
    let sql = "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables
               WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY 1";
    let rows = sqlx::query(sql).bind(schema).fetch_all(held).await?;
    Ok(rows.iter().map(|row| row.text("name")).collect::<Result<_, _>>()?)
}

async fn run(held: &mut AnyConnection, sql: String) -> Result<(), PlaceError> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(held).await?;
    Ok(())
}
