//! Reads the form: as a booking or a change, or says what is wrong with which field, in words.

use super::{
    draft::{LoadDraft, StopDraft},
    window_reading::window,
};
use crate::{
    api::loads::{CreateLoad, LoadPatch, NewStop, StopPatch},
    domain::{
        bounds::{MOST_MILES, MOST_MONEY, MOST_POUNDS, NAME_CHARS, PROSE_CHARS, REFERENCE_CHARS, REFERENCES, STOPS},
        id::{CarrierId, FacilityId, StopId},
        load::Equipment,
        money::{Finance, Money, ungrouped},
        stop::{StopKind, Window},
    },
};

/// A stop as it is sent: which one it was, if it was there before, and what it is now.
type ReadStop = (Option<StopId>, StopKind, FacilityId, Window);

/// What is wrong with a field. `field` is the id of its element; empty: it is about the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

impl Problem {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The id of a field of a stop: of `facility`, `day`, `from`, `until`, `until-day`.
pub fn stop_field(key: u32, name: &str) -> String {
    format!("stop-{key}-{name}")
}

/// Collects what is wrong while the rest is read.
struct Reader {
    problems: Vec<Problem>,
}

/// What the fields say, where all of them can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    customer: String,
    equipment: Equipment,
    stops: Vec<ReadStop>,
    commodity: String,
    weight_lbs: i32,
    miles: Option<i32>,
    instructions: String,
    references: Vec<String>,
    hot: bool,
    carrier_id: Option<CarrierId>,
    finance: Option<Finance>,
}

/// Reads a draft. Money is left out where it is not the person's to set.
///
/// # Errors
/// What is wrong, in the order of the form.
pub fn read(draft: &LoadDraft, sees_money: bool) -> Result<Read, Vec<Problem>> {
    let mut reader = Reader { problems: Vec::new() };
    let customer = reader.line("customer", &draft.customer, "Say whom the load is for.");
    let equipment = Equipment::from_code(&draft.equipment);
    if equipment.is_none() {
        reader.wrong("equipment", "Choose what the load needs.");
    }
    let stops = reader.stops(&draft.stops);
    let commodity = reader.prose("commodity", &draft.commodity);
    let weight_lbs = reader.number("weight", &draft.weight, MOST_POUNDS, "pounds").unwrap_or(0);
    let miles = reader.number("miles", &draft.miles, MOST_MILES, "miles");
    let references = reader.references(&draft.references);
    let carrier_id = draft.carrier.as_ref().map(|carrier| carrier.id);
    if carrier_id.is_none() && !draft.carrier_text.trim().is_empty() {
        reader.wrong("carrier", "Choose a carrier from the list, or empty the field.");
    }
    let finance = if sees_money { reader.finance(draft) } else { None };
    let instructions = reader.prose("instructions", &draft.instructions);
    match (customer, equipment, stops) {
        (Some(customer), Some(equipment), Some(stops)) if reader.problems.is_empty() => Ok(Read {
            customer,
            equipment,
            stops,
            commodity,
            weight_lbs,
            miles,
            instructions,
            references,
            hot: draft.hot,
            carrier_id,
            finance,
        }),
        _ => Err(reader.problems),
    }
}

impl Reader {
    fn wrong(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(field, message));
    }

    fn line(&mut self, field: &str, text: &str, missing: &str) -> Option<String> {
        let text = text.trim();
        match text.chars().count() {
            0 => self.wrong(field, missing),
            count if count > NAME_CHARS => {
                self.wrong(field, format!("Has {count} characters; at most {NAME_CHARS} fit."));
            }
            _ => return Some(text.to_owned()),
        }
        None
    }

    fn prose(&mut self, field: &str, text: &str) -> String {
        let count = text.trim().chars().count();
        if count > PROSE_CHARS {
            self.wrong(field, format!("Has {count} characters; at most {PROSE_CHARS} fit."));
        }
        text.trim().to_owned()
    }

    /// A whole number, with commas or without; `None` where the field is empty or wrong.
    fn number(&mut self, field: &str, text: &str, most: i32, of: &str) -> Option<i32> {
        let plain = text.replace(' ', "");
        if plain.is_empty() {
            return None;
        }
        let number =
            ungrouped(&plain).and_then(|plain| plain.parse::<i32>().ok()).filter(|number| (0..=most).contains(number));
        if number.is_none() {
            let most = crate::domain::money::grouped(most.unsigned_abs().into());
            self.wrong(field, format!("Takes whole {of}, from 0 to {most}."));
        }
        number
    }

    fn references(&mut self, text: &str) -> Vec<String> {
        let names = text.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty());
        let references: Vec<String> = names.map(str::to_owned).collect();
        if references.len() > REFERENCES {
            self.wrong("references", format!("Names {}; at most {REFERENCES} fit.", references.len()));
        } else if let Some(long) = references.iter().find(|name| name.chars().count() > REFERENCE_CHARS) {
            let start: String = long.chars().take(12).collect();
            self.wrong("references", format!("“{start}…” is longer than {REFERENCE_CHARS} characters."));
        }
        references
    }

    fn finance(&mut self, draft: &LoadDraft) -> Option<Finance> {
        let mut amount = |field: &str, text: &str| match read_amount(text) {
            Ok(amount) => amount,
            Err(()) => {
                self.wrong(field, "Takes an amount such as 1,850.00, up to a million.");
                None
            }
        };
        let amounts = (amount("revenue", &draft.revenue), amount("carrier-cost", &draft.carrier_cost));
        let is_empty = |text: &str| text.trim().is_empty();
        match amounts {
            (Some(revenue), Some(cost)) => {
                let money = |amount| Money { amount, currency: draft.currency };
                return Some(Finance { revenue: money(revenue), carrier_cost: money(cost) });
            }
            (Some(_), None) if is_empty(&draft.carrier_cost) => {
                self.wrong("carrier-cost", "Set the carrier cost, too, or empty the revenue.");
            }
            (None, Some(_)) if is_empty(&draft.revenue) => {
                self.wrong("revenue", "Set the revenue, too, or empty the carrier cost.");
            }
            _ => {}
        }
        None
    }

    fn stops(&mut self, stops: &[StopDraft]) -> Option<Vec<ReadStop>> {
        if !STOPS.contains(&stops.len()) {
            self.wrong("stops", format!("A load has {} to {} stops.", STOPS.start(), STOPS.end()));
        } else if stops.first().is_some_and(|stop| stop.kind != StopKind::Pickup) {
            self.wrong("stops", "The first stop is a pickup. Move one to the top, or change the first.");
        } else if stops.last().is_some_and(|stop| stop.kind != StopKind::Delivery) {
            self.wrong("stops", "The last stop is a delivery. Move one to the end, or change the last.");
        }
        let mut read = Vec::new();
        let mut before: Option<(usize, Window)> = None;
        for (stop, number) in stops.iter().zip(1..) {
            let Some((facility, window)) = self.stop(stop) else { continue };
            if let Some((earlier, last)) = before
                && window.end < last.start
            {
                self.wrong(stop_field(stop.key, "day"), format!("Is over before stop {earlier} begins."));
            }
            before = Some((number, window));
            read.push((stop.id, stop.kind, facility, window));
        }
        (read.len() == stops.len()).then_some(read)
    }

    fn stop(&mut self, stop: &StopDraft) -> Option<(FacilityId, Window)> {
        let facility = stop.facility.as_ref();
        if facility.is_none() {
            let typed = !stop.facility_text.trim().is_empty();
            let message = if typed { "Choose the facility from the list." } else { "Say where the truck stops." };
            self.wrong(stop_field(stop.key, "facility"), message);
        }
        match window(stop, facility) {
            Ok(window) => facility.and_then(|facility| Some((facility.id, window?))),
            Err((field, message)) => {
                self.wrong(stop_field(stop.key, field), message);
                None
            }
        }
    }
}

