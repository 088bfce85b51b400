//! What a list is made of and what of it is seen, as both change.

use super::{
    Heads, Rows,
    placing::{Heights, Plan, Tall},
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// All in pixels; zero until measured.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Where the list is scrolled to.
    pub top: RwSignal<f64>,
    /// How much of it is seen at a time.
    pub height: RwSignal<f64>,
    pub heights: RwSignal<Heights>,
    pub count: Memo<usize>,
    pub heads: Signal<Heads>,
    /// Rows that show more than the others.
    pub open: Signal<BTreeSet<Uuid>>,
    /// How high they were when they were last seen.
    open_heights: RwSignal<BTreeMap<Uuid, f64>>,
    tall: Memo<Vec<Tall>>,
}

impl Shape {
    pub fn new(rows: Signal<Rows>, heads: Signal<Heads>, open: Signal<BTreeSet<Uuid>>) -> Self {
        let heights = RwSignal::new(Heights::default());
        let open_heights = RwSignal::new(BTreeMap::<Uuid, f64>::new());
        let tall = Memo::new(move |_| {
            let usual = heights.get().row;
            open_heights.with(|known| {
                open.with(|open| {
                    // Rows stand in the flow until one of them is measured.
                    if usual <= 0.0 || open.is_empty() || known.is_empty() {
                        return Vec::new();
                    }
                    let tall = |(row, id): (usize, &Uuid)| {
                        let height = known.get(id).filter(|_| open.contains(id))?;
                        Some(Tall { row, extra: (height - usual).max(0.0) })
                    };
                    rows.with(|rows| rows.iter().enumerate().filter_map(tall).collect())
                })
            })
        });
        Self {
            top: RwSignal::new(0.0),
            height: RwSignal::new(0.0),
            heights,
            count: Memo::new(move |_| rows.with(|rows| rows.len())),
            heads,
            open,
            open_heights,
            tall,
        }
    }

    /// Looks at what the list is made of, and follows it.
    pub fn read<T>(self, look: impl FnOnce(Plan<'_>) -> T) -> T {
        let (heights, count) = (self.heights.get(), self.count.get());
        self.heads.with(|heads| self.tall.with(|tall| look(Plan { heights, count, heads, tall })))
    }

    /// Notes how high an open row is.
    pub fn note_height(self, row: Uuid, height: f64) {
        let known = self.open_heights.try_with_untracked(|known| known.get(&row).copied());
        // The list may be gone.
        if known.is_none_or(|known| known == Some(height)) {
            return;
        }
        self.open_heights.update(|known| {
            self.open.with_untracked(|open| known.retain(|id, _| open.contains(id)));
            known.insert(row, height);
        });
    }
}
