//! The facilities of the demo: real industrial areas, invented names.

use super::{Facility, Kind, Kind::*};
use app::domain::geo::LatLng;

const PACIFIC: &str = "America/Los_Angeles";
const MOUNTAIN: &str = "America/Denver";
const ARIZONA: &str = "America/Phoenix";
const BOISE: &str = "America/Boise";
const CENTRAL: &str = "America/Chicago";
const EASTERN: &str = "America/New_York";
const INDIANA: &str = "America/Indiana/Indianapolis";
const KENTUCKY: &str = "America/Kentucky/Louisville";
const MICHIGAN: &str = "America/Detroit";

/// What a distribution center, a sea terminal, one with breakbulk, and a rail ramp ship.
const DC: &[&str] = &["Household goods", "Appliances", "Canned vegetables", "Bottled water"];
const SEA: &[&str] = &["Household goods", "Consumer electronics", "Footwear", "Tires"];
const HARBOR: &[&str] = &["Steel coils", "Machinery, crated", "Household goods", "Tires"];
const RAMP: &[&str] = &["Loaded trailer", "Consumer electronics"];

#[rustfmt::skip]
#[allow(clippy::too_many_arguments)] // one argument a column of the table
const fn at(
    city: &'static str, state: &'static str, lat: f64, lng: f64, zone: &'static str, opens: i8, closes: i8, kind: Kind,
    name: &'static str, ships: &'static [&'static str],
) -> Facility {
    Facility { name, city, state, zone, at: LatLng { lat, lng }, kind, opens, closes, ships }
}

/// City, state, latitude, longitude, zone, opening and closing hour, kind, name, what it ships. Roughly from west to east.
#[rustfmt::skip]
pub static FACILITIES: [Facility; 66] = [
    at("Kent", "WA", 47.410, -122.235, PACIFIC, 6, 20, Warehouse, "Green River Valley Distribution Center", DC),
    at("Yakima", "WA", 46.590, -120.545, PACIFIC, 5, 18, Source, "Ahtanum Ridge Apple Packing", &["Apples"]),
    at("Spokane Valley", "WA", 47.680, -117.190, PACIFIC, 6, 18, Warehouse, "Lilac Valley Warehouse", &["Lumber", "Household goods"]),
    at("Portland", "OR", 45.600, -122.720, PACIFIC, 6, 22, Warehouse, "Columbia Slough Logistics Center", DC),
    at("Eugene", "OR", 44.110, -123.160, PACIFIC, 6, 16, Source, "Willamette Fork Lumber Mill", &["Lumber"]),
    at("Oakland", "CA", 37.805, -122.300, PACIFIC, 7, 17, Port, "Outer Harbor Pier 7 Terminal", SEA),
    at("Lathrop", "CA", 37.800, -121.290, PACIFIC, 0, 24, Warehouse, "San Joaquin Crossdock 4", &["Canned vegetables", "Household goods", "Corrugated sheets"]),
    at("Salinas", "CA", 36.655, -121.610, PACIFIC, 4, 20, Source, "Gabilan Valley Produce Cooling", &["Lettuce"]),
    at("Fresno", "CA", 36.690, -119.740, PACIFIC, 5, 20, Cold, "Sierra Foothill Cold Storage", &["Citrus", "Tomatoes", "Frozen poultry"]),
    at("Long Beach", "CA", 33.765, -118.215, PACIFIC, 7, 18, Port, "Cerritos Channel Container Terminal", SEA),
    at("Vernon", "CA", 34.000, -118.210, PACIFIC, 4, 22, Cold, "Alameda Street Cold Storage", &["Frozen poultry", "Yogurt"]),
    at("Ontario", "CA", 34.045, -117.590, PACIFIC, 0, 24, Warehouse, "Jurupa Hills Fulfillment Center", DC),
    at("North Las Vegas", "NV", 36.270, -115.090, PACIFIC, 6, 20, Warehouse, "Apex Mesa Warehouse 2", DC),
    at("Sparks", "NV", 39.530, -119.740, PACIFIC, 6, 20, Warehouse, "Truckee Meadows Distribution Center", &["Pet food", "Consumer electronics", "Household goods"]),
    at("Nampa", "ID", 43.605, -116.590, BOISE, 5, 20, Processor, "Treasure Butte Potato Works", &["Frozen potatoes"]),
    at("Salt Lake City", "UT", 40.745, -112.010, MOUNTAIN, 6, 20, Warehouse, "Jordan River Logistics Park", DC),
    at("Tolleson", "AZ", 33.435, -112.255, ARIZONA, 4, 22, Warehouse, "Estrella West Distribution Center", &["Lettuce", "Bottled water", "Household goods"]),
    at("Nogales", "AZ", 31.385, -110.955, ARIZONA, 6, 20, Source, "Mariposa Border Produce Terminal", &["Tomatoes"]),
    at("Albuquerque", "NM", 35.045, -106.670, MOUNTAIN, 6, 18, Warehouse, "Mesa del Rio Warehouse", DC),
    at("Billings", "MT", 45.795, -108.460, MOUNTAIN, 7, 17, Warehouse, "Rimrock Supply Warehouse", &["Lumber", "Canned vegetables"]),
    at("Commerce City", "CO", 39.800, -104.910, MOUNTAIN, 5, 21, Warehouse, "Sand Creek Distribution Center", DC),
    at("El Paso", "TX", 31.710, -106.290, MOUNTAIN, 6, 22, Plant, "Mission Trail Assembly Plant", &["Auto parts", "Appliances"]),
    at("Amarillo", "TX", 35.230, -101.720, CENTRAL, 4, 20, Source, "Palo Duro Beef Plant", &["Boxed beef"]),
    at("Laredo", "TX", 27.625, -99.500, CENTRAL, 6, 22, Warehouse, "Rio Bravo Transload Warehouse", &["Auto parts", "Appliances", "Machinery, crated"]),
    at("Pharr", "TX", 26.130, -98.190, CENTRAL, 6, 22, Source, "Valle Verde Produce Bridge Dock", &["Tomatoes", "Citrus"]),
    at("San Antonio", "TX", 29.385, -98.390, CENTRAL, 6, 20, Warehouse, "Salado Creek Distribution Center", DC),
    at("Fort Worth", "TX", 32.965, -97.280, CENTRAL, 0, 24, Ramp, "Keller North Rail Ramp", RAMP),
    at("Wilmer", "TX", 32.595, -96.680, CENTRAL, 0, 24, Warehouse, "Trinity South Fulfillment Center", DC),
    at("Houston", "TX", 29.780, -95.260, CENTRAL, 6, 18, Mill, "Bayou Bend Pipe and Steel Yard", &["Steel pipe", "Rebar"]),
    at("La Porte", "TX", 29.675, -95.030, CENTRAL, 7, 17, Port, "Galveston Bay Container Terminal", HARBOR),
    at("Oklahoma City", "OK", 35.420, -97.590, CENTRAL, 6, 18, Warehouse, "Crosstimbers Warehouse", &["Roofing shingles", "Tires", "Household goods"]),
    at("Catoosa", "OK", 36.230, -95.745, CENTRAL, 6, 17, Mill, "Verdigris River Plate Mill", &["Steel coils", "Steel pipe"]),
    at("Wichita", "KS", 37.620, -97.380, CENTRAL, 6, 18, Plant, "Prairie Wind Machine Works", &["Machinery, crated"]),
    at("Edgerton", "KS", 38.770, -95.000, CENTRAL, 0, 24, Ramp, "Santa Fe Trail Rail Ramp", RAMP),
    at("Council Bluffs", "IA", 41.220, -95.860, CENTRAL, 5, 20, Processor, "Loess Hills Grain Foods Plant", &["Breakfast cereal", "Pet food"]),
    at("Sioux Falls", "SD", 43.590, -96.710, CENTRAL, 4, 20, Source, "Big Sioux Pork Plant", &["Fresh pork"]),
    at("Fargo", "ND", 46.910, -96.830, CENTRAL, 7, 17, Plant, "Red River Implement Works", &["Farm implements"]),
    at("Shakopee", "MN", 44.785, -93.460, CENTRAL, 5, 21, Warehouse, "Minnesota Bend Distribution Center", &["Breakfast cereal", "Canned vegetables", "Household goods"]),
    at("Ankeny", "IA", 41.705, -93.580, CENTRAL, 6, 18, Plant, "Four Mile Creek Equipment Plant", &["Farm implements"]),
    at("Hazelwood", "MO", 38.785, -90.380, CENTRAL, 5, 21, Warehouse, "Coldwater Creek Logistics Center", &["Roofing shingles", "Pet food", "Bottled water"]),
    at("Green Bay", "WI", 44.530, -88.060, CENTRAL, 5, 20, Processor, "Fox Point Paper Plant", &["Paper towels", "Paper rolls", "Corrugated sheets"]),
    at("Oak Creek", "WI", 42.880, -87.900, CENTRAL, 6, 18, Plant, "Root River Controls Plant", &["Machinery, crated"]),
    at("Joliet", "IL", 41.465, -88.125, CENTRAL, 0, 24, Ramp, "Des Plaines River Rail Ramp", RAMP),
    at("Bolingbrook", "IL", 41.670, -88.105, CENTRAL, 5, 22, Warehouse, "Lily Cache Distribution Center", DC),
    at("Memphis", "TN", 35.025, -89.900, CENTRAL, 0, 24, Warehouse, "Nonconnah Fulfillment Center", DC),
    at("La Vergne", "TN", 36.010, -86.560, CENTRAL, 6, 20, Warehouse, "Stones River Distribution Center", &["Tires", "Auto parts", "Household goods"]),
    at("Bessemer", "AL", 33.390, -86.970, CENTRAL, 6, 16, Mill, "Red Mountain Rebar Mill", &["Rebar", "Steel coils"]),
    at("Mobile", "AL", 30.670, -88.055, CENTRAL, 7, 17, Port, "Tensaw River Terminal", &["Paper rolls", "Steel coils", "Household goods"]),
    at("New Orleans", "LA", 29.955, -90.160, CENTRAL, 6, 18, Cold, "Crescent Bend Cold Storage", &["Frozen poultry"]),
    at("Plainfield", "IN", 39.690, -86.360, INDIANA, 0, 24, Warehouse, "White Lick Fulfillment Center", DC),
    at("Shepherdsville", "KY", 37.980, -85.700, KENTUCKY, 5, 22, Warehouse, "Salt River Distribution Center", &["Appliances", "Footwear", "Household goods"]),
    at("Romulus", "MI", 42.230, -83.370, MICHIGAN, 5, 22, Plant, "Ecorse Creek Parts Plant", &["Auto parts", "Axles"]),
    at("Kentwood", "MI", 42.880, -85.560, MICHIGAN, 6, 18, Plant, "Grand Rapids Seating Works", &["Office seating", "Auto parts"]),
    at("Groveport", "OH", 39.840, -82.930, EASTERN, 0, 24, Warehouse, "Walnut Creek Crossdock", &["Footwear", "Household goods", "Canned vegetables"]),
    at("Cleveland", "OH", 41.455, -81.675, EASTERN, 6, 18, Mill, "Cuyahoga Flats Coil Mill", &["Steel coils"]),
    at("Carlisle", "PA", 40.230, -77.130, EASTERN, 0, 24, Warehouse, "Cumberland Valley Fulfillment Center", &["Pet food", "Paper towels", "Household goods"]),
    at("Breinigsville", "PA", 40.555, -75.630, EASTERN, 5, 23, Warehouse, "Lehigh Furnace Distribution Center", &["Bottled water", "Corrugated sheets", "Appliances"]),
    at("Elizabeth", "NJ", 40.675, -74.155, EASTERN, 6, 18, Port, "Newark Bay Container Terminal", SEA),
    at("Cheektowaga", "NY", 42.895, -78.750, EASTERN, 6, 18, Cold, "Niagara Frontier Cold Storage", &["Yogurt"]),
    at("Westborough", "MA", 42.280, -71.600, EASTERN, 5, 20, Warehouse, "Assabet River Distribution Center", DC),
    at("Baltimore", "MD", 39.265, -76.545, EASTERN, 6, 18, Port, "Patapsco Roll-on Terminal", HARBOR),
    at("Greer", "SC", 34.895, -82.180, EASTERN, 5, 22, Plant, "Blue Ridge Axle Plant", &["Axles", "Tires", "Auto parts"]),
    at("McDonough", "GA", 33.430, -84.170, EASTERN, 0, 24, Warehouse, "Towaliga Fulfillment Center", &["Roofing shingles", "Paper towels", "Household goods"]),
    at("Garden City", "GA", 32.120, -81.150, EASTERN, 6, 18, Port, "Savannah River Container Terminal", SEA),
    at("Lakeland", "FL", 28.035, -82.010, EASTERN, 4, 20, Cold, "Polk Citrus Cold Storage", &["Citrus"]),
    at("Medley", "FL", 25.865, -80.335, EASTERN, 5, 20, Warehouse, "Okeechobee Canal Warehouse", DC),
];
