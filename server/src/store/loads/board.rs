//! Reading the board: thousands of cards at once, for every page that is opened and every client that comes back.
//!
//! What a card would join is looked up once for the tenant instead of once a card, and the columns that hold no free
//! text come as one: for each value of a row a driver for any database costs more than the database does.

use super::{
    super::{
        StoreError, Tx,
        many::Many,
        row::{Columns, id, readable},
        stops::{appointment_in, time_zone, window_kind_from_code},
    },
    card::{Scope, currency_from_code},
};
use app::domain::{
    id::TenantId,
    load::{CarrierRef, DriverRef, Equipment, LoadCard, Person},
    money::{Finance, Money},
    status::LoadStatus,
    stop::{Appointment, Place},
    time::Timestamp,
};
use jiff::tz::TimeZone;
use sqlx::any::AnyRow;
use std::{collections::HashMap, str::FromStr};

/// Stands between values that hold codes, ids and numbers, and so never it. Free text can only be the last one.
const BETWEEN: char = '|';

macro_rules! facts {
    ($($value:literal),*) => {
        concat!("CONCAT_WS('|'" $(, ", COALESCE(CAST(", $value, " AS TEXT), '')")*, ")")
    };
}

const BOARD: &str = concat!(
    "SELECT l.customer, l.commodity, l.instructions, l.reference_numbers, ",
    facts!(
        "l.id",
        "l.load_number",
        "l.status",
        "l.version",
        "l.equipment",
        "l.weight_lbs",
        "l.miles",
        "l.hot",
        "l.exception",
        "l.revenue",
        "l.carrier_cost",
        "l.currency",
        "l.stop_count",
        "l.tender_expires_at",
        "l.last_check_call_at",
        "l.eta",
        "l.status_since",
        "l.created_at",
        "l.updated_at",
        "l.carrier_id",
        "l.driver_id",
        "l.dispatcher_id",
        "l.updated_by",
        "l.claimed_by",
        "p.facility_id",
        "p.window_kind",
        "p.window_start",
        "p.window_end",
        "t.facility_id",
        "t.window_kind",
        "t.window_start",
        "t.window_end",
        "l.on_track_at",
        "l.tender_returned"
    ),
    " AS facts
     FROM shown
     JOIN loads l ON l.id = shown.id
     JOIN stops p ON p.load_id = l.id AND p.position = 1
     JOIN stops t ON t.load_id = l.id AND t.position = l.stop_count
     ORDER BY l.id"
);

/// The ids of what a board shows. Each half is read from an index: what is over and done does not count.
fn shown(scope: Scope) -> (String, Option<String>) {
    let (scoped, whose) = scope.condition();
    let since = if whose.is_some() { "$3" } else { "$2" };
    let ids = format!(
        "SELECT l.id FROM loads l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL{scoped} AND l.status IN \
            ('PLANNING', 'PENDING', 'TENDERED', 'ACCEPTED', 'DISPATCHED', 'AT_PICKUP', 'PICKED_UP', 'IN_TRANSIT', \
             'AT_DELIVERY', 'DELIVERED') \
         UNION ALL \
         SELECT l.id FROM loads l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL{scoped} \
            AND l.status = 'COMPLETED' AND l.status_since >= {since}"
    );
    (ids, whose)
}

/// What the board shows: all that is worked, and what was completed since `completed_since`.
pub async fn board(
    tx: &mut Tx,
    tenant: TenantId,
    scope: Scope,
    completed_since: Timestamp,
) -> Result<Vec<LoadCard>, StoreError> {
    let names = Names::read(tx, tenant).await?;
    let (ids, whose) = shown(scope);
    let query = Many::new(format!("WITH shown AS ({ids}) {BOARD}")).bind(id(tenant));
    let query = match whose {
        Some(whose) => query.bind(whose),
        None => query,
    };
    let rows = query.bind(completed_since.millis()).fetch_all(tx).await?;
    readable(&rows, "loads", |row| read(row, &names))
}

/// Whom and what the loads of a tenant name, by id as it is stored.
struct Names {
    carriers: HashMap<String, CarrierRef>,
    drivers: HashMap<String, DriverRef>,
    people: HashMap<String, Person>,
    /// With their time zones.
    facilities: HashMap<String, (Place, TimeZone)>,
}

impl Names {
    async fn read(tx: &mut Tx, tenant: TenantId) -> Result<Self, StoreError> {
        let carriers = rows(tx, "SELECT id, name FROM carriers WHERE tenant_id = $1", tenant).await?;
        let drivers = rows(tx, "SELECT id, name, phone FROM drivers WHERE tenant_id = $1", tenant).await?;
        let people = rows(tx, "SELECT id, name FROM users WHERE tenant_id = $1", tenant).await?;
        let facilities = rows(tx, "SELECT id, city, state, zone FROM facilities WHERE tenant_id = $1", tenant).await?;
        Ok(Self {
            carriers: by_id(&carriers, |row| Ok(CarrierRef { id: row.parsed("id")?, name: row.text("name")? }))?,
            drivers: by_id(&drivers, |row| {
                Ok(DriverRef { id: row.parsed("id")?, name: row.text("name")?, phone: row.maybe_text("phone")? })
            })?,
            people: by_id(&people, |row| Ok(Person { id: row.parsed("id")?, name: row.text("name")? }))?,
            facilities: by_id(&facilities, |row| {
                Ok((Place { city: row.text("city")?, state: row.text("state")? }, time_zone(&row.text("zone")?)))
            })?,
        })
    }
}

