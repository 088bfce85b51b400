//! Writes the plan of a demo tenant into the database: the tenant first, then its loads, some at a time.

use super::{
    dice::Dice,
    history::{Cast, Historian, Told, id_of_moment, steps},
    plan::{LoadPlan, StopPlan, TenantPlan, people},
};
use crate::store::{
    StoreError, Tx,
    carriers::{self, Carrier, Driver},
    facilities::{self, Facility},
    loads::{self, LoadRow},
    positions::{self, CheckCall, Position},
    stops::{self, StopRow},
    tenants::{self, Tenant},
    users::{self, User},
};
use app::domain::{
    id::{CarrierId, DriverId, FacilityId, LoadId, StopId, TenantId, UserId},
    load::{LoadCard, Person},
    position::PositionSource,
    role::Role,
    stop::Place,
    time::Timestamp,
};
use std::collections::HashMap;
use uuid::{Builder, Uuid};

/// Ids of the parts of a plan, in its order.
pub struct Ids {
    tenant: TenantId,
    carriers: Vec<CarrierId>,
    drivers: Vec<DriverId>,
    facilities: Vec<FacilityId>,
    users: Vec<UserId>,
}

impl Ids {
    /// The same for the same tenant: whoever goes on with its loads names what is written already.
    pub fn of(plan: &TenantPlan, tenant: TenantId, planned_at: Timestamp) -> Self {
        let (mut dice, mut count) = (Dice::new(tenant.0.as_u64_pair().1), 0);
        // UUIDv7 of one millisecond after the other, so that they sort in the order of the plan.
        let mut next = || {
            count += 1;
            let millis = u64::try_from(planned_at.millis() + count).unwrap_or(0);
            Builder::from_unix_timestamp_millis(millis, &dice.bytes()).into_uuid()
        };
        Self {
            tenant,
            carriers: plan.carriers.iter().map(|_| CarrierId(next())).collect(),
            drivers: plan.drivers.iter().map(|_| DriverId(next())).collect(),
            facilities: plan.facilities.iter().map(|_| FacilityId(next())).collect(),
            users: plan.users.iter().map(|_| UserId(next())).collect(),
        }
    }
}

/// Writes a tenant and all that belongs to it but its loads. `password_hash` is everybody's.
pub async fn write_tenant(
    tx: &mut Tx,
    plan: &TenantPlan,
    ids: &Ids,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let tenant = Tenant { id: ids.tenant, slug: plan.slug.to_owned(), name: plan.name.to_owned() };
    tenants::insert(tx, &tenant).await?;
    write_carriers(tx, plan, ids).await?;
    write_facilities(tx, plan, ids).await?;
    for (user, id) in plan.users.iter().zip(&ids.users) {
        let user = User {
            id: *id,
            tenant_id: ids.tenant,
            tenant_name: plan.name.to_owned(),
            email: user.email.clone(),
            name: user.name.to_owned(),
            role: user.role,
            password_hash: password_hash.to_owned(),
            carrier_id: user.carrier.filter(|_| user.role == Role::Carrier).map(|carrier| ids.carriers[carrier]),
            driver_id: user.driver.map(|driver| ids.drivers[driver]),
            token_generation: 0,
        };
        users::insert(tx, &user, now).await?;
    }
    Ok(())
}

async fn write_carriers(tx: &mut Tx, plan: &TenantPlan, ids: &Ids) -> Result<(), StoreError> {
    for (carrier, id) in plan.carriers.iter().zip(&ids.carriers) {
        let carrier = Carrier {
            id: *id,
            name: carrier.name.to_owned(),
            mc_number: carrier.mc_number.clone(),
            phone: Some(carrier.phone.clone()),
            insurance_expires_at: carrier.insurance_expires_at,
            compliance: carrier.compliance,
        };
        carriers::insert(tx, ids.tenant, &carrier).await?;
    }
    for (driver, id) in plan.drivers.iter().zip(&ids.drivers) {
        let carrier_id = ids.carriers[driver.carrier];
        let driver = Driver { id: *id, carrier_id, name: driver.name.clone(), phone: driver.phone.clone() };
        carriers::insert_driver(tx, ids.tenant, &driver).await?;
    }
    Ok(())
}

async fn write_facilities(tx: &mut Tx, plan: &TenantPlan, ids: &Ids) -> Result<(), StoreError> {
    for (facility, id) in plan.facilities.iter().zip(&ids.facilities) {
        let facility = Facility {
            id: *id,
            name: facility.name.to_owned(),
            address: None,
            place: Place { city: facility.city.to_owned(), state: facility.state.to_owned() },
            zone: facility.zone.to_owned(),
            location: facility.at,
            geofence_miles: None,
        };
        facilities::insert(tx, ids.tenant, &facility).await?;
    }
    Ok(())
}

