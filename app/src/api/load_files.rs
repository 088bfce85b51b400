//! Loads as files: import and export of CSV.

use super::{Data, FileRequest, Request};
use crate::domain::id::LoadId;
use http::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The columns that an import knows. The order is free; those that are not required may be absent.
pub const COLUMNS: [(&str, bool); 20] = [
    ("customer", true),
    ("equipment", true),
    ("pickup_facility", true),
    ("pickup_start", true),
    ("pickup_end", true),
    ("delivery_facility", true),
    ("delivery_start", true),
    ("delivery_end", true),
    ("commodity", false),
    ("weight_lbs", false),
    ("miles", false),
    ("references", false),
    ("instructions", false),
    ("hot", false),
    ("pickup_kind", false),
    ("delivery_kind", false),
    ("stops_between", false),
    ("revenue", false),
    ("carrier_cost", false),
    ("currency", false),
];

/// Columns that an export has and an import passes over: a load that is booked begins anew, with values of its own.
pub const PASSED_OVER: [&str; 11] = [
    "load_number",
    "status",
    "origin",
    "destination",
    "stops",
    "carrier",
    "driver",
    "dispatcher",
    "margin",
    "created_at",
    "updated_at",
];

/// The most rows of one file.
pub const IMPORT_ROWS: usize = 5_000;

/// `POST /loads/import`. Without `confirm` it says what would be stored, and what is wrong, and stores nothing.
/// With it the good rows are booked, in the background; [`GetImport`] tells how far.
///
/// What an export writes can be imported: it books the same loads anew. Carrier, driver, number and status are those of
/// the new loads, which begin in planning.
///
/// Times are RFC 3339, or `2026-11-23 08:00` on the clock of the facility. Amounts are in whole units with a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportLoads {
    /// The file, with a line of column names first.
    pub csv: String,
    #[serde(default)]
    pub confirm: bool,
}

impl Request for ImportLoads {
    type Response = Data<Import>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/loads/import".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// `GET /loads/import/{id}`: one's own, for an hour after its end.
#[derive(Debug, Clone)]
pub struct GetImport(pub Uuid);

impl Request for GetImport {
    type Response = Data<Import>;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        format!("/loads/import/{}", self.0)
    }
}

/// An import: what it would do, or how far it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Absent in a preview: nothing has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Rows of the file.
    pub total: usize,
    /// Rows that can be booked.
    pub good: usize,
    /// Rows that were booked so far.
    pub done: usize,
    pub finished: bool,
    /// Columns of the file that are not taken over: what they say, a load that is booked gets anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
    /// What is wrong, by row.
    pub errors: Vec<RowError>,
}

/// What is wrong with a row. The line of column names is row 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RowError {
    pub row: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    pub message: String,
}

/// The most loads that one file is asked for by their ids.
pub const EXPORT_LIMIT: usize = 5_000;

/// `POST /loads/export`: chosen loads as CSV. Those that the caller does not see are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportLoads {
    /// 1 to 5,000.
    pub ids: Vec<LoadId>,
}

impl FileRequest for ExportLoads {
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/loads/export".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}
