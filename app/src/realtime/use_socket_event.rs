//! Hears one kind of event.

use super::socket_provider::use_realtime;
use crate::events::{Envelope, Event, RawEnvelope};
use leptos::{prelude::*, reactive::owner::WeakOwner};
use std::rc::Rc;

/// Calls the handler with each event of a kind, from now until the owner is cleaned up.
///
/// Each event of a stream comes once and in order, however often the connection is lost; those that were missed come
/// late, with or without a live query. While the page polls, those come that a live query asks for, and the others with
/// the next connection. For a screen's data use
/// [`use_live_query`](super::use_live_query): this is for what happens besides, such as a sound or a toast.
///
/// ```
/// # use app::{components::toast::use_toasts, events::LoadCreated, realtime::use_socket_event};
/// # fn tell_of_new_loads() {
/// let toasts = use_toasts();
/// use_socket_event::<LoadCreated>(move |event| toasts.notice(format!("New load {}", event.data.0.load_number)));
/// # }
/// ```
///
/// An event is one of the catalogue; one that is not there does not compile:
///
/// ```compile_fail,E0277
/// # use app::realtime::use_socket_event;
/// struct Invented;
/// use_socket_event::<Invented>(|_| {});
/// ```
pub fn use_socket_event<E: Event>(handler: impl Fn(&Envelope<E>) + 'static) {
    let realtime = use_realtime();
    let Some(hub) = realtime.hub() else { return };
    let owner = Owner::current().map(|owner| owner.downgrade());
    let take = move |event: &RawEnvelope| {
        // What can't be read was sent by a newer server; its page will know it.
        let Ok(data) = event.data.read() else { return };
        let event = event.clone().with(data);
        match owner.as_ref().and_then(WeakOwner::upgrade) {
            Some(owner) => owner.with(|| untrack(|| handler(&event))),
            None => untrack(|| handler(&event)),
        }
    };
    let key = hub.handlers.add(E::NAMESPACE, E::NAME, Rc::new(take));
    on_cleanup(move || {
        if let Some(hub) = realtime.hub() {
            hub.handlers.remove(key);
        }
    });
}
