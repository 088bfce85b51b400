//! Reads the window of a stop on the clock of its facility.

use super::draft::{StopDraft, window_texts};
use crate::{
    components::zone_clock::offset_at,
    domain::{
        facility::FacilityProfile,
        local_time::{Reading, parse_reading, read_clock},
        stop::{Window, WindowKind},
        time::{Civil, Timestamp},
    },
};
use std::cell::Cell;

/// The window of a stop, `None` as long as there is no facility on whose clock to read it; else the field that is wrong.
pub fn window(stop: &StopDraft, facility: Option<&FacilityProfile>) -> Result<Option<Window>, (&'static str, String)> {
    let texts = stop.window_texts();
    if let (Some(agreed), Some(facility)) = (stop.agreed, facility)
        && agreed.kind == stop.window_kind
        && window_texts(agreed, &facility.zone, stop.agreed_clock.as_ref()) == texts
    {
        return Ok(Some(agreed));
    }
    let [from_day, from_time, until_day, until_time] = texts;
    if from_day.trim().is_empty() {
        return Err(("day", "Choose the day.".to_owned()));
    }
    if from_time.trim().is_empty() {
        return Err(("from", "Set the time.".to_owned()));
    }
    let is_fixed = stop.window_kind == WindowKind::Fixed;
    if until_time.trim().is_empty() && (!is_fixed || !until_day.trim().is_empty()) {
        return Err(("until", "Set the time.".to_owned()));
    }
    let until_time = if until_time.trim().is_empty() { &from_time } else { &until_time };
    let until_day = if until_day.trim().is_empty() { &from_day } else { &until_day };
    let Some(facility) = facility else { return Ok(None) };
    let start = instant(&from_day, &from_time, facility).map_err(|message| ("from", message))?;
    let end = instant(until_day, until_time, facility).map_err(|message| ("until", message))?;
    if end < start {
        return Err(("until", "Is before the beginning. Set the last day, if it is another one.".to_owned()));
    }
    Ok(Some(Window { kind: stop.window_kind, start, end }))
}

fn instant(day: &str, time: &str, facility: &FacilityProfile) -> Result<Timestamp, String> {
    let civil = parse_reading(day, time).map_err(|_| "Takes a day and a time.".to_owned())?;
    match read_in_zone(&facility.zone, civil) {
        // Of two the first, which is what a person says who does not think of it.
        Some(Reading::Once(at) | Reading::Twice(at, _)) => Ok(at),
        Some(Reading::Never) => {
            let (city, time) = (&facility.place.city, civil.clock());
            Err(format!("{time} does not come on that day: clocks in {city} go forward over it."))
        }
        None => {
            let (city, zone) = (&facility.place.city, facility.zone.replace('_', " "));
            Err(format!(
                "This browser does not know the clock of {city} ({zone}). Update the browser to set a time there."
            ))
        }
    }
}

/// `None` where the rules of the zone are not known. No other clock stands in for it: the appointment would be hours off.
fn read_in_zone(zone: &str, civil: Civil) -> Option<Reading> {
    let is_known = Cell::new(true);
    let reading = read_clock(civil, |at| {
        offset_at(zone, at).unwrap_or_else(|| {
            is_known.set(false);
            0
        })
    });
    is_known.get().then_some(reading)
}

/// Whether the clock of the facility shows the begin of the window, or its end, twice that day.
pub fn comes_twice(stop: &StopDraft, from: bool) -> bool {
    let [from_day, from_time, until_day, until_time] = stop.window_texts();
    let until_day = if until_day.is_empty() { from_day.clone() } else { until_day };
    let (day, time) = if from { (from_day, from_time) } else { (until_day, until_time) };
    let (Some(facility), Ok(civil)) = (&stop.facility, parse_reading(&day, &time)) else { return false };
    matches!(read_in_zone(&facility.zone, civil), Some(Reading::Twice(..)))
}
