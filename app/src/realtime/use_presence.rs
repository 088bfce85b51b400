//! Who else is there, and telling them what one looks at.

use super::{presence::Presence, socket_provider::use_realtime};
use crate::{domain::id::LoadId, events::View};
use leptos::prelude::*;

/// Who is online and what each looks at, for as long as the owner lives. While there is no connection it is what was
/// known last; on the server, and to who may not know, nobody is there.
///
/// It changes with every step that anybody takes, so follow no more than is shown:
///
/// ```
/// # use app::{domain::id::LoadId, realtime::use_presence};
/// # use leptos::prelude::*;
/// # fn eyes(load: LoadId) -> impl IntoView {
/// let presence = use_presence();
/// let viewers = Memo::new(move |_| presence.with(|presence| presence.viewers(load).count()));
/// # view! { <span>{viewers}</span> }
/// # }
/// ```
pub fn use_presence() -> Signal<Presence> {
    let realtime = use_realtime();
    let Some(hub) = realtime.hub() else { return Signal::stored(Presence::default()) };
    let presence = untrack(|| hub.presence.enter(&hub));
    on_cleanup(move || {
        if let Some(hub) = realtime.hub() {
            hub.presence.leave(&hub);
        }
    });
    presence.into()
}

/// Tells others what this tab shows: a page by its name, and the load that is open on it, if one is. Told again after
/// every loss of the connection, and taken back when the owner is cleaned up. Of several the last one counts.
pub fn use_presence_view(page: &'static str, load: Signal<Option<LoadId>>) {
    let realtime = use_realtime();
    let Some(hub) = realtime.hub() else { return };
    let key = hub.presence.add_view();
    let show = move |view| {
        if let Some(hub) = realtime.hub() {
            hub.presence.show(&hub, key, view);
        }
    };
    Effect::new(move |_| show(Some(View { page: page.into(), load_id: load.get() })));
    on_cleanup(move || show(None));
}
