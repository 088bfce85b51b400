//! How a bar is drawn: where it lies, how much of it is done, and where its windows are.

use super::{chart::Bar, scale::Scale};
use crate::domain::{load::LoadCard, status::LoadStatus, time::Timestamp};

/// The least width of a bar, in percent of what is shown: short loads can still be seen and pressed.
pub const LEAST: f64 = 2.5;
/// How far a bar that goes on outside is drawn there, so that its end is not seen.
const BEYOND: f64 = 0.3;

/// Shares in percent: `x` and `width` of what is shown, the others of the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    pub x: f64,
    pub width: f64,
    /// What lies behind: drawn solid. The rest is still a plan.
    pub done: f64,
    /// The end of the pickup window.
    pub pickup: f64,
    /// The begin of the delivery window.
    pub delivery: f64,
}

impl Shape {
    pub fn of(bar: &Bar, card: &LoadCard, scale: Scale, now: Timestamp) -> Self {
        let ends = |at: Timestamp| scale.share(at).clamp(-BEYOND, 100.0 + BEYOND);
        let x = ends(bar.start);
        let width = (ends(bar.end) - x).max(LEAST);
        let within = |at: Timestamp| {
            let share = (scale.share(at) - x) * 100.0 / width;
            // Tenths are finer than a pixel, and don't change with every tick of the clock.
            (share.clamp(0.0, 100.0) * 10.0).round() / 10.0
        };
        Self {
            x,
            width,
            done: within(done_until(bar, card.status, now)),
            pickup: within(card.pickup.end),
            delivery: within(card.delivery.start),
        }
    }
}

/// Until when a load has been driven: nothing of it before the truck is at the pickup, all of it once delivered.
fn done_until(bar: &Bar, status: LoadStatus, now: Timestamp) -> Timestamp {
    match status {
        LoadStatus::Delivered | LoadStatus::Completed => Timestamp::from_millis(i64::MAX),
        LoadStatus::Cancelled => bar.start,
        status if status < LoadStatus::AtPickup => bar.start,
        _ => now,
    }
}

/// What is written on a bar: the code of its status, its number and its route, each as far as there is room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Writing {
    pub code: String,
    pub number: String,
    pub route: String,
}

/// Where the writing begins, after the mark of urgency; in pixels, as all below.
pub const WRITING: usize = 25;
/// How wide two letters of a status are with the gap after them, a digit of a number, and a letter of a route at most.
const CODE: f64 = 23.0;
const DIGIT: f64 = 7.2;
const LETTER: f64 = 6.6;

impl Writing {
    /// For a bar of this width. SVG cuts no text by itself.
    pub fn of(code: &str, number: &str, route: &str, width: f64) -> Self {
        let mut left = width - WRITING as f64 - 4.0;
        let mut writing = Self::default();
        let short = number.rsplit('-').next().unwrap_or_default();
        let wide = |text: &str| text.len() as f64 * DIGIT;
        if left < CODE - 8.0 {
            return writing;
        }
        // A number without a status can be looked up, a part of a number can't.
        if left < wide(short) || left >= wide(short) + CODE {
            writing.code = code.to_owned();
            left -= CODE;
        }
        let fitting = [number, short].into_iter().find(|text| wide(text) <= left);
        let Some(fitting) = fitting else { return writing };
        writing.number = fitting.to_owned();
        left -= wide(fitting) + 8.0;
        let letters = (left / LETTER).max(0.0) as usize;
        if route.chars().count() <= letters {
            writing.route = route.to_owned();
        } else if letters > 2 {
            let cut: String = route.chars().take(letters - 1).collect();
            writing.route = format!("{}…", cut.trim_end());
        }
        writing
    }

    /// All of it, as it is read.
    pub fn text(&self) -> String {
        let parts = [&*self.code, &*self.number, &*self.route];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// A share as an attribute says it.
pub fn percent(share: f64) -> String {
    format!("{share:.3}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card_in};
    use crate::domain::time::{DAY, HOUR};
    use crate::pages::dispatch_board::{board_model::time_of, board_view::Zoom};

    /// Picked up at 10 % of the stretch, delivered at 30 %; both windows are 2 % long.
    fn shape(status: LoadStatus, shift: i64, now: i64) -> Shape {
        let scale = Scale { from: NOW, zoom: Zoom::Day };
        let mut card = card_in(1, status);
        let window =
            |begin: i64| (scale.from.plus(shift + begin * DAY / 100), scale.from.plus(shift + (begin + 2) * DAY / 100));
        (card.pickup.start, card.pickup.end) = window(10);
        (card.delivery.start, card.delivery.end) = window(28);
        let (start, end) = time_of(&card);
        let bar = Bar { load: card.id, start, end, track: 0 };
        Shape::of(&bar, &card, scale, scale.from.plus(now * DAY / 100))
    }

    #[test]
    fn a_bar_lies_from_the_pickup_window_to_the_end_of_the_delivery_window() {
        let Shape { x, width, pickup, delivery, .. } = shape(LoadStatus::Pending, 0, 0);
        assert_eq!((x.round(), width.round(), pickup, delivery), (10.0, 20.0, 10.0, 90.0));
    }

    #[test]
    fn what_is_driven_is_solid_and_what_is_planned_is_not() {
        let done = |status, now| shape(status, 0, now).done;
        assert_eq!(done(LoadStatus::Dispatched, 15), 0.0, "a plan, even after its time");
        assert_eq!(done(LoadStatus::InTransit, 15), 25.0);
        assert_eq!(done(LoadStatus::InTransit, 80), 100.0);
        assert_eq!(done(LoadStatus::Delivered, 15), 100.0, "delivered before its time");
    }

    #[test]
    fn a_bar_says_as_much_as_it_has_room_for() {
        let said = |width| Writing::of("DI", "LD-202611-00042", "Yakima → Vernon", width).text();
        assert_eq!(said(400.0), "DI LD-202611-00042 Yakima → Vernon");
        assert_eq!(said(220.0), "DI LD-202611-00042 Yakima…");
        assert_eq!(said(140.0), "DI 00042 Yakim…");
        assert_eq!((said(70.0), said(60.0), said(36.0)), ("00042".to_owned(), "DI".to_owned(), String::new()));
    }

    #[test]
    fn what_lies_outside_is_not_drawn_far() {
        let before = shape(LoadStatus::InTransit, -15 * DAY / 100, 0);
        assert_eq!((before.x, before.width.round()), (-BEYOND, 15.0));
        assert_eq!((before.pickup, before.done), (0.0, 2.0));
        let far = shape(LoadStatus::Pending, 40 * DAY, 0);
        assert_eq!((far.x, far.width), (100.0 + BEYOND, LEAST));
        assert_eq!(shape(LoadStatus::Pending, -9 * DAY / 100 - HOUR, 0).x, -BEYOND);
    }
}
