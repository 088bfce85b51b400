//! What is done to loads by the names of the trade, over REST.

use super::{Authenticated, Failure, JsonBody, PathId, RestState};
use crate::services::Outcome;
use app::{
    api::{
        Data, ErrorBody,
        load_actions::{
            Acceptance, Assignment, BulkAssign, BulkDispatch, BulkResult, BulkStatus, Claim, Dispatch, Rejection,
            Tender, Undo,
        },
    },
    domain::{id::LoadId, load::LoadCard},
};
use axum::{Json, extract::State};

/// Writes handlers of `POST /loads/{id}/<verb>`.
macro_rules! actions {
    ($($(#[$doc:meta])* $handler:ident($body:ident) $path:literal $service:ident $rule:literal)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "load actions", params(("id" = LoadId, Path)), request_body = $body,
            responses(
                (status = 200, description = "The card as it is now", body = Data<LoadCard>),
                (status = 400, description = "Malformed", body = ErrorBody),
                (status = 401, description = "Not logged in", body = ErrorBody),
                (status = 403, description = "The role may not", body = ErrorBody),
                (status = 404, description = "There is none, or it is not the caller's to see", body = ErrorBody),
                (status = 409, description = "Somebody was first", body = ErrorBody),
                (status = 422, description = $rule, body = ErrorBody),
            ))]
        pub async fn $handler(
            State(state): State<RestState>,
            Authenticated { caller, .. }: Authenticated,
            PathId(id): PathId<LoadId>,
            JsonBody(body): JsonBody<$body>,
        ) -> Result<Json<Data<LoadCard>>, Failure> {
            Ok(Json(Data { data: state.services.$service(&caller, id, body).await? }))
        }
    )*};
}

actions! {
    /// Gives a load that is in planning or pending a carrier.
    assign(Assignment) "/loads/{id}/assign" assign_load "It was offered already, or the carrier is not fit"
    /// Offers a load to a carrier.
    tender(Tender) "/loads/{id}/tender" tender_load "It can't be offered now, or the carrier is not fit"
    /// The carrier takes the tender.
    accept(Acceptance) "/loads/{id}/accept" accept_tender "There is no open tender"
    /// The carrier turns the tender down.
    reject(Rejection) "/loads/{id}/reject" reject_tender "There is no tender, or no reason"
    /// Sends the truck.
    dispatch(Dispatch) "/loads/{id}/dispatch" dispatch_load "The carrier has not accepted"
    /// Says that one is on it, or no more.
    claim(Claim) "/loads/{id}/claim" claim_load "Never"
    /// Takes one's own last step back.
    undo(Undo) "/loads/{id}/undo" undo_step "There is nothing to undo"
}

/// Writes handlers of bulk calls.
macro_rules! bulk {
    ($($(#[$doc:meta])* $handler:ident($body:ident) $path:literal $service:ident)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "load actions", request_body = $body, responses(
            (status = 200, description = "One result a load, in the order of the request", body = Data<Vec<BulkResult>>),
            (status = 400, description = "Malformed", body = ErrorBody),
            (status = 401, description = "Not logged in", body = ErrorBody),
            (status = 422, description = "None, too many, or one twice", body = ErrorBody),
        ))]
        pub async fn $handler(
            State(state): State<RestState>,
            Authenticated { caller, .. }: Authenticated,
            JsonBody(body): JsonBody<$body>,
        ) -> Result<Json<Data<Vec<BulkResult>>>, Failure> {
            let outcomes = state.services.$service(&caller, body).await?;
            Ok(Json(Data { data: outcomes.into_iter().map(shown).collect() }))
        }
    )*};
}

bulk! {
    /// Takes the same step with many loads.
    bulk_status(BulkStatus) "/loads/bulk-status" bulk_status
    /// Gives many loads the same carrier.
    bulk_assign(BulkAssign) "/loads/bulk-assign" bulk_assign
    /// Sends the trucks of many loads.
    bulk_dispatch(BulkDispatch) "/loads/bulk-dispatch" bulk_dispatch
}

fn shown((id, outcome): Outcome) -> BulkResult {
    match outcome {
        Ok(load) => BulkResult { id, ok: true, load: Some(load), error: None },
        Err(error) => BulkResult { id, ok: false, load: None, error: Some(Failure::from(error).into_error()) },
    }
}
