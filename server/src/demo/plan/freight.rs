//! What is shipped: commodities, what they ride in, where they go, and how they must be treated.

use crate::demo::places::Kind::{self, *};
use app::domain::load::Equipment::{self, *};

/// A line of business, by which customers have their freight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    Produce,
    Protein,
    Grocery,
    Paper,
    Retail,
    Automotive,
    Metals,
    Building,
    Machinery,
    Trailers,
}

use Trade::*;

/// A kind of freight.
#[derive(Debug, Clone, Copy)]
pub struct Commodity {
    pub name: &'static str,
    pub trade: Trade,
    pub equipment: &'static [Equipment],
    /// Pounds of a truckload, from and to. Legal gross weight (80,000 lb) leaves about 45,000 for freight.
    pub pounds: (i64, i64),
    /// The kinds of facility that take it.
    pub to: &'static [Kind],
    /// What has to be done with it, if anything.
    pub care: &'static str,
}

#[rustfmt::skip]
#[allow(clippy::too_many_arguments)] // one argument a column of the table
const fn row(
    trade: Trade, name: &'static str, equipment: &'static [Equipment], low: i64, high: i64, to: &'static [Kind],
    care: &'static str,
) -> Commodity {
    Commodity { name, trade, equipment, pounds: (low, high), to, care }
}

#[rustfmt::skip]
pub static COMMODITIES: [Commodity; 32] = [
    row(Produce, "Lettuce", &[Reefer], 36_000, 42_000, &[Cold, Warehouse], "Run at 34 °F continuous. Pulp before loading."),
    row(Produce, "Apples", &[Reefer], 40_000, 43_500, &[Cold, Warehouse], "Run at 33 °F continuous."),
    row(Produce, "Tomatoes", &[Reefer], 38_000, 42_500, &[Cold, Warehouse], "Run at 52 °F, never below 50."),
    row(Produce, "Citrus", &[Reefer], 40_000, 43_500, &[Cold, Warehouse], "Run at 40 °F. Vents open."),
    row(Protein, "Boxed beef", &[Reefer], 41_000, 43_900, &[Cold, Warehouse], "Run at 28 °F continuous. Washed trailer."),
    row(Protein, "Fresh pork", &[Reefer], 40_000, 43_500, &[Cold, Warehouse], "Run at 30 °F continuous. Washed trailer."),
    row(Protein, "Frozen poultry", &[Reefer], 40_000, 43_500, &[Cold, Warehouse], "Run at -10 °F. Reefer download on request."),
    row(Grocery, "Frozen potatoes", &[Reefer], 40_000, 43_500, &[Cold, Warehouse], "Run at -10 °F continuous."),
    row(Grocery, "Yogurt", &[Reefer], 36_000, 42_000, &[Warehouse], "Run at 36 °F continuous."),
    row(Grocery, "Bottled water", &[DryVan], 42_500, 44_500, &[Warehouse], ""),
    row(Grocery, "Breakfast cereal", &[DryVan], 18_000, 26_000, &[Warehouse], "Food grade trailer, no odor."),
    row(Grocery, "Canned vegetables", &[DryVan], 41_000, 44_000, &[Warehouse], ""),
    row(Grocery, "Pet food", &[DryVan], 38_000, 43_500, &[Warehouse], "Food grade trailer, no odor."),
    row(Paper, "Paper towels", &[DryVan], 14_000, 20_000, &[Warehouse], ""),
    row(Paper, "Paper rolls", &[DryVan], 42_000, 44_500, &[Warehouse], "Dry, smooth floor. Rolls are chocked."),
    row(Paper, "Corrugated sheets", &[DryVan], 24_000, 36_000, &[Processor, Plant], ""),
    row(Retail, "Household goods", &[DryVan], 18_000, 34_000, &[Warehouse], ""),
    row(Retail, "Appliances", &[DryVan], 16_000, 24_000, &[Warehouse], "2 load bars. No double stacking."),
    row(Retail, "Consumer electronics", &[DryVan], 16_000, 28_000, &[Warehouse], "High value: no stops in the first 200 miles, sealed."),
    row(Retail, "Office seating", &[DryVan], 12_000, 20_000, &[Warehouse], "Blanket wrapped. Do not stack."),
    row(Retail, "Footwear", &[DryVan], 20_000, 32_000, &[Warehouse], ""),
    row(Automotive, "Auto parts", &[DryVan], 24_000, 42_000, &[Plant, Warehouse], "Line side: late is a shutdown. Call with any delay."),
    row(Automotive, "Tires", &[DryVan], 28_000, 36_000, &[Plant, Warehouse], ""),
    row(Automotive, "Axles", &[Flatbed, DryVan], 38_000, 44_000, &[Plant], ""),
    row(Metals, "Steel coils", &[Flatbed], 42_000, 47_500, &[Plant, Mill], "Coil racks, chains and tarps."),
    row(Metals, "Rebar", &[Flatbed], 44_000, 47_500, &[Warehouse, Mill], "4 chains or 8 straps. No tarp."),
    row(Metals, "Steel pipe", &[Flatbed], 40_000, 47_000, &[Plant, Mill], "Pipe stakes. Straps only, no chains."),
    row(Building, "Lumber", &[Flatbed], 44_000, 47_500, &[Warehouse, Ramp], "8 ft lumber tarps."),
    row(Building, "Roofing shingles", &[Flatbed], 44_000, 47_500, &[Warehouse], "Tarps. Driver assists with straps only."),
    row(Machinery, "Farm implements", &[StepDeck, Flatbed], 18_000, 42_000, &[Warehouse, Port, Plant], "Ramps needed. Measure the height before leaving."),
    row(Machinery, "Machinery, crated", &[StepDeck, Flatbed], 22_000, 44_000, &[Plant], "Tarps. Chains on the marked points only."),
    row(Trailers, "Loaded trailer", &[PowerOnly], 30_000, 44_000, &[Warehouse, Ramp], "Power only: check lights and tires before hooking."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::places::FACILITIES;

    #[test]
    fn everything_that_a_facility_ships_is_known_and_has_places_to_go() {
        for facility in &FACILITIES {
            for name in facility.ships {
                assert!(COMMODITIES.iter().any(|commodity| commodity.name == *name), "{name} of {}", facility.name);
            }
        }
        for commodity in &COMMODITIES {
            let origins = FACILITIES.iter().filter(|facility| facility.ships.contains(&commodity.name)).count();
            let takers = FACILITIES.iter().filter(|facility| commodity.to.contains(&facility.kind)).count();
            assert!(origins >= 1 && takers >= 6, "{}: {origins} to {takers}", commodity.name);
            assert!(commodity.pounds.0 < commodity.pounds.1 && commodity.pounds.1 <= 48_000);
        }
    }
}
