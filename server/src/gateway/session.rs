//! The session of a socket: bringing a new token, and closing.

use super::{answer::Refused, seat::Visit};
use crate::auth::{DoorError, token::Claims};
use app::events::{RefreshAuth, Refreshed};
use socketioxide::extract::SocketRef;
use std::time::Duration;

/// Takes a new token in place of the one that runs out. It must be the same person's, with the same rights: rooms were
/// joined by them.
pub async fn refresh(visit: Visit, RefreshAuth { token }: RefreshAuth) -> Result<Refreshed, Refused> {
    let claims = visit.gateway().door.read_token(&token).map_err(|error| Refused::forbidden(error.to_string()))?;
    let now = visit.seat.claims();
    let rights = |claims: &Claims| (claims.sub, claims.tenant, claims.role, claims.carrier, claims.driver);
    if rights(&claims) != rights(&now) {
        return Err(Refused::forbidden("The token is of another person, or has other rights. Connect anew."));
    }
    let expires_at = claims.expires_at();
    if claims.sid != now.sid {
        visit.socket.leave(crate::stream::Room::Session(now.sid.clone()).to_string());
        visit.socket.join(crate::stream::Room::Session(claims.sid.clone()).to_string());
    }
    if let Err(error) = visit.gateway().door.current_user(&claims).await {
        return Err(match error {
            DoorError::Internal(cause) => Refused::internal(&cause),
            _ => Refused::forbidden(error.to_string()),
        });
    }
    // A logout between the reading of the token and this room would not have found the socket.
    if visit.gateway().door.is_revoked(&claims) {
        return Err(Refused::forbidden("The session was logged out."));
    }
    visit.seat.renew(claims);
    Ok(Refreshed { expires_at })
}

/// Closes a socket. One whose buffer is full does not close at the first attempt.
pub async fn close(socket: SocketRef) {
    for _ in 0..10 {
        if !socket.connected() || socket.clone().disconnect().is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tracing::warn!("a socket that does not read could not be closed; its connection will time out");
}
