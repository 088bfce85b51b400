//! The order of a lane: what waits too long first, then late, at risk, on time; within each by what is due next.

use super::board_view::BoardView;
use crate::domain::{
    load::LoadCard,
    status::LoadStatus,
    time::Timestamp,
    urgency::{Urgency, is_pending_too_long, urgency},
};
use std::sync::Arc;
use uuid::Uuid;

/// What a lane shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneOrder {
    /// Loads that pass the filter, the most urgent first.
    pub ids: Arc<Vec<Uuid>>,
    /// Loads in the lane, with those that the filter leaves out.
    pub total: usize,
    /// The view that this is the answer to.
    pub view: Arc<BoardView>,
}

impl LaneOrder {
    /// `40`, or `3 of 40` under a filter.
    pub fn count(&self) -> String {
        if self.view.filter.is_empty() {
            self.total.to_string()
        } else {
            format!("{} of {}", self.ids.len(), self.total)
        }
    }
}

/// The place of a card in its lane; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    urgency: u8,
    /// When it is due next, in milliseconds; what is done stands newest first.
    due: i64,
    number: u64,
}

/// Ranks a card as standing in `status`, which is where it is being moved to while a move is on its way.
pub fn rank(card: &LoadCard, status: LoadStatus, number: u64, now: Timestamp) -> Rank {
    let due = match status {
        LoadStatus::Delivered | LoadStatus::Completed | LoadStatus::Cancelled => {
            return Rank { urgency: 3, due: -card.status_since.millis(), number };
        }
        status if status < LoadStatus::AtPickup => card.pickup.end,
        _ => card.delivery.end,
    };
    let urgency = if is_pending_too_long(card, now) {
        0
    } else {
        match urgency(card, now) {
            Urgency::Late => 1,
            Urgency::AtRisk => 2,
            Urgency::OnTime => 3,
        }
    };
    Rank { urgency, due: due.millis(), number }
}

/// The digits of a load number as a number: `LD-202611-00042` is 20261100042.
pub fn number_of(load_number: &str) -> u64 {
    load_number
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card, card_in};
    use crate::domain::time::{DAY, HOUR};

    fn place(card: &LoadCard) -> Rank {
        rank(card, card.status, number_of(&card.load_number), NOW)
    }

    #[test]
    fn what_waits_too_long_comes_first_then_late_then_at_risk_then_what_is_due() {
        let calm = card(5);
        let mut due_sooner = card(6);
        due_sooner.pickup.end = NOW.plus(5 * HOUR);
        let mut at_risk = card(7);
        at_risk.pickup.end = NOW.plus(HOUR / 2);
        let mut late = card(8);
        late.pickup.end = NOW.plus(-HOUR);
        let mut forgotten = card(9);
        forgotten.status_since = NOW.plus(-2 * DAY);
        let mut lane = [&calm, &due_sooner, &at_risk, &late, &forgotten];
        lane.sort_by_key(|card| place(card));
        assert_eq!(lane.map(|card| number_of(&card.load_number) % 10), [9, 8, 7, 6, 5]);
    }

    #[test]
    fn the_number_decides_between_equals() {
        assert!(place(&card(41)) < place(&card(42)));
        assert_eq!(number_of("LD-202611-00042"), 20_261_100_042);
    }

    #[test]
    fn what_is_delivered_stands_newest_first() {
        let older = LoadCard { status_since: NOW.plus(-HOUR), ..card_in(1, LoadStatus::Delivered) };
        let newer = card_in(2, LoadStatus::Delivered);
        assert!(place(&newer) < place(&older));
    }

    #[test]
    fn counts_name_the_whole_only_under_a_filter() {
        let order = |text: &str| {
            let mut view = BoardView::default();
            view.filter.text = text.into();
            LaneOrder { ids: Arc::new(vec![Uuid::nil(); 3]), total: 40, view: Arc::new(view) }
        };
        assert_eq!((order("").count().as_str(), order("acme").count().as_str()), ("40", "3 of 40"));
    }
}
