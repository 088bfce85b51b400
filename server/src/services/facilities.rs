//! Facilities: reading them, and every change of one.

use super::{
    Caller, ServiceError, Services,
    audit::{self, Noted},
    text,
};
use crate::store::{
    self, Constraint, StoreError,
    facilities::{self, Facility},
    idempotency,
};
use app::{
    api::{
        Page, PageInfo,
        audit::AuditAction,
        facilities::{CreateFacility, FacilityPatch},
    },
    domain::{geo::LatLng, id::FacilityId, stop::Place},
};
use serde_json::{Value, json};
use uuid::Uuid;

const NAME_CHARS: usize = 120;
const ADDRESS_CHARS: usize = 200;
const CITY_CHARS: usize = 80;
/// From the length of a dock to the size of a town.
const GEOFENCE_MILES: std::ops::RangeInclusive<f64> = 0.05..=25.0;

/// Which facilities to list.
#[derive(Debug, Clone)]
pub struct FacilityRequest {
    pub search: Option<String>,
    /// Only these, where there are any; then nothing else counts.
    pub ids: Vec<FacilityId>,
    /// Only those that follow this one.
    pub after: Option<FacilityId>,
    pub limit: i64,
}

impl Services {
    /// Facilities, by name.
    pub async fn list_facilities(
        &self,
        caller: &Caller,
        request: FacilityRequest,
    ) -> Result<Page<Facility>, ServiceError> {
        caller.check_staff("see facilities")?;
        let FacilityRequest { search, ids, after, limit } = request;
        let mut tx = self.database.begin_snapshot().await?;
        if !ids.is_empty() {
            let mut data = Vec::new();
            for id in ids {
                data.extend(facilities::find(&mut tx, caller.tenant, id).await?);
            }
            data.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            data.dedup_by_key(|facility| facility.id);
            let total = data.len() as i64;
            return Ok(Page { data, page: PageInfo { next: None, total } });
        }
        let search = search.map(|search| search.trim().to_owned()).filter(|search| !search.is_empty());
        // One more than asked for tells whether there is a next page.
        let (mut data, total) =
            facilities::search(&mut tx, caller.tenant, search.as_deref(), after, limit.saturating_add(1)).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| has_more).map(|facility| facility.id.to_string());
        Ok(Page { data, page: PageInfo { next, total } })
    }

    pub async fn facility(&self, caller: &Caller, facility: FacilityId) -> Result<Facility, ServiceError> {
        caller.check_staff("see facilities")?;
        let mut tx = self.database.begin_snapshot().await?;
        facilities::find(&mut tx, caller.tenant, facility).await?.ok_or(ServiceError::NotFound("facility"))
    }

    pub async fn create_facility(&self, caller: &Caller, request: CreateFacility) -> Result<Facility, ServiceError> {
        caller.check_manages("add facilities")?;
        let facility = Facility {
            id: FacilityId(Uuid::now_v7()),
            name: text::line("name", &request.name, NAME_CHARS)?,
            address: request.address.map(|address| street(&address)).transpose()?.flatten(),
            place: place(request.place)?,
            zone: zone(request.zone)?,
            location: location(request.location)?,
            geofence_miles: request.geofence_miles.map(geofence).transpose()?,
        };
        let mut tx = self.database.begin_write().await?;
        facilities::insert(&mut tx, caller.tenant, &facility).await.map_err(|error| refused(error, &facility))?;
        let noted = Noted::new(AuditAction::FacilityCreated).of("facility", facility.id);
        let noted = noted.with(json!({ "after": facts(&facility) }));
        audit::note(&mut tx, caller, self.clock.now(), noted).await?;
        idempotency::note_done(&mut tx).await?;
        store::commit(tx).await?;
        Ok(facility)
    }

    /// Changes what the patch names. Windows of stops stay at their instants, whatever clock they are then shown on.
    pub async fn patch_facility(
        &self,
        caller: &Caller,
        facility: FacilityId,
        patch: FacilityPatch,
    ) -> Result<Facility, ServiceError> {
        caller.check_manages("change facilities")?;
        let mut tx = self.database.begin_write().await?;
        facilities::lock(&mut tx, caller.tenant, facility).await?;
        let before = facilities::find(&mut tx, caller.tenant, facility).await?;
        let before = before.ok_or(ServiceError::NotFound("facility"))?;
        let mut after = before.clone();
        if let Some(name) = patch.name {
            after.name = text::line("name", &name, NAME_CHARS)?;
        }
        if let Some(address) = patch.address {
            after.address = street(&address)?;
        }
        if let Some(asked) = patch.place {
            after.place = place(asked)?;
        }
        if let Some(asked) = patch.zone {
            after.zone = zone(asked)?;
        }
        if let Some(at) = patch.location {
            after.location = location(at)?;
        }
        if let Some(miles) = patch.geofence_miles {
            after.geofence_miles = if miles == 0.0 { None } else { Some(geofence(miles)?) };
        }
        facilities::update(&mut tx, caller.tenant, &after).await.map_err(|error| refused(error, &after))?;
        let noted = Noted::new(AuditAction::FacilityChanged).of("facility", after.id);
        let noted = noted.with(json!({ "before": facts(&before), "after": facts(&after) }));
        audit::note(&mut tx, caller, self.clock.now(), noted).await?;
        idempotency::note_done(&mut tx).await?;
        store::commit(tx).await?;
        Ok(after)
    }
}

/// What the audit trail keeps of a facility.
fn facts(facility: &Facility) -> Value {
    let Facility { name, address, place, zone, location, geofence_miles, .. } = facility;
    json!({ "name": name, "address": address, "place": place, "zone": zone, "location": location,
        "geofenceMiles": geofence_miles })
}

fn street(address: &str) -> Result<Option<String>, ServiceError> {
    if address.trim().is_empty() { Ok(None) } else { text::line("address", address, ADDRESS_CHARS).map(Some) }
}

fn place(place: Place) -> Result<Place, ServiceError> {
    let state = place.state.trim().to_uppercase();
    if state.len() != 2 || !state.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(ServiceError::field("place", "takes a state of two letters, such as IL"));
    }
    Ok(Place { city: text::line("place", &place.city, CITY_CHARS)?, state })
}

/// A zone that appointments can be made in.
fn zone(name: String) -> Result<String, ServiceError> {
    match jiff::tz::TimeZone::get(&name) {
        // The database finds names in whatever case; browsers are told the right one.
        Ok(zone) => Ok(zone.iana_name().map_or(name, str::to_owned)),
        Err(_) => Err(ServiceError::field("zone", "takes the IANA name of a time zone, such as America/Chicago")),
    }
}

fn location(at: LatLng) -> Result<LatLng, ServiceError> {
    LatLng::new(at.lat, at.lng)
        .ok_or_else(|| ServiceError::field("location", "takes a latitude of -90 to 90 and a longitude of -180 to 180"))
}

fn geofence(miles: f64) -> Result<f64, ServiceError> {
    if GEOFENCE_MILES.contains(&miles) {
        return Ok(miles);
    }
    let (least, most) = (GEOFENCE_MILES.start(), GEOFENCE_MILES.end());
    Err(ServiceError::field("geofenceMiles", format_args!("takes {least} to {most} miles")))
}

fn refused(error: StoreError, facility: &Facility) -> ServiceError {
    match error.constraint() {
        Some(Constraint::FacilityName) => {
            ServiceError::taken("name", format!("Another facility is called {} already.", facility.name))
        }
        _ => error.into(),
    }
}
