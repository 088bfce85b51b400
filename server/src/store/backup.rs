//! A database as rows of JSON, table by table, the same whichever database they come from and go to.

use super::{
    StoreError, Tx,
    database::Dialect,
    many::{self, CHUNK, Many},
    row::Columns,
};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::{AssertSqlSafe, Row, any::AnyRow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Where sqlx notes which migrations have run. Made anew where a backup is restored.
const NOTES: &str = "_sqlx_migrations";

/// What one statement takes at most; SQLite takes a few more.
const PARAMETERS: usize = 30_000;

/// A table, as the database's catalogue tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub table: String,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What the columns of both databases hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Integer,
    Real,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "bigint" => Some(Self::Integer),
            "double precision" => Some(Self::Real),
            _ => None,
        }
    }
}

/// A row as it is read from a backup.
pub struct ReadRow(Vec<Value>);

enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Real(Option<f64>),
}

/// The version of the tables: that of the last migration that has run. `None` where none has.
pub async fn version(tx: &mut Tx, dialect: Dialect) -> Result<Option<i64>, StoreError> {
    if !names(tx, dialect).await?.iter().any(|name| name == NOTES) {
        return Ok(None);
    }
    let row = sqlx::query("SELECT MAX(version) AS version FROM _sqlx_migrations").fetch_one(&mut **tx).await?;
    row.maybe_int("version")
}

async fn names(tx: &mut Tx, dialect: Dialect) -> Result<Vec<String>, StoreError> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
        }
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    let rows = sqlx::query(sql).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| row.text("name")).collect()
}

/// Every table, each after those that it refers to.
pub async fn tables(tx: &mut Tx, dialect: Dialect) -> Result<Vec<Table>, StoreError> {
    let mut missing: BTreeMap<String, BTreeSet<String>> = names(tx, dialect)
        .await?
        .into_iter()
        .filter(|name| name != NOTES)
        .map(|name| (name, BTreeSet::new()))
        .collect();
    for (table, referred) in references(tx, dialect).await? {
        if table != referred
            && let Some(needs) = missing.get_mut(&table)
        {
            needs.insert(referred);
        }
    }
    let mut tables = Vec::new();
    while let Some(next) = missing.iter().find(|(_, needs)| needs.is_empty()).map(|(name, _)| name.clone()) {
        missing.remove(&next);
        for needs in missing.values_mut() {
            needs.remove(&next);
        }
        let columns = columns(tx, dialect, &next).await?;
        tables.push(Table { table: next, columns });
    }
    match missing.into_keys().next() {
        Some(table) => Err(StoreError::Unreadable { column: "the order of tables", value: table }),
        None => Ok(tables),
    }
}

/// Which table refers to which.
async fn references(tx: &mut Tx, dialect: Dialect) -> Result<Vec<(String, String)>, StoreError> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT t.name AS name, f.\"table\" AS referred FROM sqlite_master t, pragma_foreign_key_list(t.name) f
             WHERE t.type = 'table'"
        }
        Dialect::Postgres => {
            "SELECT CAST(t.relname AS TEXT) AS name, CAST(r.relname AS TEXT) AS referred FROM pg_constraint c
             JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
             JOIN pg_namespace n ON n.oid = t.relnamespace
             WHERE c.contype = 'f' AND n.nspname = current_schema()"
        }
    };
    let rows = sqlx::query(sql).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| Ok((row.text("name")?, row.text("referred")?))).collect()
}

async fn columns(tx: &mut Tx, dialect: Dialect, table: &str) -> Result<Vec<Column>, StoreError> {
    // What is computed is in neither list.
    let sql = match dialect {
        Dialect::Sqlite => "SELECT name, type AS declared FROM pragma_table_info($1) ORDER BY cid",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS declared
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
             ORDER BY ordinal_position"
        }
    };
    let rows = sqlx::query(sql).bind(table).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            let declared = row.text("declared")?;
            let kind = Kind::of(&declared);
            let kind = kind.ok_or(StoreError::Unreadable { column: "type of a column", value: declared })?;
            Ok(Column { name: row.text("name")?, kind })
        })
        .collect()
}

