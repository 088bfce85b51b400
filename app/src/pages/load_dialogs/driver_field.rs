//! The choice among the drivers of a carrier.

use super::fetched::{Fetched, fetch};
use crate::{
    api::carriers::{DriverProfile, ListDrivers},
    domain::id::{CarrierId, DriverId},
};
use leptos::prelude::*;

/// A field to choose a driver of the carrier, or none. It is fetched anew when the carrier becomes another; a driver of
/// the carrier before is not kept.
pub(super) fn driver_field(
    carrier: Memo<Option<CarrierId>>,
    chosen: RwSignal<Option<DriverId>>,
    none: &'static str,
) -> AnyView {
    let drivers = RwSignal::new(Fetched::<Vec<DriverProfile>>::Waiting);
    Effect::new(move |before: Option<Option<CarrierId>>| {
        let carrier_id = carrier.get();
        if before.flatten().is_some() {
            chosen.set(None);
        }
        drivers.set(Fetched::Waiting);
        if carrier_id.is_some() {
            fetch(ListDrivers { carrier_id }, move |answer| {
                // An answer that comes after another choice says nothing.
                if carrier.try_get_untracked().flatten() != carrier_id {
                    return;
                }
                drivers.try_set(match answer {
                    Ok(page) => Fetched::There(page.data),
                    Err(error) => Fetched::Failed(error),
                });
            });
        }
        carrier_id
    });
    let options = move || {
        let listed = drivers.get();
        let listed = listed.there().map(Vec::as_slice).unwrap_or_default();
        listed.iter().map(|driver| option(driver, chosen)).collect_view().into_any()
    };
    let note = move || match (carrier.get(), drivers.get()) {
        (None, _) => "Choose the carrier first.".to_owned(),
        (_, Fetched::Waiting) => "Looking for its drivers…".into(),
        (_, Fetched::There(drivers)) if drivers.is_empty() => "It has no drivers on file.".into(),
        (_, Fetched::There(_)) => String::new(),
        (_, Fetched::Failed(error)) => format!("Its drivers could not be listed. {}", error.message),
    };
    let choose = move |event: leptos::ev::Event| chosen.set(event_target_value(&event).parse().ok());
    view! {
        <label class="field">
            <span class="field-label">"Driver"</span>
            <select class="input" name="driver" aria-describedby="driver-note" on:change=choose>
                <option value="" prop:selected=move || chosen.get().is_none()>
                    {none}
                </option>
                {options}
            </select>
        </label>
        <p id="driver-note" class="field-note">
            {note}
        </p>
    }
    .into_any()
}

fn option(driver: &DriverProfile, chosen: RwSignal<Option<DriverId>>) -> AnyView {
    let id = driver.id;
    let words = driver.phone.as_ref().map_or_else(|| driver.name.clone(), |phone| format!("{} · {phone}", driver.name));
    view! {
        <option value=id.to_string() prop:selected=move || chosen.get() == Some(id)>
            {words}
        </option>
    }
    .into_any()
}
