//! What hands do on the timeline: drag and wheel move through time, arrows lead from bar to bar.

use super::plan::Plan;
use crate::pages::dispatch_board::strip::{card_of, element_of};
use leptos::{
    ev::{KeyboardEvent, PointerEvent, WheelEvent},
    prelude::*,
};

/// How far a pointer travels before a press is a drag, in pixels.
const START: f64 = 5.0;
/// How much of what is shown an arrow key moves on.
const KEY_STEP: f64 = 0.25;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Grip {
    #[default]
    Open,
    Pressed {
        pointer: i32,
        x: f64,
    },
    Dragging {
        pointer: i32,
        x: f64,
    },
}

/// A hand that drags the timeline through time.
#[derive(Clone, Copy)]
pub struct Drag {
    plan: Plan,
    grip: StoredValue<Grip>,
    /// The click that ends a drag is none.
    has_dragged: StoredValue<bool>,
}

impl Drag {
    pub fn new(plan: Plan) -> Self {
        Self { plan, grip: StoredValue::default(), has_dragged: StoredValue::new(false) }
    }

    /// A mouse takes the background; a finger whatever it touches.
    pub fn press(self, event: &PointerEvent) {
        let Some(target) = element_of(event) else { return };
        let is_touch = event.pointer_type() == "touch";
        let is_on_bar = card_of(&target).is_some();
        let is_control = target.closest("button, .timeline-row-name").ok().flatten().is_some();
        self.has_dragged.set_value(false);
        if event.button() == 0 && event.is_primary() && !is_control && (is_touch || !is_on_bar) {
            self.grip.set_value(Grip::Pressed { pointer: event.pointer_id(), x: f64::from(event.client_x()) });
        }
    }

    pub fn follow(self, event: &PointerEvent) {
        let at = f64::from(event.client_x());
        // Let go of where nobody saw it.
        if event.buttons() == 0 {
            self.release();
        }
        match self.grip.get_value() {
            Grip::Pressed { pointer, x } if pointer == event.pointer_id() && (at - x).abs() >= START => {
                self.grip.set_value(Grip::Dragging { pointer, x: at });
                self.has_dragged.set_value(true);
                if let Some(scroller) = self.plan.scroller.get_untracked() {
                    // It fails only if the pointer is gone already; nothing is dragged then.
                    let _ = scroller.set_pointer_capture(pointer);
                }
            }
            Grip::Dragging { pointer, x } if pointer == event.pointer_id() => {
                self.plan.pan_pixels(x - at);
                self.grip.set_value(Grip::Dragging { pointer, x: at });
            }
            _ => {}
        }
    }

    pub fn release(self) {
        self.grip.set_value(Grip::Open);
    }

    pub fn has_dragged(self) -> bool {
        self.has_dragged.get_value()
    }
}

/// A wheel that turns sideways, or with Shift, moves through time; up and down scrolls the carriers.
pub fn on_wheel(plan: Plan, event: &WheelEvent) {
    if event.ctrl_key() || event.delta_x() == 0.0 {
        return;
    }
    // By lines or by pages, where a mouse counts in those.
    let unit = match event.delta_mode() {
        0 => 1.0,
        1 => 16.0,
        _ => 400.0,
    };
    plan.pan_pixels(event.delta_x() * unit);
}

/// Takes the keys that lead somewhere on the timeline; the others are the board's.
pub fn on_key(plan: Plan, event: &KeyboardEvent) {
    let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    let Some(target) = element_of(event).filter(|_| !has_modifier) else { return };
    let key = event.key();
    let is_arrow = matches!(key.as_str(), "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End");
    let is_done = match (card_of(&target), key.as_str()) {
        (_, "PageUp" | "PageDown") if event.shift_key() => {
            plan.pan(if key == "PageUp" { -1.0 } else { 1.0 });
            true
        }
        (Some((_, load)), _) if is_arrow && !event.shift_key() => {
            if let Some(next) = plan.next(&key, load) {
                plan.desk.focus(next);
            }
            true
        }
        (_, "ArrowLeft" | "ArrowRight") => {
            plan.pan(if key == "ArrowLeft" { -KEY_STEP } else { KEY_STEP });
            true
        }
        _ => false,
    };
    if is_done {
        event.prevent_default();
    }
}
