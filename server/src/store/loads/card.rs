//! Reading loads as cards.

use super::{
    super::{
        StoreError, Tx, facilities,
        many::{self, CHUNK, Many},
        row::{Columns, id, readable},
        stops::{appointment, window_kind_from_code},
    },
    search::{Conditions, Search, Value},
};
use app::domain::{
    id::{CarrierId, DriverId, LoadId, TenantId},
    load::{CarrierRef, DriverRef, Equipment, LoadCard, Person},
    money::{Currency, Finance, Money},
    status::LoadStatus,
    stop::{Appointment, Place},
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Whose loads are read. An outside party sees its own from the tender on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Tenant,
    Carrier(CarrierId),
    Driver(DriverId),
}

impl Scope {
    pub(in crate::store) fn carrier(self) -> Option<String> {
        if let Scope::Carrier(carrier) = self { Some(id(carrier)) } else { None }
    }

    pub(in crate::store) fn driver(self) -> Option<String> {
        if let Scope::Driver(driver) = self { Some(id(driver)) } else { None }
    }

    /// The condition on loads `l` that is `$2`, and its value. Named as what it is, so that an index can serve it.
    pub(super) fn condition(self) -> (&'static str, Option<String>) {
        match self {
            Scope::Tenant => ("", None),
            Scope::Carrier(carrier) => {
                (" AND l.carrier_id = $2 AND l.status NOT IN ('PLANNING', 'PENDING')", Some(id(carrier)))
            }
            Scope::Driver(driver) => {
                (" AND l.driver_id = $2 AND l.status NOT IN ('PLANNING', 'PENDING')", Some(id(driver)))
            }
        }
    }
}

macro_rules! stops_of_loads {
    () => {
        " JOIN stops p ON p.load_id = l.id AND p.position = 1
             JOIN facilities pf ON pf.id = p.facility_id
             JOIN stops t ON t.load_id = l.id AND t.position = l.stop_count
             JOIN facilities tf ON tf.id = t.facility_id"
    };
}

macro_rules! names_of_loads {
    () => {
        " LEFT JOIN carriers c ON c.id = l.carrier_id
             LEFT JOIN drivers d ON d.id = l.driver_id"
    };
}

macro_rules! people_of_loads {
    () => {
        " LEFT JOIN users u ON u.id = l.dispatcher_id
             LEFT JOIN users w ON w.id = l.updated_by
             LEFT JOIN users m ON m.id = l.claimed_by"
    };
}

/// The loads of tenant `$1` in the scope of carrier `$2` or driver `$3`.
macro_rules! from_loads {
    () => {
        concat!(
            " FROM loads l",
            stops_of_loads!(),
            names_of_loads!(),
            people_of_loads!(),
            " WHERE l.tenant_id = $1 AND l.deleted_at IS NULL
               AND (CAST($2 AS TEXT) IS NULL OR l.carrier_id = $2)
               AND (CAST($3 AS TEXT) IS NULL OR l.driver_id = $3)
               AND ((CAST($2 AS TEXT) IS NULL AND CAST($3 AS TEXT) IS NULL)
                    OR l.status NOT IN ('PLANNING', 'PENDING')) "
        )
    };
}

/// What a card is read from.
macro_rules! card_columns {
    () => {
            "l.id, l.load_number, l.status, l.version, l.customer, l.equipment, l.commodity, l.weight_lbs,
                l.miles, l.instructions, l.reference_numbers, l.hot, l.exception, l.revenue, l.carrier_cost,
                l.currency, l.stop_count, l.tender_returned, l.tender_expires_at, l.last_check_call_at, l.eta, l.on_track_at, l.status_since, l.created_at,
                l.updated_at, l.carrier_id, c.name AS carrier_name, l.driver_id, d.name AS driver_name,
                d.phone AS driver_phone, l.dispatcher_id, u.name AS dispatcher_name, l.updated_by,
                w.name AS updated_by_name, l.claimed_by, m.name AS claimed_by_name, p.window_kind AS pickup_kind, p.window_start AS pickup_start,
                p.window_end AS pickup_end, pf.city AS pickup_city, pf.state AS pickup_state, pf.zone AS pickup_zone,
                t.window_kind AS delivery_kind, t.window_start AS delivery_start, t.window_end AS delivery_end,
                tf.city AS delivery_city, tf.state AS delivery_state, tf.zone AS delivery_zone"
    };
}

/// Those loads as cards.
macro_rules! select_cards {
    ($rest:literal) => {
        concat!("SELECT ", card_columns!(), from_loads!(), $rest)
    };
}

const STOPS: &str = stops_of_loads!();
const NAMES: &str = names_of_loads!();
/// The cards of the loads that a list `f` of ids holds.
const CARDS: &str = concat!(
    card_columns!(),
    " FROM f JOIN loads l ON l.id = f.id",
    stops_of_loads!(),
    names_of_loads!(),
    people_of_loads!()
);

