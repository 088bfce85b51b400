//! The drivers of a demo tenant's carriers; each has a truck.

use super::{carriers::CarrierPlan, carriers::SWIFT, names};
use crate::demo::dice::Dice;
use app::domain::time::Timestamp;

/// A driver of a carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverPlan {
    pub name: String,
    /// Index in [`TenantPlan::carriers`](super::TenantPlan::carriers).
    pub carrier: usize,
    /// Missing for some.
    pub phone: Option<String>,
}

/// Index of the driver that the user `carlos` is; he drives for the carrier of the user `swift`.
pub const CARLOS: usize = 0;

/// Drivers for so many trucks, and in any case for so many at work at once. `carlos` is the first one's name, `offset`
/// where in the list of names the others begin.
pub fn drivers(
    carriers: &[CarrierPlan],
    (trucks, at_work): (usize, usize),
    (carlos, offset): (&str, usize),
    now: Timestamp,
    dice: &mut Dice,
) -> Vec<DriverPlan> {
    let shares: Vec<f64> = carriers.iter().map(|carrier| carrier.share).collect();
    let fit: Vec<bool> = carriers.iter().map(|carrier| carrier.is_fit(now)).collect();
    let fit_shares: Vec<f64> = shares.iter().zip(&fit).map(|(share, fit)| if *fit { *share } else { 0.0 }).collect();

    let mut drivers = vec![DriverPlan { name: carlos.to_owned(), carrier: SWIFT, phone: Some(names::phone(dice)) }];
    let mut ready = 1;
    while drivers.len() < trucks || ready < at_work {
        // Once there are trucks enough, only those who may be given loads hire.
        let carrier = dice.weighted(if drivers.len() < trucks { &shares } else { &fit_shares });
        ready += usize::from(fit.get(carrier).copied().unwrap_or(false));
        let phone = dice.chance(0.93).then(|| names::phone(dice));
        drivers.push(DriverPlan { name: names::person(offset + drivers.len()), carrier, phone });
    }
    drivers
}
