//! The carriers of a demo tenant: most are fit, one has expired insurance, one is suspended, one expires soon.

use super::names;
use crate::demo::dice::Dice;
use app::domain::{
    carrier::{Compliance, check_fitness},
    time::{DAY, Timestamp},
};

/// A trucking company.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierPlan {
    pub name: &'static str,
    /// Such as `MC-9104417`; numbers this high were never issued.
    pub mc_number: String,
    pub phone: String,
    pub insurance_expires_at: Timestamp,
    pub compliance: Compliance,
    /// How much of the freight it gets, compared with the others.
    pub(super) share: f64,
}

/// Index of the carrier that the user `swift` works for.
pub const SWIFT: usize = 0;
const EXPIRED: usize = 4;
const EXPIRES_SOON: usize = 6;
const SUSPENDED: usize = 9;

impl CarrierPlan {
    /// Whether it may be given loads.
    pub fn is_fit(&self, now: Timestamp) -> bool {
        check_fitness(self.compliance, self.insurance_expires_at, now).is_ok()
    }
}

/// The carriers of these names, of which the first is [`SWIFT`].
pub fn carriers(names: &[&'static str], now: Timestamp, dice: &mut Dice) -> Vec<CarrierPlan> {
    let today = now.plus(-now.millis().rem_euclid(DAY));
    let carrier = |(index, name): (usize, &&'static str)| {
        let days = match index {
            EXPIRED => -9,
            EXPIRES_SOON => 6,
            _ => dice.whole(35..340),
        };
        CarrierPlan {
            name,
            mc_number: format!("MC-9{:02}{:04}", index * 7 + 3, dice.whole(0..10_000)),
            phone: names::phone(dice),
            insurance_expires_at: today.plus(days * DAY),
            compliance: if index == SUSPENDED { Compliance::Suspended } else { Compliance::Approved },
            share: if index == SWIFT { 2.4 } else { dice.between(0.5, 1.6) },
        }
    };
    names.iter().enumerate().map(carrier).collect()
}
