//! Writes the plan of a demo tenant into the database, once.

use super::{
    history::{Cast, Historian, id_of_moment, steps},
    plan::{LoadPlan, TenantPlan, people},
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
    load::Person,
    position::PositionSource,
    role::Role,
    stop::Place,
    time::Timestamp,
};
use uuid::Uuid;

/// Ids of the parts of a plan, in its order.
struct Ids {
    tenant: TenantId,
    carriers: Vec<CarrierId>,
    drivers: Vec<DriverId>,
    facilities: Vec<FacilityId>,
    users: Vec<UserId>,
}

impl Ids {
    fn of(plan: &TenantPlan) -> Self {
        let new = |_| Uuid::now_v7();
        Self {
            tenant: TenantId(Uuid::now_v7()),
            carriers: (0..plan.carriers.len()).map(new).map(CarrierId).collect(),
            drivers: (0..plan.drivers.len()).map(new).map(DriverId).collect(),
            facilities: (0..plan.facilities.len()).map(new).map(FacilityId).collect(),
            users: (0..plan.users.len()).map(new).map(UserId).collect(),
        }
    }
}

/// Writes a tenant and all that belongs to it. `password_hash` is everybody's.
pub async fn write(tx: &mut Tx, plan: &TenantPlan, password_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    let ids = Ids::of(plan);
    let tenant = Tenant { id: ids.tenant, slug: plan.slug.to_owned(), name: plan.name.to_owned() };
    tenants::insert(tx, &tenant).await?;
    write_carriers(tx, plan, &ids).await?;
    write_facilities(tx, plan, &ids).await?;
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
    let mut historian = Historian::new(ids.tenant);
    for load in &plan.loads {
        write_load(tx, plan, &ids, &mut historian, load).await?;
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

async fn write_load(
    tx: &mut Tx,
    plan: &TenantPlan,
    ids: &Ids,
    historian: &mut Historian,
    load: &LoadPlan,
) -> Result<(), StoreError> {
    let load_id = LoadId(id_of_moment(load.created_at));
    let worked_by = load.dispatcher.map(|user| ids.users[user]);
    let row = LoadRow {
        id: load_id,
        load_number: loads::next_number(tx, ids.tenant, load.created_at).await?,
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
    };
    loads::insert(tx, ids.tenant, &row).await?;
    let stops: Vec<StopRow> = load
        .stops
        .iter()
        .map(|stop| StopRow {
            id: StopId(Uuid::now_v7()),
            kind: stop.kind,
            facility_id: ids.facilities[stop.facility],
            window: stop.window,
            original_end: stop.original_end,
            arrived_at: stop.arrived_at,
            departed_at: stop.departed_at,
        })
        .collect();
    stops::insert_all(tx, load_id, &stops).await?;
    for call in &load.check_calls {
        let notes = call.note.clone();
        let call = CheckCall { load_id, at: call.at, notes, eta: call.eta, received_at: call.received_at };
        positions::insert_check_call(tx, &call).await?;
    }
    if let Some((eta, said_at)) = load.eta() {
        loads::say_eta(tx, load_id, eta, said_at).await?;
    }
    let trail: Vec<Position> = load
        .trail
        .iter()
        .map(|fix| Position {
            load_id,
            recorded_at: fix.recorded_at,
            at: fix.at,
            heading: Some(fix.heading),
            speed: Some(fix.speed_mph),
            source: PositionSource::Simulator,
        })
        .collect();
    positions::insert_all(tx, &trail).await?;
    let newest = trail.iter().max_by_key(|position| position.recorded_at);
    positions::keep_latest(tx, newest.map(|newest| (ids.tenant, *newest)).into_iter().collect()).await?;
    let person = |user: usize| Person { id: ids.users[user], name: plan.users[user].name.to_owned() };
    let login = |driver| plan.users.iter().position(|user| user.role == Role::Driver && user.driver == Some(driver));
    let cast = Cast {
        worked_by: load.dispatcher.map(person),
        manager: person(people::SARAH),
        driver: load.driver.and_then(login).map(|user| ids.users[user]),
    };
    let names = load.stops.iter().map(|stop| plan.facilities[stop.facility].name);
    let stops: Vec<(StopRow, &str)> = stops.into_iter().zip(names).collect();
    historian.write(tx, load_id, load, &stops, &cast).await
}
