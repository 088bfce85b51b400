//! Reading typed values from a row, and writing them the same way.

use super::StoreError;
use app::domain::time::Timestamp;
use sqlx::{Row, any::AnyRow};
use std::str::FromStr;

/// Typed reads. What this program can't have written is [`StoreError::Unreadable`].
pub trait Columns {
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError>;
    fn int(&self, column: &'static str) -> Result<i64, StoreError>;
    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>, StoreError>;
    fn real(&self, column: &'static str) -> Result<f64, StoreError>;

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
