//! What a form begins with: a load, and the facilities of its stops, on whose clocks its windows are.

use crate::{
    api::{ApiError, call, facilities::ListFacilities, loads::GetLoad},
    domain::{facility::FacilityProfile, id::LoadId, load::Load},
};
use serde::{Deserialize, Serialize};

/// A load and the facilities of its stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadWithPlaces {
    pub load: Load,
    pub places: Vec<FacilityProfile>,
}

/// Fetches a load for the form. On the server it must begin where leptos contexts can be read.
pub async fn load_with_places(id: LoadId) -> Result<LoadWithPlaces, ApiError> {
    let load = call(GetLoad(id)).await?.data;
    let ids = load.stops.iter().map(|stop| stop.facility_id).collect();
    let places = call(ListFacilities { ids, ..ListFacilities::default() }).await?.data;
    Ok(LoadWithPlaces { load, places })
}
