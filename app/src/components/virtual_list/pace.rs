//! How many rows are made in one frame, by all lists together.
//!
//! A row costs a millisecond or so to make and to lay out. A key in the filter may change a hundred of them, and nobody
//! who types should wait for that: what is in view is made first, the rest in the frames that follow.

use std::ops::Range;
use uuid::Uuid;

/// At most so many rows a frame.
const ROWS: usize = 24;
/// Milliseconds after which a frame makes no further rows.
const MILLIS: i64 = 10;

/// What has been made in this frame, and what waits for the next.
#[derive(Debug)]
pub struct Frame {
    began_at: Option<i64>,
    left: usize,
    /// It has made rows that are in view; the others get a frame of their own.
    made_in_view: bool,
    /// Lists in which something waits, and whether it is in view.
    waiting: Vec<(usize, bool)>,
}

impl Frame {
    pub const NEW: Frame = Frame { began_at: None, left: ROWS, made_in_view: false, waiting: Vec::new() };

    /// Leaves those rows of a list out that this frame can't make any more. `rows` are all that it would mount, by
    /// index and id; those with `is_made` cost nothing. Rows outside `in_view` wait until nobody waits for one within.
    pub fn thin(
        &mut self,
        list: usize,
        rows: &[(usize, Uuid)],
        in_view: &Range<usize>,
        is_made: impl Fn(Uuid) -> bool,
        now: i64,
    ) -> Vec<Uuid> {
        self.waiting.retain(|(waiting, _)| *waiting != list);
        let mut left_out = Vec::new();
        for pass in [true, false] {
            let of_pass = |(index, id): &&(usize, Uuid)| in_view.contains(index) == pass && !is_made(*id);
            for (_, id) in rows.iter().filter(of_pass) {
                let is_its_turn = pass || !self.made_in_view && self.waiting.iter().all(|(_, in_view)| !in_view);
                if is_its_turn && self.grants(now) {
                    self.made_in_view |= pass;
                    continue;
                }
                left_out.push(*id);
                if !self.waiting.contains(&(list, pass)) {
                    self.waiting.push((list, pass));
                }
            }
        }
        left_out
    }

    fn grants(&mut self, now: i64) -> bool {
        let began_at = *self.began_at.get_or_insert(now);
        // A clock that was put back must not stop the lists.
        let granted = self.left > 0 && (0..MILLIS).contains(&(now - began_at));
        if granted {
            self.left -= 1;
        }
        granted
    }

    /// Whether a next frame is needed.
    pub fn is_begun(&self) -> bool {
        self.began_at.is_some() || !self.waiting.is_empty()
    }

    /// The next frame begins. Returns the lists in which something waits.
    pub fn next(&mut self) -> Vec<usize> {
        let mut lists: Vec<_> = self.waiting.iter().map(|(list, _)| *list).collect();
        lists.dedup();
        // What is in view is known to wait until its list has been asked again.
        (self.began_at, self.left, self.made_in_view) = (None, ROWS, false);
        lists
    }

    /// A list is gone.
    pub fn forget(&mut self, list: usize) {
        self.waiting.retain(|(waiting, _)| *waiting != list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(list: usize, count: usize) -> Vec<(usize, Uuid)> {
        (0..count).map(|index| (index, Uuid::from_u128((list * 1_000 + index) as u128))).collect()
    }

    fn left_out(frame: &mut Frame, list: usize, count: usize, in_view: usize, now: i64) -> usize {
        frame.thin(list, &rows(list, count), &(0..in_view), |_| false, now).len()
    }

    #[test]
    fn a_few_rows_are_made_at_once_and_what_is_there_costs_nothing() {
        let mut frame = Frame::NEW;
        assert!(frame.thin(2, &rows(2, 500), &(0..500), |_| true, 0).is_empty());
        assert!(!frame.is_begun());
        assert_eq!(left_out(&mut frame, 1, 10, 10, 0), 0);
        assert!(frame.is_begun());
        assert_eq!(frame.next(), Vec::<usize>::new());
        assert!(!frame.is_begun());
        assert_eq!(left_out(&mut frame, 1, 10, 0, 0), 0, "what scrolling brings near is made before it is seen");
    }

    #[test]
    fn of_many_lists_all_show_what_is_in_view_before_any_makes_what_is_not() {
        let mut frame = Frame::NEW;
        let mut made = [0; 6];
        let mut whole_view_at = 0;
        for round in 1..20 {
            let mut lists = if round == 1 { (0..6).collect() } else { frame.next() };
            if lists.is_empty() {
                break;
            }
            for list in lists.drain(..) {
                let known = made[list];
                let all = rows(list, 12);
                let out = frame.thin(list, &all, &(0..6), |id| id.as_u128() % 1_000 < known, 0).len();
                made[list] = 12 - out as u128;
                let in_view_everywhere = made.iter().all(|made| *made >= 6);
                assert!(made[list] <= 6 || in_view_everywhere, "{made:?}");
            }
            if whole_view_at == 0 && made.iter().all(|made| *made >= 6) {
                whole_view_at = round;
            }
        }
        assert_eq!((made, whole_view_at), ([12; 6], 2));
    }

    #[test]
    fn a_frame_that_took_its_time_makes_no_more_rows() {
        let mut frame = Frame::NEW;
        assert_eq!(left_out(&mut frame, 1, 4, 4, 100), 0);
        assert_eq!(left_out(&mut frame, 2, 4, 4, 100 + MILLIS), 4);
        assert_eq!(frame.next(), [2]);
        assert_eq!(left_out(&mut frame, 2, 4, 4, 100 + MILLIS), 0);
    }

    #[test]
    fn a_list_that_is_gone_is_waited_for_no_more() {
        let mut frame = Frame::NEW;
        assert_eq!(left_out(&mut frame, 1, 100, 100, 0), 100 - ROWS);
        frame.forget(1);
        assert_eq!(frame.next(), Vec::<usize>::new());
        assert_eq!(left_out(&mut frame, 2, 10, 0, 0), 0);
    }
}
