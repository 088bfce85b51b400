//! How urgent a load is, judged from its card and the clock.

use super::{
    load::LoadCard,
    position::EtaState,
    status::LoadStatus,
    time::{HOUR, MINUTE, Timestamp},
};

/// Declared from calm to urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// There is nothing to be in time for any more.
    Over,
    OnTime,
    AtRisk,
    Late,
}

impl Urgency {
    pub const fn label(self) -> &'static str {
        match self {
            Urgency::Over => "",
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

/// Late when the window of the stop that comes next has ended, or will have by the ETA that was said; at risk when it
/// ends within the hour, or the ETA is within its last hour, or the load has been pending for more than 24 hours. At
/// the delivery it is judged by when it came there; after that it is over.
///
/// Of a load with stops between, the ETA may be that of such a stop, whose window the card does not hold. It is held
/// against the delivery all the same: who is late before is late there.
pub fn urgency(card: &LoadCard, now: Timestamp) -> Urgency {
    if card.status == LoadStatus::AtDelivery {
        return if card.status_since > card.delivery.end { Urgency::Late } else { Urgency::OnTime };
    }
    let Some(due) = next_due(card) else { return Urgency::Over };
    let expected = card.eta.map_or(EtaState::OnTime, |eta| EtaState::of(eta, due));
    if due < now || expected == EtaState::Late {
        Urgency::Late
    } else if due.since(now) < APPOINTMENT_NEAR || expected == EtaState::Tight || is_pending_too_long(card, now) {
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

/// How often a driver on the road is to be heard, in milliseconds, unless the tenant's rules say otherwise.
pub const CHECK_CALL_INTERVAL: i64 = 4 * HOUR;

/// How far [`LoadCard::on_track_at`] may lag behind the newest position.
pub const ON_TRACK_STEP: i64 = 10 * MINUTE;

/// When a load on the road was heard of last: by a check call, a position that shows it on its way and in time, or the
/// step that it took last.
pub fn last_heard(card: &LoadCard) -> Timestamp {
    card.last_check_call_at.max(card.on_track_at).map_or(card.status_since, |heard| heard.max(card.status_since))
}

/// How long a moving load has gone unheard: amber after one interval, red after two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    Amber,
    Red,
}

/// Judges the silence of a load that is on the road by the usual interval.
pub fn silence(card: &LoadCard, now: Timestamp) -> Option<Silence> {
    silence_within(card, now, CHECK_CALL_INTERVAL)
}

/// Judges the silence of a load that is on the road, from when it was [last heard](last_heard). `interval`: how often
/// its driver is to be heard, in milliseconds.
pub fn silence_within(card: &LoadCard, now: Timestamp, interval: i64) -> Option<Silence> {
    if !card.status.is_heard_of() {
        return None;
    }
    match now.since(last_heard(card)) / interval.max(1) {
        ..1 => None,
        1 => Some(Silence::Amber),
        _ => Some(Silence::Red),
    }
}

#[cfg(test)]
#[path = "urgency_tests.rs"]
mod tests;
