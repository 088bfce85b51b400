//! What a load pays and costs: rate per mile by equipment, season and length of haul, and a margin.

use crate::demo::dice::Dice;
use app::domain::{
    load::Equipment::{self, *},
    money::{Finance, Money},
    time::Timestamp,
};

/// No truck moves for less, in dollars.
const MINIMUM: f64 = 475.0;
/// Offset of US Central Standard Time, by which the month of a rate is told.
const CENTRAL_MINUTES: i32 = -360;

/// US dollars a mile, from and to, before season and length of haul. Invented, in the range of US spot rates of 2024-25.
const fn per_mile(equipment: Equipment) -> (f64, f64) {
    match equipment {
        DryVan => (2.10, 2.75),
        Reefer => (2.40, 3.10),
        Flatbed => (2.45, 3.20),
        StepDeck => (2.60, 3.40),
        PowerOnly => (2.10, 2.60),
    }
}

/// Factor of the season, by month 1 to 12: vans before Christmas, reefers with the harvest, flatbeds with building.
fn season(equipment: Equipment, month: i8) -> f64 {
    match (equipment, month) {
        (DryVan | PowerOnly, 10..=12) => 1.06,
        (DryVan | PowerOnly, 2 | 3) => 0.96,
        (Reefer, 5..=7) => 1.07,
        (Reefer, 11 | 12) => 1.05,
        (Reefer, 1 | 2) => 0.96,
        (Flatbed | StepDeck, 4..=7) => 1.06,
        (Flatbed | StepDeck, 12 | 1) => 0.94,
        _ => 1.0,
    }
}

/// Revenue and carrier cost of a load of so many miles that is picked up at `pickup`.
pub fn price(equipment: Equipment, miles: i32, pickup: Timestamp, dice: &mut Dice) -> Finance {
    let (low, high) = per_mile(equipment);
    // Short hauls pay more a mile, long ones less; all stay within 2.10 to 3.40 before the season.
    let haul = match miles {
        ..300 => 1.12,
        300..1200 => 1.0,
        _ => 0.95,
    };
    let rate = (dice.between(low, high) * haul).clamp(2.10, 3.40);
    let rate = rate * season(equipment, pickup.civil(CENTRAL_MINUTES).month);
    let revenue = to_step(rate * f64::from(miles), 5.0).max(MINIMUM);
    let step = if revenue < 1_500.0 { 5.0 } else { 25.0 };
    let cost = to_step(revenue * (1.0 - margin(dice)), step);
    Finance { revenue: Money::usd((revenue * 100.0) as i64), carrier_cost: Money::usd((cost * 100.0) as i64) }
}

/// Margin as a fraction of the revenue: mostly 10 to 18 %, never below -4 or above 28 once it is rounded to a rate.
fn margin(dice: &mut Dice) -> f64 {
    let (low, high) =
        [(0.10, 0.18), (0.18, 0.27), (0.04, 0.10), (-0.03, 0.04)][dice.weighted(&[70.0, 12.0, 12.0, 6.0])];
    dice.between(low, high)
}

fn to_step(dollars: f64, step: f64) -> f64 {
    (dollars / step).round() * step
}
