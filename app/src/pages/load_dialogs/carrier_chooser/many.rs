//! Giving many loads to one carrier: with progress, and with an answer for each.

use super::{
    super::{
        host::SharedHost,
        sending::{Sending, Trouble},
    },
    offer::{Offer, all_done},
};
use crate::{
    api::{
        ApiError, call,
        load_actions::{BulkAssign, BulkResult, Seen},
    },
    domain::load::LoadCard,
    pages::many_loads::{Course, Tally, as_one_of_many, work_through},
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local};

/// Loads of one call: so that there is progress to see, and a stop that stops.
const PORTION: usize = 25;

/// How far it is. Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
pub struct Progress {
    pub at: RwSignal<usize>,
    stop: RwSignal<bool>,
}

impl Progress {
    pub fn new() -> Self {
        Self { at: RwSignal::new(0), stop: RwSignal::new(false) }
    }

    /// What is not sent yet stays unsent.
    pub fn stop(self) {
        self.stop.set(true);
    }

    pub fn send(self, loads: Vec<LoadCard>, offer: Offer, host: SharedHost, sending: Sending) {
        if let Some(message) = host.refusal(&not_done(&offer, loads.len())) {
            sending.refuse(Trouble { message, newer: None });
            return;
        }
        if !sending.begin() {
            return;
        }
        self.at.set(0);
        self.stop.set(false);
        spawn_local(async move {
            let portion = if offer.tender.is_some() { 1 } else { PORTION };
            let mut tally = Tally::default();
            let course = InDialog { progress: self, host };
            if !work_through(&loads, portion, &course, &mut tally, async |loads: &[LoadCard]| ask(loads, &offer).await)
                .await
            {
                return leave_for_login();
            }
            tell(tally, &offer, &course.host, sending, self.stop.try_get_untracked().is_some());
        });
    }
}

/// The dialog while its loads are worked through. Who closes it stops it as well.
struct InDialog {
    progress: Progress,
    host: SharedHost,
}

impl Course for InDialog {
    fn is_stopped(&self) -> bool {
        self.progress.stop.try_get_untracked().unwrap_or(true)
    }

    fn sends(&self, portion: &[LoadCard]) {
        // The cards stay where they are: the dialog says how far it is.
        for card in portion {
            self.host.sent(card, None);
        }
    }

    fn learned(&self, card: LoadCard) {
        self.host.learned(card);
    }

    fn ended(&self, portion: &[LoadCard]) {
        self.progress.at.try_update(|at| *at += portion.len());
    }
}

/// One result a load.
async fn ask(loads: &[LoadCard], offer: &Offer) -> Result<Vec<BulkResult>, ApiError> {
    if let (Some(_), [card]) = (offer.tender, loads) {
        return as_one_of_many(card.id, call(offer.tender(card)).await.map(|answer| answer.data));
    }
    let seen = |card: &LoadCard| Seen { id: card.id, version: card.version };
    let request = BulkAssign {
        loads: loads.iter().map(seen).collect(),
        carrier_id: offer.carrier,
        override_reason: offer.override_reason.clone(),
    };
    call(request).await.map(|answer| answer.data)
}

fn tell(tally: Tally, offer: &Offer, host: &SharedHost, sending: Sending, is_open: bool) {
    let (good, refused) = (tally.good.len(), tally.refused);
    if refused.is_empty() {
        sending.toasts.notice(all_done(offer, good));
        if is_open {
            host.close();
        }
    } else if is_open {
        host.report(offer.done(), good, refused);
    } else {
        sending.toasts.refusal(in_short(offer, good, &refused));
    }
}

/// What became of the loads, for those who have closed the dialog. Of some of the others nobody knows.
fn in_short(offer: &Offer, good: usize, refused: &[(String, String)]) -> String {
    let which: Vec<_> = refused.iter().map(|(number, _)| number.as_str()).collect();
    format!("{} Look at the others: {}.", all_done(offer, good), which.join(", "))
}

fn not_done(offer: &Offer, count: usize) -> String {
    format!("{count} loads were not {}", offer.done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::CarrierId;
    use uuid::Uuid;

    #[test]
    fn of_what_was_not_done_no_more_is_said_than_is_known() {
        let offer = Offer {
            carrier: CarrierId(Uuid::nil()),
            carrier_name: "Swift Haul".into(),
            tender: Some(None),
            driver: None,
            override_reason: None,
        };
        let refused = [("LD-2".to_owned(), "No answer came.".to_owned()), ("LD-3".to_owned(), "Not sent.".to_owned())];
        assert_eq!(in_short(&offer, 1, &refused), "1 load was tendered to Swift Haul. Look at the others: LD-2, LD-3.");
        assert_eq!(not_done(&offer, 50), "50 loads were not tendered to Swift Haul");
    }
}
