//! Keeps one connection for all that is below it, from its mount to its unmount.

use super::{
    SocketStatus,
    emit::{self, EmitError, Message, Reply},
    hub::Hub,
    link::IN_BROWSER,
    use_socket_status::Transport,
};
use crate::events::{Command, Namespace};
use leptos::prelude::*;
use std::{future::Future, pin::Pin, rc::Rc};

/// The connection of the [`SocketProvider`] around; see [`use_realtime`]. Copy it wherever it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Realtime {
    /// None on the server, where nothing is connected, and without a provider.
    hub: Option<StoredValue<Rc<Hub>, LocalStorage>>,
    status: RwSignal<SocketStatus>,
}

impl Realtime {
    fn new() -> Self {
        let status = ArcRwSignal::new(SocketStatus::Connecting);
        let hub = IN_BROWSER.then(|| StoredValue::new_local(Hub::new(status.clone())));
        Self { hub, status: status.into() }
    }

    /// What a provider provides, around a hub that the test holds.
    #[cfg(test)]
    pub(super) fn around(hub: Rc<Hub>) -> Self {
        Self { hub: Some(StoredValue::new_local(hub)), status: RwSignal::new(SocketStatus::Connecting) }
    }

    fn without_provider() -> Self {
        Self { hub: None, status: RwSignal::new(SocketStatus::Offline) }
    }

    /// Sends a command in its namespace and waits for the answer, at most
    /// [`answer_limit`](super::SocketConfig::answer_limit).
    ///
    /// ```no_run
    /// # use app::{events::ListPresence, realtime::{EmitError, use_realtime}};
    /// # fn main() {
    /// let realtime = use_realtime();
    /// let online = async move {
    ///     let answer = realtime.emit_with_ack(ListPresence::default()).await?;
    ///     Ok::<usize, EmitError>(answer.users.len())
    /// };
    /// # drop(online);
    /// # }
    /// ```
    ///
    /// A command is one of the catalogue. What is not there does not compile:
    ///
    /// ```compile_fail,E0277
    /// # use app::realtime::use_realtime;
    /// struct Invented;
    /// drop(use_realtime().emit_with_ack(Invented));
    /// ```
    ///
    /// Nor does a command that is taken in every namespace, since somebody must say in which:
    ///
    /// ```compile_fail,E0080
    /// # use app::{events::RefreshAuth, realtime::use_realtime};
    /// drop(use_realtime().emit_with_ack(RefreshAuth { token: String::new() }));
    /// ```
    ///
    /// # Errors
    /// Each [`EmitError`]; on the server, and without a provider, [`EmitError::NotConnected`].
    pub fn emit_with_ack<C: Command>(
        self,
        command: C,
    ) -> impl Future<Output = Result<C::Answer, EmitError>> + Send + use<C> {
        let message = Message::of(&command);
        async move { emit::read_fields::<C>(self.ask(message).await) }
    }

    /// Sends a command that is taken in every namespace, in one of them. See [`Realtime::emit_with_ack`].
    ///
    /// ```no_run
    /// # use app::{events::{Namespace, RefreshAuth}, realtime::use_realtime};
    /// drop(use_realtime().emit_with_ack_in(Namespace::Chat, RefreshAuth { token: String::new() }));
    /// ```
    ///
    /// # Errors
    /// As [`Realtime::emit_with_ack`].
    pub fn emit_with_ack_in<C: Command>(
        self,
        namespace: Namespace,
        command: C,
    ) -> impl Future<Output = Result<C::Answer, EmitError>> + Send + use<C> {
        let message = Message::within(namespace, &command);
        async move { emit::read_fields::<C>(self.ask(message).await) }
    }

    fn ask(self, message: Message) -> Reply {
        let (reply, on_answer) = Reply::pair();
        if let Some(hub) = self.hub() {
            hub.send(message, on_answer);
        }
        reply
    }

    /// How live everything is.
    pub fn status(self) -> Signal<SocketStatus> {
        self.status.into()
    }

    /// How the connection is carried, while there is one.
    pub fn transport(self) -> Signal<Transport> {
        self.hub().map_or_else(|| Signal::stored(Transport::default()), |hub| hub.transport.clone().into())
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

/// The connection of the [`SocketProvider`] around. Without one it is `Offline` and sends nothing.
pub fn use_realtime() -> Realtime {
    use_context().unwrap_or_else(Realtime::without_provider)
}

/// Sends a kind of command: [`Realtime::emit_with_ack`] as a function to keep and to hand on.
///
/// ```
/// # use app::{domain::id::NotificationId, events::ReadNotification, realtime::use_emit_with_ack};
/// # use leptos::{prelude::*, task::spawn_local};
/// # fn button(id: NotificationId) -> impl IntoView {
/// let read = use_emit_with_ack::<ReadNotification>();
/// let error = RwSignal::new(None);
/// let mark_as_read = move |_| {
///     spawn_local(async move { error.set(read(ReadNotification { id }).await.err()) });
/// };
/// # view! { <button on:click=mark_as_read>{move || error.get().map(|error| error.to_string())}</button> }
/// # }
/// ```
pub fn use_emit_with_ack<C: Command>() -> impl Fn(C) -> Answered<C> + Copy + Send + Sync + 'static {
    let realtime = use_realtime();
    move |command| Box::pin(realtime.emit_with_ack(command))
}

/// The answer to a command, on its way.
pub type Answered<C> = Pin<Box<dyn Future<Output = Result<<C as Command>::Answer, EmitError>> + Send>>;

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
    #[cfg(all(debug_assertions, target_arch = "wasm32", feature = "hydrate"))]
    super::workbench::offer();
    children()
}
