//! Keeps the values of a load within their bounds.

use super::super::{ServiceError, text};
use app::domain::{
    bounds::{
        MOST_MILES, MOST_MONEY, MOST_POUNDS, NAME_CHARS, PROSE_CHARS, REASON_CHARS, REFERENCE_CHARS, REFERENCES, STOPS,
    },
    money::Finance,
    stop::{StopKind, Window},
};

/// From the beginning of 2000 to that of 2100, in milliseconds.
const YEARS: std::ops::Range<i64> = 946_684_800_000..4_102_444_800_000;

pub(super) fn reason(reason: Option<String>) -> Result<Option<String>, ServiceError> {
    reason_as("reason", reason)
}

/// A short text that may be left out, under the name of its field.
pub(super) fn reason_as(field: &'static str, reason: Option<String>) -> Result<Option<String>, ServiceError> {
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    match &reason {
        Some(reason) if reason.chars().count() > REASON_CHARS => {
            Err(ServiceError::field(field, format_args!("takes at most {REASON_CHARS} characters")))
        }
        _ => Ok(reason),
    }
}

/// A name that must say something.
pub(super) fn name(field: &'static str, text: &str) -> Result<String, ServiceError> {
    text::line(field, text, NAME_CHARS)
}

/// Text that may be empty.
pub(super) fn prose(field: &'static str, text: &str) -> Result<String, ServiceError> {
    let text = text.trim();
    if text.chars().count() > PROSE_CHARS {
        return Err(ServiceError::field(field, format_args!("takes at most {PROSE_CHARS} characters")));
    }
    Ok(text.to_owned())
}

pub(super) fn references(references: Vec<String>) -> Result<Vec<String>, ServiceError> {
    let fits = |reference: &String| (1..=REFERENCE_CHARS).contains(&reference.trim().chars().count());
    if references.len() > REFERENCES || !references.iter().all(fits) {
        return Err(ServiceError::field(
            "references",
            format_args!("takes at most {REFERENCES} of 1 to {REFERENCE_CHARS} characters each"),
        ));
    }
    Ok(references)
}

pub(super) fn weight_lbs(weight: i32) -> Result<i32, ServiceError> {
    within("weightLbs", weight, MOST_POUNDS)
}

pub(super) fn miles(miles: i32) -> Result<i32, ServiceError> {
    within("miles", miles, MOST_MILES)
}

fn within(field: &'static str, value: i32, most: i32) -> Result<i32, ServiceError> {
    if (0..=most).contains(&value) {
        Ok(value)
    } else {
        Err(ServiceError::field(field, format_args!("takes 0 to {most}")))
    }
}

pub(super) fn finance(finance: Finance) -> Result<Finance, ServiceError> {
    let Finance { revenue, carrier_cost } = finance;
    if revenue.currency != carrier_cost.currency {
        return Err(ServiceError::field("finance", "takes one currency for both amounts"));
    }
    if [revenue, carrier_cost].iter().any(|money| !(0..=MOST_MONEY).contains(&money.amount)) {
        return Err(ServiceError::field("finance", format_args!("takes amounts from 0 to {MOST_MONEY} minor units")));
    }
    Ok(finance)
}

/// First a pickup, last a delivery, each window ending after it begins.
pub(super) fn trip(kinds: &[StopKind], windows: &[Window]) -> Result<(), ServiceError> {
    if !STOPS.contains(&kinds.len()) {
        return Err(ServiceError::field("stops", format_args!("takes {} to {} stops", STOPS.start(), STOPS.end())));
    }
    if kinds.first() != Some(&StopKind::Pickup) || kinds.last() != Some(&StopKind::Delivery) {
        return Err(ServiceError::field("stops", "begin with a pickup and end with a delivery"));
    }
    if windows.iter().any(|window| window.end < window.start) {
        return Err(ServiceError::field("stops", "have windows that end before they start"));
    }
    if windows.windows(2).any(|leg| leg[1].end < leg[0].start) {
        return Err(ServiceError::field("stops", "have a window that ends before that of the stop before begins"));
    }
    if windows.iter().flat_map(|window| [window.start, window.end]).any(|at| !YEARS.contains(&at.millis())) {
        return Err(ServiceError::field("stops", "take windows of the years 2000 to 2099 alone"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::{
        stop::WindowKind,
        time::{HOUR, Timestamp},
    };

    #[test]
    fn a_trip_goes_forward_in_time_and_within_this_century() {
        let kinds = [StopKind::Pickup, StopKind::Delivery];
        let begin = YEARS.start + 1_000 * HOUR;
        let window = |from: i64| Window {
            kind: WindowKind::Fcfs,
            start: Timestamp::from_millis(begin + from * HOUR),
            end: Timestamp::from_millis(begin + (from + 2) * HOUR),
        };
        for (pickup, delivery, is_good) in
            [(0, 4, true), (0, 1, true), (4, 2, true), (4, 1, false), (-2_000, 4, false), (0, 1_000_000, false)]
        {
            assert_eq!(trip(&kinds, &[window(pickup), window(delivery)]).is_ok(), is_good, "{pickup} {delivery}");
        }
    }
}
