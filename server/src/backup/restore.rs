//! Bringing a backup back: beside the database that is there, compared with what was backed up, and only then in its
//! place.

use super::{
    BackupError, FORMAT,
    file::{Line, Reader},
    fingerprint, read,
};
use crate::{
    auth::key,
    clock::Clock,
    settings::Settings,
    store::{
        self, Database,
        backup::{self, Table},
        database::{Dialect, Place},
        identity,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{collections::BTreeSet, path::Path};

/// Bytes of rows that are written together, beside the bound of their number: a row may be an import of megabytes.
const AT_ONCE: usize = 4 << 20;

/// What was restored, and where what was there before is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub taken_at: String,
    pub rows: u64,
    pub kept: Vec<String>,
}

/// Restores a backup into the database of the settings, and the key. With `replace` what is there is kept beside.
pub async fn restore(settings: &Settings, path: &Path, replace: bool, clock: &Clock) -> Result<Restored, BackupError> {
    let mut file = Reader::open(path)?;
    let newest = Database::newest_version();
    if file.header.format > FORMAT || file.header.migration > newest {
        let (backup, made_by) = (file.header.migration, file.header.program.clone());
        return Err(BackupError::Newer { backup, program: newest, made_by });
    }
    let key = match &file.header.key {
        Some(key) => {
            let bytes = BASE64_STANDARD.decode(key).map_err(|_| file.damaged("its key is not one"))?;
            let is_it = file.header.key_fingerprint.as_deref() == Some(&fingerprint(key));
            if is_it { Some(bytes) } else { return Err(file.damaged("its key is another")) }
        }
        None => None,
    };
    let mut place = Place::hold(&settings.database.url).await?;
    let tenants = place.tenants().await?;
    if tenants > 0 && !replace {
        return Err(BackupError::NotEmpty(tenants));
    }
    let scratch = place.scratch().await?;
    if let Err(error) = fill(&scratch, &mut file).await {
        // The first error says what went wrong.
        let _ = place.leave(scratch).await;
        return Err(error);
    }
    let stamp: String = clock.now().to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let mut kept: Vec<String> = Vec::new();
    kept.extend(place.exchange(scratch, &stamp, tenants > 0).await?);
    if let Some(key) = key {
        let replaced = key::replace(&settings.server.data_dir, &key, &stamp);
        let path = settings.server.data_dir.join(key::FILE);
        kept.extend(replaced.map_err(|cause| BackupError::File { path, cause })?.map(|old| old.display().to_string()));
    }
    let rows = file.footer.tables.values().map(|content| content.rows).sum();
    Ok(Restored { taken_at: file.header.taken_at, rows, kept })
}

/// Fills an empty database with a backup and makes it what this program works with.
async fn fill(scratch: &Database, file: &mut Reader) -> Result<(), BackupError> {
    scratch.migrate_to(file.header.migration).await?;
    let dialect = scratch.dialect();
    let mut tx = scratch.begin_write().await?;
    let known = backup::tables(&mut tx, dialect).await?;
    backup::clear(&mut tx, &known).await?;
    store::commit(tx).await?;
    let known: BTreeSet<&str> = known.iter().map(|table| table.table.as_str()).collect();
    if !file.footer.tables.keys().map(String::as_str).eq(known.iter().copied()) {
        return Err(file.damaged("its tables are not those of its version"));
    }
    let tables = load(scratch, file, &known).await?;
    compare(scratch, file, &tables).await?;
    scratch.migrate().await?;

    let mut tx = scratch.begin_write().await?;
    backup::renew(&mut tx).await?;
    identity::renew(&mut tx).await?;
    // SQLite has its key in the data directory alone.
    let shared = file.header.key.as_deref().filter(|_| dialect == Dialect::Postgres);
    backup::set_shared_key(&mut tx, shared).await?;
    store::commit(tx).await?;
    Ok(())
}

/// Writes the rows of each table in one transaction.
async fn load(scratch: &Database, file: &mut Reader, known: &BTreeSet<&str>) -> Result<Vec<Table>, BackupError> {
    let mut tables: Vec<Table> = Vec::new();
    let mut tx = scratch.begin_write().await?;
    let (mut rows, mut bytes) = (Vec::new(), 0);
    loop {
        let line = file.next()?;
        if let (Some(of), false) = (tables.last(), rows.is_empty())
            && (rows.len() >= backup::rows_at_once(of) || bytes >= AT_ONCE || !matches!(line, Some(Line::Row(_))))
        {
            backup::insert(&mut tx, of, std::mem::take(&mut rows)).await?;
            bytes = 0;
        }
        match (line, tables.last()) {
            (Some(Line::Row(line)), Some(of)) => {
                rows.push(backup::parse(of, &line).map_err(|error| file.damaged(error))?);
                bytes += line.len();
            }
            (Some(Line::Row(_)), None) => return Err(file.damaged("rows of no table")),
            (Some(Line::Table(next)), _) => {
                if !known.contains(next.table.as_str()) {
                    return Err(file.damaged(format!("there is no table {}", next.table)));
                }
                store::commit(tx).await?;
                tx = scratch.begin_write().await?;
                tables.push(next);
            }
            (None, _) => break,
        }
    }
    store::commit(tx).await?;
    Ok(tables)
}

/// Reads everything back: each table must hold what it held when it was backed up.
async fn compare(scratch: &Database, file: &Reader, tables: &[Table]) -> Result<(), BackupError> {
    let mut tx = scratch.begin_snapshot().await?;
    for (name, backed_up) in &file.footer.tables {
        let restored = match tables.iter().find(|table| table.table == *name) {
            Some(table) => read(&mut tx, table, |_| Ok(())).await?,
            None => return Err(BackupError::Differs(name.clone())),
        };
        if restored != *backed_up {
            return Err(BackupError::Differs(name.clone()));
        }
    }
    Ok(())
}
