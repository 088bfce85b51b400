//! Where a truck may be said to be: its last position, a stop, or a place given in degrees.

use crate::{
    api::positions::NewCheckCall,
    components::relative_time::ago,
    domain::{
        geo::LatLng,
        stop::{Stop, StopKind},
        time::{HOUR, Timestamp},
    },
    events::LoadLocationUpdated,
};

/// A position that is older is not taken for where the truck is now.
const FRESH: i64 = HOUR;

/// A place to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// As it stands in the field.
    pub code: String,
    pub words: String,
    /// None: latitude and longitude are to be written.
    pub at: Option<LatLng>,
}

/// The code of the place that is written in degrees.
pub const OTHER: &str = "other";

/// Places to choose from, and which of them is likely: a fresh position, else the stop that it drives to or stands at.
pub fn spots(stops: &[Stop], latest: Option<&LoadLocationUpdated>, now: Timestamp) -> (Vec<Spot>, String) {
    let mut spots = Vec::with_capacity(stops.len() + 2);
    if let Some(latest) = latest {
        let LatLng { lat, lng } = latest.location;
        let age = ago(now.since(latest.recorded_at));
        let near = stops.iter().map(|stop| (stop.location.miles_to(latest.location), stop));
        let near = near.min_by(|(one, _), (other, _)| one.total_cmp(other));
        let near = near.map(|(miles, stop)| format!("{miles:.0} mi from {}, ", stop.place)).unwrap_or_default();
        spots.push(Spot {
            code: "latest".into(),
            words: format!("Last position: {near}{lat:.4}, {lng:.4}, {age}"),
            at: Some(latest.location),
        });
    }
    for stop in stops {
        let kind = match stop.kind {
            StopKind::Pickup => "Pickup",
            StopKind::Delivery => "Delivery",
        };
        spots.push(Spot {
            code: format!("stop-{}", stop.position),
            words: format!("{kind}: {}, {}", stop.facility_name, stop.place),
            at: Some(stop.location),
        });
    }
    spots.push(Spot { code: OTHER.into(), words: "Another place, by latitude and longitude".into(), at: None });
    let is_fresh = latest.is_some_and(|latest| now.since(latest.recorded_at) <= FRESH);
    let next = stops.iter().find(|stop| stop.departed_at.is_none()).or(stops.last());
    let likely = match next {
        _ if is_fresh => "latest".to_owned(),
        Some(stop) => format!("stop-{}", stop.position),
        None => spots[0].code.clone(),
    };
    (spots, likely)
}

/// A place in degrees, as it was written.
pub fn degrees(lat: &str, lng: &str) -> Option<LatLng> {
    LatLng::new(lat.trim().parse().ok()?, lng.trim().parse().ok()?)
}

/// What was written, if it can be sent; else which field is wrong, and why.
pub fn check_call(at: Option<LatLng>, notes: &str, eta: Option<Timestamp>) -> Result<NewCheckCall, Wrong> {
    let location = at.ok_or(Wrong::Place)?;
    let notes = notes.trim().to_owned();
    if notes.is_empty() { Err(Wrong::Notes) } else { Ok(NewCheckCall { location, notes, eta }) }
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Place,
    Notes,
}

/// The instant of a field for date and time, which tells the reading of the viewer's clock. None while it is empty.
pub fn instant(field: &str) -> Option<Timestamp> {
    #[cfg(feature = "hydrate")]
    {
        // Without a zone the browser reads it as its own.
        let millis = js_sys::Date::parse(field);
        millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = field;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{FacilityId, StopId},
        position::{EtaState, PositionSource},
        stop::Place,
        test_cards::{NOW, card, id},
        time::MINUTE,
    };
    use uuid::Uuid;

    const JOLIET: LatLng = LatLng { lat: 41.525, lng: -88.0817 };
    const DALLAS: LatLng = LatLng { lat: 32.7767, lng: -96.797 };

    fn stop(position: i32, kind: StopKind, city: &str, location: LatLng, left: bool) -> Stop {
        Stop {
            id: StopId(Uuid::nil()),
            position,
            kind,
            facility_id: FacilityId(Uuid::nil()),
            facility_name: "Lakeside DC".into(),
            place: Place { city: city.into(), state: "IL".into() },
            location,
            time_zone: "America/Chicago".into(),
            appointment: card(1).pickup,
            arrived_at: None,
            departed_at: left.then_some(NOW),
        }
    }

    fn latest(minutes_ago: i64) -> LoadLocationUpdated {
        LoadLocationUpdated {
            load_id: id(1),
            load_number: "LD-1".into(),
            location: LatLng { lat: 41.6, lng: -88.08 },
            heading: None,
            speed: None,
            recorded_at: NOW.plus(-minutes_ago * MINUTE),
            source: PositionSource::Driver,
            eta: None,
            eta_state: EtaState::OnTime,
        }
    }

    #[test]
    fn a_fresh_position_is_likely_else_the_stop_that_comes_next() {
        let stops =
            [stop(1, StopKind::Pickup, "Joliet", JOLIET, true), stop(2, StopKind::Delivery, "Dallas", DALLAS, false)];
        let (listed, likely) = spots(&stops, Some(&latest(4)), NOW);
        assert_eq!(likely, "latest");
        assert_eq!(listed[0].words, "Last position: 5 mi from Joliet, IL, 41.6000, -88.0800, 4 min ago");
        assert_eq!(listed[1].words, "Pickup: Lakeside DC, Joliet, IL");
        assert_eq!((listed.len(), listed[3].at), (4, None));
        assert_eq!(spots(&stops, Some(&latest(200)), NOW).1, "stop-2", "a position of hours ago is no place");
        assert_eq!(spots(&stops, None, NOW).1, "stop-2");
        assert_eq!(spots(&[], None, NOW).1, OTHER);
    }

    #[test]
    fn degrees_must_be_on_the_earth_and_notes_must_say_something() {
        assert_eq!(degrees(" 41.525", "-88.0817 "), Some(JOLIET));
        assert_eq!((degrees("91", "0"), degrees("", "0"), degrees("north", "0")), (None, None, None));
        assert_eq!(check_call(None, "Rolling", None), Err(Wrong::Place));
        assert_eq!(check_call(Some(JOLIET), " ", None), Err(Wrong::Notes));
        assert_eq!(check_call(Some(JOLIET), " Rolling ", None).map(|call| call.notes).as_deref(), Ok("Rolling"));
    }
}