/// Gives each row of a table, as JSON on one line, in no order. Few are in memory at a time.
pub async fn read<E: From<StoreError>>(
    tx: &mut Tx,
    table: &Table,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), quoted(&table.table));
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **tx);
    let mut line = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(StoreError::Sql)? {
        line.clear();
        write_row(&row, table, &mut line)?;
        take(&line)?;
    }
    Ok(())
}

fn write_row(row: &AnyRow, table: &Table, line: &mut Vec<u8>) -> Result<(), StoreError> {
    line.push(b'[');
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        let text = match column.kind {
            Kind::Text => match row.try_get::<Option<String>, _>(index)? {
                Some(text) => serde_json::Value::String(text).to_string(),
                None => "null".into(),
            },
            Kind::Integer => row.try_get::<Option<i64>, _>(index)?.map_or("null".into(), |number| number.to_string()),
            // The shortest that reads back as the same.
            Kind::Real => row.try_get::<Option<f64>, _>(index)?.map_or("null".into(), |number| format!("{number:?}")),
        };
        line.extend_from_slice(text.as_bytes());
    }
    line.push(b']');
    Ok(())
}

/// Reads what [`read`] gave.
pub fn parse(table: &Table, line: &[u8]) -> Result<ReadRow, serde_json::Error> {
    let wrong = |what: &str| serde::de::Error::custom(format!("{} takes {what}", table.table));
    let values: Vec<&RawValue> = serde_json::from_slice(line)?;
    if values.len() != table.columns.len() {
        return Err(wrong("another number of columns"));
    }
    let values = values.into_iter().zip(&table.columns).map(|(value, column)| {
        let text = Some(value.get()).filter(|text| *text != "null");
        Ok(match column.kind {
            Kind::Text => Value::Text(text.map(serde_json::from_str).transpose()?),
            Kind::Integer => Value::Integer(text.map(str::parse).transpose().map_err(|_| wrong("a whole number"))?),
            Kind::Real => Value::Real(text.map(str::parse).transpose().map_err(|_| wrong("a number"))?),
        })
    });
    Ok(ReadRow(values.collect::<Result<_, serde_json::Error>>()?))
}

/// How many rows of a table one statement takes.
pub fn rows_at_once(table: &Table) -> usize {
    (PARAMETERS / table.columns.len().max(1)).clamp(1, CHUNK)
}

/// Adds rows, at most [`rows_at_once`].
pub async fn insert(tx: &mut Tx, table: &Table, rows: Vec<ReadRow>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let values = many::rows(rows.len(), names.len());
    let sql = format!("INSERT INTO {} ({}) VALUES {values}", quoted(&table.table), names.join(", "));
    let values = rows.into_iter().flat_map(|row| row.0);
    let insert = values.fold(Many::new(sql), |insert, value| match value {
        Value::Text(text) => insert.bind(text),
        Value::Integer(number) => insert.bind(number),
        Value::Real(number) => insert.bind(number),
    });
    insert.execute(tx).await
}

/// Takes every row out of tables that migrations have filled, those first that refer to others.
pub async fn clear(tx: &mut Tx, tables: &[Table]) -> Result<(), StoreError> {
    for table in tables.iter().rev() {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", quoted(&table.table)))).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Makes a restored database another one than it was: whoever knows a place in one of its streams is sent its snapshot,
/// since what followed that place then need not be what follows it now.
pub async fn renew(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("UPDATE streams SET epoch = $1").bind(Uuid::new_v4().simple().to_string()).execute(&mut **tx).await?;
    Ok(())
}

/// The key that the nodes of a database on PostgreSQL share.
pub async fn shared_key(tx: &mut Tx) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT key_base64 FROM signing_keys WHERE id = 1").fetch_optional(&mut **tx).await?;
    row.map(|row| row.text("key_base64")).transpose()
}

/// Makes this key the one that nodes share, or none.
pub async fn set_shared_key(tx: &mut Tx, key_base64: Option<&str>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM signing_keys").execute(&mut **tx).await?;
    if let Some(key) = key_base64 {
        sqlx::query("INSERT INTO signing_keys (id, key_base64) VALUES (1, $1)").bind(key).execute(&mut **tx).await?;
    }
    Ok(())
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
