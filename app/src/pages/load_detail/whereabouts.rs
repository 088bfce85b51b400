//! Where a truck is, in words: against the stops of its load.

use crate::domain::{geo::LatLng, stop::Stop};

/// Within so many miles, one is at a place.
const AT: f64 = 1.0;

/// `At Joliet Cold Storage`, or `12 mi from Joliet Cold Storage, Joliet, IL`: by the nearest stop, as the crow flies.
pub fn whereabouts(at: LatLng, stops: &[Stop]) -> String {
    let nearest = stops.iter().map(|stop| (at.miles_to(stop.location), stop)).min_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((miles, stop)) if miles <= AT => format!("At {}", stop.facility_name),
        Some((miles, stop)) => format!("{miles:.0} mi from {}, {}", stop.facility_name, stop.place),
        None => coordinates(at),
    }
}

/// `41.5250, -88.0817`.
pub fn coordinates(at: LatLng) -> String {
    format!("{:.4}, {:.4}", at.lat, at.lng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::two_stops;

    #[test]
    fn a_place_is_told_by_the_nearest_stop() {
        let stops = two_stops();
        assert_eq!(whereabouts(LatLng { lat: 41.526, lng: -88.08 }, &stops), "At Dock 1");
        assert_eq!(whereabouts(LatLng { lat: 33.0, lng: -96.797 }, &stops), "15 mi from Dock 2, Dallas, TX");
        assert_eq!(whereabouts(LatLng { lat: 33.0, lng: -96.797 }, &[]), "33.0000, -96.7970");
    }
}
