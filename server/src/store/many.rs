//! Statements that are put together: about many rows at once, or with as many conditions as were asked for.

use super::{StoreError, Tx, row::BindReal};
use sqlx::{
    Any, AssertSqlSafe, Encode, Type,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use std::fmt::Write;

/// How many rows one statement is about at most. SQLite takes 32,766 parameters, PostgreSQL 65,535.
pub const CHUNK: usize = 500;

/// `($1, $2), ($3, $4)`: the placeholders of so many rows.
pub fn rows(count: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..count {
        let comma = if row == 0 { "" } else { ", " };
        // Writing into a string does not fail.
        let _ = write!(text, "{comma}({})", list(row * columns + 1, columns));
    }
    text
}

/// `$3, $4`: so many placeholders from a number on.
pub fn list(first: usize, count: usize) -> String {
    let mut text = String::new();
    for number in first..first + count {
        let comma = if number == first { "" } else { ", " };
        let _ = write!(text, "{comma}${number}");
    }
    text
}

/// A statement whose text was put together from placeholders. It must contain nothing that came from outside.
pub struct Many(Query<'static, Any, AnyArguments>);

impl Many {
    pub fn new(sql: String) -> Self {
        // The texts differ with the number of rows: keeping each prepared would drive out those that are used often.
        Self(sqlx::query(AssertSqlSafe(sql)).persistent(false))
    }

    /// Keeps the statement prepared, where `is_kept`: for texts of which there are few. It must not bind numbers that may
    /// be missing, see [`BindReal`](super::row::BindReal).
    pub fn kept(self, is_kept: bool) -> Self {
        Self(self.0.persistent(is_kept))
    }

    pub fn bind<T: Encode<'static, Any> + Type<Any> + Send + 'static>(self, value: T) -> Self {
        Self(self.0.bind(value))
    }

    pub async fn execute(self, tx: &mut Tx) -> Result<(), StoreError> {
        self.0.execute(&mut **tx).await?;
        Ok(())
    }

    pub async fn fetch_one(self, tx: &mut Tx) -> Result<AnyRow, StoreError> {
        Ok(self.0.fetch_one(&mut **tx).await?)
    }

    pub async fn fetch_all(self, tx: &mut Tx) -> Result<Vec<AnyRow>, StoreError> {
        Ok(self.0.fetch_all(&mut **tx).await?)
    }
}

impl BindReal for Many {
    fn bind_real(self, value: Option<f64>) -> Self {
        Self(self.0.bind_real(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(rows(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(list(2, 3), "$2, $3, $4");
    }
}
