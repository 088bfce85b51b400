//! Saved views of the board over REST.

use super::{Authenticated, Failure, JsonBody, PathId, RestState};
use app::{
    api::{
        Data, Done, ErrorBody, Page,
        presets::{Preset, PresetPatch, SavePreset},
    },
    domain::id::PresetId,
};
use axum::{Json, extract::State};
use http::StatusCode;

/// One's own saved views of the board, the oldest first.
#[utoipa::path(get, path = "/presets", operation_id = "list_presets", tag = "presets", responses(
    (status = 200, description = "All of them", body = Page<Preset>),
    (status = 401, description = "Not logged in", body = ErrorBody),
))]
pub async fn list(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<Page<Preset>>, Failure> {
    Ok(Json(state.services.presets(&caller).await?))
}

/// Saves a view of the board.
#[utoipa::path(post, path = "/presets", operation_id = "save_preset", tag = "presets", request_body = SavePreset,
    responses(
    (status = 201, description = "Saved", body = Data<Preset>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 409, description = "One has a view of this name already", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds, or one has 50 already", body = ErrorBody),
))]
pub async fn save(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<SavePreset>,
) -> Result<(StatusCode, Json<Data<Preset>>), Failure> {
    let data = state.services.save_preset(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data })))
}

/// Renames a saved view, or puts another in its place.
#[utoipa::path(patch, path = "/presets/{id}", operation_id = "patch_preset", tag = "presets",
    params(("id" = PresetId, Path)), request_body = PresetPatch, responses(
    (status = 200, description = "The saved view as it is now", body = Data<Preset>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 404, description = "One has none such", body = ErrorBody),
    (status = 409, description = "One has another view of this name", body = ErrorBody),
    (status = 422, description = "A value is outside its bounds", body = ErrorBody),
))]
pub async fn patch(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<PresetId>,
    JsonBody(body): JsonBody<PresetPatch>,
) -> Result<Json<Data<Preset>>, Failure> {
    let data = state.services.patch_preset(&caller, id, body).await?;
    Ok(Json(Data { data }))
}

/// Deletes a saved view.
#[utoipa::path(delete, path = "/presets/{id}", operation_id = "delete_preset", tag = "presets",
    params(("id" = PresetId, Path)), responses(
    (status = 200, description = "Deleted", body = Data<Done>),
    (status = 400, description = "Malformed id", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 404, description = "One has none such", body = ErrorBody),
))]
pub async fn delete(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    PathId(id): PathId<PresetId>,
) -> Result<Json<Data<Done>>, Failure> {
    state.services.delete_preset(&caller, id).await?;
    Ok(Json(Data { data: Done { done: true } }))
}