/// The loads on the road: from dispatch until they are unloaded.
pub async fn active(tx: &mut Tx, tenant: TenantId, scope: Scope) -> Result<Vec<LoadCard>, StoreError> {
    let rows = sqlx::query(select_cards!(
        "AND l.status IN ('DISPATCHED', 'AT_PICKUP', 'PICKED_UP', 'IN_TRANSIT', 'AT_DELIVERY') ORDER BY l.id"
    ))
    .bind(id(tenant))
    .bind(scope.carrier())
    .bind(scope.driver())
    .fetch_all(&mut **tx)
    .await?;
    readable(&rows, "loads", read)
}

/// How many loads stand in each status that any stands in.
pub async fn count_by_status(
    tx: &mut Tx,
    tenant: TenantId,
    scope: Scope,
) -> Result<HashMap<LoadStatus, i64>, StoreError> {
    let (scoped, whose) = scope.condition();
    let sql = format!(
        "SELECT l.status, COUNT(*) AS total FROM loads l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL{scoped} \
         GROUP BY l.status"
    );
    let query = Many::new(sql).bind(id(tenant));
    let rows = match whose {
        Some(whose) => query.bind(whose),
        None => query,
    };
    let rows = rows.fetch_all(tx).await?;
    let counts = readable(&rows, "loads", |row| Ok((row.word("status", LoadStatus::from_code)?, row.int("total")?)))?;
    Ok(counts.into_iter().collect())
}

/// Up to `limit` loads that the search finds, older than `before`, newest first, and how many it finds in all.
///
/// All that is not narrowed down is counted in an index alone. What is, is looked through once: for the count and for the
/// page.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    scope: Scope,
    search: &Search<'_>,
    before: Option<LoadId>,
    limit: i64,
) -> Result<(Vec<LoadCard>, i64), StoreError> {
    // The days of a filter are those of the places.
    let zones = if search.filter.looks_at_days() { facilities::zones(tx, tenant).await? } else { Vec::new() };
    let (scoped, whose) = scope.condition();
    let found = search.conditions(&zones, if whose.is_some() { 3 } else { 2 });
    let bound = |sql: String, conditions: &Conditions| {
        let query = Many::new(sql).bind(id(tenant));
        let query = match whose.clone() {
            Some(whose) => query.bind(whose),
            None => query,
        };
        conditions.values.iter().cloned().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
        })
    };
    let stops = if found.joins.stops { STOPS } else { "" };
    let names = if found.joins.names { NAMES } else { "" };
    let matching =
        format!("FROM loads l{stops}{names} WHERE l.tenant_id = $1 AND l.deleted_at IS NULL{scoped}{}", found.sql);
    let counting = format!("SELECT COUNT(*) AS total {matching}");
    let mut page = found.clone();
    let older = before.map(|before| page.text(id(before)));
    let limit = page.number(limit);
    let newest = |column: &str| {
        let older = older.as_ref().map(|before| format!(" AND {column} < {before}")).unwrap_or_default();
        format!("{older} ORDER BY {column} DESC LIMIT {limit}")
    };
    if found.sql.is_empty() {
        let total = bound(counting, &found).fetch_one(tx).await?.int("total")?;
        let sql =
            format!("WITH f AS (SELECT l.id AS id {matching}{}) SELECT {CARDS} ORDER BY l.id DESC", newest("l.id"));
        let rows = bound(sql, &page).fetch_all(tx).await?;
        return Ok((readable(&rows, "loads", read)?, total));
    }
    let sql = format!(
        "WITH found AS MATERIALIZED (SELECT l.id AS id {matching}),
              f AS (SELECT id FROM found WHERE 1 = 1{})
         SELECT (SELECT COUNT(*) FROM found) AS total, {CARDS} ORDER BY l.id DESC",
        newest("id")
    );
    let rows = bound(sql, &page).fetch_all(tx).await?;
    let total = match rows.first() {
        Some(row) => row.int("total")?,
        None if before.is_none() => 0,
        // Nothing is left to be shown; what came before is still counted.
        None => bound(counting, &found).fetch_one(tx).await?.int("total")?,
    };
    Ok((readable(&rows, "loads", read)?, total))
}