/// What a change can't take away from a load that has it.
pub fn check_kept(draft: &LoadDraft, base: &LoadDraft) -> Vec<Problem> {
    let emptied = |before: &str, now: &str| !before.trim().is_empty() && now.trim().is_empty();
    let mut problems = Vec::new();
    if emptied(&base.carrier_text, &draft.carrier_text) {
        let message = format!("The load keeps {} until another carrier is chosen.", base.carrier_text);
        problems.push(Problem::new("carrier", message));
    }
    if emptied(&base.revenue, &draft.revenue) && emptied(&base.carrier_cost, &draft.carrier_cost) {
        problems.push(Problem::new("revenue", "Rates that were set stay set; write 0 for nothing."));
    }
    problems
}

/// `1850`, `1,850.5` or `$1,850.50` in hundredths; `None` where nothing is written.
pub fn read_amount(text: &str) -> Result<Option<i64>, ()> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '$')).collect();
    if plain.is_empty() {
        return Ok(None);
    }
    let plain = ungrouped(&plain).ok_or(())?;
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "0"));
    let digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 9) || !digits(cents, 2) {
        return Err(());
    }
    let whole: i64 = whole.parse().map_err(drop)?;
    let cents: i64 = format!("{cents:0<2}").parse().map_err(drop)?;
    Some(whole * 100 + cents).filter(|amount| *amount <= MOST_MONEY).map(Some).ok_or(())
}

impl Read {
    pub fn into_booking(self) -> CreateLoad {
        let stop = |(_, kind, facility_id, window)| NewStop { kind, facility_id, window };
        CreateLoad {
            customer: self.customer,
            equipment: self.equipment,
            stops: self.stops.into_iter().map(stop).collect(),
            commodity: self.commodity,
            weight_lbs: self.weight_lbs,
            miles: self.miles,
            instructions: self.instructions,
            references: self.references,
            hot: self.hot,
            carrier_id: self.carrier_id,
            finance: self.finance,
        }
    }

    /// What is to be changed of a load whose draft was `base`; `None` where nothing is.
    pub fn into_patch(self, draft: &LoadDraft, base: &LoadDraft, version: i64) -> Option<LoadPatch> {
        let changed = draft.changed_fields(base);
        if changed.is_empty() {
            return None;
        }
        let has = |name: &str| changed.iter().any(|field| field == name);
        let stop = |(id, kind, facility_id, window)| StopPatch { id, kind, facility_id, window };
        let money = has("revenue") || has("carrierCost") || has("currency");
        Some(LoadPatch {
            version,
            customer: has("customer").then_some(self.customer),
            equipment: has("equipment").then_some(self.equipment),
            commodity: has("commodity").then_some(self.commodity),
            weight_lbs: has("weight").then_some(self.weight_lbs),
            // The miles that the stops suggest, where the field was emptied.
            miles: if has("miles") { self.miles.or_else(|| draft.estimated_miles()) } else { None },
            instructions: has("instructions").then_some(self.instructions),
            references: has("references").then_some(self.references),
            hot: has("hot").then_some(self.hot),
            exception: None,
            carrier_id: self.carrier_id.filter(|_| has("carrier")),
            driver_id: None,
            finance: self.finance.filter(|_| money),
            stops: has("stops").then(|| self.stops.into_iter().map(stop).collect()),
        })
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
