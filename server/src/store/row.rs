//! Reading typed values from a row, and writing them the same way.

use super::StoreError;
use crate::metrics::UNREADABLE_ROWS;
use app::domain::time::Timestamp;
use sqlx::{
    Any, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use std::str::FromStr;

/// Typed reads. What this program can't have written is [`StoreError::Unreadable`].
pub trait Columns {
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError>;
    fn int(&self, column: &'static str) -> Result<i64, StoreError>;
    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>, StoreError>;
    fn real(&self, column: &'static str) -> Result<f64, StoreError>;
    fn maybe_real(&self, column: &'static str) -> Result<Option<f64>, StoreError>;

    fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    fn small(&self, column: &'static str) -> Result<i32, StoreError> {
        let value = self.int(column)?;
        i32::try_from(value).map_err(|_| StoreError::Unreadable { column, value: value.to_string() })
    }

    /// An id, or anything else that is written as one word.
    fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        let value = self.text(column)?;
        value.parse().map_err(|_| StoreError::Unreadable { column, value })
    }

    fn maybe_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.maybe_text(column)?
            .map(|value| value.parse().map_err(|_| StoreError::Unreadable { column, value }))
            .transpose()
    }

    /// A word of a closed set, such as a status.
    fn word<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let value = self.text(column)?;
        read(&value).ok_or(StoreError::Unreadable { column, value })
    }

    fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp::from_millis)
    }

    fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.maybe_int(column)?.map(Timestamp::from_millis))
    }
}

impl Columns for AnyRow {
    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }
    fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }
    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }
    fn real(&self, column: &'static str) -> Result<f64, StoreError> {
        Ok(self.try_get(column)?)
    }
    fn maybe_real(&self, column: &'static str) -> Result<Option<f64>, StoreError> {
        Ok(self.try_get(column)?)
    }
}

/// Statements that take numbers that may be missing.
pub trait BindReal: Sized {
    /// Binds a number that may be missing, and does not keep the statement prepared: `Any` binds a missing one as a
    /// number of half the width, PostgreSQL holds a prepared statement to the types of its first values, and the next
    /// number that is there would be refused. `bind` must not be used for these; a test sees to it.
    fn bind_real(self, value: Option<f64>) -> Self;
}

impl BindReal for Query<'_, Any, AnyArguments> {
    fn bind_real(self, value: Option<f64>) -> Self {
        self.persistent(false).bind(value)
    }
}

/// What can be read of rows. One that can't, such as a status that a newer release has written, is left out and logged: it
/// must not take the others with it.
pub fn readable<T>(
    rows: &[AnyRow],
    what: &'static str,
    read: impl Fn(&AnyRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row) {
            Ok(value) => values.push(value),
            Err(error @ StoreError::Unreadable { .. }) => {
                metrics::counter!(UNREADABLE_ROWS, "of" => what).increment(1);
                tracing::warn!(%error, of = what, "a row is left out");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(values)
}

/// An id as it is stored.
pub fn id(id: impl std::fmt::Display) -> String {
    id.to_string()
}

/// An id that may be absent, as it is stored.
pub fn maybe_id(id: Option<impl std::fmt::Display>) -> Option<String> {
    id.map(|id| id.to_string())
}

/// A pattern, with `!` as its escape, of texts that contain what a person typed: none of it is a wildcard.
pub fn containing(text: &str) -> String {
    let escaped: String =
        text.chars().flat_map(|c| matches!(c, '!' | '%' | '_').then_some('!').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_no_wildcard() {
        assert_eq!(containing("50%_!"), "%50!%!_!!%");
    }
}