pub async fn find(tx: &mut Tx, tenant: TenantId, scope: Scope, load: LoadId) -> Result<Option<LoadCard>, StoreError> {
    let row = sqlx::query(select_cards!("AND l.id = $4"))
        .bind(id(tenant))
        .bind(scope.carrier())
        .bind(scope.driver())
        .bind(id(load))
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The loads of a tenant that have these ids, in no order.
pub async fn find_all(tx: &mut Tx, tenant: TenantId, loads: &[LoadId]) -> Result<Vec<LoadCard>, StoreError> {
    let mut cards = Vec::with_capacity(loads.len());
    for chunk in loads.chunks(CHUNK) {
        let ids = many::list(2, chunk.len());
        let of_tenant = "SELECT l.id AS id FROM loads l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL";
        let query = Many::new(format!("WITH f AS ({of_tenant} AND l.id IN ({ids})) SELECT {CARDS}")).bind(id(tenant));
        let rows = chunk.iter().fold(query, |query, load| query.bind(id(load))).fetch_all(tx).await?;
        for row in &rows {
            cards.push(read(row)?);
        }
    }
    Ok(cards)
}

/// Makes other writers of this load wait until the transaction ends, so that the version that is read stays true.
pub async fn lock(tx: &mut Tx, tenant: TenantId, load: LoadId) -> Result<(), StoreError> {
    sqlx::query("UPDATE loads SET version = version WHERE tenant_id = $1 AND id = $2")
        .bind(id(tenant))
        .bind(id(load))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<LoadCard, StoreError> {
    let references = row.text("reference_numbers")?;
    Ok(LoadCard {
        id: row.parsed("id")?,
        load_number: row.text("load_number")?,
        status: row.word("status", LoadStatus::from_code)?,
        version: row.int("version")?,
        customer: row.text("customer")?,
        origin: Place { city: row.text("pickup_city")?, state: row.text("pickup_state")? },
        destination: Place { city: row.text("delivery_city")?, state: row.text("delivery_state")? },
        stops_between: row.small("stop_count")? - 2,
        pickup: window(row, ["pickup_kind", "pickup_start", "pickup_end", "pickup_zone"])?,
        delivery: window(row, ["delivery_kind", "delivery_start", "delivery_end", "delivery_zone"])?,
        equipment: row.word("equipment", Equipment::from_code)?,
        carrier: named(row, "carrier_id", "carrier_name")?.map(|(id, name)| CarrierRef { id, name }),
        driver: match named(row, "driver_id", "driver_name")? {
            Some((id, name)) => Some(DriverRef { id, name, phone: row.maybe_text("driver_phone")? }),
            None => None,
        },
        dispatcher: named(row, "dispatcher_id", "dispatcher_name")?.map(|(id, name)| Person { id, name }),
        finance: finance(row)?,
        hot: row.flag("hot")?,
        exception: row.flag("exception")?,
        commodity: row.text("commodity")?,
        weight_lbs: row.small("weight_lbs")?,
        miles: row.small("miles")?,
        instructions: row.text("instructions")?,
        references: serde_json::from_str(&references)
            .map_err(|_| StoreError::Unreadable { column: "reference_numbers", value: references.clone() })?,
        claimed_by: named(row, "claimed_by", "claimed_by_name")?.map(|(id, name)| Person { id, name }),
        tender_returned: row.maybe_text("tender_returned")?,
        tender_expires_at: row.maybe_time("tender_expires_at")?,
        last_check_call_at: row.maybe_time("last_check_call_at")?,
        eta: row.maybe_time("eta")?,
        on_track_at: row.maybe_time("on_track_at")?,
        status_since: row.time("status_since")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        updated_by: named(row, "updated_by", "updated_by_name")?.map(|(id, name)| Person { id, name }),
    })
}

fn window(row: &AnyRow, [kind, start, end, zone]: [&'static str; 4]) -> Result<Appointment, StoreError> {
    let kind = row.word(kind, window_kind_from_code)?;
    Ok(appointment(kind, row.time(start)?, row.time(end)?, &row.text(zone)?))
}

fn named<T: std::str::FromStr>(
    row: &AnyRow,
    id: &'static str,
    name: &'static str,
) -> Result<Option<(T, String)>, StoreError> {
    Ok(row.maybe_parsed(id)?.zip(row.maybe_text(name)?))
}

fn finance(row: &AnyRow) -> Result<Option<Finance>, StoreError> {
    let Some((revenue, carrier_cost)) = row.maybe_int("revenue")?.zip(row.maybe_int("carrier_cost")?) else {
        return Ok(None);
    };
    let currency = row.word("currency", currency_from_code)?;
    let money = |amount| Money { amount, currency };
    Ok(Some(Finance { revenue: money(revenue), carrier_cost: money(carrier_cost) }))
}

pub(super) fn currency_code(currency: Currency) -> &'static str {
    match currency {
        Currency::USD => "USD",
        Currency::CAD => "CAD",
        Currency::MXN => "MXN",
    }
}

pub(super) fn currency_from_code(code: &str) -> Option<Currency> {
    [Currency::USD, Currency::CAD, Currency::MXN].into_iter().find(|currency| currency_code(*currency) == code)
}
