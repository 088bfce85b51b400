//! How many loads stand in each status.

use crate::demo::dice::Dice;
use app::domain::status::LoadStatus::{self, *};

/// Percent of the loads in each status.
const PERCENT: [(LoadStatus, usize); 12] = [
    (Planning, 6),
    (Pending, 14),
    (Tendered, 8),
    (Accepted, 5),
    (Dispatched, 10),
    (AtPickup, 5),
    (PickedUp, 4),
    (InTransit, 22),
    (AtDelivery, 5),
    (Delivered, 9),
    (Completed, 10),
    (Cancelled, 2),
];

/// A status for each load, in an order of chance. Shared out by largest remainder, so that from 60 loads on every
/// status is there.
pub fn statuses(loads: usize, dice: &mut Dice) -> Vec<LoadStatus> {
    let mut remainders: Vec<(usize, LoadStatus)> = Vec::new();
    let mut statuses = Vec::with_capacity(loads);
    for (status, percent) in PERCENT {
        statuses.extend(std::iter::repeat_n(status, loads * percent / 100));
        remainders.push((loads * percent % 100, status));
    }
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    let missing = loads - statuses.len();
    statuses.extend(remainders.into_iter().map(|(_, status)| status).take(missing));
    dice.shuffle(&mut statuses);
    statuses
}

/// Whether a truck is busy with a load of this status.
pub fn is_at_work(status: LoadStatus) -> bool {
    (Dispatched..=AtDelivery).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_of_a_hundred() {
        assert_eq!(PERCENT.iter().map(|(_, percent)| percent).sum::<usize>(), 100);
    }

    #[test]
    fn every_load_has_a_status_and_from_60_on_every_status_a_load() {
        for loads in 0..400 {
            let statuses = statuses(loads, &mut Dice::new(7));
            assert_eq!(statuses.len(), loads);
            let missing = LoadStatus::ALL.iter().filter(|status| !statuses.contains(status)).count();
            assert!(loads < 60 || missing == 0, "{loads}: {missing}");
        }
    }
}
