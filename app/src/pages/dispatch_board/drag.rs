//! A drag as a state machine: presses, moves and holds come in, what to do comes out. Knows no browser.

use crate::domain::{id::LoadId, status::Lane};

/// How far a mouse travels before a press is a drag, in pixels.
const START: f64 = 5.0;
/// How far a finger may stray and still be holding rather than scrolling, in pixels.
const STRAY: f64 = 8.0;
/// How long a finger holds before it lifts the card, in milliseconds.
pub const HOLD: u64 = 250;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse or a pen.
    Fine,
    Touch,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    Down {
        pointer: i32,
        kind: Pointer,
        load: LoadId,
        at: Point,
    },
    /// The pointer is at a point, over a lane or none.
    Move {
        pointer: i32,
        at: Point,
        over: Option<Lane>,
    },
    /// [`HOLD`] has passed since the press.
    Held,
    Up {
        pointer: i32,
    },
    /// Esc, a lost pointer, or the load changed.
    Cancel,
}

/// What the board has to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    Nothing,
    /// Take the card up at this point.
    Lift {
        load: LoadId,
        pointer: i32,
        at: Point,
    },
    Follow {
        at: Point,
        over: Option<Lane>,
    },
    Drop {
        load: LoadId,
        on: Option<Lane>,
    },
    /// Put the card back.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Drag {
    #[default]
    Idle,
    Pressed {
        pointer: i32,
        kind: Pointer,
        load: LoadId,
        from: Point,
    },
    Dragging {
        pointer: i32,
        load: LoadId,
        over: Option<Lane>,
    },
}

impl Drag {
    pub fn is_dragging(self) -> bool {
        matches!(self, Drag::Dragging { .. })
    }

    /// Takes an input in and says what to do about it.
    pub fn step(&mut self, input: Input) -> Act {
        match (*self, input) {
            // A press that was never released here was released elsewhere.
            (Drag::Idle | Drag::Pressed { .. }, Input::Down { pointer, kind, load, at }) => {
                *self = Drag::Pressed { pointer, kind, load, from: at };
                Act::Nothing
            }
            (Drag::Pressed { pointer, kind, load, from }, Input::Move { pointer: moved, at, over })
                if pointer == moved =>
            {
                match kind {
                    Pointer::Fine if from.distance(at) >= START => self.lift(pointer, load, from, over),
                    // A finger that moves before it has held scrolls the lane.
                    Pointer::Touch if from.distance(at) > STRAY => self.rest(Act::Nothing),
                    _ => Act::Nothing,
                }
            }
            (Drag::Pressed { pointer, kind: Pointer::Touch, load, from }, Input::Held) => {
                self.lift(pointer, load, from, None)
            }
            (Drag::Pressed { pointer, .. }, Input::Up { pointer: lifted }) if pointer == lifted => {
                self.rest(Act::Nothing)
            }
            (Drag::Dragging { pointer, load, .. }, Input::Move { pointer: moved, at, over }) if pointer == moved => {
                *self = Drag::Dragging { pointer, load, over };
                Act::Follow { at, over }
            }
            (Drag::Dragging { pointer, load, over }, Input::Up { pointer: lifted }) if pointer == lifted => {
                self.rest(Act::Drop { load, on: over })
            }
            (Drag::Pressed { .. }, Input::Cancel) => self.rest(Act::Nothing),
            (Drag::Dragging { .. }, Input::Cancel) => self.rest(Act::End),
            _ => Act::Nothing,
        }
    }

    fn lift(&mut self, pointer: i32, load: LoadId, at: Point, over: Option<Lane>) -> Act {
        *self = Drag::Dragging { pointer, load, over };
        Act::Lift { load, pointer, at }
    }

    fn rest(&mut self, act: Act) -> Act {
        *self = Drag::Idle;
        act
    }
}

