//! Bounds of the values of sites and units.

use super::super::ServiceError;
use app::{
    api::cold_chain::Unit,
    domain::{sensor::TEMPERATURES, time::DAY},
};

const NAME_CHARS: usize = 120;
const MAX_DURATION: i64 = 7 * DAY;

pub(super) fn name(field: &'static str, text: &str) -> Result<String, ServiceError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME_CHARS || text.contains(char::is_control) {
        let bounds = format_args!("takes 1 to {NAME_CHARS} characters, without control characters");
        return Err(ServiceError::field(field, bounds));
    }
    Ok(text.to_owned())
}

pub(super) fn state(text: &str) -> Result<String, ServiceError> {
    let text = text.trim();
    if text.len() != 2 || !text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(ServiceError::field("state", "takes two letters, such as IL"));
    }
    Ok(text.to_ascii_uppercase())
}

/// What a unit has to keep to.
pub(super) fn limits(unit: &Unit) -> Result<(), ServiceError> {
    for (field, value) in [("minTemperature", unit.min_temperature), ("maxTemperature", unit.max_temperature)] {
        if !TEMPERATURES.contains(&value) {
            let (least, most) = (TEMPERATURES.start(), TEMPERATURES.end());
            return Err(ServiceError::field(field, format_args!("takes {least} to {most} degrees Celsius")));
        }
    }
    if unit.min_temperature > unit.max_temperature {
        return Err(ServiceError::field("minTemperature", "must not be above maxTemperature"));
    }
    if !(0..=MAX_DURATION).contains(&unit.min_duration_ms) {
        return Err(ServiceError::field("minDurationMs", format_args!("takes 0 to {MAX_DURATION}")));
    }
    Ok(())
}
