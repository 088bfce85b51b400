//! Units and their readings over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState, sites::page_limit};
use crate::services::{PageRequest, ReadingRequest};
use app::{
    api::{
        Data, ErrorBody, Page,
        cold_chain::{CreateUnit, MAX_READINGS, NewReading, NewReadings, ReadingsReceived, Unit, UnitPatch},
    },
    domain::{
        id::{SiteId, UnitId},
        sensor::ReadingSource,
        time::Timestamp,
    },
    events::SensorReading,
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;
use utoipa::IntoParams;

const DEFAULT_READINGS: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct UnitsQuery {
    /// Only units of this site.
    site_id: Option<SiteId>,
    /// `page.next` of the answer before.
    cursor: Option<UnitId>,
    /// 1 to 500; 50 unless set.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadingsQuery {
    /// 1 to 1,000; 100 unless set.
    limit: Option<usize>,
    /// Only readings that were taken earlier; `page.next` of the answer before.
    before: Option<Timestamp>,
}

/// Refrigerated trailers and cold rooms, oldest first.
#[utoipa::path(get, path = "/units", tag = "cold chain", operation_id = "list_units", params(UnitsQuery), responses(
    (status = 200, description = "A page of units", body = Page<Unit>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "Not of the staff", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    QueryOf(query): QueryOf<UnitsQuery>,
) -> Result<Json<Page<Unit>>, Failure> {
    let request = PageRequest { cursor: query.cursor, limit: page_limit(query.limit)? };
    Ok(Json(state.services.list_units(&caller, query.site_id, request).await?))
}

/// Takes a unit into service.
#[utoipa::path(post, path = "/units", tag = "cold chain", operation_id = "create_unit", request_body = CreateUnit,
    responses(
        (status = 201, description = "The unit", body = Data<Unit>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "The site or the load is not the tenant's", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn create(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<CreateUnit>,
) -> Result<(StatusCode, Json<Data<Unit>>), Failure> {
    let unit = state.services.create_unit(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data: unit })))
}

/// One unit.
#[utoipa::path(get, path = "/units/{id}", tag = "cold chain", operation_id = "get_unit", params(("id" = UnitId, Path)),
    responses(
        (status = 200, description = "The unit", body = Data<Unit>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UnitId>,
) -> Result<Json<Data<Unit>>, Failure> {
    Ok(Json(Data { data: state.services.unit(&caller, id).await? }))
}

/// Changes what the body names. New limits are held against the newest reading at once.
#[utoipa::path(patch, path = "/units/{id}", tag = "cold chain", operation_id = "patch_unit",
    params(("id" = UnitId, Path)), request_body = UnitPatch, responses(
        (status = 200, description = "The unit as it is now", body = Data<Unit>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is none, or the site or the load is not the tenant's", body = ErrorBody),
        (status = 422, description = "A value out of bounds", body = ErrorBody),
    ))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UnitId>,
    JsonBody(body): JsonBody<UnitPatch>,
) -> Result<Json<Data<Unit>>, Failure> {
    Ok(Json(Data { data: state.services.patch_unit(&caller, id, body).await? }))
}

/// What a unit's sensors measured, newest first.
#[utoipa::path(get, path = "/units/{id}/readings", tag = "cold chain", operation_id = "list_readings",
    params(("id" = UnitId, Path), ReadingsQuery), responses(
        (status = 200, description = "A page of readings", body = Page<SensorReading>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn readings(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UnitId>,
    QueryOf(query): QueryOf<ReadingsQuery>,
) -> Result<Json<Page<SensorReading>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_READINGS);
    if !(1..=MAX_READINGS).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_READINGS}.")));
    }
    let request = ReadingRequest { before: query.before, limit };
    Ok(Json(state.services.list_readings(&caller, id, request).await?))
}

/// Hands in one reading, or up to 1,000 in any order.
///
/// Of several, those that can't be taken are named in the answer and the others are stored; one alone is refused by the
/// status. A reading of a moment that is stored already counts as accepted.
#[utoipa::path(post, path = "/units/{id}/readings", tag = "cold chain", operation_id = "report_readings",
    params(("id" = UnitId, Path)), request_body = NewReadings, responses(
        (status = 200, description = "Stored, but for those that are named", body = Data<ReadingsReceived>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 403, description = "The role may not", body = ErrorBody),
        (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 422, description = "A value out of bounds, or more than 1,000", body = ErrorBody),
    ))]
pub async fn report(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<UnitId>,
    JsonBody(body): JsonBody<Box<RawValue>>,
) -> Result<Json<Data<ReadingsReceived>>, Failure> {
    let received = if body.get().starts_with('[') {
        let items: Items = serde_json::from_str(body.get()).map_err(|error| Failure::bad_request(error.to_string()))?;
        state.services.report_readings(&caller, id, items.0, ReadingSource::Api).await?
    } else {
        let reading = read(&body).map_err(Failure::bad_request)?;
        state.services.report_reading(&caller, id, reading, ReadingSource::Api).await?;
        ReadingsReceived { accepted: 1, refused: Vec::new() }
    };
    Ok(Json(Data { data: received }))
}

/// Each item is read by itself, so that one which can't be read does not cost the others.
fn read(item: &RawValue) -> Result<NewReading, String> {
    serde_json::from_str(item.get()).map_err(|error| format!("The reading could not be read: {error}."))
}

/// The items of an array, read as they come. Of too many, one more than may be is kept: enough to be refused.
struct Items(Vec<Result<NewReading, String>>);

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Items;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("readings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Items, A::Error> {
                let mut items = Vec::new();
                while items.len() <= MAX_READINGS {
                    let Some(item) = seq.next_element::<&RawValue>()? else { return Ok(Items(items)) };
                    items.push(read(item));
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Items(items))
            }
        }

        deserializer.deserialize_seq(Reader)
    }
}