/// The lane under a point, by where the lanes are on the screen: left, top, right, bottom.
pub fn lane_at(lanes: &[(Lane, [f64; 4])], at: Point) -> Option<Lane> {
    lanes
        .iter()
        .find(|(_, [left, top, right, bottom])| (*left..*right).contains(&at.x) && (*top..*bottom).contains(&at.y))
        .map(|(lane, _)| *lane)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::id;

    const START_AT: Point = Point { x: 100.0, y: 100.0 };

    fn down(kind: Pointer) -> Drag {
        let mut drag = Drag::Idle;
        assert_eq!(drag.step(Input::Down { pointer: 1, kind, load: id(1), at: START_AT }), Act::Nothing);
        drag
    }

    fn to(pointer: i32, x: f64, over: Option<Lane>) -> Input {
        Input::Move { pointer, at: Point { x, y: 100.0 }, over }
    }

    #[test]
    fn a_mouse_lifts_after_5_pixels_and_a_click_is_no_drag() {
        let mut drag = down(Pointer::Fine);
        assert_eq!(drag.step(to(1, 104.0, None)), Act::Nothing);
        assert_eq!(drag.step(Input::Held), Act::Nothing, "holding a mouse still is no drag either");
        assert_eq!(drag.step(to(1, 105.0, None)), Act::Lift { load: id(1), pointer: 1, at: START_AT });
        let mut click = down(Pointer::Fine);
        assert_eq!(click.step(Input::Up { pointer: 1 }), Act::Nothing);
        assert_eq!(click, Drag::Idle);
    }

    #[test]
    fn a_finger_lifts_by_holding_and_scrolls_by_moving() {
        let mut held = down(Pointer::Touch);
        assert_eq!(held.step(to(1, 103.0, None)), Act::Nothing);
        assert_eq!(held.step(Input::Held), Act::Lift { load: id(1), pointer: 1, at: START_AT });
        let mut scrolled = down(Pointer::Touch);
        assert_eq!(scrolled.step(to(1, 120.0, None)), Act::Nothing);
        assert_eq!((scrolled.step(Input::Held), scrolled), (Act::Nothing, Drag::Idle));
    }

    #[test]
    fn it_drops_on_the_lane_it_was_last_over() {
        let mut drag = down(Pointer::Fine);
        drag.step(to(1, 200.0, Some(Lane::Tendered)));
        let at = Point { x: 300.0, y: 100.0 };
        assert_eq!(drag.step(to(1, 300.0, None)), Act::Follow { at, over: None });
        assert_eq!(drag.step(Input::Up { pointer: 1 }), Act::Drop { load: id(1), on: None });
        assert_eq!(drag, Drag::Idle);
    }

    #[test]
    fn other_pointers_do_not_interfere() {
        let mut drag = down(Pointer::Fine);
        assert_eq!(drag.step(to(2, 300.0, None)), Act::Nothing);
        drag.step(to(1, 200.0, None));
        assert_eq!(drag.step(Input::Up { pointer: 2 }), Act::Nothing);
        assert_eq!(
            drag.step(Input::Down { pointer: 2, kind: Pointer::Touch, load: id(2), at: START_AT }),
            Act::Nothing
        );
        assert!(drag.is_dragging());
    }

    #[test]
    fn a_press_whose_release_was_not_seen_gives_way_to_the_next() {
        let mut drag = down(Pointer::Fine);
        let at = Point { x: 300.0, y: 100.0 };
        drag.step(Input::Down { pointer: 1, kind: Pointer::Fine, load: id(2), at });
        assert_eq!(drag.step(to(1, 310.0, None)), Act::Lift { load: id(2), pointer: 1, at });
    }

    #[test]
    fn cancelling_puts_the_card_back() {
        let mut drag = down(Pointer::Fine);
        drag.step(to(1, 200.0, None));
        assert_eq!(drag.step(Input::Cancel), Act::End);
        assert_eq!(drag.step(Input::Up { pointer: 1 }), Act::Nothing, "the release that follows drops nothing");
    }

    #[test]
    fn the_lane_is_found_by_where_it_is() {
        let lanes = [(Lane::Unassigned, [0.0, 50.0, 100.0, 500.0]), (Lane::Tendered, [100.0, 50.0, 200.0, 500.0])];
        let over = |x, y| lane_at(&lanes, Point { x, y });
        assert_eq!((over(99.9, 60.0), over(100.0, 60.0)), (Some(Lane::Unassigned), Some(Lane::Tendered)));
        assert_eq!((over(100.0, 40.0), over(200.0, 60.0)), (None, None));
    }
}
