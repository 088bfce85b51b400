//! What trucks and drivers do, for the runner to carry out.

use app::domain::{geo::LatLng, id::LoadId, status::LoadStatus, time::Timestamp};

/// Something that happened in the simulated world.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The truck of a load reports where it is.
    Position {
        load: LoadId,
        at: LatLng,
        /// Degrees clockwise from north, 0 to under 360.
        heading: f64,
        /// What the speedometer shows, not the simulated haste.
        speed_mph: f64,
        /// By the real clock.
        recorded_at: Timestamp,
    },
    /// A load goes one step forward: by its driver from `AT_PICKUP` to `DELIVERED`, else by a dispatcher.
    Status { load: LoadId, to: LoadStatus },
    /// The driver of a load is called.
    CheckCall {
        load: LoadId,
        at: LatLng,
        note: String,
        /// When the truck expects to be at its next stop, by the real clock and at a real truck's pace; none while it
        /// stands at one.
        eta: Option<Timestamp>,
    },
}
