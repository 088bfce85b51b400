//! New loads.

use super::{
    super::ServiceError, Caller, Services, audience, fitness::fit_carrier, read::with_stops, shown_to, values,
};
use crate::{
    store::{self, loads::LoadRow, stops::StopRow},
    stream::Change,
};
use app::{
    api::loads::CreateLoad,
    domain::{
        geo,
        id::{LoadId, StopId},
        load::{Load, LoadCard},
        money::Finance,
        role::Permission,
        status::LoadStatus,
        stop::{StopKind, Window},
    },
    events::LoadCreated,
};
use uuid::Uuid;

/// A load as it was asked for, within its bounds.
struct Wanted {
    customer: String,
    commodity: String,
    instructions: String,
    references: Vec<String>,
    weight_lbs: i32,
    finance: Option<Finance>,
}

/// Judges all that can be judged without the database.
pub(super) fn check(caller: &Caller, request: &CreateLoad) -> Result<(), ServiceError> {
    read(caller, request).map(drop)
}

fn read(caller: &Caller, request: &CreateLoad) -> Result<Wanted, ServiceError> {
    if !caller.may(Permission::LoadChange) {
        return Err(ServiceError::no_right_to_change());
    }
    if request.finance.is_some() && !caller.sees_finance() {
        return Err(ServiceError::no_right_to_money());
    }
    let kinds: Vec<StopKind> = request.stops.iter().map(|stop| stop.kind).collect();
    let windows: Vec<Window> = request.stops.iter().map(|stop| stop.window).collect();
    values::trip(&kinds, &windows)?;
    request.miles.map(values::miles).transpose()?;
    Ok(Wanted {
        customer: values::name("customer", &request.customer)?,
        commodity: values::prose("commodity", &request.commodity)?,
        instructions: values::prose("instructions", &request.instructions)?,
        references: values::references(request.references.clone())?,
        weight_lbs: values::weight_lbs(request.weight_lbs)?,
        finance: request.finance.map(values::finance).transpose()?,
    })
}

impl Services {
    /// Books a load, in `PLANNING`.
    pub async fn create_load(&self, caller: &Caller, request: CreateLoad) -> Result<Load, ServiceError> {
        check(caller, &request)?;
        let mut change = self.begin(caller).await?;
        let card = self.book(&mut change, caller, request).await?;
        let created = with_stops(&mut change.tx, shown_to(caller, card)).await?;
        change.commit().await?;
        Ok(created)
    }

    /// Books a load within a change. The caller commits.
    pub(super) async fn book(
        &self,
        change: &mut Change,
        caller: &Caller,
        request: CreateLoad,
    ) -> Result<LoadCard, ServiceError> {
        let wanted = read(caller, &request)?;
        let (mut stops, mut path) = (Vec::new(), Vec::new());
        for stop in request.stops {
            let facility = store::facilities::find(&mut change.tx, caller.tenant, stop.facility_id).await?;
            path.push(facility.ok_or(ServiceError::NotFound("facility"))?.location);
            stops.push(StopRow {
                id: StopId(Uuid::now_v7()),
                kind: stop.kind,
                facility_id: stop.facility_id,
                window: stop.window,
                original_end: stop.window.end,
                arrived_at: None,
                departed_at: None,
            });
        }
        let straight: f64 = path.windows(2).map(|leg| leg[0].miles_to(leg[1])).sum();
        let miles = values::miles(request.miles.unwrap_or((straight * geo::ROAD_FACTOR).round() as i32))?;
        if let Some(carrier) = request.carrier_id {
            fit_carrier(change, caller, carrier, None).await?;
        }

        let load = LoadRow {
            id: LoadId(Uuid::now_v7()),
            load_number: store::loads::next_number(&mut change.tx, caller.tenant, change.now).await?,
            status: LoadStatus::Planning,
            version: 1,
            customer: wanted.customer,
            equipment: request.equipment,
            carrier_id: request.carrier_id,
            driver_id: None,
            dispatcher_id: caller.person.as_ref().map(|person| person.id),
            commodity: wanted.commodity,
            weight_lbs: wanted.weight_lbs,
            miles,
            instructions: wanted.instructions,
            references: wanted.references,
            hot: request.hot,
            exception: false,
            finance: wanted.finance,
            stop_count: stops.len() as i64,
            tender_returned: None,
            tender_expires_at: None,
            last_check_call_at: None,
            eta: None,
            status_since: change.now,
            created_at: change.now,
            updated_at: change.now,
            updated_by: caller.person.as_ref().map(|person| person.id),
        };
        store::loads::insert(&mut change.tx, caller.tenant, &load).await?;
        store::stops::insert_all(&mut change.tx, load.id, &stops).await?;

        let card = store::loads::find(&mut change.tx, caller.tenant, store::loads::Scope::Tenant, load.id).await?;
        let card = card.ok_or(ServiceError::NotFound("load"))?;
        let audience = audience(&mut change.tx, &card).await?;
        change.record(&audience, Some(load.id), &LoadCreated(card.clone()))?;
        Ok(card)
    }
}
