//! The last events of a kind.

use super::{ring::Ring, use_socket_event::use_socket_event};
use crate::events::{Envelope, Event};
use leptos::prelude::*;

/// The last `capacity` events of a kind that `keep` wants, newest last, from now until the owner is cleaned up.
///
/// ```
/// # use app::{domain::id::UnitId, events::SensorReading, realtime::use_ring};
/// # use leptos::prelude::*;
/// # fn last_reading(unit: UnitId) -> impl IntoView {
/// let readings = use_ring::<SensorReading>(120, move |reading| reading.data.unit_id == unit);
/// let now = move || readings.with(|readings| readings.newest().map(|reading| reading.data.temperature));
/// # view! { <span>{now}</span> }
/// # }
/// ```
pub fn use_ring<E: Event>(
    capacity: usize,
    keep: impl Fn(&Envelope<E>) -> bool + 'static,
) -> ReadSignal<Ring<Envelope<E>>> {
    let (ring, set_ring) = signal(Ring::with_capacity(capacity));
    use_socket_event::<E>(move |event| {
        if keep(event) {
            set_ring.try_update(|ring| ring.push(event.clone()));
        }
    });
    ring
}
