//! Customers over REST.

use super::{Authenticated, Failure, QueryOf, RestState};
use app::api::{Data, ErrorBody, facilities::Customer};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

const MAX_LIMIT: u32 = 100;
const DEFAULT_LIMIT: u32 = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomersQuery {
    /// In the name, in whatever case.
    search: Option<String>,
    /// 1 to 100; 20 unless set.
    limit: Option<u32>,
}

/// The first customers by name that a load was booked for.
#[utoipa::path(get, path = "/customers", operation_id = "list_customers", tag = "loads", params(CustomersQuery),
    responses(
        (status = 200, description = "Customers", body = Data<Vec<Customer>>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "Not staff", body = ErrorBody),
    ))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<CustomersQuery>,
) -> Result<Json<Data<Vec<Customer>>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    Ok(Json(Data { data: state.services.list_customers(&caller, query.search, i64::from(limit)).await? }))
}
