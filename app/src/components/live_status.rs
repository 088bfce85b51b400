//! How live the page is, in a dot and a word, and the way to try again at once.

use crate::realtime::{SocketConfig, SocketStatus, Transport, use_reconnect, use_socket_status, use_transport};
use leptos::prelude::*;

fn code(status: SocketStatus) -> &'static str {
    match status {
        SocketStatus::Connecting => "connecting",
        SocketStatus::Connected => "live",
        SocketStatus::Reconnecting { .. } => "reconnecting",
        SocketStatus::Polling { .. } => "polling",
        SocketStatus::Offline => "offline",
    }
}

fn words(status: SocketStatus, transport: Transport) -> String {
    match status {
        SocketStatus::Connecting => "Connecting".into(),
        SocketStatus::Connected if transport == Transport::LongPolling => "Live over HTTP".into(),
        SocketStatus::Connected => "Live".into(),
        SocketStatus::Reconnecting { attempt } => {
            format!("Reconnecting ({attempt} of {})", SocketConfig::BROWSER.attempts)
        }
        SocketStatus::Polling { every } => format!("Polling every {every} s"),
        SocketStatus::Offline => "Offline".into(),
    }
}

#[component]
pub fn LiveStatus() -> impl IntoView {
    let known = use_socket_status();
    // Only the browser knows; the first render is the same on both sides.
    let status = RwSignal::new(SocketStatus::Connecting);
    Effect::new(move |_| status.set(known.get()));
    let transport = use_transport();
    let meaning = move || {
        let is_over_http = status.get() == SocketStatus::Connected && transport.get() == Transport::LongPolling;
        is_over_http
            .then_some("WebSocket does not get through to the server. Events come by HTTP long polling instead.")
    };
    let reconnect = use_reconnect();
    let gave_up = move || matches!(status.get(), SocketStatus::Polling { .. } | SocketStatus::Offline);
    view! {
        <div class="live">
            <div class="live-status" role="status" title=meaning data-live-status=move || code(status.get())>
                <span class="live-dot" aria-hidden="true"></span>
                <span class="live-words">{move || words(status.get(), transport.get())}</span>
            </div>
            <Show when=gave_up>
                <button type="button" class="button button-small" on:click=move |_| reconnect()>
                    "Retry now"
                </button>
            </Show>
        </div>
    }
}
