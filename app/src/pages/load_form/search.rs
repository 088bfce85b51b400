//! What the form's fields search for: facilities, carriers and customers.

use crate::{
    api::{
        ApiError, call,
        carriers::ListCarriers,
        facilities::{ListCustomers, ListFacilities},
    },
    components::combobox::{Choice, Search},
    domain::{facility::FacilityProfile, load::CarrierRef},
};
use serde::Serialize;
use std::sync::Arc;

/// The most that a list shows; who looks for another types on.
const AT_ONCE: u32 = 30;

/// Facilities by name, city or state; each choice is a [`FacilityProfile`] as JSON.
pub fn facilities() -> Search {
    Arc::new(|text| {
        Box::pin(async move {
            let request = ListFacilities { search: Some(text), limit: Some(AT_ONCE), ..ListFacilities::default() };
            let found = call(request).await?.data;
            found
                .into_iter()
                .map(|facility: FacilityProfile| {
                    let note = facility.place.to_string();
                    choice(&facility, facility.name.clone(), note)
                })
                .collect()
        })
    })
}

/// Carriers that may be given a load now; each choice is a [`CarrierRef`] as JSON.
pub fn carriers() -> Search {
    Arc::new(|text| {
        Box::pin(async move {
            let request = ListCarriers { search: Some(text), fit: Some(true), cursor: None, limit: Some(AT_ONCE) };
            let found = call(request).await?.data;
            found
                .into_iter()
                .map(|carrier| {
                    let reference = CarrierRef { id: carrier.id, name: carrier.name.clone() };
                    choice(&reference, carrier.name, carrier.mc_number)
                })
                .collect()
        })
    })
}

/// Customers that loads were booked for.
pub fn customers() -> Search {
    Arc::new(|text| {
        Box::pin(async move {
            let found = call(ListCustomers { search: Some(text), limit: Some(AT_ONCE) }).await?.data;
            let choice = |name: String| Choice { value: name.clone(), label: name, note: String::new() };
            Ok(found.into_iter().map(|customer| choice(customer.name)).collect())
        })
    })
}

fn choice(thing: &impl Serialize, label: String, note: String) -> Result<Choice, ApiError> {
    let value = serde_json::to_string(thing).map_err(|error| ApiError::unreachable(error.to_string()))?;
    Ok(Choice { value, label, note })
}
