//! Cards and stops for tests.

use super::{
    geo::LatLng,
    id::{CarrierId, DriverId, FacilityId, LoadId, StopId},
    load::{CarrierRef, DriverRef, Equipment, LoadCard},
    status::LoadStatus,
    stop::{Appointment, Place, Stop, StopKind, WindowKind},
    time::{DAY, HOUR, Timestamp},
};
use uuid::Uuid;

/// 2026-11-21T14:05:00Z, when tests take place.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);

pub fn id(number: u128) -> LoadId {
    LoadId(Uuid::from_u128(number))
}

/// A covered, pending load, picked up tomorrow.
pub fn card(number: u128) -> LoadCard {
    let window = |start: Timestamp| Appointment {
        kind: WindowKind::Fixed,
        start,
        end: start.plus(2 * HOUR),
        zone: "CST".into(),
        utc_offset: -360,
    };
    LoadCard {
        id: id(number),
        load_number: format!("LD-202611-{number:05}"),
        status: LoadStatus::Pending,
        version: 1,
        customer: "Acme".into(),
        origin: Place { city: "Joliet".into(), state: "IL".into() },
        destination: Place { city: "Dallas".into(), state: "TX".into() },
        stops_between: 0,
        pickup: window(NOW.plus(DAY)),
        delivery: window(NOW.plus(2 * DAY)),
        equipment: Equipment::DryVan,
        carrier: Some(CarrierRef { id: CarrierId(Uuid::from_u128(7)), name: "Swift Haul".into() }),
        driver: Some(DriverRef { id: DriverId(Uuid::from_u128(8)), name: "Carlos Ruiz".into(), phone: None }),
        dispatcher: None,
        finance: None,
        hot: false,
        exception: false,
        commodity: "Paper".into(),
        weight_lbs: 40_000,
        miles: 925,
        instructions: String::new(),
        references: vec![],
        claimed_by: None,
        tender_returned: None,
        tender_expires_at: None,
        last_check_call_at: None,
        eta: None,
        on_track_at: None,
        status_since: NOW,
        created_at: NOW,
        updated_at: NOW,
        updated_by: None,
    }
}

/// A load in a status, with version 1.
pub fn card_in(number: u128, status: LoadStatus) -> LoadCard {
    LoadCard { status, ..card(number) }
}

/// The stops of such a load: a pickup in Joliet and a delivery in Dallas.
pub fn two_stops() -> Vec<Stop> {
    let card = card(1);
    let stop = |position: i32, kind, place, location, appointment| Stop {
        id: StopId(Uuid::from_u128(position as u128)),
        position,
        kind,
        facility_id: FacilityId(Uuid::nil()),
        facility_name: format!("Dock {position}"),
        place,
        location,
        time_zone: "America/Chicago".into(),
        appointment,
        arrived_at: None,
        departed_at: None,
    };
    let joliet = LatLng { lat: 41.525, lng: -88.0817 };
    let dallas = LatLng { lat: 32.7767, lng: -96.797 };
    vec![
        stop(1, StopKind::Pickup, card.origin, joliet, card.pickup),
        stop(2, StopKind::Delivery, card.destination, dallas, card.delivery),
    ]
}
