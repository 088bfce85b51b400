//! Who moves the loads: a fit carrier on those that are offered or covered, a driver on those under way.

use super::{
    carriers::{CarrierPlan, SWIFT},
    drivers::{CARLOS, DriverPlan},
    loads::LoadPlan,
    mix,
};
use crate::demo::dice::Dice;
use app::domain::{
    status::LoadStatus::{self, *},
    time::Timestamp,
};

/// Gives each load that needs them a carrier and a driver. No driver is at work on two loads at once.
pub fn assign(
    loads: &mut [LoadPlan],
    carriers: &[CarrierPlan],
    drivers: &[DriverPlan],
    now: Timestamp,
    dice: &mut Dice,
) {
    let shares: Vec<f64> = carriers.iter().map(|c| if c.is_fit(now) { c.share } else { 0.0 }).collect();
    let is_fit = |driver: usize| carriers[drivers[driver].carrier].is_fit(now);
    let ready: Vec<usize> = (0..drivers.len()).filter(|driver| is_fit(*driver)).collect();
    let mut free: Vec<usize> = ready.iter().copied().filter(|driver| *driver != CARLOS).collect();
    dice.shuffle(&mut free);

    let with_carlos = loads_of_carlos(loads);
    for (index, load) in loads.iter_mut().enumerate() {
        let driver = match load.status {
            _ if with_carlos.contains(&index) => Some(CARLOS),
            status if mix::is_at_work(status) => free.pop().or_else(|| dice.pick(&ready).copied()),
            Delivered | Completed => dice.pick(&ready).copied(),
            Accepted if dice.chance(0.5) => dice.pick(&ready).copied(),
            _ => None,
        };
        load.driver = driver;
        load.carrier = match (driver, load.status) {
            (Some(driver), _) => Some(drivers[driver].carrier),
            (None, Tendered | Accepted) => Some(dice.weighted(&shares)),
            (None, Cancelled) if dice.chance(0.4) => Some(dice.weighted(&shares)),
            _ => None,
        };
    }
    // The office of `swift` has something to answer.
    if let Some(load) = loads.iter_mut().find(|load| load.status == Tendered) {
        load.carrier = Some(SWIFT);
    }
}

/// Carlos is on the road with one load, has the next, and has done some before.
fn loads_of_carlos(loads: &[LoadPlan]) -> Vec<usize> {
    let of = |status: LoadStatus| (0..loads.len()).filter(move |index| loads[*index].status == status);
    let under_way = [InTransit, AtDelivery, PickedUp, AtPickup, Dispatched].into_iter().find_map(|s| of(s).next());
    let next = of(Accepted).max_by_key(|index| loads[*index].stops[0].window.start);
    under_way.into_iter().chain(next).chain(of(Delivered).take(1)).chain(of(Completed).take(2)).collect()
}
