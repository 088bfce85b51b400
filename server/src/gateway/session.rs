//! The session of a socket: bringing a new token, and closing.

use super::{
    answer::Refused,
    chat, connections,
    seat::{Seat, Visit},
};
use crate::{
    auth::{DoorError, token::Claims},
    stream::Room,
};
use app::events::{RefreshAuth, Refreshed};
use socketioxide::extract::SocketRef;
use std::{sync::Arc, time::Duration};

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
    let (gateway, is_other) = (visit.gateway(), claims.sid != now.sid);
    if is_other {
        gateway.sockets.enter_session(&visit, &claims.sid);
        visit.socket.join(Room::Session(claims.sid.clone()).to_string());
    }
    let leave_again = || {
        if is_other {
            gateway.sockets.leave_session(&visit.seat, &claims.sid);
            visit.socket.leave(Room::Session(claims.sid.clone()).to_string());
        }
    };
    if let Err(error) = gateway.door.current_user(&claims).await {
        leave_again();
        return Err(match error {
            DoorError::Internal(cause) => Refused::internal(&cause),
            _ => Refused::forbidden(error.to_string()),
        });
    }
    // Who logs out from now on is found among the sockets; a logout between the reading of the token and that was not.
    if gateway.door.is_revoked(&claims) {
        leave_again();
        return Err(Refused::forbidden("The session was logged out."));
    }
    visit.seat.renew(claims);
    if is_other {
        gateway.sockets.leave_session(&visit.seat, &now.sid);
        visit.socket.leave(Room::Session(now.sid.clone()).to_string());
    }
    // One that left meanwhile was let go of under its former session.
    if !visit.socket.connected() {
        gateway.sockets.remove(&visit.seat);
    }
    Ok(Refreshed { expires_at })
}

/// How often a socket that can't be closed is tried again, once a second.
const ATTEMPTS: usize = 10;

/// Closes a socket. Nothing of it is heard from now on. One whose buffer is full does not close at the first attempt: it
/// is sent nothing more, and its WebSocket is ended if it does not read.
pub async fn close(socket: SocketRef) {
    let seat = socket.extensions.get::<Arc<Seat>>();
    if let Some(seat) = &seat {
        seat.stop_listening();
    }
    for _ in 0..ATTEMPTS {
        if !socket.connected() || socket.clone().disconnect().is_ok() {
            return;
        }
        if let Some(seat) = &seat {
            chat::part(seat, &socket);
        }
        socket.leave_all();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tracing::warn!("a socket that does not read could not be closed; its connection is ended");
    if let Some(open) = seat.as_ref().and_then(|seat| seat.gateway.open.get()) {
        connections::end(open, socket.req_parts());
    }
}
