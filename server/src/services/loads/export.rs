//! Loads as a file.

use super::{
    super::{ServiceError, audit::Noted},
    Caller, Services, shown_to,
};
use crate::store::{self, loads::Search};
use app::{
    api::{
        audit::AuditAction,
        load_files::{EXPORT_LIMIT, ExportLoads},
    },
    domain::{id::LoadId, load::LoadCard, load_filter::LoadFilter, money::Money},
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

const COLUMNS: [&str; 21] = [
    "load_number",
    "status",
    "customer",
    "origin",
    "destination",
    "stops",
    "pickup_start",
    "pickup_end",
    "delivery_start",
    "delivery_end",
    "equipment",
    "carrier",
    "driver",
    "dispatcher",
    "commodity",
    "weight_lbs",
    "miles",
    "references",
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
        let search = Search {
            filter: &request.filter,
            me: caller.person.as_ref().map(|person| person.id),
            now: self.clock.now(),
            loads: request.loads.as_ref(),
        };
        let mut tx = self.database.begin_snapshot().await?;
        let (cards, total) = store::loads::list(&mut tx, caller.tenant, scope, &search, None, LIMIT).await?;
        drop(tx);
        if total > LIMIT {
            let message = format!("These are {total} loads; a file takes {LIMIT}. Narrow them down by a filter.");
            return Err(ServiceError::rule("too_many_loads", message));
        }
        let noted = Noted::new(AuditAction::LoadsExported);
        let noted = noted.with(serde_json::json!({ "loads": total, "finance": caller.sees_finance() }));
        self.note_alone(caller, noted).await?;
        let cards = cards.into_iter().map(|card| shown_to(caller, card));
        write(cards, caller.sees_finance()).map_err(|error| ServiceError::Rule {
            rule: "unwritable",
            message: error.to_string(),
            details: serde_json::Value::Null,
        })
    }
}

fn write(cards: impl Iterator<Item = LoadCard>, sees_finance: bool) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let finance_columns = FINANCE_COLUMNS.iter().filter(|_| sees_finance);
    writer.write_record(COLUMNS.iter().chain(finance_columns))?;
    for card in cards {
        writer.write_record(cells(&card, sees_finance).iter().map(|cell| harmless(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cells(card: &LoadCard, sees_finance: bool) -> Vec<String> {
    let mut cells = vec![
        card.load_number.clone(),
        card.status.code().to_owned(),
        card.customer.clone(),
        card.origin.to_string(),
        card.destination.to_string(),
        (card.stops_between + 2).to_string(),
        card.pickup.start.to_string(),
        card.pickup.end.to_string(),
        card.delivery.start.to_string(),
        card.delivery.end.to_string(),
        card.equipment.code().to_owned(),
        card.carrier.as_ref().map(|carrier| carrier.name.clone()).unwrap_or_default(),
        card.driver.as_ref().map(|driver| driver.name.clone()).unwrap_or_default(),
        card.dispatcher.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        card.commodity.clone(),
        card.weight_lbs.to_string(),
        card.miles.to_string(),
        card.references.join("; "),
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

/// `1850.00`, as a spreadsheet reads it.
fn plain(money: Money) -> String {
    let sign = if money.amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", money.amount.unsigned_abs() / 100, money.amount.unsigned_abs() % 100)
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(cell: &str) -> String {
    let is_number = cell.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
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
