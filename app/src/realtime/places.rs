//! The last place of each stream that was heard: where who has no live query continues after a loss.

use super::fold::Heard;
use crate::events::{Cursor, Cursors, Namespace};
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Places(Cursors);

impl Places {
    pub fn remember(&mut self, heard: &Heard) {
        match heard {
            Heard::Event(namespace, event) => {
                if let (Some(stream), Some(epoch), Some(seq)) = (&event.stream, &event.epoch, event.seq) {
                    let cursor = Cursor { epoch: epoch.clone(), seq };
                    let place = self.0.entry(*namespace).or_default().entry(stream.clone()).or_insert(cursor.clone());
                    // One that comes late, or once more, leads nowhere.
                    if place.epoch != cursor.epoch || place.seq < cursor.seq {
                        *place = cursor;
                    }
                }
            }
            Heard::State(namespace, state) => {
                let streams = self.0.entry(*namespace).or_default();
                // A place that was recovered is where the events have led; the state adds nothing.
                let known = streams.get(&state.stream).is_some_and(|place| place.epoch == state.epoch);
                if !state.recovered || !known {
                    let cursor = Cursor { epoch: state.epoch.clone(), seq: state.seq };
                    streams.insert(state.stream.clone(), cursor);
                }
            }
        }
    }

    pub fn get(&self, namespace: Namespace, stream: &str) -> Option<&Cursor> {
        self.0.get(&namespace)?.get(stream)
    }

    /// All of them.
    pub fn cursors(&self) -> Cursors {
        self.0.clone()
    }

    /// Adds those of a namespace that are not there.
    pub fn add_to(&self, namespace: Namespace, places: &mut BTreeMap<String, Cursor>) {
        for (stream, cursor) in self.0.get(&namespace).into_iter().flatten() {
            places.entry(stream.clone()).or_insert_with(|| cursor.clone());
        }
    }
}
