//! What the carrier chooser asks for, worked out from what was chosen: fitness in words, the window, titles, requests.

use crate::{
    api::load_actions::{AssignLoad, Assignment, Tender, TenderLoad},
    domain::{
        carrier::{CarrierProfile, Unfit, check_fitness},
        id::{CarrierId, DriverId},
        load::LoadCard,
        time::{DAY, Timestamp},
    },
};

/// The longest window of a tender that the API takes, in minutes: two days.
pub const LONGEST_WINDOW: u32 = 2_880;
/// Insurance that ends within this many days is worth a word.
const SOON: i64 = 14;

/// What is to be done with loads and a carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub carrier: CarrierId,
    pub carrier_name: String,
    /// Offers it, for so many minutes or the usual time. None: it is given without asking.
    pub tender: Option<Option<u32>>,
    pub driver: Option<DriverId>,
    pub override_reason: Option<String>,
}

impl Offer {
    pub fn assignment(&self, card: &LoadCard) -> AssignLoad {
        let body = Assignment {
            version: card.version,
            carrier_id: self.carrier,
            driver_id: self.driver,
            override_reason: self.override_reason.clone(),
        };
        AssignLoad { id: card.id, body }
    }

    pub fn tender(&self, card: &LoadCard) -> TenderLoad {
        let body = Tender {
            version: card.version,
            carrier_id: Some(self.carrier),
            window_minutes: self.tender.flatten(),
            override_reason: self.override_reason.clone(),
        };
        TenderLoad { id: card.id, body }
    }

    /// What was done, to be put behind the loads: `tendered to Swift Haul`.
    pub fn done(&self) -> String {
        let verb = if self.tender.is_some() { "tendered" } else { "assigned" };
        format!("{verb} to {}", self.carrier_name)
    }
}

/// Why a carrier may not be given loads, as a line of its own.
pub fn why_unfit(carrier: &CarrierProfile, now: Timestamp) -> Option<String> {
    match check_fitness(carrier.compliance, carrier.insurance_expires_at, now) {
        Ok(()) => None,
        Err(Unfit::InsuranceExpired(at)) => Some(format!("Insurance expired on {}", date(at, now))),
        Err(Unfit::Suspended) => Some("Compliance suspended".into()),
    }
}

/// How long a fit carrier is insured.
pub fn insured(carrier: &CarrierProfile, now: Timestamp) -> String {
    let at = carrier.insurance_expires_at;
    match at.since(now) / DAY {
        0 => "Insurance ends within a day".into(),
        days @ ..=SOON => format!("Insured until {}, {days} more days", date(at, now)),
        _ => format!("Insured until {}", date(at, now)),
    }
}

/// `Nov 3`, with the year where it is another one.
fn date(at: Timestamp, now: Timestamp) -> String {
    let (there, here) = (at.civil(0), now.civil(0));
    if there.year == here.year { there.month_day() } else { format!("{}, {}", there.month_day(), there.year) }
}

/// The window that was typed: none for the usual time.
pub fn window(typed: &str) -> Result<Option<u32>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse() {
        Ok(minutes) if (1..=LONGEST_WINDOW).contains(&minutes) => Ok(Some(minutes)),
        _ => Err("Takes 1 to 2,880 minutes, which is two days.".into()),
    }
}

/// Title of the dialog.
pub fn title(loads: &[LoadCard], tender: bool) -> String {
    match (loads, tender) {
        ([card], true) => format!("Tender {}", card.load_number),
        ([card], false) => format!("Assign a carrier to {}", card.load_number),
        (loads, true) => format!("Tender {} loads", loads.len()),
        (loads, false) => format!("Assign a carrier to {} loads", loads.len()),
    }
}

/// The carrier that all of the loads have already.
pub fn common_carrier(loads: &[LoadCard]) -> Option<CarrierId> {
    let first = loads.first()?.carrier.as_ref()?.id;
    loads.iter().all(|card| card.carrier.as_ref().is_some_and(|carrier| carrier.id == first)).then_some(first)
}

/// `3 loads were tendered to Swift Haul.`
pub fn all_done(offer: &Offer, count: usize) -> String {
    if count == 1 { format!("1 load was {}.", offer.done()) } else { format!("{count} loads were {}.", offer.done()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        carrier::Compliance,
        test_cards::{NOW, card},
        time::HOUR,
    };
    use uuid::Uuid;

    fn carrier(compliance: Compliance, expires_in: i64) -> CarrierProfile {
        CarrierProfile {
            id: CarrierId(Uuid::from_u128(7)),
            name: "Swift Haul".into(),
            mc_number: "MC-900001".into(),
            phone: None,
            insurance_expires_at: NOW.plus(expires_in),
            compliance,
        }
    }

    #[test]
    fn an_unfit_carrier_says_why_and_a_fit_one_until_when() {
        let unfit = |compliance, expires_in| why_unfit(&carrier(compliance, expires_in), NOW);
        assert_eq!(unfit(Compliance::Approved, -18 * DAY).as_deref(), Some("Insurance expired on Nov 3"));
        assert_eq!(unfit(Compliance::Approved, -400 * DAY).as_deref(), Some("Insurance expired on Oct 17, 2025"));
        assert_eq!(unfit(Compliance::Suspended, DAY).as_deref(), Some("Compliance suspended"));
        assert_eq!(unfit(Compliance::Approved, DAY), None);
        let until = |expires_in| insured(&carrier(Compliance::Approved, expires_in), NOW);
        assert_eq!(until(6 * DAY), "Insured until Nov 27, 6 more days");
        assert_eq!(until(HOUR), "Insurance ends within a day");
        assert_eq!(until(60 * DAY), "Insured until Jan 20, 2027");
    }

    #[test]
    fn a_window_is_minutes_or_the_usual_time() {
        assert_eq!([window(" "), window("45"), window("2880")], [Ok(None), Ok(Some(45)), Ok(Some(2_880))]);
        for wrong in ["0", "2881", "half", "-5", "1.5"] {
            assert!(window(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_carrier_is_chosen_beforehand_only_where_all_loads_have_it() {
        let mut bare = card(2);
        bare.carrier = None;
        assert_eq!(common_carrier(&[card(1), card(2)]), Some(CarrierId(Uuid::from_u128(7))));
        assert_eq!((common_carrier(&[card(1), bare]), common_carrier(&[])), (None, None));
    }

    #[test]
    fn words_name_what_is_done_to_how_many() {
        let offer = Offer {
            carrier: CarrierId(Uuid::nil()),
            carrier_name: "Swift Haul".into(),
            tender: Some(None),
            driver: None,
            override_reason: None,
        };
        assert_eq!(all_done(&offer, 3), "3 loads were tendered to Swift Haul.");
        assert_eq!(title(&[card(1)], true), "Tender LD-202611-00001");
        assert_eq!(title(&[card(1), card(2)], false), "Assign a carrier to 2 loads");
    }
}
