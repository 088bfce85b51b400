//! Backups: database and key in one file, and back.
//!
//! A backup is text, one JSON value a line, the same for SQLite and PostgreSQL: a [`Header`], then of each table its name
//! and columns and one array a row, then a [`Footer`] with what there must be of each table and a checksum of all before
//! it. Neither way more than a few rows are in memory.

mod file;
mod restore;

pub use restore::{Restored, restore};

use crate::{
    auth::key,
    clock::Clock,
    settings::Settings,
    store::{
        Database, StoreError,
        backup::{self, Table},
        database::{Dialect, PlaceError},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// The form of the file. One that is newer can't be read.
const FORMAT: u32 = 1;

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} exists already; nothing was written")]
    TargetExists(PathBuf),
    #[error("there is no database at {0}")]
    NoDatabase(String),
    #[error("the database has no tables")]
    NoTables,
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error("{0} is not a backup of Headhaul")]
    NotABackup(PathBuf),
    #[error("{path} is damaged: {problem}; nothing was restored")]
    Damaged { path: PathBuf, problem: String },
    #[error(
        "the backup is newer than this program: its tables are of version {backup}, this program's of {program}; \
         restore it with Headhaul {made_by} or newer"
    )]
    Newer { backup: i64, program: i64, made_by: String },
    #[error("the database is not empty (tenants: {0}); --replace restores all the same, and keeps it beside")]
    NotEmpty(i64),
    #[error("table {0} was not restored as it was backed up; the database is as it was")]
    Differs(String),
    #[error(transparent)]
    Place(#[from] PlaceError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a backup begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    #[serde(rename = "headhaulBackup")]
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The version of the tables.
    pub migration: i64,
    pub dialect: String,
    pub taken_at: String,
    /// The key that signs logins, in base64; none where no server has ever run.
    pub key: Option<String>,
    pub key_fingerprint: Option<String>,
}

/// What it ends with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    pub tables: BTreeMap<String, Content>,
    /// SHA-256 of all lines before this one.
    pub sha256: String,
}

/// What a table holds, whatever the order of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub rows: u64,
    /// The sum of the first 16 bytes of each row's SHA-256, in hexadecimal.
    pub digest: String,
    #[serde(skip)]
    sum: u128,
}

impl Content {
    fn add(&mut self, row: &[u8]) {
        let hash = Sha256::digest(row);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(bytes));
    }

    fn done(mut self) -> Self {
        self.digest = format!("{:032x}", self.sum);
        self.sum = 0;
        self
    }
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    pub header: Header,
    pub rows: u64,
}

/// Writes the database as it is at one moment, and the key, into one file. Changes nothing; the server may run.
pub async fn back_up(settings: &Settings, target: &Path, clock: &Clock) -> Result<BackedUp, BackupError> {
    if target.exists() {
        return Err(BackupError::TargetExists(target.to_owned()));
    }
    let url = &settings.database.url;
    if !Database::is_there(url) {
        return Err(BackupError::NoDatabase(url.clone()));
    }
    let database = Database::open_read_only(url).await?;
    let written = write(settings, &database, target, clock).await;
    database.close().await;
    written
}

async fn write(
    settings: &Settings,
    database: &Database,
    target: &Path,
    clock: &Clock,
) -> Result<BackedUp, BackupError> {
    let dialect = database.dialect();
    let mut tx = database.begin_snapshot().await?;
    let migration = backup::version(&mut tx, dialect).await?.ok_or(BackupError::NoTables)?;
    let tables = backup::tables(&mut tx, dialect).await?;
    let in_file = || {
        let cause = |cause| BackupError::File { path: settings.server.data_dir.join(key::FILE), cause };
        key::read_if_there(&settings.server.data_dir).map_err(cause)
    };
    let key = match dialect {
        Dialect::Postgres => backup::shared_key(&mut tx).await?,
        Dialect::Sqlite => in_file()?.map(|key| BASE64_STANDARD.encode(key)),
    };
    let header = Header {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        migration,
        dialect: match dialect {
            Dialect::Sqlite => "sqlite".to_owned(),
            Dialect::Postgres => "postgres".to_owned(),
        },
        taken_at: clock.now().to_string(),
        key_fingerprint: key.as_deref().map(fingerprint),
        key,
    };
    let mut file = file::Writer::create(target)?;
    file.line(&header)?;
    let mut contents = BTreeMap::new();
    for table in &tables {
        file.line(table)?;
        let content = read(&mut tx, table, |row| file.raw(row)).await?;
        contents.insert(table.table.clone(), content);
    }
    let rows = contents.values().map(|content: &Content| content.rows).sum();
    file.finish(contents)?;
    Ok(BackedUp { header, rows })
}

/// Reads a table, gives each row, and says what it holds.
async fn read(
    tx: &mut crate::store::Tx,
    table: &Table,
    mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<Content, BackupError> {
    let mut content = Content::default();
    backup::read(tx, table, |row| {
        content.add(row);
        take(row)
    })
    .await?;
    Ok(content.done())
}

/// What tells keys apart and gives none away.
fn fingerprint(key: &str) -> String {
    hexadecimal(&Sha256::digest(key.as_bytes())[..8])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