async fn rows(tx: &mut Tx, query: &'static str, tenant: TenantId) -> Result<Vec<AnyRow>, StoreError> {
    Ok(sqlx::query(query).bind(id(tenant)).fetch_all(&mut **tx).await?)
}

fn by_id<T>(
    rows: &[AnyRow],
    read: impl Fn(&AnyRow) -> Result<T, StoreError>,
) -> Result<HashMap<String, T>, StoreError> {
    rows.iter().map(|row| Ok((row.text("id")?, read(row)?))).collect()
}

/// The values of a row in their order.
struct Facts<'a>(Option<&'a str>);

impl<'a> Facts<'a> {
    fn text(&mut self, column: &'static str) -> Result<&'a str, StoreError> {
        let (value, rest) =
            self.rest(column)?.split_once(BETWEEN).ok_or(StoreError::Unreadable { column, value: String::new() })?;
        self.0 = Some(rest);
        Ok(value)
    }

    /// The last value.
    fn rest(&mut self, column: &'static str) -> Result<&'a str, StoreError> {
        self.0.take().ok_or(StoreError::Unreadable { column, value: String::new() })
    }

    fn read<T>(&mut self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let value = self.text(column)?;
        read(value).ok_or_else(|| StoreError::Unreadable { column, value: value.to_owned() })
    }

    fn parsed<T: FromStr>(&mut self, column: &'static str) -> Result<T, StoreError> {
        self.read(column, |value| value.parse().ok())
    }

    fn maybe_int(&mut self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.read(column, |value| if value.is_empty() { Some(None) } else { value.parse().ok().map(Some) })
    }

    fn flag(&mut self, column: &'static str) -> Result<bool, StoreError> {
        Ok(self.parsed::<i64>(column)? != 0)
    }

    fn time(&mut self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.parsed(column).map(Timestamp::from_millis)
    }

    fn maybe_time(&mut self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.maybe_int(column)?.map(Timestamp::from_millis))
    }

    /// What an id stands for, where there is one.
    fn named<T: Clone>(&mut self, column: &'static str, names: &HashMap<String, T>) -> Result<Option<T>, StoreError> {
        self.read(column, |value| if value.is_empty() { Some(None) } else { names.get(value).cloned().map(Some) })
    }

    fn stop(&mut self, names: &Names) -> Result<(Place, Appointment), StoreError> {
        let column = "facility_id";
        let id = self.text(column)?;
        let known = names.facilities.get(id);
        let (place, zone) = known.ok_or_else(|| StoreError::Unreadable { column, value: id.to_owned() })?;
        let kind = self.read("window_kind", window_kind_from_code)?;
        let (start, end) = (self.time("window_start")?, self.time("window_end")?);
        Ok((place.clone(), appointment_in(kind, start, end, zone)))
    }
}

fn read(row: &AnyRow, names: &Names) -> Result<LoadCard, StoreError> {
    let facts = row.text("facts")?;
    let mut facts = Facts(Some(&facts));
    let references = row.text("reference_numbers")?;
    let (load, load_number) = (facts.parsed("id")?, facts.text("load_number")?.to_owned());
    let status = facts.read("status", LoadStatus::from_code)?;
    let version = facts.parsed("version")?;
    let equipment = facts.read("equipment", Equipment::from_code)?;
    let (weight_lbs, miles) = (facts.parsed("weight_lbs")?, facts.parsed("miles")?);
    let (hot, exception) = (facts.flag("hot")?, facts.flag("exception")?);
    let (revenue, carrier_cost) = (facts.maybe_int("revenue")?, facts.maybe_int("carrier_cost")?);
    let currency = facts.read("currency", currency_from_code)?;
    let finance = revenue.zip(carrier_cost).map(|(revenue, carrier_cost)| Finance {
        revenue: Money { amount: revenue, currency },
        carrier_cost: Money { amount: carrier_cost, currency },
    });
    let stop_count: i32 = facts.parsed("stop_count")?;
    let tender_expires_at = facts.maybe_time("tender_expires_at")?;
    let last_check_call_at = facts.maybe_time("last_check_call_at")?;
    let eta = facts.maybe_time("eta")?;
    let (status_since, created_at, updated_at) =
        (facts.time("status_since")?, facts.time("created_at")?, facts.time("updated_at")?);
    let carrier = facts.named("carrier_id", &names.carriers)?;
    let driver = facts.named("driver_id", &names.drivers)?;
    let dispatcher = facts.named("dispatcher_id", &names.people)?;
    let updated_by = facts.named("updated_by", &names.people)?;
    let claimed_by = facts.named("claimed_by", &names.people)?;
    let ((origin, pickup), (destination, delivery)) = (facts.stop(names)?, facts.stop(names)?);
    let on_track_at = facts.maybe_time("on_track_at")?;
    let tender_returned = facts.rest("tender_returned").map(|why| (!why.is_empty()).then(|| why.to_owned()))?;
    Ok(LoadCard {
        id: load,
        load_number,
        status,
        version,
        customer: row.text("customer")?,
        origin,
        destination,
        stops_between: stop_count - 2,
        pickup,
        delivery,
        equipment,
        carrier,
        driver,
        dispatcher,
        finance,
        hot,
        exception,
        commodity: row.text("commodity")?,
        weight_lbs,
        miles,
        instructions: row.text("instructions")?,
        references: serde_json::from_str(&references)
            .map_err(|_| StoreError::Unreadable { column: "reference_numbers", value: references.clone() })?,
        claimed_by,
        tender_returned,
        tender_expires_at,
        last_check_call_at,
        eta,
        on_track_at,
        status_since,
        created_at,
        updated_at,
        updated_by,
    })
}
