//! The hand that carries a card: feeds the drag machine with pointer events and does what it says.

use super::{card_of, element_of, lanes_on_screen};
use crate::{
    components::relative_time::ago,
    domain::{id::LoadId, status::Lane},
    pages::dispatch_board::{
        desk::{Carried, Desk},
        drag::{Act, Drag, HOLD, Input, Point, Pointer, lane_at},
        expanded::is_of_more,
        judgement::landing,
        moves::still_moving,
    },
};
use leptos::{ev::PointerEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*, wasm_bindgen::JsCast};
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct Hand {
    desk: Desk,
    strip: NodeRef<html::Div>,
    ghost: NodeRef<html::Div>,
    drag: StoredValue<Drag>,
    /// Where on the card it was taken.
    grip: StoredValue<Point>,
    hold: StoredValue<Option<TimeoutHandle>>,
}

impl Hand {
    pub fn new(desk: Desk, strip: NodeRef<html::Div>, ghost: NodeRef<html::Div>) -> Self {
        Self {
            desk,
            strip,
            ghost,
            drag: StoredValue::new(Drag::Idle),
            grip: StoredValue::new(Point::default()),
            hold: StoredValue::new(None),
        }
    }

    pub fn is_carrying(self) -> bool {
        self.drag.try_get_value().is_some_and(Drag::is_dragging)
    }

    pub fn press(self, event: &PointerEvent) {
        let Some(target) = element_of(event) else { return };
        let is_marking = is_of_more(&target);
        self.desk.hands.marking.set_value(is_marking);
        let is_no_handle = is_marking || target.closest("button, a, input").ok().flatten().is_some();
        if event.button() != 0 || !event.is_primary() || is_no_handle {
            return;
        }
        let Some((_, load)) = card_of(&target) else { return };
        self.stop_holding();
        let kind = if event.pointer_type() == "touch" { Pointer::Touch } else { Pointer::Fine };
        self.take(Input::Down { pointer: event.pointer_id(), kind, load, at: point(event) });
        if kind == Pointer::Touch {
            let held = move || self.take(Input::Held);
            self.hold.set_value(set_timeout_with_handle(held, Duration::from_millis(HOLD)).ok());
        }
    }

    pub fn follow(self, event: &PointerEvent) {
        if self.drag.with_value(|drag| *drag == Drag::Idle) {
            return;
        }
        // Until a card is lifted the strip hears of no release outside of it.
        if event.buttons() == 0 {
            return self.cancel();
        }
        let at = point(event);
        self.take(Input::Move { pointer: event.pointer_id(), at, over: self.lane_under(at) });
    }

    pub fn release(self, event: &PointerEvent) {
        self.take(Input::Up { pointer: event.pointer_id() });
    }

    pub fn cancel(self) {
        self.take(Input::Cancel);
    }

    /// Ends the drag and says who did it when somebody else changes the load meanwhile.
    pub fn let_go_when_the_load_changes(self) {
        let desk = self.desk;
        Effect::new(move |_| {
            let model = desk.model();
            model.changes();
            let Some(carried) = desk.carried.get() else { return };
            let now = model.clock().glance();
            let message = match model.signals(carried.load).map(|signals| signals.card.get_untracked()) {
                None => format!("{} has left the board. The drag was ended.", carried.number),
                Some(card) if card.version > carried.version => {
                    let moved = card.status != carried.status;
                    let did = if moved { format!("moved to {}", card.status) } else { "changed".into() };
                    let by = card.updated_by.map(|person| format!(" by {}", person.name)).unwrap_or_default();
                    let when = ago(now.since(card.updated_at));
                    format!("{} was {did}{by} {when}. The drag was ended.", card.load_number)
                }
                Some(_) => return,
            };
            self.cancel();
            desk.toasts.refusal(message);
        });
    }

