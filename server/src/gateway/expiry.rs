//! The end of a login: a warning ahead of it, and then the socket is closed.

use super::Gateway;
use crate::auth::token::Claims;
use app::events::AUTH_EXPIRING;
use serde_json::json;
use socketioxide::extract::SocketRef;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Closes a socket. One whose buffer is full does not close at the first attempt.
pub async fn close(socket: SocketRef) {
    while socket.connected() && socket.clone().disconnect().is_err() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Watches the clock for a socket until it leaves.
pub fn watch(gateway: &Gateway, socket: &SocketRef, claims: &Claims) {
    let left = CancellationToken::new();
    let on_leave = left.clone();
    socket.on_disconnect(async move || on_leave.cancel());
    // One that left before would never say so.
    if !socket.connected() {
        return;
    }

    let until_end = claims.expires_at().since(gateway.services.clock.now()).max(0);
    let until_end = Duration::from_millis(u64::try_from(until_end).unwrap_or(0));
    let until_warning = until_end.saturating_sub(gateway.expiry_warning);
    let expires_at = claims.expires_at();
    let socket = socket.clone();
    tokio::spawn(async move {
        let watch = async {
            tokio::time::sleep(until_warning).await;
            // A client that does not hear the warning is closed all the same.
            let _ = socket.emit(AUTH_EXPIRING, &json!({ "expiresAt": expires_at }));
            tokio::time::sleep(until_end - until_warning).await;
            close(socket).await;
        };
        left.run_until_cancelled(watch).await;
    });
}
