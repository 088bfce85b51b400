//! What a card says, worked out from the load and the clock. Views only place it.

use crate::{
    api::loads::BoardRules,
    components::relative_time::{age, age_short, appointment_in_full, appointment_short},
    domain::{
        load::{Equipment, LoadCard, Person},
        money::MarginGrade,
        status::LoadStatus,
        stop::{Appointment, Place},
        time::{HOUR, Timestamp},
        urgency::{Silence, Urgency, age_tint, last_heard, silence_within, urgency},
    },
};

/// An appointment on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub text: String,
    /// Where there is no room: `14:00` today, else the day.
    pub short: String,
    pub full: String,
    /// The window has ended and the truck has not been there.
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margin {
    /// `$320 · 17 %`
    pub text: String,
    /// `good`, `thin` or `poor`.
    pub grade: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    pub number: String,
    /// What is shown: where it stands, or where it is being moved to.
    pub status: LoadStatus,
    /// The move is not yet answered.
    pub pending: bool,
    pub urgency: Urgency,
    /// Age in status: 1, 2 or 3 from 2, 4 and 8 hours.
    pub tint: Option<u8>,
    pub silence: Option<Silence>,
    /// What tint and silence mean, in words: `5 h`, `no call 5 h`.
    pub waits: Option<(String, String)>,
    pub hot: bool,
    pub exception: bool,
    pub origin: Place,
    pub destination: Place,
    pub stops_between: i32,
    pub customer: String,
    pub carrier: Option<String>,
    pub driver: Option<String>,
    /// Who has said to be on it.
    pub claimed_by: Option<Person>,
    pub pickup: Visit,
    pub delivery: Visit,
    pub equipment: Equipment,
    pub margin: Option<Margin>,
    /// Time since the last change, and the same for a corner.
    pub updated: String,
    pub updated_short: String,
    /// Why its tender came back, while it waits for the next one.
    pub tender_returned: Option<String>,
    pub tender_expires_at: Option<Timestamp>,
    /// Everything that matters, for those who hear the card.
    pub summary: String,
}

impl Face {
    pub fn of(card: &LoadCard, intent: Option<LoadStatus>, now: Timestamp, rules: BoardRules) -> Self {
        let status = intent.unwrap_or(card.status);
        let mut face = Self {
            number: card.load_number.clone(),
            status,
            pending: intent.is_some(),
            urgency: urgency(card, now),
            tint: age_tint(card, now),
            silence: silence_within(card, now, rules.check_call_interval),
            waits: waits(card, now, rules),
            hot: card.hot,
            exception: card.exception,
            origin: card.origin.clone(),
            destination: card.destination.clone(),
            stops_between: card.stops_between,
            customer: card.customer.clone(),
            carrier: card.carrier.as_ref().map(|carrier| carrier.name.clone()),
            driver: card.driver.as_ref().map(|driver| driver.name.clone()),
            claimed_by: card.claimed_by.clone(),
            pickup: visit(&card.pickup, card.status < LoadStatus::AtPickup, now),
            delivery: visit(&card.delivery, card.status < LoadStatus::AtDelivery, now),
            equipment: card.equipment,
            margin: margin(card),
            updated: age(now.since(card.updated_at)),
            updated_short: age_short(now.since(card.updated_at)),
            tender_returned: card.tender_returned.clone().filter(|_| card.carrier.is_none()),
            tender_expires_at: card.tender_expires_at.filter(|_| status == LoadStatus::Tendered && intent.is_none()),
            summary: String::new(),
        };
        face.summary = face.say();
        face
    }

    /// The appointment that is to be met next, or was last.
    pub fn next(&self) -> (&'static str, &Visit) {
        if self.status < LoadStatus::PickedUp { ("Pickup", &self.pickup) } else { ("Delivery", &self.delivery) }
    }

    fn say(&self) -> String {
        let mut said = vec![self.number.clone()];
        said.push(if self.pending { format!("moving to {}", self.status) } else { self.status.label().to_owned() });
        if self.urgency > Urgency::OnTime {
            said.push(self.urgency.label().to_lowercase());
        }
        said.extend(self.hot.then(|| "hot".to_owned()));
        said.extend(self.exception.then(|| "exception".to_owned()));
        said.push(format!("{} to {}", self.origin, self.destination));
        said.push(self.carrier.clone().unwrap_or_else(|| "unassigned".to_owned()));
        for (name, visit) in [("pickup", &self.pickup), ("delivery", &self.delivery)] {
            said.push(format!("{name} {}{}", visit.text, if visit.overdue { ", overdue" } else { "" }));
        }
        said.push(self.equipment.label().to_owned());
        said.push(self.customer.clone());
        said.extend(self.tender_returned.as_ref().map(|why| format!("its tender came back: {why}")));
        said.extend(self.claimed_by.as_ref().map(|person| format!("claimed by {}", person.name)));
        said.extend(self.waits.as_ref().map(|(_, meaning)| meaning.clone()));
        said.join(", ")
    }
}