    fn take(self, input: Input) {
        let Some((act, drag)) = self.drag.try_update_value(|drag| (drag.step(input), *drag)) else { return };
        if !matches!(drag, Drag::Pressed { .. }) {
            self.stop_holding();
        }
        match act {
            Act::Nothing => {}
            Act::Lift { load, pointer, at } => {
                if !self.lift(load, pointer, at) {
                    self.drag.set_value(Drag::Idle);
                }
            }
            Act::Follow { at, over } => {
                self.place_ghost(at);
                self.hover(over);
            }
            Act::Drop { load, on } => {
                self.put_down();
                if let Some(lane) = on {
                    self.desk.ask_lane(load, lane);
                }
            }
            Act::End => self.put_down(),
        }
    }

    /// A finger that held a card so far begins anew, or holds it no more.
    fn stop_holding(self) {
        if let Some(hold) = self.hold.try_update_value(Option::take).flatten() {
            hold.clear();
        }
    }

    /// Takes the card up. `false` where there is nothing to drag to, or the card is on its way already.
    fn lift(self, load: LoadId, pointer: i32, at: Point) -> bool {
        let (Some(strip), Some(ghost)) = (self.strip.get_untracked(), self.ghost.get_untracked()) else { return false };
        let Some(signals) = self.desk.model().signals(load) else { return false };
        let card = signals.card.get_untracked();
        if lanes_on_screen(&strip).len() < 2 {
            return false;
        }
        if let Some(to) = signals.intent.get_untracked() {
            self.desk.toasts.refusal(still_moving(&card.load_number, to));
            return false;
        }
        let Ok(Some(element)) = strip.query_selector(&format!("[data-id=\"{load}\"]")) else { return false };
        let rect = element.get_bounding_client_rect();
        self.grip.set_value(Point { x: at.x - rect.left(), y: at.y - rect.top() });
        if let Ok(copy) = element.clone_node_with_deep(true) {
            // A copy with the hooks of a card would be taken for one, and its button for one that works.
            if let Some(copy) = copy.dyn_ref::<web_sys::Element>() {
                for hook in ["data-load", "data-id", "data-status", "tabindex", "aria-label"] {
                    let _ = copy.remove_attribute(hook);
                }
                for control in [".card-move", ".card-check", ".card-expand", ".card-more"] {
                    if let Ok(Some(control)) = copy.query_selector(control) {
                        control.remove();
                    }
                }
            }
            ghost.set_inner_html("");
            let _ = ghost.append_child(&copy);
        }
        let style = web_sys::HtmlElement::style(&ghost);
        let _ = style.set_property("width", &format!("{}px", rect.width()));
        let _ = ghost.set_attribute("data-shown", "");
        self.place_ghost(at);
        // It fails only if the pointer is gone already; its release then ends the drag.
        let _ = strip.set_pointer_capture(pointer);
        let viewer = self.desk.viewer;
        self.desk.carried.set(Some(Carried {
            load,
            number: card.load_number.clone(),
            version: card.version,
            status: card.status,
            landings: Lane::ALL.map(|lane| landing(viewer, &card, lane)),
            over: card.status.lane(),
        }));
        true
    }

    fn put_down(self) {
        if let Some(ghost) = self.ghost.get_untracked() {
            let _ = ghost.remove_attribute("data-shown");
            ghost.set_inner_html("");
        }
        self.desk.carried.set(None);
    }

    fn place_ghost(self, at: Point) {
        let grip = self.grip.get_value();
        if let Some(ghost) = self.ghost.get_untracked() {
            let shift = format!("translate({}px, {}px)", at.x - grip.x, at.y - grip.y);
            let _ = web_sys::HtmlElement::style(&ghost).set_property("transform", &shift);
        }
    }

    fn hover(self, over: Option<Lane>) {
        let known = self.desk.carried.with_untracked(|carried| carried.as_ref().is_some_and(|c| c.over == over));
        if !known {
            self.desk.carried.update(|carried| {
                if let Some(carried) = carried {
                    carried.over = over;
                }
            });
        }
    }

    fn lane_under(self, at: Point) -> Option<Lane> {
        let strip = self.strip.get_untracked()?;
        lane_at(&lanes_on_screen(&strip), at)
    }
}

fn point(event: &PointerEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}
