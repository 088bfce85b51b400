//! The last place of each stream that was heard: where who has no live query continues after a loss.

use super::fold::Heard;
use crate::events::{Cursor, Namespace};
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Places(BTreeMap<Namespace, BTreeMap<String, Cursor>>);

impl Places {
    pub fn remember(&mut self, heard: &Heard) {
        match heard {
            Heard::Event(namespace, event) => {
                if let (Some(stream), Some(epoch), Some(seq)) = (&event.stream, &event.epoch, event.seq) {
                    let cursor = Cursor { epoch: epoch.clone(), seq };
                    self.0.entry(*namespace).or_default().insert(stream.clone(), cursor);
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

    /// Adds those of a namespace that are not there.
    pub fn add_to(&self, namespace: Namespace, places: &mut BTreeMap<String, Cursor>) {
        for (stream, cursor) in self.0.get(&namespace).into_iter().flatten() {
            places.entry(stream.clone()).or_insert_with(|| cursor.clone());
        }
    }
}
