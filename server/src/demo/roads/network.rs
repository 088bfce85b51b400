//! Reads the network from its two tables, which are part of the program.

use super::{Junction, Piece, Roads};
use app::domain::geo::LatLng;
use std::collections::HashMap;

pub(super) const JUNCTIONS: &str = include_str!("junctions.txt");
pub(super) const INTERSTATES: &str = include_str!("interstates.txt");

/// How much longer a road is than the straight lines between its points, where the table says nothing else.
const WINDING: f64 = 1.06;

/// Builds the network. What can't be read is left out; a test shows that nothing is.
pub(super) fn read() -> Roads {
    let mut roads = Roads::default();
    let mut known = HashMap::new();
    for line in lines(JUNCTIONS) {
        if let Some((name, at)) = line.split_once(": ").and_then(|(name, at)| Some((name, position(at)?))) {
            roads.junctions.push(Junction { name, at });
            let point = roads.add_point(at);
            known.insert(name, point);
        }
    }
    for line in lines(INTERSTATES) {
        let Some((head, run)) = line.split_once(": ") else { continue };
        let (road, winding) = heading(head);
        let mut before = None;
        for text in run.split(" > ") {
            let point = match known.get(text) {
                Some(point) => Some(*point),
                None => position(text).map(|at| *known.entry(text).or_insert_with(|| roads.add_point(at))),
            };
            if let (Some(a), Some(b)) = (before, point) {
                roads.join(a, b, road, winding);
            }
            before = point;
        }
    }
    roads
}

/// The lines that say something.
pub(super) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `I-70` or `I-70 x1.20`: a road, and how it winds.
fn heading(head: &'static str) -> (&'static str, f64) {
    match head.split_once(" x") {
        Some((road, winding)) => (road, winding.parse().unwrap_or(WINDING)),
        None => (head, WINDING),
    }
}

/// `35.19 -101.84`.
pub(super) fn position(text: &str) -> Option<LatLng> {
    let (lat, lng) = text.split_once(' ')?;
    LatLng::new(lat.parse().ok()?, lng.parse().ok()?)
}

impl Roads {
    fn add_point(&mut self, at: LatLng) -> usize {
        self.points.push(at);
        self.meeting.push(Vec::new());
        self.points.len() - 1
    }

    fn join(&mut self, a: usize, b: usize, road: &'static str, winding: f64) {
        let miles = self.points[a].miles_to(self.points[b]) * winding;
        if miles > 0.0 {
            self.meeting[a].push(self.pieces.len());
            self.meeting[b].push(self.pieces.len());
            self.pieces.push(Piece { ends: (a, b), road, miles });
        }
    }
}
