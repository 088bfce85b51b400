//! When to tell of new unassigned loads, and in which words: together what comes together, and never in a hurry.

use crate::{
    components::relative_time::appointment,
    domain::{id::LoadId, load::LoadCard, time::Timestamp},
};

/// What comes within this time is told together, in milliseconds.
const GATHERED: i64 = 700;
/// From one alert to the next, in milliseconds.
const APART: i64 = 8_000;
/// Loads that are named one by one.
const NAMED: usize = 3;

/// Loads that are still to be told of.
#[derive(Debug, Default)]
pub struct Pace {
    waiting: Vec<LoadId>,
    told_at: Option<i64>,
}

impl Pace {
    /// Takes a load in. Answers with the milliseconds until it is to be told, if nothing was waiting before.
    pub fn add(&mut self, load: LoadId, now: i64) -> Option<i64> {
        if self.waiting.contains(&load) {
            return None;
        }
        self.waiting.push(load);
        let rest = self.told_at.map_or(0, |at| (at + APART - now).clamp(0, APART));
        (self.waiting.len() == 1).then_some(rest.max(GATHERED))
    }

    /// What is to be told now.
    pub fn take(&mut self, now: i64) -> Vec<LoadId> {
        if !self.waiting.is_empty() {
            self.told_at = Some(now);
        }
        std::mem::take(&mut self.waiting)
    }
}

/// Title and text of an alert; `None` where there is nothing to tell.
pub fn words(loads: &[LoadCard], now: Timestamp) -> Option<(String, String)> {
    match loads {
        [] => None,
        [load] => {
            let text = format!(
                "{}, {} to {}. Pickup {}.",
                load.load_number,
                load.origin,
                load.destination,
                appointment(&load.pickup, now)
            );
            Some(("New unassigned load".into(), text))
        }
        loads => {
            let named: Vec<&str> = loads.iter().take(NAMED).map(|load| load.load_number.as_str()).collect();
            let more = loads.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Some((format!("{} new unassigned loads", loads.len()), format!("{}{more}.", named.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_cards::{NOW, card, id};

    #[test]
    fn what_comes_together_is_told_together_and_no_sooner_than_a_while_after_the_last() {
        let mut pace = Pace::default();
        assert_eq!(pace.add(id(1), 0), Some(GATHERED));
        assert_eq!((pace.add(id(2), 100), pace.add(id(1), 200)), (None, None));
        assert_eq!(pace.take(700), [id(1), id(2)]);
        assert_eq!(pace.add(id(3), 1_700), Some(7_000));
        assert_eq!(pace.take(8_700), [id(3)]);
        assert_eq!(pace.add(id(4), 60_000), Some(GATHERED));
    }

    #[test]
    fn taking_nothing_delays_nothing() {
        let mut pace = Pace::default();
        assert_eq!(pace.take(0), []);
        assert_eq!(pace.add(id(1), 10), Some(GATHERED));
    }

    #[test]
    fn one_load_is_described_and_many_are_counted() {
        let told = |count: u128| words(&(1..=count).map(card).collect::<Vec<_>>(), NOW);
        assert_eq!(told(0), None);
        let one = told(1).expect("words");
        assert_eq!(one.0, "New unassigned load");
        assert_eq!(one.1, "LD-202611-00001, Joliet, IL to Dallas, TX. Pickup Tomorrow 08:05–10:05 CST.");
        let many = told(5).expect("words");
        assert_eq!(many.0, "5 new unassigned loads");
        assert_eq!(many.1, "LD-202611-00001, LD-202611-00002, LD-202611-00003 and 2 more.");
    }
}
