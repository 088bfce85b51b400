//! A way along the roads: where it is at each mile.

use app::domain::geo::LatLng;

/// A polyline with miles. It has at least one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    points: Vec<LatLng>,
    /// Miles from the start, at each point.
    miles: Vec<f64>,
    /// The road that leads to each point from the one before; empty on streets, and for the first.
    roads: Vec<&'static str>,
}

/// A position on a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub at: LatLng,
    /// Degrees clockwise from north, 0 to under 360.
    pub heading: f64,
    /// The road, such as `I-40`; empty on streets.
    pub road: &'static str,
}

impl Route {
    /// A route that ends where it starts.
    pub fn start(at: LatLng) -> Self {
        Self { points: vec![at], miles: vec![0.0], roads: vec![""] }
    }

    /// Goes on in a straight line; the road is `winding` times as long.
    pub(super) fn on(self, to: LatLng, road: &'static str, winding: f64) -> Self {
        let miles = self.points.last().map_or(0.0, |at| at.miles_to(to)) * winding;
        self.on_for(to, road, miles)
    }

    /// Goes on to a point that is this many miles further along the road.
    pub(super) fn on_for(mut self, to: LatLng, road: &'static str, miles: f64) -> Self {
        // Points on top of each other have no heading between them.
        if miles > 1e-6 && self.points.last() != Some(&to) {
            self.miles.push(self.miles() + miles);
            self.points.push(to);
            self.roads.push(road);
        }
        self
    }

    /// Its length in miles.
    pub fn miles(&self) -> f64 {
        self.miles.last().copied().unwrap_or(0.0)
    }

    /// Where it bends, start and end included.
    #[cfg(test)]
    pub fn points(&self) -> &[LatLng] {
        &self.points
    }

    /// The position after so many miles; the start before the first, the end after the last.
    pub fn point_at(&self, mile: f64) -> Spot {
        let mile = if mile > 0.0 { mile.min(self.miles()) } else { 0.0 };
        let last = self.points.len() - 1;
        // The piece that ends at or after the mile; the first one for the start.
        let end = self.miles.partition_point(|at| *at < mile).clamp(1, last.max(1)).min(last);
        let Some(begin) = end.checked_sub(1) else {
            return Spot { at: self.points[0], heading: 0.0, road: "" };
        };
        let (from, to) = (self.points[begin], self.points[end]);
        let fraction = (mile - self.miles[begin]) / (self.miles[end] - self.miles[begin]);
        let at = from.toward(to, fraction.clamp(0.0, 1.0));
        Spot { at, heading: from.heading_to(to), road: self.roads[end] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EAST: LatLng = LatLng { lat: 0.0, lng: 1.0 };
    const HERE: LatLng = LatLng { lat: 0.0, lng: 0.0 };

    #[test]
    fn a_route_to_nowhere_has_a_place_and_no_miles() {
        let route = Route::start(HERE).on(HERE, "I-1", 1.0);
        for mile in [-1.0, 0.0, 5.0, f64::NAN, f64::INFINITY] {
            assert_eq!(route.point_at(mile), Spot { at: HERE, heading: 0.0, road: "" });
        }
    }

    #[test]
    fn a_position_lies_between_the_ends_and_heads_along_the_road() {
        let route = Route::start(HERE).on_for(EAST, "I-1", 80.0);
        let spot = route.point_at(20.0);
        assert_eq!((spot.at, spot.road), (LatLng { lat: 0.0, lng: 0.25 }, "I-1"));
        assert!((spot.heading - 90.0).abs() < 1e-9);
        assert_eq!(route.point_at(f64::NAN).at, HERE);
        assert_eq!(route.point_at(1e9).at, EAST);
    }
}
