//! Loads as files, over REST.

use super::{
    Authenticated, Failure, JsonBody, PathId, QueryOf, RestState,
    loads::{FilterQuery, filter_of},
};
use crate::services::ExportRequest;
use app::{
    api::{
        Data, ErrorBody,
        load_files::{ExportLoads, Import, ImportLoads},
    },
    domain::id::LoadId,
};
use axum::{Json, extract::State};
use http::{HeaderName, StatusCode, header};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what export reads")]
pub struct IdsQuery {
    /// Only these: ids with commas between them.
    ids: Option<String>,
}

/// Says what a file would book; with `confirm` books it, in the background.
#[utoipa::path(post, path = "/loads/import", tag = "loads", request_body = ImportLoads, responses(
    (status = 200, description = "What the file would book; nothing is stored", body = Data<Import>),
    (status = 202, description = "It is being booked", body = Data<Import>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 413, description = "The file is too large", body = ErrorBody),
    (status = 422, description = "It is not a CSV file with the right columns", body = ErrorBody),
))]
pub async fn import(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<ImportLoads>,
) -> Result<(StatusCode, Json<Data<Import>>), Failure> {
    Ok(if body.confirm {
        (StatusCode::ACCEPTED, Json(Data { data: state.services.start_import(&caller, &body.csv).await? }))
    } else {
        (StatusCode::OK, Json(Data { data: state.services.preview_import(&caller, &body.csv).await? }))
    })
}

/// How far one's own import is.
#[utoipa::path(get, path = "/loads/import/{id}", tag = "loads", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The import", body = Data<Import>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 404, description = "There is none, or it is not one's own", body = ErrorBody),
))]
pub async fn progress(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<Uuid>,
) -> Result<Json<Data<Import>>, Failure> {
    Ok(Json(Data { data: state.services.import(&caller, id).await? }))
}

/// Loads as CSV, newest first. Money only for those who may see it.
#[utoipa::path(get, path = "/loads/export", tag = "loads", params(FilterQuery, IdsQuery), responses(
    (status = 200, description = "The file", body = String, content_type = "text/csv"),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 422, description = "More loads than a file takes", body = ErrorBody),
))]
pub async fn export(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(pairs): QueryOf<Vec<(String, String)>>,
) -> Result<([(HeaderName, &'static str); 2], String), Failure> {
    let mut loads = None;
    let filter = filter_of(pairs, |name, value| {
        if name != "ids" {
            return Err(Failure::bad_request(format!("There is no parameter {name:?}.")));
        }
        let ids = value.split(',').map(str::parse::<LoadId>).collect::<Result<_, _>>();
        loads = Some(ids.map_err(|error| Failure::bad_request(format!("ids: one of them {error}.")))?);
        Ok(())
    })?;
    let file = state.services.export_loads(&caller, ExportRequest { filter, loads }).await?;
    Ok(csv(file))
}

/// Chosen loads as CSV, newest first: for more of them than an address has room for.
#[utoipa::path(post, path = "/loads/export", tag = "loads", request_body = ExportLoads, responses(
    (status = 200, description = "The file; loads that are not there are left out", body = String, content_type = "text/csv"),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 422, description = "No loads, or too many", body = ErrorBody),
))]
pub async fn export_chosen(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<ExportLoads>,
) -> Result<([(HeaderName, &'static str); 2], String), Failure> {
    Ok(csv(state.services.export_chosen(&caller, body).await?))
}

/// An answer that is a file.
fn csv(file: String) -> ([(HeaderName, &'static str); 2], String) {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"loads.csv\""),
    ];
    (headers, file)
}
