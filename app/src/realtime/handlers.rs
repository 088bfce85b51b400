//! Who wants which event, and that each hears it once however often it comes.

use super::once::Once;
use crate::events::{Namespace, RawEnvelope};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

/// Events that are remembered, so that a repeated one is not handed over again: two replays of the longest kind.
const REMEMBERED: usize = 2_000;

/// Takes the events of one name.
pub type Handler = Rc<dyn Fn(&RawEnvelope)>;

pub struct Handlers {
    by_key: RefCell<BTreeMap<u32, (Namespace, &'static str, Handler)>>,
    next_key: Cell<u32>,
    once: RefCell<Once>,
}

impl Default for Handlers {
    fn default() -> Self {
        let once = RefCell::new(Once::with_capacity(REMEMBERED));
        Self { by_key: RefCell::default(), next_key: Cell::new(0), once }
    }
}

impl Handlers {
    /// The key by which it is removed.
    pub fn add(&self, namespace: Namespace, name: &'static str, handler: Handler) -> u32 {
        let key = self.next_key.replace(self.next_key.get().wrapping_add(1));
        self.by_key.borrow_mut().insert(key, (namespace, name, handler));
        key
    }

    pub fn remove(&self, key: u32) {
        let removed = self.by_key.borrow_mut().remove(&key);
        // What it holds may in turn reach for the handlers, so it goes after the borrow.
        drop(removed);
    }

    /// Hands an event to the handlers of its name, once however often it comes.
    pub fn hand_over(&self, namespace: Namespace, event: &RawEnvelope) {
        let mut wanted = Vec::new();
        let mut known_as = None;
        for (key, (of, name, _)) in self.by_key.borrow().iter() {
            if *of == namespace && *name == event.event {
                wanted.push(*key);
                known_as = Some(*name);
            }
        }
        let Some(name) = known_as else { return };
        // Volatile events are never repeated.
        if event.stream.is_some() && !self.once.borrow_mut().is_first((namespace, name, event.id)) {
            return;
        }
        for key in wanted {
            // One handler may have removed another.
            let handler = self.by_key.borrow().get(&key).map(|(_, _, handler)| handler.clone());
            if let Some(handler) = handler {
                handler(event);
            }
        }
    }

    /// Whether any is for events of this namespace.
    pub fn listen_to(&self, namespace: Namespace) -> bool {
        self.by_key.borrow().values().any(|(of, ..)| *of == namespace)
    }

    pub fn count(&self) -> usize {
        self.by_key.borrow().len()
    }
}
