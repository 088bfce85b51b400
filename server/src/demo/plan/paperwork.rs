//! Reference numbers and instructions of a load.

use super::freight::Commodity;
use crate::demo::dice::Dice;

/// Purchase order and bill of lading, and a pickup number on some.
pub fn references(dice: &mut Dice) -> Vec<String> {
    let mut references = vec![
        format!("PO {}", dice.whole(4_500_100_000..4_500_999_999)),
        format!("BOL {}", dice.whole(70_100_000..79_999_999)),
    ];
    if dice.chance(0.3) {
        references.push(format!("PU {}", dice.whole(100_000..999_999)));
    }
    references
}

const INSTRUCTIONS: [&str; 9] = [
    "Driver must check in with the PO number.",
    "No overnight parking at the receiver.",
    "Lumper at delivery; get a receipt and send it with the POD.",
    "Hard hat and vest required past the gate.",
    "Call the receiver 1 hour out.",
    "Drop trailer at pickup, live unload at delivery.",
    "Detention starts after 2 hours with signed in and out times.",
    "Use the truck entrance, not the main gate.",
    "Tracking must be on from pickup to delivery.",
];

/// What the freight asks for, and on some loads what the places ask for.
pub fn instructions(commodity: &Commodity, dice: &mut Dice) -> String {
    let site = if dice.chance(0.35) { dice.phrase(&INSTRUCTIONS) } else { "" };
    [commodity.care, site].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Why a load is cancelled.
pub fn cancel_reason(dice: &mut Dice) -> &'static str {
    dice.phrase(&[
        "Customer cancelled the order",
        "Product not ready, customer will rebook",
        "Moved to rail by the customer",
        "Duplicate of another load",
    ])
}
