//! Loads as a file.

use super::{
    super::{ServiceError, audit::Noted},
    Caller, Services,
    import::row::{FORMULA, unnamed_kind},
    shown_to,
};
use crate::store::{
    self,
    loads::Search,
    stops::{self, NamedStop},
};
use app::{
    api::{
        audit::AuditAction,
        load_files::{EXPORT_LIMIT, ExportLoads},
    },
    domain::{
        id::LoadId,
        load::LoadCard,
        load_filter::LoadFilter,
        money::Money,
        stop::{StopKind, Window, WindowKind},
    },
};
use std::collections::HashSet;

/// The most loads of one file.
const LIMIT: i64 = 50_000;

/// What a file is made of.
#[derive(Debug, Clone, Default)]
pub struct ExportRequest {
    pub filter: LoadFilter,
    /// Only these, in any order; all unless set.
    pub loads: Option<HashSet<LoadId>>,
}

const COLUMNS: [&str; 27] = [
    "load_number",
    "status",
    "customer",
    "origin",
    "destination",
    "stops",
    "pickup_facility",
    "pickup_start",
    "pickup_end",
    "pickup_kind",
    "delivery_facility",
    "delivery_start",
    "delivery_end",
    "delivery_kind",
    "stops_between",
    "equipment",
    "carrier",
    "driver",
    "dispatcher",
    "commodity",
    "weight_lbs",
    "miles",
    "references",
    "instructions",
    "hot",
    "created_at",
    "updated_at",
];
const FINANCE_COLUMNS: [&str; 4] = ["revenue", "carrier_cost", "margin", "currency"];

impl Services {
    /// Chosen loads as CSV.
    pub async fn export_chosen(&self, caller: &Caller, request: ExportLoads) -> Result<String, ServiceError> {
        if request.ids.is_empty() || request.ids.len() > EXPORT_LIMIT {
            return Err(ServiceError::field("ids", format_args!("takes 1 to {EXPORT_LIMIT} loads")));
        }
        let loads = Some(request.ids.into_iter().collect());
        self.export_loads(caller, ExportRequest { loads, ..ExportRequest::default() }).await
    }

    /// Loads that the caller sees as CSV, newest first; money only for those who may see it.
    pub async fn export_loads(&self, caller: &Caller, request: ExportRequest) -> Result<String, ServiceError> {
        let scope = caller.scope().ok_or(ServiceError::NotFound("load"))?;
        let me = caller.person.as_ref().map(|person| person.id);
        let (this, tenant, now) = (self.clone(), caller.tenant, self.clock.now());
        let scanned = self.scan(true, async move {
            let search = Search { filter: &request.filter, me, now, loads: request.loads.as_ref() };
            let mut tx = this.database.begin_snapshot().await?;
            let (cards, total) = store::loads::list(&mut tx, tenant, scope, &search, None, LIMIT).await?;
            if total > LIMIT {
                let message = format!("These are {total} loads; a file takes {LIMIT}. Narrow them down by a filter.");
                return Err(ServiceError::rule("too_many_loads", message));
            }
            let ids: Vec<LoadId> = cards.iter().map(|card| card.id).collect();
            let trips = stops::trips(&mut tx, &ids).await?;
            Ok((cards, trips))
        });
        let (cards, mut trips) = scanned.await?;
        let noted = Noted::new(AuditAction::LoadsExported);
        let noted = noted.with(serde_json::json!({ "loads": cards.len(), "finance": caller.sees_finance() }));
        self.note_alone(caller, noted).await?;
        let cards = cards.into_iter().map(|card| {
            let trip = trips.remove(&card.id).unwrap_or_default();
            (shown_to(caller, card), trip)
        });
        write(cards, caller.sees_finance()).map_err(|error| ServiceError::Rule {
            rule: "unwritable",
            message: error.to_string(),
            details: serde_json::Value::Null,
        })
    }
}

fn write(cards: impl Iterator<Item = (LoadCard, Vec<NamedStop>)>, sees_finance: bool) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let finance_columns = FINANCE_COLUMNS.iter().filter(|_| sees_finance);
    writer.write_record(COLUMNS.iter().chain(finance_columns))?;
    for (card, trip) in cards {
        writer.write_record(cells(&card, &trip, sees_finance).iter().map(|cell| harmless(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cells(card: &LoadCard, trip: &[NamedStop], sees_finance: bool) -> Vec<String> {
    let facility = |stop: Option<&NamedStop>| stop.map(|stop| stop.facility.clone()).unwrap_or_default();
    let between = trip.get(1..trip.len().saturating_sub(1)).unwrap_or_default();
    let mut cells = vec![
        card.load_number.clone(),
        card.status.code().to_owned(),
        card.customer.clone(),
        card.origin.to_string(),
        card.destination.to_string(),
        (card.stops_between + 2).to_string(),
        facility(trip.first()),
        card.pickup.start.to_string(),
        card.pickup.end.to_string(),
        kind(card.pickup.kind).to_owned(),
        facility(trip.last()),
        card.delivery.start.to_string(),
        card.delivery.end.to_string(),
        kind(card.delivery.kind).to_owned(),
        between.iter().map(on_the_way).collect::<Vec<_>>().join("; "),
        card.equipment.code().to_owned(),
        card.carrier.as_ref().map(|carrier| carrier.name.clone()).unwrap_or_default(),
        card.driver.as_ref().map(|driver| driver.name.clone()).unwrap_or_default(),
        card.dispatcher.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        card.commodity.clone(),
        card.weight_lbs.to_string(),
        card.miles.to_string(),
        card.references.join("; "),
        card.instructions.clone(),
        if card.hot { "yes" } else { "no" }.to_owned(),
        card.created_at.to_string(),
        card.updated_at.to_string(),
    ];
    if sees_finance {
        cells.extend(match card.finance {
            Some(finance) => [
                plain(finance.revenue),
                plain(finance.carrier_cost),
                plain(Money { amount: finance.revenue.amount - finance.carrier_cost.amount, ..finance.revenue }),
                format!("{:?}", finance.revenue.currency),
            ],
            None => Default::default(),
        });
    }
    cells
}

fn kind(kind: WindowKind) -> &'static str {
    match kind {
        WindowKind::Fcfs => "FCFS",
        WindowKind::Fixed => "fixed",
    }
}

/// A stop between the first and the last, as an import reads it.
fn on_the_way(stop: &NamedStop) -> String {
    let what = match stop.kind {
        StopKind::Pickup => "pickup",
        StopKind::Delivery => "delivery",
    };
    let Window { kind: of_window, start, end } = stop.window;
    let usual =
        if unnamed_kind(stop.window).kind == of_window { String::new() } else { format!(" | {}", kind(of_window)) };
    format!("{what} | {} | {start} | {end}{usual}", stop.facility)
}

/// `1850.00`, as a spreadsheet reads it.
fn plain(money: Money) -> String {
    let sign = if money.amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", money.amount.unsigned_abs() / 100, money.amount.unsigned_abs() % 100)
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(cell: &str) -> String {
    let is_number = cell.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number && cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_harmless() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-inf"), "'-inf");
        assert_eq!((harmless("-12.50").as_str(), harmless("Prairie Paper").as_str()), ("-12.50", "Prairie Paper"));
    }

    #[test]
    fn money_is_written_plainly() {
        assert_eq!((plain(Money::usd(185_000)), plain(Money::usd(-5))), ("1850.00".into(), "-0.05".into()));
    }
}
