//! A load as it stands in the form: what was typed, as it was typed.

use crate::{
    components::zone_clock::offset_at,
    domain::{
        facility::FacilityProfile,
        geo,
        id::StopId,
        load::{CarrierRef, Load},
        local_time::write_reading,
        money::{Currency, Money},
        stop::{Stop, StopKind, Window, WindowKind},
        time::Timestamp,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The form. Kept in the browser as JSON until the load is booked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadDraft {
    pub customer: String,
    /// The code of the kind; empty until one is chosen.
    pub equipment: String,
    pub hot: bool,
    pub stops: Vec<StopDraft>,
    pub commodity: String,
    pub weight: String,
    pub miles: String,
    /// With commas or lines between them.
    pub references: String,
    pub instructions: String,
    /// The carrier that was picked, as long as `carrier_text` is its name.
    pub carrier: Option<CarrierRef>,
    pub carrier_text: String,
    pub revenue: String,
    pub carrier_cost: String,
    pub currency: Currency,
    pub(super) next_key: u32,
}

/// A stop of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopDraft {
    /// Names the stop within the form, wherever it is moved to.
    pub key: u32,
    /// The stop of the load that it is.
    pub id: Option<StopId>,
    pub kind: StopKind,
    /// The facility that was picked, as long as `facility_text` is its name.
    pub facility: Option<FacilityProfile>,
    pub facility_text: String,
    pub window_kind: WindowKind,
    /// On the clock of the facility.
    pub from_day: String,
    pub from_time: String,
    /// Empty: the same day, and for an appointment the same time.
    pub until_day: String,
    pub until_time: String,
    /// The window as the load has it: kept to the millisecond while the fields still say the same.
    pub agreed: Option<Window>,
    /// The clock of the agreed window as the server reads it. For showing that window where the browser does not know
    /// the zone.
    #[serde(default)]
    pub agreed_clock: Option<AgreedClock>,
    /// The truck has been there.
    pub visited: bool,
}

/// The clock of a place at the time of its appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreedClock {
    /// IANA name of the zone.
    pub zone: String,
    /// Minutes east of UTC.
    pub utc_offset: i32,
}

/// A text of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    Customer,
    Commodity,
    Weight,
    Miles,
    References,
    Instructions,
    Carrier,
    Revenue,
    CarrierCost,
}

/// A text of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopText {
    Facility,
    FromDay,
    FromTime,
    UntilDay,
    UntilTime,
}

impl Default for LoadDraft {
    /// A pickup and a delivery, all to be filled in.
    fn default() -> Self {
        let mut draft = Self {
            customer: String::new(),
            equipment: String::new(),
            hot: false,
            stops: Vec::new(),
            commodity: String::new(),
            weight: String::new(),
            miles: String::new(),
            references: String::new(),
            instructions: String::new(),
            carrier: None,
            carrier_text: String::new(),
            revenue: String::new(),
            carrier_cost: String::new(),
            currency: Currency::USD,
            next_key: 0,
        };
        for kind in [StopKind::Pickup, StopKind::Delivery] {
            let stop = draft.new_stop(kind);
            draft.stops.push(stop);
        }
        draft
    }
}

impl LoadDraft {
    /// A load as it is. `places` are the facilities of its stops.
    pub fn of_load(load: &Load, places: &[FacilityProfile]) -> Self {
        let card = &load.card;
        let mut draft = Self {
            customer: card.customer.clone(),
            equipment: card.equipment.code().to_owned(),
            hot: card.hot,
            stops: Vec::new(),
            commodity: card.commodity.clone(),
            weight: card.weight_lbs.to_string(),
            miles: card.miles.to_string(),
            references: card.references.join(", "),
            instructions: card.instructions.clone(),
            carrier: card.carrier.clone(),
            carrier_text: card.carrier.as_ref().map(|carrier| carrier.name.clone()).unwrap_or_default(),
            revenue: card.finance.map(|finance| amount_text(finance.revenue)).unwrap_or_default(),
            carrier_cost: card.finance.map(|finance| amount_text(finance.carrier_cost)).unwrap_or_default(),
            currency: card.finance.map_or(Currency::USD, |finance| finance.revenue.currency),
            next_key: 0,
        };
        for stop in &load.stops {
            let fresh = draft.new_stop(stop.kind);
            draft.stops.push(fresh.of_stop(stop, places));
        }
        draft
    }

