//! Booking many loads from a file: first what it would do, then, once confirmed, in the background.

mod carry_out;
pub(super) mod row;

use super::{
    super::{
        ServiceError,
        audit::{self, Noted},
    },
    Caller, Services,
};
use crate::store::{
    self,
    facilities::{self, Facility},
    idempotency,
    imports::{self, BegunImport, Progress},
};
use app::{
    api::{
        audit::AuditAction,
        load_files::{COLUMNS, IMPORT_ROWS, Import, PASSED_OVER, RowError},
        loads::CreateLoad,
    },
    domain::role::Permission,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Facilities by their names in lower case.
type ByName<'a> = HashMap<String, Vec<&'a Facility>>;

/// A file that was read: the rows that can be booked, with their numbers, and what is wrong with the others.
struct Reading {
    total: usize,
    good: Vec<(usize, CreateLoad)>,
    passed_over: Vec<String>,
    errors: Vec<RowError>,
}

impl Services {
    /// Says what a file would book. Stores nothing.
    pub async fn preview_import(&self, caller: &Caller, csv: &str) -> Result<Import, ServiceError> {
        let reading = self.read_import(caller, csv).await?;
        let Reading { total, good, passed_over, errors } = reading;
        Ok(Import { total, good: good.len(), passed_over, errors, ..Import::default() })
    }

    /// Books the good rows of a file, in the background. Once this is answered they will be, come what may.
    pub async fn start_import(&self, caller: &Caller, csv: &str) -> Result<Import, ServiceError> {
        let Reading { total, good, passed_over, errors } = self.read_import(caller, csv).await?;
        let user = caller.person.as_ref().map(|person| person.id).ok_or_else(ServiceError::no_right_to_change)?;
        let id = Uuid::now_v7();
        let (count, finished) = (good.len(), good.is_empty());
        let outcome = Import { id: Some(id), total, good: count, done: 0, finished, passed_over, errors };
        let import = BegunImport {
            id,
            tenant: caller.tenant,
            user,
            loads: good,
            progress: Progress { passed: 0, outcome: outcome.clone() },
        };
        let now = self.clock.now();
        let mut tx = self.database.begin_write().await?;
        imports::insert(&mut tx, &import, now).await?;
        let noted = Noted::new(AuditAction::LoadsImported).of("import", id);
        let noted = noted.with(serde_json::json!({ "rows": total, "good": outcome.good }));
        audit::note(&mut tx, caller, now, noted).await?;
        idempotency::note_done(&mut tx).await?;
        store::commit(tx).await?;
        let (services, caller) = (self.clone(), caller.clone());
        tokio::spawn(async move { services.carry_out_import(&caller, import).await });
        Ok(outcome)
    }

    /// How far one's own import is.
    pub async fn import(&self, caller: &Caller, id: Uuid) -> Result<Import, ServiceError> {
        let person = caller.person.as_ref().ok_or(ServiceError::NotFound("import"))?;
        imports::find(&self.database, id, person.id).await?.ok_or(ServiceError::NotFound("import"))
    }

    async fn read_import(&self, caller: &Caller, csv: &str) -> Result<Reading, ServiceError> {
        if !caller.may(Permission::LoadChange) {
            return Err(ServiceError::no_right_to_change());
        }
        let facilities = facilities::list(&self.database, caller.tenant).await?;
        let mut by_name = ByName::new();
        for facility in &facilities {
            by_name.entry(facility.name.to_lowercase()).or_default().push(facility);
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(csv.as_bytes());
        let names = reader.headers().map_err(|error| refuse(format!("The file can't be read: {error}.")))?.clone();
        let names: csv::StringRecord = names.iter().map(str::to_lowercase).collect();
        check_columns(&names)?;
        let passed_over = names.iter().filter(|name| PASSED_OVER.contains(name)).map(str::to_owned).collect();
        let mut reading = Reading { total: 0, good: Vec::new(), passed_over, errors: Vec::new() };
        for record in reader.records() {
            if record.as_ref().is_ok_and(|record| record.iter().all(str::is_empty)) {
                continue;
            }
            let number = line_of(csv, &record);
            reading.total += 1;
            if reading.total > IMPORT_ROWS {
                return Err(refuse(format!("A file takes at most {IMPORT_ROWS} rows.")));
            }
            let read = record.map_err(|error| (None, format!("can't be read: {error}"))).and_then(|record| {
                let is_too_long = record.iter().skip(names.len()).any(|cell| !cell.is_empty());
                if is_too_long { Err((None, "has more cells than there are columns".into())) } else { Ok(record) }
            });
            let load = read.and_then(|record| row::read(&names, &record, &by_name, caller.sees_finance()));
            match load {
                Ok(load) => match super::create::check(caller, &load) {
                    Ok(()) => reading.good.push((number, load)),
                    Err(error) => reading.errors.push(out_of_bounds(number, &error)),
                },
                Err((column, message)) => reading.errors.push(RowError { row: number, column, message }),
            }
        }
        Ok(reading)
    }
}

/// The number of a record's first line in the file, where the line of names is 1.
fn line_of(file: &str, record: &Result<csv::StringRecord, csv::Error>) -> usize {
    let position = match record {
        Ok(record) => record.position(),
        Err(error) => error.position(),
    };
    let Some(position) = position else { return 0 };
    // It is where the record before ended, and empty lines may follow there.
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = file.as_bytes().get(start..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    usize::try_from(position.line()).unwrap_or(usize::MAX).saturating_add(ends)
}

/// A value that no load may have, said of the column that it stands in.
fn out_of_bounds(row: usize, error: &ServiceError) -> RowError {
    let field = match error {
        ServiceError::Rule { details, .. } => details.get("field").and_then(|field| field.as_str()),
        _ => None,
    };
    let column = match field {
        Some("weightLbs") => Some("weight_lbs"),
        Some("finance") => Some("revenue"),
        field => field.filter(|field| COLUMNS.iter().any(|(known, _)| known == field)),
    };
    let message = match (field, column) {
        (Some(field), Some(column)) => error.to_string().replacen(field, column, 1),
        _ => error.to_string(),
    };
    RowError { row, column: column.map(str::to_owned), message }
}

fn check_columns(names: &csv::StringRecord) -> Result<(), ServiceError> {
    let is_known = |name: &str| COLUMNS.iter().any(|(known, _)| *known == name) || PASSED_OVER.contains(&name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        return Err(refuse(format!("The column {unknown:?} is not known; there are {}.", known.join(", "))));
    }
    if let Some(twice) = names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|one| one == *name)) {
        return Err(refuse(format!("The column {:?} is there twice.", twice.1)));
    }
    let missing: Vec<&str> = COLUMNS
        .iter()
        .filter(|(name, required)| *required && !names.iter().any(|n| n == *name))
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(refuse(format!("The file lacks the columns {}.", missing.join(", ")))) }
}

fn refuse(message: String) -> ServiceError {
    ServiceError::Rule { rule: "unreadable_file", message, details: serde_json::Value::Null }
}
