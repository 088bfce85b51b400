//! How urgent a load is, judged from its card and the clock.

use super::{
    load::LoadCard,
    status::LoadStatus,
    time::{HOUR, Timestamp},
};

/// Declared from calm to urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    OnTime,
    AtRisk,
    Late,
}

impl Urgency {
    pub const fn label(self) -> &'static str {
        match self {
            Urgency::OnTime => "On time",
            Urgency::AtRisk => "At risk",
            Urgency::Late => "Late",
        }
    }
}

/// How long a pending load may wait before it is at risk.
pub const PENDING_TOO_LONG: i64 = 24 * HOUR;
/// Ahead of an appointment that is not yet met, this is close.
pub const APPOINTMENT_NEAR: i64 = HOUR;

/// Late when the window of the stop that comes next has ended, at risk when it ends within the hour
/// or the load has been pending for more than 24 hours; a delivered load is on time.
pub fn urgency(card: &LoadCard, now: Timestamp) -> Urgency {
    let Some(due) = next_due(card) else { return Urgency::OnTime };
    if due < now {
        Urgency::Late
    } else if due.since(now) < APPOINTMENT_NEAR || is_pending_too_long(card, now) {
        Urgency::AtRisk
    } else {
        Urgency::OnTime
    }
}

/// Whether a load has waited for a carrier for more than 24 hours.
pub fn is_pending_too_long(card: &LoadCard, now: Timestamp) -> bool {
    card.status == LoadStatus::Pending && now.since(card.status_since) > PENDING_TOO_LONG
}

/// End of the window that has to be met next: pickup until the freight is loaded (a truck at the dock has met it), then delivery.
fn next_due(card: &LoadCard) -> Option<Timestamp> {
    match card.status {
        status if status < LoadStatus::AtPickup => Some(card.pickup.end),
        LoadStatus::AtPickup | LoadStatus::PickedUp | LoadStatus::InTransit => Some(card.delivery.end),
        _ => None,
    }
}

/// How long a load has stood in its status: a tint at 2, 4 and 8 hours.
pub fn age_tint(card: &LoadCard, now: Timestamp) -> Option<u8> {
    if card.status.is_final() {
        return None;
    }
    match now.since(card.status_since) / HOUR {
        ..2 => None,
        2..4 => Some(1),
        4..8 => Some(2),
        _ => Some(3),
    }
}

/// How long a moving load has gone without a check call: amber after 4 hours, red after 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    Amber,
    Red,
}

/// Judges the silence of a load that is on the road, from its last check call or else its pickup.
pub fn silence(card: &LoadCard, now: Timestamp) -> Option<Silence> {
    if !matches!(card.status, LoadStatus::PickedUp | LoadStatus::InTransit) {
        return None;
    }
    match now.since(card.last_check_call_at.unwrap_or(card.status_since)) / HOUR {
        ..4 => None,
        4..8 => Some(Silence::Amber),
        _ => Some(Silence::Red),
    }
}

#[cfg(test)]
#[path = "urgency_tests.rs"]
mod tests;