    /// The same freight once more: what is agreed anew for each load is left to be filled in.
    pub fn again(mut self) -> Self {
        for stop in &mut self.stops {
            (stop.id, stop.agreed, stop.agreed_clock, stop.visited) = (None, None, None, false);
            (stop.from_day, stop.until_day) = Default::default();
        }
        self.references.clear();
        self.carrier = None;
        self.carrier_text.clear();
        self
    }

    fn new_stop(&mut self, kind: StopKind) -> StopDraft {
        let key = self.next_key;
        self.next_key += 1;
        StopDraft {
            key,
            id: None,
            kind,
            facility: None,
            facility_text: String::new(),
            window_kind: WindowKind::Fcfs,
            from_day: String::new(),
            from_time: String::new(),
            until_day: String::new(),
            until_time: String::new(),
            agreed: None,
            agreed_clock: None,
            visited: false,
        }
    }

    /// Adds a stop before the last, which stays the end of the trip. Gives its key.
    pub fn add_stop(&mut self) -> u32 {
        let stop = self.new_stop(StopKind::Delivery);
        let key = stop.key;
        self.stops.insert(self.stops.len().saturating_sub(1), stop);
        key
    }

    pub fn remove_stop(&mut self, key: u32) {
        self.stops.retain(|stop| stop.key != key);
    }

    /// Moves a stop by one place, earlier or later. `false` at the end.
    pub fn move_stop(&mut self, key: u32, later: bool) -> bool {
        let Some(place) = self.place_of(key) else { return false };
        let other = if later { place + 1 } else { place.wrapping_sub(1) };
        if other >= self.stops.len() {
            return false;
        }
        self.stops.swap(place, other);
        true
    }

    pub fn place_of(&self, key: u32) -> Option<usize> {
        self.stops.iter().position(|stop| stop.key == key)
    }

    pub fn stop(&self, key: u32) -> Option<&StopDraft> {
        self.stops.iter().find(|stop| stop.key == key)
    }

    pub fn stop_mut(&mut self, key: u32) -> Option<&mut StopDraft> {
        self.stops.iter_mut().find(|stop| stop.key == key)
    }

    /// Miles of the trip as the server would propose them, where every stop has its facility.
    pub fn estimated_miles(&self) -> Option<i32> {
        let path: Option<Vec<_>> =
            self.stops.iter().map(|stop| stop.facility.as_ref().map(|facility| facility.location)).collect();
        let path = path?;
        let straight: f64 = path.windows(2).map(|leg| leg[0].miles_to(leg[1])).sum();
        Some((straight * geo::ROAD_FACTOR).round() as i32)
    }

    pub fn text(&self, text: Text) -> &String {
        match text {
            Text::Customer => &self.customer,
            Text::Commodity => &self.commodity,
            Text::Weight => &self.weight,
            Text::Miles => &self.miles,
            Text::References => &self.references,
            Text::Instructions => &self.instructions,
            Text::Carrier => &self.carrier_text,
            Text::Revenue => &self.revenue,
            Text::CarrierCost => &self.carrier_cost,
        }
    }

    pub fn set_text(&mut self, text: Text, value: String) {
        let place = match text {
            Text::Customer => &mut self.customer,
            Text::Commodity => &mut self.commodity,
            Text::Weight => &mut self.weight,
            Text::Miles => &mut self.miles,
            Text::References => &mut self.references,
            Text::Instructions => &mut self.instructions,
            Text::Carrier => {
                self.carrier = self.carrier.take().filter(|carrier| carrier.name == value);
                &mut self.carrier_text
            }
            Text::Revenue => &mut self.revenue,
            Text::CarrierCost => &mut self.carrier_cost,
        };
        *place = value;
    }

