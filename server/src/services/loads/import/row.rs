//! One row of a file as a load to be booked.

use super::ByName;
use crate::store::facilities::Facility;
use app::{
    api::loads::{CreateLoad, NewStop},
    domain::{
        load::Equipment,
        money::{Currency, Finance, Money, ungrouped},
        stop::{StopKind, Window, WindowKind},
        time::Timestamp,
    },
};
use jiff::{civil::DateTime, tz::TimeZone};
use std::str::FromStr;

/// The column that is wrong, where one is, and what is wrong with it.
type Wrong = (Option<String>, String);

/// What a spreadsheet takes for the beginning of a formula.
pub const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cells of a row by the names of their columns.
struct Cells<'a> {
    names: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// The cell's text; `None` where it is empty or absent.
    fn text(&self, column: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|name| name == column)?;
        let cell = self.record.get(at).filter(|cell| !cell.is_empty())?;
        // As an export keeps a spreadsheet from running it.
        Some(cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell))
    }

    fn required(&self, column: &str) -> Result<&'a str, Wrong> {
        self.text(column).ok_or_else(|| wrong(column, "is empty"))
    }

    fn parsed<T: FromStr>(&self, column: &str, takes: &str) -> Result<Option<T>, Wrong> {
        self.text(column)
            .map(|text| {
                let number = ungrouped(text).and_then(|text| text.parse().ok());
                number.ok_or_else(|| wrong(column, format!("takes {takes}, not {text:?}")))
            })
            .transpose()
    }
}

fn wrong(column: &str, problem: impl std::fmt::Display) -> Wrong {
    (Some(column.to_owned()), format!("{column} {problem}."))
}

/// Reads a row. What a load may be beyond that is judged where loads are booked.
pub fn read(
    names: &csv::StringRecord,
    record: &csv::StringRecord,
    facilities: &ByName<'_>,
    sees_finance: bool,
) -> Result<CreateLoad, Wrong> {
    let cells = Cells { names, record };
    let equipment = cells.required("equipment")?;
    let equipment = Equipment::ALL
        .into_iter()
        .find(|kind| [kind.code(), kind.label()].iter().any(|name| name.eq_ignore_ascii_case(equipment)))
        .ok_or_else(|| {
            let codes = Equipment::ALL.map(Equipment::code).join(", ");
            wrong("equipment", format!("takes one of {codes}, not {equipment:?}"))
        })?;
    let mut stops = vec![stop(&cells, StopKind::Pickup, "pickup", facilities)?];
    for text in cells.text("stops_between").unwrap_or_default().split(';').filter(|text| !text.trim().is_empty()) {
        stops.push(between(text, facilities)?);
    }
    stops.push(stop(&cells, StopKind::Delivery, "delivery", facilities)?);
    let references = cells.text("references").unwrap_or_default();
    Ok(CreateLoad {
        customer: cells.required("customer")?.to_owned(),
        equipment,
        stops,
        commodity: cells.text("commodity").unwrap_or_default().to_owned(),
        weight_lbs: cells.parsed("weight_lbs", "whole pounds")?.unwrap_or(0),
        miles: cells.parsed("miles", "whole miles")?,
        instructions: cells.text("instructions").unwrap_or_default().to_owned(),
        references: references.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        hot: flag(&cells, "hot")?,
        carrier_id: None,
        finance: finance(&cells, sees_finance)?,
    })
}

fn stop(cells: &Cells<'_>, kind: StopKind, side: &str, facilities: &ByName<'_>) -> Result<NewStop, Wrong> {
    let [facility, start, end] = ["facility", "start", "end"].map(|what| format!("{side}_{what}"));
    let place = place(&facility, cells.required(&facility)?, facilities)?;
    let window = Window {
        kind: WindowKind::Fcfs,
        start: time(&start, cells.required(&start)?, place)?,
        end: time(&end, cells.required(&end)?, place)?,
    };
    if window.end < window.start {
        return Err(wrong(&end, "is before the begin of the window"));
    }
    let column = format!("{side}_kind");
    let window = match cells.text(&column) {
        None => unnamed_kind(window),
        Some(text) => Window { kind: window_kind(&column, text)?, ..window },
    };
    Ok(NewStop { kind, facility_id: place.id, window })
}

/// A stop on the way, as an export writes it: `delivery | Dallas dock | begin | end`, and the kind of window if it is not
/// the usual one.
fn between(text: &str, facilities: &ByName<'_>) -> Result<NewStop, Wrong> {
    let column = "stops_between";
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let (kind, name, start, end, window_kind_text) = match parts.as_slice() {
        [kind, name, start, end] => (*kind, *name, *start, *end, None),
        [kind, name, start, end, window] => (*kind, *name, *start, *end, Some(*window)),
        _ => return Err(wrong(column, format!("takes stops such as delivery | facility | begin | end, not {text:?}"))),
    };
    let kind = match kind.to_lowercase().as_str() {
        "pickup" => StopKind::Pickup,
        "delivery" => StopKind::Delivery,
        _ => return Err(wrong(column, format!("takes pickup or delivery, not {kind:?}"))),
    };
    let place = place(column, name, facilities)?;
    let window = Window { kind: WindowKind::Fcfs, start: time(column, start, place)?, end: time(column, end, place)? };
    if window.end < window.start {
        return Err(wrong(column, format!("has a window at {name} that ends before it begins")));
    }
    let window = match window_kind_text {
        None => unnamed_kind(window),
        Some(text) => Window { kind: window_kind(column, text)?, ..window },
    };
    Ok(NewStop { kind, facility_id: place.id, window })
}

