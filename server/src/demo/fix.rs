//! A position report of a truck.

use app::domain::{geo::LatLng, time::Timestamp};

/// Where a truck was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    pub at: LatLng,
    /// Degrees clockwise from north, 0 to under 360.
    pub heading: f64,
    pub speed_mph: f64,
    pub recorded_at: Timestamp,
}