    /// What stands in each field, by name. How stops are called within the form is left out.
    pub fn fields(&self) -> Vec<(String, Value)> {
        let mut plain = self.clone();
        plain.next_key = 0;
        plain.stops.iter_mut().for_each(|stop| stop.key = 0);
        match serde_json::to_value(plain) {
            Ok(Value::Object(fields)) => fields.into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Names of the fields in which two drafts differ.
    pub fn changed_fields(&self, base: &Self) -> Vec<String> {
        let (mine, theirs) = (self.fields(), base.fields());
        mine.into_iter().zip(theirs).filter(|(mine, base)| mine != base).map(|(mine, _)| mine.0).collect()
    }

    /// The form of a load that was stored as `sent`: what the load is now, and the same with what was typed since on top.
    pub fn of_stored(load: &Load, sent: &Self, typed: &Self) -> (Self, Self) {
        let places: Vec<_> = sent.stops.iter().filter_map(|stop| stop.facility.clone()).collect();
        let stored = Self::of_load(load, &places);
        // The stops were stored in the order in which they were sent, and are those of the load from now on.
        let with_ids = |draft: &Self| {
            let mut draft = draft.clone();
            for stop in &mut draft.stops {
                if let Some(of_load) = sent.place_of(stop.key).and_then(|place| stored.stops.get(place)) {
                    stop.id = of_load.id;
                    stop.agreed = of_load.agreed;
                    stop.agreed_clock.clone_from(&of_load.agreed_clock);
                }
            }
            draft
        };
        let with_typed = with_ids(typed).on_top_of(&stored, &with_ids(sent));
        (stored, with_typed)
    }

    /// `theirs` with what was changed here since `base`.
    pub fn on_top_of(&self, theirs: &Self, base: &Self) -> Self {
        let changed = self.changed_fields(base);
        let mut merged = serde_json::to_value(theirs).unwrap_or_default();
        let mine = serde_json::to_value(self).unwrap_or_default();
        for name in &changed {
            merged[name] = mine[name].clone();
        }
        if changed.iter().any(|name| name == "stops") {
            merged["nextKey"] = mine["nextKey"].clone();
        }
        serde_json::from_value(merged).unwrap_or_else(|_| theirs.clone())
    }
}

impl StopDraft {
    fn of_stop(mut self, stop: &Stop, places: &[FacilityProfile]) -> Self {
        let window = &stop.appointment;
        let facility = places.iter().find(|place| place.id == stop.facility_id).cloned();
        let facility = facility.unwrap_or_else(|| FacilityProfile {
            id: stop.facility_id,
            name: stop.facility_name.clone(),
            address: None,
            place: stop.place.clone(),
            zone: stop.time_zone.clone(),
            location: stop.location,
            geofence_miles: None,
        });
        let agreed = Window { kind: window.kind, start: window.start, end: window.end };
        let clock = AgreedClock { zone: stop.time_zone.clone(), utc_offset: window.utc_offset };
        let [from_day, from_time, until_day, until_time] = window_texts(agreed, &facility.zone, Some(&clock));
        self.id = Some(stop.id);
        self.facility_text = facility.name.clone();
        self.facility = Some(facility);
        self.window_kind = agreed.kind;
        (self.from_day, self.from_time, self.until_day, self.until_time) = (from_day, from_time, until_day, until_time);
        self.agreed = Some(agreed);
        self.agreed_clock = Some(clock);
        self.visited = stop.arrived_at.is_some();
        self
    }

    pub fn text(&self, text: StopText) -> &String {
        match text {
            StopText::Facility => &self.facility_text,
            StopText::FromDay => &self.from_day,
            StopText::FromTime => &self.from_time,
            StopText::UntilDay => &self.until_day,
            StopText::UntilTime => &self.until_time,
        }
    }

    pub fn set_text(&mut self, text: StopText, value: String) {
        let place = match text {
            StopText::Facility => {
                self.facility = self.facility.take().filter(|facility| facility.name == value);
                &mut self.facility_text
            }
            StopText::FromDay => &mut self.from_day,
            StopText::FromTime => &mut self.from_time,
            StopText::UntilDay => &mut self.until_day,
            StopText::UntilTime => &mut self.until_time,
        };
        *place = value;
    }

    /// The texts of the window as they stand.
    pub fn window_texts(&self) -> [String; 4] {
        [&self.from_day, &self.from_time, &self.until_day, &self.until_time].map(Clone::clone)
    }
}

/// A window as the fields of a stop show it: days and times on the clock of a zone; the day of the end only where it is
/// another. Where the zone is not known, `agreed` tells its offset; without either the times are not shown.
pub fn window_texts(window: Window, zone: &str, agreed: Option<&AgreedClock>) -> [String; 4] {
    let agreed = agreed.filter(|clock| clock.zone == zone).map(|clock| clock.utc_offset);
    let local = |at: Timestamp| {
        offset_at(zone, at).or(agreed).map(|offset| write_reading(at.civil(offset))).unwrap_or_default()
    };
    let ((from_day, from_time), (until_day, until_time)) = (local(window.start), local(window.end));
    let until_day = if until_day == from_day { String::new() } else { until_day };
    [from_day, from_time, until_day, until_time]
}

/// `1850.00`, as the field takes it.
pub fn amount_text(money: Money) -> String {
    let sign = if money.amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", money.amount.unsigned_abs() / 100, money.amount.unsigned_abs() % 100)
}
