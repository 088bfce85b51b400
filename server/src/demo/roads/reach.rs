//! Shortest ways from one place to everywhere, by Dijkstra's algorithm (1959).

use super::{ACROSS_TOWN, Entry, Roads, Route, STREETS};
use app::domain::geo::LatLng;
use std::{cmp::Ordering, collections::BinaryHeap};

/// What can be reached from a place, and how.
#[derive(Debug, Clone)]
pub struct Reach<'a> {
    roads: &'a Roads,
    from: LatLng,
    entry: Option<Entry>,
    /// Miles from the entry to each point of the network; infinite where no road leads.
    miles: Vec<f64>,
    /// The piece over which each point is reached; none where it is an end of the entry's own piece.
    over: Vec<Option<usize>>,
}

/// A point at the edge of what is explored; the nearest is the greatest.
#[derive(PartialEq)]
struct Edge {
    miles: f64,
    point: usize,
}

impl Eq for Edge {}

impl Ord for Edge {
    fn cmp(&self, other: &Self) -> Ordering {
        other.miles.total_cmp(&self.miles).then(other.point.cmp(&self.point))
    }
}

impl PartialOrd for Edge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Reach<'a> {
    pub(super) fn explore(roads: &'a Roads, from: LatLng) -> Self {
        let count = roads.points.len();
        let entry = roads.enter(from);
        let mut reach = Self { roads, from, entry, miles: vec![f64::INFINITY; count], over: vec![None; count] };
        let mut edge = BinaryHeap::new();
        if let Some(entry) = entry {
            for (point, miles) in reach.ends(entry) {
                reach.miles[point] = miles;
                edge.push(Edge { miles, point });
            }
        }
        while let Some(Edge { miles, point }) = edge.pop() {
            if miles > reach.miles[point] {
                continue;
            }
            for &index in &roads.meeting[point] {
                let piece = &roads.pieces[index];
                let next = if piece.ends.0 == point { piece.ends.1 } else { piece.ends.0 };
                let further = miles + piece.miles;
                if further < reach.miles[next] {
                    reach.miles[next] = further;
                    reach.over[next] = Some(index);
                    edge.push(Edge { miles: further, point: next });
                }
            }
        }
        reach
    }

    /// The two ends of the piece at which the network is entered, and the miles to each.
    fn ends(&self, entry: Entry) -> [(usize, f64); 2] {
        let piece = &self.roads.pieces[entry.piece];
        [(piece.ends.0, piece.miles * entry.fraction), (piece.ends.1, piece.miles * (1.0 - entry.fraction))]
    }

    /// The shortest way to a place.
    pub fn route(&self, to: LatLng) -> Route {
        let across = Route::start(self.from).on(to, "", STREETS);
        let (Some(entry), Some(exit)) = (self.entry, self.roads.enter(to)) else { return across };
        let over = self.over_roads(entry, exit, to);
        if self.from.miles_to(to) < ACROSS_TOWN && across.miles() < over.miles() { across } else { over }
    }

    /// By the end of the exit's piece over which the way is shorter, or along one piece that has both.
    fn over_roads(&self, entry: Entry, exit: Entry, to: LatLng) -> Route {
        let piece = &self.roads.pieces[exit.piece];
        let [first, second] = self.ends(exit);
        let total = |end: (usize, f64)| self.miles[end.0] + end.1;
        let (last, left) = if total(second) < total(first) { second } else { first };
        let straight = piece.miles * (exit.fraction - entry.fraction).abs();
        let route = Route::start(self.from).on(entry.at, "", STREETS);
        let route = if entry.piece == exit.piece && straight <= total((last, left)) {
            route.on_for(exit.at, piece.road, straight)
        } else {
            self.follow(route, entry, last).on_for(exit.at, piece.road, left)
        };
        route.on(to, "", STREETS)
    }

    /// From the entry over the pieces that lead to a point.
    fn follow(&self, route: Route, entry: Entry, last: usize) -> Route {
        let mut steps = Vec::new();
        let mut point = last;
        while let Some(index) = self.over[point] {
            let piece = &self.roads.pieces[index];
            steps.push((point, piece));
            point = if piece.ends.0 == point { piece.ends.1 } else { piece.ends.0 };
        }
        let road = self.roads.pieces[entry.piece].road;
        let first = route.on_for(self.roads.points[point], road, self.miles[point]);
        let points = &self.roads.points;
        steps.iter().rev().fold(first, |route, (point, piece)| route.on_for(points[*point], piece.road, piece.miles))
    }
}