fn visit(window: &Appointment, ahead: bool, now: Timestamp) -> Visit {
    let (start, today) = (window.local_start(), now.civil(window.utc_offset));
    Visit {
        text: appointment_short(window, now),
        short: if start.same_day(&today) { start.clock() } else { start.month_day() },
        full: appointment_in_full(window),
        overdue: ahead && window.end < now,
    }
}

fn margin(card: &LoadCard) -> Option<Margin> {
    let finance = card.finance.as_ref()?;
    let amount = finance.margin()?;
    let grade = match finance.grade()? {
        MarginGrade::Good => "good",
        MarginGrade::Thin => "thin",
        MarginGrade::Poor => "poor",
    };
    // Rounded down, so that the number never looks better than its grade.
    let percent = finance.margin_percent()?.floor();
    Some(Margin { text: format!("{amount} · {percent:.0} %"), grade })
}

/// Short and long words for what has lasted too long: silence on the road before age in status.
fn waits(card: &LoadCard, now: Timestamp, rules: BoardRules) -> Option<(String, String)> {
    if silence_within(card, now, rules.check_call_interval).is_some() {
        let hours = now.since(last_heard(card)) / HOUR;
        return Some((format!("no call {hours} h"), format!("no check call for {hours} hours")));
    }
    age_tint(card, now)?;
    let waited = now.since(card.status_since);
    Some((age(waited), format!("{} for {}", card.status, age(waited))))
}

#[cfg(test)]
mod tests {
    use super::*;
    const RULES: BoardRules = BoardRules { check_call_interval: 4 * HOUR };
    use crate::domain::test_cards::{NOW, card, card_in};
    use crate::domain::{
        money::{Finance, Money},
        time::DAY,
    };

    #[test]
    fn a_card_shows_the_move_that_is_on_its_way() {
        let face = Face::of(&card(1), Some(LoadStatus::Tendered), NOW, RULES);
        assert_eq!((face.status, face.pending), (LoadStatus::Tendered, true));
        assert!(face.summary.starts_with("LD-202611-00001, moving to Tendered"), "{}", face.summary);
    }

    #[test]
    fn an_appointment_is_overdue_only_while_it_is_still_to_be_met() {
        let overdue = |status| {
            let mut card = card_in(1, status);
            card.pickup.end = NOW.plus(-1);
            card.delivery.end = NOW.plus(DAY);
            let face = Face::of(&card, None, NOW, RULES);
            (face.pickup.overdue, face.delivery.overdue)
        };
        assert_eq!(overdue(LoadStatus::Dispatched), (true, false));
        assert_eq!(overdue(LoadStatus::AtPickup), (false, false));
    }

    #[test]
    fn in_a_row_an_appointment_is_an_hour_of_today_or_a_day() {
        let mut card = card(1);
        assert_eq!(Face::of(&card, None, NOW, RULES).pickup.short, "Nov 22");
        card.pickup.start = NOW.plus(HOUR);
        assert_eq!(Face::of(&card, None, NOW, RULES).pickup.short, "09:05");
    }

    #[test]
    fn the_next_appointment_is_the_pickup_until_the_freight_is_on_the_truck() {
        let next = |status| Face::of(&card_in(1, status), None, NOW, RULES).next().0;
        assert_eq!((next(LoadStatus::Pending), next(LoadStatus::AtPickup)), ("Pickup", "Pickup"));
        assert_eq!((next(LoadStatus::PickedUp), next(LoadStatus::Delivered)), ("Delivery", "Delivery"));
    }

    #[test]
    fn margin_is_there_for_those_who_were_given_it_and_never_rounded_up() {
        let mut load = card(1);
        assert_eq!(Face::of(&load, None, NOW, RULES).margin, None);
        load.finance = Some(Finance { revenue: Money::usd(200_000), carrier_cost: Money::usd(170_100) });
        let margin = Face::of(&load, None, NOW, RULES).margin.expect("a margin");
        assert_eq!((margin.text.as_str(), margin.grade), ("$299 · 14 %", "thin"));
    }

    #[test]
    fn what_lasts_too_long_is_said_in_words_as_well() {
        let waited = |status, hours: i64| {
            Face::of(&LoadCard { status_since: NOW.plus(-hours * HOUR), ..card_in(1, status) }, None, NOW, RULES)
        };
        assert_eq!(waited(LoadStatus::Pending, 1).waits, None);
        assert_eq!(waited(LoadStatus::Pending, 5).waits, Some(("5 h".into(), "Pending for 5 h".into())));
        let silent = waited(LoadStatus::InTransit, 9);
        assert_eq!(silent.silence, Some(Silence::Red));
        assert_eq!(silent.waits, Some(("no call 9 h".into(), "no check call for 9 hours".into())));
    }

    #[test]
    fn the_countdown_is_of_an_open_tender_only() {
        let tendered = LoadCard { tender_expires_at: Some(NOW), ..card_in(1, LoadStatus::Tendered) };
        assert!(Face::of(&tendered, None, NOW, RULES).tender_expires_at.is_some());
        assert!(Face::of(&tendered, Some(LoadStatus::Accepted), NOW, RULES).tender_expires_at.is_none());
    }
}