/// A window of no length is an appointment.
pub fn unnamed_kind(window: Window) -> Window {
    let is_fixed = window.start == window.end;
    Window { kind: if is_fixed { WindowKind::Fixed } else { WindowKind::Fcfs }, ..window }
}

fn window_kind(column: &str, text: &str) -> Result<WindowKind, Wrong> {
    match text.to_lowercase().as_str() {
        "fcfs" => Ok(WindowKind::Fcfs),
        "fixed" => Ok(WindowKind::Fixed),
        _ => Err(wrong(column, format!("takes FCFS or fixed, not {text:?}"))),
    }
}

fn place<'f>(column: &str, name: &str, facilities: &ByName<'f>) -> Result<&'f Facility, Wrong> {
    match facilities.get(&name.to_lowercase()).map(Vec::as_slice) {
        Some([only]) => Ok(*only),
        // Where names differ in capitals alone, they count.
        Some(alike) => alike.iter().find(|place| place.name == name).copied().ok_or_else(|| {
            wrong(column, format!("{name:?} may be any of {} facilities; write it as it is written there", alike.len()))
        }),
        None => Err(wrong(column, format!("{name:?} is not one of the facilities"))),
    }
}

/// An instant, or a time on the clock of the place.
fn time(column: &str, text: &str, place: &Facility) -> Result<Timestamp, Wrong> {
    let instant = match (text.parse::<jiff::Timestamp>(), local(text), TimeZone::get(&place.zone)) {
        (Ok(instant), ..) => instant,
        (_, Some(local), Ok(zone)) => zone.to_ambiguous_timestamp(local).unambiguous().map_err(|_| {
            let why = "is skipped or comes twice there, as the clocks change; write it with its offset";
            wrong(column, format!("{text} {why}, such as 2026-11-01T01:30:00-05:00"))
        })?,
        _ => {
            let takes = "takes a time such as 2026-11-23 08:00 or 2026-11-23T14:00:00Z";
            return Err(wrong(column, format!("{takes}, not {text:?}")));
        }
    };
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

fn local(text: &str) -> Option<DateTime> {
    text.parse()
        .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M", text))
        // As Excel writes it in the United States once it has opened the file.
        .or_else(|_| DateTime::strptime("%m/%d/%Y %H:%M", text))
        .ok()
}

fn flag(cells: &Cells<'_>, column: &str) -> Result<bool, Wrong> {
    match cells.text(column).map(str::to_lowercase).as_deref() {
        None | Some("no" | "false" | "0" | "n") => Ok(false),
        Some("yes" | "true" | "1" | "y" | "x") => Ok(true),
        Some(other) => Err(wrong(column, format!("takes yes or no, not {other:?}"))),
    }
}

fn finance(cells: &Cells<'_>, sees_finance: bool) -> Result<Option<Finance>, Wrong> {
    let (revenue, carrier_cost) = (amount(cells, "revenue")?, amount(cells, "carrier_cost")?);
    let (Some(revenue), Some(carrier_cost)) = (revenue, carrier_cost) else {
        return match (revenue, carrier_cost) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(wrong("revenue", "is empty although there is a carrier cost")),
            _ => Err(wrong("carrier_cost", "is empty although there is a revenue")),
        };
    };
    if !sees_finance {
        return Err(wrong("revenue", "can't be set by your role; leave both amounts empty"));
    }
    let currency = match cells.text("currency").unwrap_or("USD") {
        "USD" => Currency::USD,
        "CAD" => Currency::CAD,
        "MXN" => Currency::MXN,
        other => return Err(wrong("currency", format!("takes USD, CAD or MXN, not {other:?}"))),
    };
    let money = |amount| Money { amount, currency };
    Ok(Some(Finance { revenue: money(revenue), carrier_cost: money(carrier_cost) }))
}

/// `1850`, `1,850.5` or `1850.50` as cents.
fn amount(cells: &Cells<'_>, column: &str) -> Result<Option<i64>, Wrong> {
    let Some(text) = cells.text(column) else { return Ok(None) };
    let problem = || wrong(column, format!("takes an amount such as 1850.00, not {text:?}"));
    let plain = ungrouped(text).ok_or_else(problem)?;
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() > 2 || whole.len() > 9 {
        return Err(problem());
    }
    let whole: i64 = whole.parse().map_err(|_| problem())?;
    let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| problem())?;
    Ok(Some(whole * 100 + cents))
}
