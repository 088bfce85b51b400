//! The interstates of the United States as a graph, and the shortest way over them.

mod network;
mod reach;
mod route;

use app::domain::geo::LatLng;
use std::sync::LazyLock;

pub use reach::Reach;
pub use route::{Route, Spot};

/// How much longer the way between a gate and the interstate is than the straight line; an estimate for city streets.
const STREETS: f64 = 1.25;
/// Below this many miles apart, two places may be reached over streets alone.
const ACROSS_TOWN: f64 = 40.0;

/// A city or an interchange.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Junction {
    /// Such as `Amarillo, TX`.
    pub name: &'static str,
    pub at: LatLng,
}

/// A straight piece of road between two points of the graph.
#[derive(Debug, Clone, Copy)]
struct Piece {
    ends: (usize, usize),
    /// Such as `I-40`.
    road: &'static str,
    /// Along the road, not the line.
    miles: f64,
}

/// The road network.
#[derive(Debug, Default)]
pub struct Roads {
    points: Vec<LatLng>,
    junctions: Vec<Junction>,
    pieces: Vec<Piece>,
    /// The pieces that meet at each point.
    meeting: Vec<Vec<usize>>,
}

/// Where a place outside the network meets it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    piece: usize,
    /// Fraction of the piece, from its first end.
    fraction: f64,
    at: LatLng,
}

impl Roads {
    /// The network of `roads/interstates.txt`, read once.
    pub fn interstates() -> &'static Roads {
        static NETWORK: LazyLock<Roads> = LazyLock::new(network::read);
        &NETWORK
    }

    /// The shortest way from one place to another: over streets to the nearest interstate, along the interstates,
    /// and over streets again. Places need not lie on a road.
    pub fn route(&self, from: LatLng, to: LatLng) -> Route {
        self.reach(from).route(to)
    }

    /// Everything that can be reached from a place, to ask for many routes from it.
    pub fn reach(&self, from: LatLng) -> Reach<'_> {
        Reach::explore(self, from)
    }

    /// The junction nearest to a place.
    pub fn nearest_junction(&self, at: LatLng) -> Option<&Junction> {
        self.junctions.iter().min_by(|a, b| at.miles_to(a.at).total_cmp(&at.miles_to(b.at)))
    }

    /// All junctions.
    pub fn junctions(&self) -> &[Junction] {
        &self.junctions
    }

    /// The point of the network that is nearest to a place.
    fn enter(&self, at: LatLng) -> Option<Entry> {
        let squeeze = at.lat.to_radians().cos();
        let nearest = (0..self.pieces.len()).map(|piece| self.approach(at, squeeze, piece));
        nearest.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(entry, _)| entry)
    }

    /// The point of a piece that is nearest to a place, and the square of its distance in degrees of latitude. Works on
    /// the plane: good enough to compare the pieces near a place.
    fn approach(&self, at: LatLng, squeeze: f64, piece: usize) -> (Entry, f64) {
        let (a, b) = self.pieces[piece].ends;
        let (a, b) = (self.points[a], self.points[b]);
        let (dx, dy) = ((b.lng - a.lng) * squeeze, b.lat - a.lat);
        let (px, py) = ((at.lng - a.lng) * squeeze, at.lat - a.lat);
        let fraction = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let (x, y) = (px - dx * fraction, py - dy * fraction);
        (Entry { piece, fraction, at: a.toward(b, fraction) }, x * x + y * y)
    }
}

#[cfg(test)]
#[path = "roads/roads_tests.rs"]
mod tests;
