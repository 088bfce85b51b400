//! Keeps one connection for all that is below it, from its mount to its unmount.

use super::{SocketStatus, hub::Hub, link::IN_BROWSER};
use leptos::prelude::*;
use std::rc::Rc;

/// The connection of the [`SocketProvider`] around. Copy it wherever it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Realtime {
    /// None on the server, where nothing is connected.
    hub: Option<StoredValue<Rc<Hub>, LocalStorage>>,
    status: RwSignal<SocketStatus>,
}

impl Realtime {
    fn new() -> Self {
        let status = ArcRwSignal::new(SocketStatus::Connecting);
        let hub = IN_BROWSER.then(|| StoredValue::new_local(Hub::new(status.clone())));
        Self { hub, status: status.into() }
    }

    /// How live everything is.
    pub fn status(self) -> Signal<SocketStatus> {
        self.status.into()
    }

    /// Tries to connect at once. Does nothing while connected.
    pub fn reconnect(self) {
        if let Some(hub) = self.hub() {
            hub.reconnect();
        }
    }

    /// Disconnects for good, as a logout does.
    pub fn close(self) {
        if let Some(hub) = self.hub() {
            hub.close();
        }
    }

    pub(super) fn hub(self) -> Option<Rc<Hub>> {
        self.hub?.try_get_value()
    }
}

/// The connection around, if there is a [`SocketProvider`].
pub(super) fn use_realtime() -> Option<Realtime> {
    use_context()
}

/// Connects all namespaces once the page lives in the browser, and provides the context [`Realtime`].
///
/// Mount it where somebody is logged in: a refusal for want of a login leads to `/login`. Unmounting disconnects.
#[component]
pub fn SocketProvider(children: Children) -> impl IntoView {
    let realtime = Realtime::new();
    provide_context(realtime);
    Effect::new(move |_| {
        if let Some(hub) = realtime.hub() {
            untrack(|| hub.open());
        }
    });
    on_cleanup(move || realtime.close());
    children()
}
