//! Announcements over REST.

use super::{Authenticated, Failure, JsonBody, RestState};
use app::api::{Data, Done, ErrorBody, announcements::Announce};
use axum::{Json, extract::State};
use http::StatusCode;

/// Tells all staff something, now or when they come back.
#[utoipa::path(post, path = "/announcements", tag = "announcements", request_body = Announce, responses(
    (status = 201, description = "Told", body = Data<Done>),
    (status = 400, description = "Malformed", body = ErrorBody),
    (status = 401, description = "Not logged in", body = ErrorBody),
    (status = 403, description = "The role may not", body = ErrorBody),
    (status = 422, description = "The message is empty or too long", body = ErrorBody),
))]
pub async fn announce(
    State(state): State<RestState>,
    Authenticated { caller, .. }: Authenticated,
    JsonBody(body): JsonBody<Announce>,
) -> Result<(StatusCode, Json<Data<Done>>), Failure> {
    state.services.announce(&caller, body).await?;
    Ok((StatusCode::CREATED, Json(Data { data: Done { done: true } })))
}
