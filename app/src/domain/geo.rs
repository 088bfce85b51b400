//! Places and distances on the earth. WGS 84 degrees, miles.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in miles (IUGG, 6,371.0088 km).
const EARTH_RADIUS_MILES: f64 = 3_958.761_4;

/// Road miles over great-circle miles, where nobody says how long the road is. The usual rule of thumb of the trade.
pub const ROAD_FACTOR: f64 = 1.2;

/// A position in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LatLng {
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lng: f64,
}

impl LatLng {
    /// A position, if both numbers are finite and on the earth.
    pub fn new(lat: f64, lng: f64) -> Option<Self> {
        // NaN is in no range, so it is refused, too.
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng)).then_some(Self { lat, lng })
    }

    /// Great-circle distance in miles, by the haversine formula (Sinnott, 1984).
    pub fn miles_to(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat2 - lat1) / 2.0;
        let half_lng = (other.lng - self.lng).to_radians() / 2.0;
        let a = half_lat.sin().powi(2) + lat1.cos() * lat2.cos() * half_lng.sin().powi(2);
        2.0 * EARTH_RADIUS_MILES * a.sqrt().min(1.0).asin()
    }

    /// Heading at the start of the great circle to `other`: degrees clockwise from north, 0 to under 360.
    pub fn heading_to(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let delta = (other.lng - self.lng).to_radians();
        let y = delta.sin() * lat2.cos();
        let x = lat1.cos() * lat2.sin() - lat1.sin() * lat2.cos() * delta.cos();
        let degrees = y.atan2(x).to_degrees().rem_euclid(360.0);
        if degrees >= 360.0 { 0.0 } else { degrees }
    }

    /// The point a fraction (0 to 1) of the way to `other`, in a straight line on the plate carrée; meant for short legs.
    pub fn toward(self, other: Self, fraction: f64) -> Self {
        Self { lat: self.lat + (other.lat - self.lat) * fraction, lng: self.lng + (other.lng - self.lng) * fraction }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHICAGO: LatLng = LatLng { lat: 41.8781, lng: -87.6298 };
    const DALLAS: LatLng = LatLng { lat: 32.7767, lng: -96.797 };

    #[test]
    fn chicago_to_dallas_is_about_803_miles_to_the_southwest() {
        assert!((CHICAGO.miles_to(DALLAS) - 803.0).abs() < 3.0, "{}", CHICAGO.miles_to(DALLAS));
        let heading = CHICAGO.heading_to(DALLAS);
        assert!((215.0..230.0).contains(&heading), "{heading}");
    }

    #[test]
    fn refuses_what_is_not_on_the_earth() {
        for (lat, lng) in [(90.1, 0.0), (0.0, -180.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(LatLng::new(lat, lng), None, "{lat},{lng}");
        }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_heading_in_range(
            a in (-89.0..89.0f64, -180.0..180.0f64), b in (-89.0..89.0f64, -180.0..180.0f64)
        ) {
            let (a, b) = (LatLng { lat: a.0, lng: a.1 }, LatLng { lat: b.0, lng: b.1 });
            prop_assert!((a.miles_to(b) - b.miles_to(a)).abs() < 1e-6);
            prop_assert!((0.0..360.0).contains(&a.heading_to(b)));
        }
    }
}
