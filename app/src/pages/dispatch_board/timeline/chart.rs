//! Who drives what when: a row for each carrier, its loads stacked in tracks so that none covers another.

use crate::{
    domain::{id::LoadId, time::Timestamp},
    pages::dispatch_board::board_model::Span,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
};
use uuid::Uuid;

/// The row of loads that nobody drives yet.
pub const UNASSIGNED: Uuid = Uuid::nil();

/// A load in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub load: LoadId,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Counted from 0 at the top.
    pub track: usize,
}

impl Bar {
    /// Whether any of it lies between two instants.
    pub fn meets(&self, from: Timestamp, to: Timestamp) -> bool {
        self.start < to && self.end > from
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The carrier, or [`UNASSIGNED`].
    pub key: Uuid,
    pub name: String,
    pub tracks: usize,
    /// By begin.
    pub bars: Vec<Bar>,
}

impl Row {
    /// How many tracks it takes for what lies between two instants: bars further on may need more.
    pub fn tracks_between(&self, from: Timestamp, to: Timestamp) -> usize {
        self.bars.iter().filter(|bar| bar.meets(from, to)).map(|bar| bar.track + 1).max().unwrap_or(0)
    }
}

/// All rows: unassigned loads first, then carriers by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chart {
    pub rows: Vec<Arc<Row>>,
}

/// Where a bar is: row and index in it.
pub type Place = (usize, usize);

impl Chart {
    /// Arranges loads. A bar takes at least `least` milliseconds of room, however short the load is.
    pub fn arrange(spans: Vec<Span>, least: i64) -> Self {
        let mut rows: BTreeMap<(bool, String, Uuid), (String, Vec<Span>)> = BTreeMap::new();
        for span in spans {
            let (key, name) = match &span.carrier {
                Some(carrier) => (carrier.id.0, carrier.name.clone()),
                None => (UNASSIGNED, "Unassigned".to_owned()),
            };
            let rank = (span.carrier.is_some(), name.to_lowercase(), key);
            rows.entry(rank).or_insert_with(|| (name, Vec::new())).1.push(span);
        }
        let rows = rows.into_iter().map(|((_, _, key), (name, spans))| {
            let (bars, tracks) = stack(spans, least);
            Arc::new(Row { key, name, tracks, bars })
        });
        Self { rows: rows.collect() }
    }

    pub fn find(&self, load: LoadId) -> Option<Place> {
        self.rows.iter().enumerate().find_map(|(row, content)| {
            let index = content.bars.iter().position(|bar| bar.load == load)?;
            Some((row, index))
        })
    }

    pub fn bar(&self, (row, index): Place) -> Option<&Bar> {
        self.rows.get(row)?.bars.get(index)
    }

    /// The first bar that lies between two instants.
    pub fn first_between(&self, from: Timestamp, to: Timestamp) -> Option<&Bar> {
        self.rows.iter().find_map(|row| row.bars.iter().find(|bar| bar.meets(from, to)))
    }

    /// Where an arrow key leads from a bar: left and right in the row by time, up and down to the bar of the nearest
    /// track that has one, there to the one nearest to the instant `at`. `None` for keys that lead nowhere.
    pub fn next(&self, key: &str, (row, index): Place, at: Timestamp) -> Option<Place> {
        let here = self.bar((row, index))?;
        let last = self.rows.get(row)?.bars.len().checked_sub(1)?;
        match key {
            "ArrowLeft" => Some((row, index.checked_sub(1)?)),
            "ArrowRight" => (index < last).then_some((row, index + 1)),
            "Home" => Some((row, 0)),
            "End" => Some((row, last)),
            "ArrowUp" => self.above(row, here.track, at),
            "ArrowDown" => self.below(row, here.track, at),
            _ => None,
        }
    }

    fn above(&self, row: usize, track: usize, at: Timestamp) -> Option<Place> {
        let in_row = (0..track).rev().map(|track| (row, track));
        let before = (0..row).rev().flat_map(|row| (0..self.rows[row].tracks).rev().map(move |track| (row, track)));
        in_row.chain(before).find_map(|(row, track)| self.nearest(row, track, at))
    }

    fn below(&self, row: usize, track: usize, at: Timestamp) -> Option<Place> {
        let in_row = (track + 1..self.rows[row].tracks).map(|track| (row, track));
        let after =
            (row + 1..self.rows.len()).flat_map(|row| (0..self.rows[row].tracks).map(move |track| (row, track)));
        in_row.chain(after).find_map(|(row, track)| self.nearest(row, track, at))
    }

    fn nearest(&self, row: usize, track: usize, at: Timestamp) -> Option<Place> {
        let bars = self.rows[row].bars.iter().enumerate().filter(|(_, bar)| bar.track == track);
        bars.min_by_key(|(_, bar)| bar.start.since(at).max(at.since(bar.end)).max(0)).map(|(index, _)| (row, index))
    }
}

/// Gives each load the uppermost track that is free when it begins; answers with how many tracks that takes.
pub fn stack(mut spans: Vec<Span>, least: i64) -> (Vec<Bar>, usize) {
    spans.sort_unstable_by_key(|span| (span.start, span.number, span.load));
    let mut busy: BinaryHeap<Reverse<(Timestamp, usize)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
    let mut tracks = 0;
    let bars = spans.into_iter().map(|Span { load, start, end, .. }| {
        while let Some(Reverse((_, track))) = busy.peek().copied().filter(|Reverse((until, _))| *until <= start) {
            busy.pop();
            free.push(Reverse(track));
        }
        let track = free.pop().map_or_else(
            || {
                tracks += 1;
                tracks - 1
            },
            |Reverse(track)| track,
        );
        busy.push(Reverse((end.max(start.plus(least)), track)));
        Bar { load, start, end, track }
    });
    let bars = bars.collect();
    (bars, tracks)
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
