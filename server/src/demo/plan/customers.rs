//! The shippers that a demo tenant works for.

use super::freight::Trade::{self, *};

/// A customer and the trades it ships in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerPlan {
    pub name: &'static str,
    pub(super) trades: &'static [Trade],
    /// How much of the freight is theirs, compared with the others.
    pub(super) share: u32,
}

const fn ships(name: &'static str, share: u32, trades: &'static [Trade]) -> CustomerPlan {
    CustomerPlan { name, trades, share }
}

pub const ACME: [CustomerPlan; 12] = [
    ships("Prairie Gold Foods", 14, &[Grocery]),
    ships("Hollow Oak Paper", 11, &[Paper]),
    ships("Valley Crown Produce", 10, &[Produce]),
    ships("Wexford Home Stores", 12, &[Retail]),
    ships("Tall Pine Building Supply", 7, &[Building]),
    ships("Marlow Axle and Drive", 9, &[Automotive]),
    ships("Cascade Beef Packers", 8, &[Protein]),
    ships("Kettering Steel Service", 8, &[Metals]),
    ships("Bright Harbor Imports", 8, &[Retail, Automotive]),
    ships("Larkspur Pet Nutrition", 5, &[Grocery]),
    ships("Fairmont Implement", 5, &[Machinery]),
    ships("Crossline Trailer Pool", 5, &[Trailers]),
];

pub const GLOBEX: [CustomerPlan; 12] = [
    ships("Sunmeadow Groceries", 13, &[Grocery, Produce]),
    ships("Orchard Lane Growers", 9, &[Produce]),
    ships("Delmont Tissue", 9, &[Paper]),
    ships("Parkside Outfitters", 11, &[Retail]),
    ships("Ashby Tire and Rubber", 8, &[Automotive]),
    ships("Lone Star Pipe Supply", 8, &[Metals]),
    ships("Great Bend Machinery", 7, &[Machinery]),
    ships("Pinewood Roofing", 6, &[Building]),
    ships("Blue Heron Protein", 9, &[Protein]),
    ships("Nova Appliance Group", 9, &[Retail]),
    ships("Ridgeway Container", 6, &[Paper, Retail]),
    ships("Interline Equipment Pool", 5, &[Trailers]),
];
