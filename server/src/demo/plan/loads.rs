//! The loads of a demo tenant.

use super::{
    customers::CustomerPlan,
    freight::{COMMODITIES, Commodity},
    itinerary::{Itinerary, hours_after},
    lanes::{self, Call, Lanes},
    mix, paperwork, people, rates,
    reports::{CheckCallPlan, Voyage},
    timeline::Timeline,
};
use crate::demo::{dice::Dice, fix::Fix};
use app::domain::{
    load::Equipment,
    money::Finance,
    status::LoadStatus::{self, *},
    stop::{StopKind, Window},
    time::{DAY, Timestamp},
};

/// How many trips are tried for one that meets the hours of its facilities.
const TRIES: usize = 12;

/// A load as it stands at `now`. Indices point into the [`TenantPlan`](super::TenantPlan).
#[derive(Debug, Clone, PartialEq)]
pub struct LoadPlan {
    pub status: LoadStatus,
    pub customer: usize,
    pub equipment: Equipment,
    pub commodity: &'static str,
    pub weight_lbs: i32,
    pub miles: i32,
    /// In the order of the trip.
    pub stops: Vec<StopPlan>,
    /// Until a carrier is found, the cost is what it may be.
    pub finance: Finance,
    pub references: Vec<String>,
    pub instructions: String,
    pub hot: bool,
    pub exception: bool,
    pub carrier: Option<usize>,
    pub driver: Option<usize>,
    /// Index of the user who works it.
    pub dispatcher: Option<usize>,
    pub created_at: Timestamp,
    pub status_since: Timestamp,
    /// The later of `status_since` and the last check call.
    pub updated_at: Timestamp,
    /// On tendered loads.
    pub tender_expires_at: Option<Timestamp>,
    /// On cancelled loads.
    pub cancel_reason: Option<&'static str>,
    /// The newest last.
    pub check_calls: Vec<CheckCallPlan>,
    /// Position reports of the last day, the newest last; only of loads with a truck under way.
    pub trail: Vec<Fix>,
}

/// A stop of a load.
#[derive(Debug, Clone, PartialEq)]
pub struct StopPlan {
    pub kind: StopKind,
    pub facility: usize,
    pub window: Window,
    /// End of the window that was agreed first; later moved on few.
    pub original_end: Timestamp,
    pub arrived_at: Option<Timestamp>,
    pub departed_at: Option<Timestamp>,
}

impl LoadPlan {
    pub fn last_check_call_at(&self) -> Option<Timestamp> {
        self.check_calls.last().map(|call| call.received_at)
    }

    /// What the driver has said of the next stop since the load has stood in its status, and when.
    pub fn eta(&self) -> Option<(Timestamp, Timestamp)> {
        let said = self.check_calls.iter().rev().filter(|call| call.received_at >= self.status_since);
        said.filter(|_| matches!(self.status, Dispatched | PickedUp | InTransit))
            .find_map(|call| Some((call.eta?, call.received_at)))
    }

    /// Draws a load, without a crew.
    pub(super) fn draw(
        status: LoadStatus,
        customers: &[CustomerPlan],
        lanes: &mut Lanes,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Self {
        let customer = dice.weighted(&customers.iter().map(|customer| f64::from(customer.share)).collect::<Vec<_>>());
        let commodity = draw_commodity(&customers[customer], dice);
        let equipment = dice.pick(commodity.equipment).copied().unwrap_or(Equipment::DryVan);
        // Long trips are more likely to be under way at any moment.
        let stretch = if status == InTransit { 1.5 } else { 1.0 };
        let mut tries = 0;
        let (calls, trip, timeline) = loop {
            let calls = lanes::stops(commodity, lanes::wanted_miles(dice) * stretch, dice);
            let trip = Itinerary::draw(&calls, lanes, dice);
            let timeline = Timeline::draw(status, &calls, &trip, lanes, now, dice);
            tries += 1;
            if timeline.fits || tries == TRIES {
                break (calls, trip, timeline);
            }
        };
        let voyage = Voyage { status, stops: &calls, trip: &trip, timeline: &timeline, now };
        let trail = if mix::is_at_work(status) { voyage.trail(lanes, dice) } else { Vec::new() };
        let check_calls =
            if (Dispatched..=Completed).contains(&status) { voyage.check_calls(&trail, dice) } else { Vec::new() };
        let stops = draw_stops(&calls, &trip, &timeline, status, now, dice);
        let miles = trip.miles().round() as i32;
        let dispatcher = match dice.weighted(&[45.0, 40.0, 15.0]) {
            0 => people::MARIA,
            1 => people::JOHN,
            _ => people::SARAH,
        };
        let last_call = check_calls.last().map_or(timeline.status_since, |call| call.received_at);
        Self {
            status,
            customer,
            equipment,
            commodity: commodity.name,
            weight_lbs: (dice.whole(commodity.pounds.0..commodity.pounds.1) / 50 * 50) as i32,
            miles,
            stops,
            finance: rates::price(equipment, miles, timeline.start, dice),
            references: paperwork::references(dice),
            instructions: paperwork::instructions(commodity, dice),
            hot: !status.is_final() && dice.chance(0.07),
            exception: !status.is_final() && dice.chance(0.04),
            carrier: None,
            driver: None,
            dispatcher: (status != Planning || dice.chance(0.6)).then_some(dispatcher),
            created_at: timeline.created_at,
            status_since: timeline.status_since,
            updated_at: timeline.status_since.max(last_call),
            tender_expires_at: timeline.tender_expires_at,
            cancel_reason: (status == Cancelled).then(|| paperwork::cancel_reason(dice)),
            check_calls,
            trail,
        }
    }
}

fn draw_commodity(customer: &CustomerPlan, dice: &mut Dice) -> &'static Commodity {
    let theirs: Vec<&Commodity> =
        COMMODITIES.iter().filter(|commodity| customer.trades.contains(&commodity.trade)).collect();
    dice.pick(&theirs).copied().unwrap_or(&COMMODITIES[0])
}

fn draw_stops(
    calls: &[Call],
    trip: &Itinerary,
    timeline: &Timeline,
    status: LoadStatus,
    now: Timestamp,
    dice: &mut Dice,
) -> Vec<StopPlan> {
    let has_gone = (AtPickup..=Completed).contains(&status);
    let passed = |hour: f64| Some(hours_after(timeline.start, hour)).filter(|at| has_gone && *at <= now);
    let stop = |((call, visit), window): ((&Call, _), &Window)| {
        let visit: &super::itinerary::Visit = visit;
        let moved = if dice.chance(0.06) { DAY } else { 0 };
        StopPlan {
            kind: call.kind,
            facility: call.facility,
            window: *window,
            original_end: window.end.plus(-moved),
            arrived_at: passed(visit.arrive),
            departed_at: passed(visit.depart),
        }
    };
    calls.iter().zip(&trip.visits).zip(&timeline.windows).map(stop).collect()
}
