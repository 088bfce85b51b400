//! What the demo starts with: two tenants with people, carriers, drivers, customers and loads in every status.

mod carriers;
mod crew;
mod customers;
mod drivers;
mod freight;
mod itinerary;
mod lanes;
mod loads;
mod mix;
mod names;
mod paperwork;
pub mod people;
mod punctuality;
mod rates;
mod reports;
mod timeline;
mod windows;

pub use carriers::CarrierPlan;
pub use customers::CustomerPlan;
pub use drivers::DriverPlan;
pub use loads::{LoadPlan, StopPlan};
pub use people::UserPlan;
pub use reports::CheckCallPlan;

use super::{
    dice::Dice,
    places::{FACILITIES, Facility},
};
use app::domain::time::Timestamp;
use lanes::Lanes;

/// How much there is in each tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanSettings {
    pub loads: usize,
    /// At least so many drivers, one a truck; more where the loads under way need more.
    pub trucks: usize,
}

/// A tenant and all that belongs to it. Its parts name each other by index.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantPlan {
    /// Such as `acme`; also the domain of its users' addresses.
    pub slug: &'static str,
    pub name: &'static str,
    pub users: Vec<UserPlan>,
    pub carriers: Vec<CarrierPlan>,
    pub drivers: Vec<DriverPlan>,
    pub customers: Vec<CustomerPlan>,
    pub facilities: Vec<Facility>,
    /// In the order of their creation, in which they are to be numbered.
    pub loads: Vec<LoadPlan>,
}

/// What differs between the tenants by hand rather than by chance.
struct Company {
    slug: &'static str,
    name: &'static str,
    people: [&'static str; 7],
    carriers: [&'static str; 14],
    customers: &'static [CustomerPlan],
    /// Where in the list of names its drivers begin.
    names_from: usize,
}

#[rustfmt::skip]
const COMPANIES: [Company; 2] = [
    Company {
        slug: "acme",
        name: "Acme Freight",
        people: [
            "Dana Whitfield", "Sarah Lindqvist", "Maria Alvarez", "John Okafor", "Sam Nakamura", "Ricky Boudreaux",
            "Carlos Mendoza",
        ],
        carriers: [
            "Swift River Transport", "Blue Mesa Carriers", "Cardinal Creek Trucking", "Ironwood Haulage",
            "Prairie Lantern Lines", "Three Forks Freightways", "Copper Kettle Transport", "Juniper Ridge Trucking",
            "Lone Cypress Trucking", "Northern Pike Transport", "Red Clay Express", "Silver Birch Carriers",
            "Tallgrass Trucking", "Windmill Flat Transport",
        ],
        customers: &customers::ACME,
        names_from: 0,
    },
    Company {
        slug: "globex",
        name: "Globex Logistics",
        people: [
            "Priya Raman", "Sarah Kowalski", "Maria Santos", "John Whitaker", "Sam Greene", "Tina Vargas", "Carlos Ibarra",
        ],
        carriers: [
            "Swift River Transport", "Amber Field Carriers", "Cedar Hollow Trucking", "Dogwood Valley Freight",
            "Eagle Bluff Haulers", "Flint Hollow Transport", "Granite Pass Carriers", "Harbor Light Trucking",
            "Kingfisher Lines", "Limestone County Express", "Otter Creek Transport", "Painted Canyon Trucking",
            "Quail Run Carriers", "Sagebrush Flats Express",
        ],
        customers: &customers::GLOBEX,
        names_from: 1_200,
    },
];

/// The short names of the demo tenants.
pub const COMPANY_SLUGS: [&str; 2] = [COMPANIES[0].slug, COMPANIES[1].slug];

/// Plans the demo tenants as they stand at `now`. The same seed, `now` and settings give the same plan.
pub fn plan(seed: u64, now: Timestamp, settings: &PlanSettings) -> Vec<TenantPlan> {
    let mut lanes = Lanes::new();
    let tenant = |(index, company)| plan_tenant(company, Dice::of(seed, index), now, settings, &mut lanes);
    (0..).zip(&COMPANIES).map(tenant).collect()
}

/// The plan of one of them, as it is among the others.
pub fn plan_of(slug: &str, seed: u64, now: Timestamp, settings: &PlanSettings) -> Option<TenantPlan> {
    let (index, company) = (0..).zip(&COMPANIES).find(|(_, company)| company.slug == slug)?;
    Some(plan_tenant(company, Dice::of(seed, index), now, settings, &mut Lanes::new()))
}

fn plan_tenant(
    company: &Company,
    mut dice: Dice,
    now: Timestamp,
    settings: &PlanSettings,
    lanes: &mut Lanes,
) -> TenantPlan {
    let dice = &mut dice;
    let carriers = carriers::carriers(&company.carriers, now, dice);
    let statuses = mix::statuses(settings.loads, dice);
    let at_work = statuses.iter().filter(|status| mix::is_at_work(**status)).count();
    let named = (company.people[6], company.names_from);
    let drivers = drivers::drivers(&carriers, (settings.trucks, at_work), named, now, dice);
    let mut loads: Vec<LoadPlan> =
        statuses.into_iter().map(|status| LoadPlan::draw(status, company.customers, lanes, now, dice)).collect();
    loads.sort_by_key(|load| load.created_at);
    crew::assign(&mut loads, &carriers, &drivers, now, dice);
    TenantPlan {
        slug: company.slug,
        name: company.name,
        users: people::users(company.slug, &company.people),
        carriers,
        drivers,
        customers: company.customers.to_vec(),
        facilities: FACILITIES.to_vec(),
        loads,
    }
}

#[cfg(test)]
#[path = "plan/plan_tests.rs"]
mod tests;