/// Writes loads of a plan, with all that has happened to them.
pub async fn write_loads(
    tx: &mut Tx,
    plan: &TenantPlan,
    ids: &Ids,
    historian: &mut Historian,
    loads: &[LoadPlan],
) -> Result<(), StoreError> {
    let created: Vec<Timestamp> = loads.iter().map(|load| load.created_at).collect();
    let numbers = loads::next_numbers(tx, ids.tenant, &created).await?;
    let rows: Vec<LoadRow> =
        loads.iter().zip(numbers).map(|(load, load_number)| row(plan, ids, load, load_number)).collect();
    loads::insert_all(tx, ids.tenant, &rows).await?;
    let stops: Vec<Vec<StopRow>> = loads.iter().map(|load| stops_of(ids, load)).collect();
    let of_loads: Vec<(LoadId, &[StopRow])> =
        rows.iter().zip(&stops).map(|(row, stops)| (row.id, stops.as_slice())).collect();
    stops::insert_of_loads(tx, &of_loads).await?;
    write_reports(tx, ids, loads, &rows).await?;

    let written: Vec<LoadId> = rows.iter().map(|row| row.id).collect();
    let cards = loads::find_all(tx, ids.tenant, &written).await?;
    let mut cards: HashMap<LoadId, LoadCard> = cards.into_iter().map(|card| (card.id, card)).collect();
    let mut told = Vec::with_capacity(loads.len());
    for ((load, id), stops) in loads.iter().zip(&written).zip(&stops) {
        let names = load.stops.iter().map(|stop| plan.facilities[stop.facility].name);
        let stops = stops.iter().zip(names).collect();
        told.extend(cards.remove(id).map(|card| Told { card, plan: load, stops, cast: cast(plan, ids, load) }));
    }
    historian.write(tx, &told).await
}

fn row(plan: &TenantPlan, ids: &Ids, load: &LoadPlan, load_number: String) -> LoadRow {
    let worked_by = load.dispatcher.map(|user| ids.users[user]);
    LoadRow {
        id: LoadId(id_of_moment(load.created_at)),
        load_number,
        status: load.status,
        version: steps(load).len() as i64 + 1,
        customer: plan.customers[load.customer].name.to_owned(),
        equipment: load.equipment,
        carrier_id: load.carrier.map(|carrier| ids.carriers[carrier]),
        driver_id: load.driver.map(|driver| ids.drivers[driver]),
        dispatcher_id: worked_by,
        commodity: load.commodity.to_owned(),
        weight_lbs: load.weight_lbs,
        miles: load.miles,
        instructions: load.instructions.clone(),
        references: load.references.clone(),
        hot: load.hot,
        exception: load.exception,
        finance: Some(load.finance),
        stop_count: load.stops.len() as i64,
        tender_returned: None,
        tender_expires_at: load.tender_expires_at,
        last_check_call_at: load.last_check_call_at(),
        eta: None,
        status_since: load.status_since,
        created_at: load.created_at,
        updated_at: load.updated_at,
        updated_by: worked_by,
    }
}

fn stops_of(ids: &Ids, load: &LoadPlan) -> Vec<StopRow> {
    let stop = |stop: &StopPlan| StopRow {
        id: StopId(Uuid::now_v7()),
        kind: stop.kind,
        facility_id: ids.facilities[stop.facility],
        window: stop.window,
        original_end: stop.original_end,
        arrived_at: stop.arrived_at,
        departed_at: stop.departed_at,
    };
    load.stops.iter().map(stop).collect()
}

/// Writes what drivers have said of the loads, and where their trucks were.
async fn write_reports(tx: &mut Tx, ids: &Ids, loads: &[LoadPlan], rows: &[LoadRow]) -> Result<(), StoreError> {
    let (mut calls, mut trail, mut newest) = (Vec::new(), Vec::new(), Vec::new());
    for (load, row) in loads.iter().zip(rows) {
        let load_id = row.id;
        calls.extend(load.check_calls.iter().map(|call| CheckCall {
            load_id,
            at: call.at,
            notes: call.note.clone(),
            eta: call.eta,
            received_at: call.received_at,
        }));
        if let Some((eta, said_at)) = load.eta() {
            loads::say_eta(tx, load_id, eta, said_at).await?;
        }
        let reported = load.trail.iter().map(|fix| Position {
            load_id,
            recorded_at: fix.recorded_at,
            at: fix.at,
            heading: Some(fix.heading),
            speed: Some(fix.speed_mph),
            source: PositionSource::Simulator,
        });
        let reported: Vec<Position> = reported.collect();
        newest.extend(reported.iter().max_by_key(|position| position.recorded_at).map(|last| (ids.tenant, *last)));
        trail.extend(reported);
    }
    positions::insert_check_calls(tx, &calls).await?;
    positions::insert_all(tx, &trail).await?;
    positions::keep_latest(tx, newest).await?;
    Ok(())
}

fn cast(plan: &TenantPlan, ids: &Ids, load: &LoadPlan) -> Cast {
    let person = |user: usize| Person { id: ids.users[user], name: plan.users[user].name.to_owned() };
    let login = |driver| plan.users.iter().position(|user| user.role == Role::Driver && user.driver == Some(driver));
    Cast {
        worked_by: load.dispatcher.map(person),
        manager: person(people::SARAH),
        driver: load.driver.and_then(login).map(|user| ids.users[user]),
    }
}
