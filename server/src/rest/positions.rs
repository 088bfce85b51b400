//! Positions over REST.

use super::{Authenticated, Failure, JsonBody, PathId, QueryOf, RestState};
use crate::services::HistoryRequest;
use app::{
    api::{
        Data, ErrorBody, ErrorCode, Page, Snapshot,
        positions::{PastPosition, PositionsTaken, RefusedPosition, ReportPositions, TrackedPositions},
    },
    domain::{id::LoadId, position::PositionSource, time::Timestamp},
    events::LoadLocationUpdated,
};
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

/// The most positions that one call reports.
const MOST: usize = 1_000;
/// The most positions that one answer carries.
const MAX_LIMIT: u32 = 5_000;
const DEFAULT_LIMIT: u32 = 1_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// None before this.
    from: Option<Timestamp>,
    /// None after this.
    to: Option<Timestamp>,
    /// `page.next` of the answer before.
    cursor: Option<Timestamp>,
    /// 1 to 5,000; 1,000 unless set.
    limit: Option<u32>,
}

/// Reports where trucks are: one position, or up to 1,000 in an array. Each is judged for itself; a single one that is
/// refused, and an array of which none is taken, answer with an error.
#[utoipa::path(post, path = "/positions", operation_id = "report_positions", tag = "positions", request_body = ReportPositions, responses(
    (status = 200, description = "How many are stored, and why the others are not", body = Data<PositionsTaken>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    (status = 422, description = "A position that can't be true; none of several was taken", body = ErrorBody),
    (status = 429, description = "More wait to be stored than there is room for", body = ErrorBody),
))]
pub async fn report(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<ReportPositions>,
) -> Result<Json<Data<PositionsTaken>>, Failure> {
    let (reports, is_one) = match body {
        ReportPositions::One(report) => (vec![report], true),
        ReportPositions::Many(reports) => (reports, false),
    };
    if !(1..=MOST).contains(&reports.len()) {
        let message = format!("An array takes 1 to {MOST} positions.");
        let details = json!({ "rule": "value_out_of_bounds", "field": "positions" });
        return Err(Failure::new(ErrorCode::RuleBroken, message).with_details(details));
    }
    let results = state.services.report_positions(caller, reports, PositionSource::Api).await;
    let total = results.len();
    let mut refused = Vec::new();
    for (index, result) in results.into_iter().enumerate() {
        let Err(error) = result else { continue };
        let failure = Failure::from(error);
        if is_one {
            return Err(failure);
        }
        let error = failure.into_error();
        refused.push(RefusedPosition { index, code: error.code, message: error.message });
    }
    if refused.len() == total {
        return Err(none_taken(refused));
    }
    Ok(Json(Data { data: PositionsTaken { accepted: total - refused.len(), refused } }))
}

/// The answer to an array of which nothing was stored: what all were refused for, or that they were not all true.
fn none_taken(refused: Vec<RefusedPosition>) -> Failure {
    let of_first = refused.first().map_or(ErrorCode::RuleBroken, |first| first.code);
    let code = if refused.iter().all(|other| other.code == of_first) { of_first } else { ErrorCode::RuleBroken };
    let message = format!("None of the {} positions was taken; details.refused says why.", refused.len());
    Failure::new(code, message).with_details(json!({ "refused": refused }))
}

/// Where the trucks on the road are.
#[utoipa::path(get, path = "/operations/tracking/positions", operation_id = "list_tracked_positions", tag = "positions", responses(
    (status = 200, description = "The newest position of each load between dispatch and delivery",
        body = Snapshot<TrackedPositions>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Snapshot<TrackedPositions>>, Failure> {
    Ok(Json(state.services.tracked_positions(&caller).await?))
}

/// The newest position of one load, on the road or not.
#[utoipa::path(get, path = "/operations/tracking/positions/{loadId}", operation_id = "get_tracked_position", tag = "positions",
    params(("loadId" = LoadId, Path)), responses(
        (status = 200, description = "The position", body = Data<LoadLocationUpdated>),
        (status = 400, description = "Malformed id", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it has sent no position", body = ErrorBody),
    ))]
pub async fn get(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(load): PathId<LoadId>,
) -> Result<Json<Data<LoadLocationUpdated>>, Failure> {
    Ok(Json(Data { data: state.services.tracked_position(&caller, load).await? }))
}

/// Where a load was, oldest first.
#[utoipa::path(get, path = "/loads/{id}/positions", operation_id = "list_past_positions", tag = "positions",
    params(("id" = LoadId, Path), HistoryQuery), responses(
        (status = 200, description = "A page of positions", body = Page<PastPosition>),
        (status = 400, description = "Malformed", body = ErrorBody),
        (status = 401, description = "Not logged in", body = ErrorBody),
        (status = 404, description = "There is no such load, or it is not the caller's to see", body = ErrorBody),
    ))]
pub async fn history(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(load): PathId<LoadId>,
    QueryOf(query): QueryOf<HistoryQuery>,
) -> Result<Json<Page<PastPosition>>, Failure> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Failure::bad_request(format!("limit takes 1 to {MAX_LIMIT}.")));
    }
    let HistoryQuery { from, to, cursor: after, .. } = query;
    let request = HistoryRequest { from, to, after, limit: i64::from(limit) };
    Ok(Json(state.services.position_history(&caller, load, request).await?))
}
