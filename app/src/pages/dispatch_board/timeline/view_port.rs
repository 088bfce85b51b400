//! What of the rows is in view: their places from top to bottom, and which of them to have in the document.

use super::chart::Bar;
use std::ops::Range;

/// Height of a track with the gap under it, of the bar in it, and of what a row has above its first and below its last
/// track; in pixels.
pub const TRACK: usize = 32;
pub const BAR: usize = 28;
pub const PADDING: usize = 6;

/// What is assumed of the window's height until it is measured, on the server above all, in pixels.
const ASSUMED_HEIGHT: f64 = 900.0;
/// What is kept in the document above and below what is in view, so that scrolling shows no gap, in pixels.
const OVERSCAN: f64 = 240.0;

/// The least height of a row's tracks: the carrier's name and the count stand beside them.
const LEAST_HEIGHT: usize = 52;

/// How high so many tracks of a row are, in pixels.
pub fn tracks_height(tracks: usize) -> usize {
    (tracks * TRACK + 2 * PADDING).max(LEAST_HEIGHT)
}

/// Where a track begins in its row's drawing, in pixels.
pub const fn track_top(track: usize) -> usize {
    PADDING + track * TRACK
}

/// What is seen of the list of rows. In pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ViewPort {
    /// How far it is scrolled.
    pub top: f64,
    /// 0 until measured.
    pub height: f64,
    /// What each row has beside its tracks: a line under it; on a phone the carrier's name above.
    pub beside: f64,
    /// Whether the part of it above the tracks is as high: on a phone.
    pub is_named_above: bool,
}

impl ViewPort {
    /// Where each row begins, and where the last ends, given the tracks of each.
    pub fn offsets(&self, rows: &[usize]) -> Vec<f64> {
        let mut at = 0.0;
        let mut offsets = Vec::with_capacity(rows.len() + 1);
        offsets.push(at);
        for tracks in rows {
            at += tracks_height(*tracks) as f64 + self.beside;
            offsets.push(at);
        }
        offsets
    }

    /// From where to where the document has something.
    fn kept(&self, end: f64) -> (f64, f64) {
        let height = if self.height > 0.0 { self.height } else { ASSUMED_HEIGHT };
        // A list that just got shorter is scrolled beyond its end until the browser has noticed.
        let top = self.top.clamp(0.0, (end - height).max(0.0));
        (top - OVERSCAN, top + height + OVERSCAN)
    }

    /// The rows of which something is kept.
    pub fn rows(&self, offsets: &[f64]) -> Range<usize> {
        let (Some(end), count) = (offsets.last(), offsets.len().saturating_sub(1)) else { return 0..0 };
        let (from, to) = self.kept(*end);
        let first = offsets.partition_point(|offset| *offset <= from).saturating_sub(1).min(count);
        let last = offsets.partition_point(|offset| *offset < to).min(count);
        first..last.max(first)
    }

    /// Whether a bar of a row that begins at `offset` is kept, of rows that end at `end`.
    pub fn keeps(&self, bar: &Bar, offset: f64, end: f64) -> bool {
        let (from, to) = self.kept(end);
        let top = self.bar_top(bar, offset);
        top + TRACK as f64 > from && top < to
    }

    /// Where a bar is in the list, of a row that begins at `offset`.
    pub fn bar_top(&self, bar: &Bar, offset: f64) -> f64 {
        let above = if self.is_named_above { self.beside } else { 0.0 };
        offset + above + track_top(bar.track) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, id};
    use proptest::prelude::*;

    #[test]
    fn the_server_renders_a_window_full() {
        let port = ViewPort::default();
        let offsets = port.offsets(&[1; 100]);
        assert_eq!((offsets[1], port.rows(&offsets)), (52.0, 0..22));
        assert_eq!(port.rows(&port.offsets(&[])), 0..0);
    }

    #[test]
    fn of_a_high_row_only_the_tracks_in_view_are_kept() {
        let port = ViewPort { top: 10_000.0, height: 600.0, ..ViewPort::default() };
        let offsets = port.offsets(&[1_000]);
        let kept = |track| port.keeps(&Bar { load: id(1), start: NOW, end: NOW, track }, 0.0, offsets[1]);
        assert_eq!(port.rows(&offsets), 0..1);
        assert!(kept(312) && kept(325) && !kept(300) && !kept(340));
    }

    proptest! {
        #[test]
        fn every_row_in_view_is_kept_and_few_others(
            tracks in prop::collection::vec(1usize..12, 1..200), top in 0.0..60_000.0f64, height in 100.0..1_500.0f64,
            beside in 0.0..30.0f64,
        ) {
            let port = ViewPort { top, height, beside, is_named_above: false };
            let offsets = port.offsets(&tracks);
            let range = port.rows(&offsets);
            let end = offsets[tracks.len()];
            let shown = top.min((end - height).max(0.0));
            for row in 0..tracks.len() {
                let in_view = offsets[row + 1] > shown && offsets[row] < shown + height;
                prop_assert!(!in_view || range.contains(&row), "{row} {range:?}");
                let far = offsets[row + 1] < shown - OVERSCAN || offsets[row] > shown + height + OVERSCAN;
                prop_assert!(!far || !range.contains(&row), "{row} {range:?}");
            }
        }
    }
}
