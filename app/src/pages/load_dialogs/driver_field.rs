//! The choice among the drivers of a carrier.

use super::fetched::{Fetched, fetch};
use crate::{
    api::carriers::{DriverProfile, ListDrivers},
    domain::{
        id::{CarrierId, DriverId},
        load::{DriverRef, LoadCard},
    },
};
use leptos::prelude::*;

/// Which driver of the carrier is chosen. Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
pub(super) struct DriverChoice {
    carrier: Memo<Option<CarrierId>>,
    /// The driver and the carrier that he drives for: with another carrier he is not chosen.
    picked: RwSignal<Option<(CarrierId, DriverId)>>,
    /// The driver of the load: known by name before the others are.
    first: RwSignal<Option<(CarrierId, DriverRef)>>,
}

impl DriverChoice {
    /// Begins with the driver of a load.
    pub fn of(card: Option<&LoadCard>, carrier: Memo<Option<CarrierId>>) -> Self {
        let first = card.and_then(driver_of);
        Self { carrier, picked: RwSignal::new(first.as_ref().map(ids)), first: RwSignal::new(first) }
    }

    /// Takes the driver of a load in place of the one that was chosen.
    pub fn take(self, card: &LoadCard) {
        let first = driver_of(card);
        self.picked.set(first.as_ref().map(ids));
        self.first.set(first);
    }

    /// The driver, if he is one of the carrier's. Tracked.
    pub fn chosen(self) -> Option<DriverId> {
        of_carrier(self.picked.get(), self.carrier.get())
    }

    fn pick(self, driver: Option<DriverId>) {
        self.picked.set(self.carrier.get_untracked().zip(driver));
    }
}

fn driver_of(card: &LoadCard) -> Option<(CarrierId, DriverRef)> {
    card.carrier.as_ref().map(|carrier| carrier.id).zip(card.driver.clone())
}

fn ids((carrier, driver): &(CarrierId, DriverRef)) -> (CarrierId, DriverId) {
    (*carrier, driver.id)
}

fn of_carrier(picked: Option<(CarrierId, DriverId)>, carrier: Option<CarrierId>) -> Option<DriverId> {
    picked.filter(|(of, _)| Some(*of) == carrier).map(|(_, driver)| driver)
}

/// A field to choose a driver of the carrier, or none. It is fetched anew when the carrier becomes another.
pub(super) fn driver_field(choice: DriverChoice, none: &'static str) -> AnyView {
    let carrier = choice.carrier;
    let drivers = RwSignal::new(Fetched::<Vec<DriverProfile>>::Waiting);
    Effect::new(move |_| {
        let carrier_id = carrier.get();
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
    });
    let options = move || {
        let listed = drivers.get();
        let listed = listed.there().map(Vec::as_slice).unwrap_or_default();
        let first = choice.first.get().filter(|(of, _)| carrier.get() == Some(*of)).map(|(_, driver)| driver);
        // What is chosen is to be seen, even while the others are looked for or can't be listed.
        let first = first.filter(|first| listed.iter().all(|driver| driver.id != first.id));
        let first = first.map(|first| option(first.id, &first.name, first.phone.as_deref(), choice));
        let listed = listed.iter().map(|it| option(it.id, &it.name, it.phone.as_deref(), choice));
        first.into_iter().chain(listed).collect_view().into_any()
    };
    let note = move || match (carrier.get(), drivers.get()) {
        (None, _) => "Choose the carrier first.".to_owned(),
        (_, Fetched::Waiting) => "Looking for its drivers…".into(),
        (_, Fetched::There(drivers)) if drivers.is_empty() => "It has no drivers on file.".into(),
        (_, Fetched::There(_)) => String::new(),
        (_, Fetched::Failed(error)) => format!("Its drivers could not be listed. {}", error.message),
    };
    let choose = move |event: leptos::ev::Event| choice.pick(event_target_value(&event).parse().ok());
    view! {
        <label class="field">
            <span class="field-label">"Driver"</span>
            <select class="input" name="driver" aria-describedby="driver-note" on:change=choose>
                <option value="" prop:selected=move || choice.chosen().is_none()>
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

fn option(id: DriverId, name: &str, phone: Option<&str>, choice: DriverChoice) -> AnyView {
    let words = phone.map_or_else(|| name.to_owned(), |phone| format!("{name} · {phone}"));
    view! {
        <option value=id.to_string() prop:selected=move || choice.chosen() == Some(id)>
            {words}
        </option>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::card;
    use uuid::Uuid;

    #[test]
    fn a_driver_is_chosen_with_his_own_carrier_only() {
        let picked = driver_of(&card(1)).as_ref().map(ids);
        let (swift, carlos) = picked.expect("the load has both");
        assert_eq!(of_carrier(picked, Some(swift)), Some(carlos));
        assert_eq!(of_carrier(picked, Some(CarrierId(Uuid::from_u128(99)))), None, "chosen before the first was known");
        assert_eq!((of_carrier(picked, None), of_carrier(None, Some(swift))), (None, None));
    }
}
