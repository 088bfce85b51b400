//! Giving many loads to one carrier: with progress, and with an answer for each.

use super::{
    super::{host::SharedHost, sending::Sending},
    offer::{Offer, all_done},
};
use crate::{
    api::{
        ApiError, ErrorCode, call,
        load_actions::{BulkAssign, BulkResult, Seen},
    },
    domain::load::LoadCard,
    pages::layout::is_over,
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

/// What became of the loads so far.
struct Tally {
    host: SharedHost,
    good: usize,
    refused: Vec<(String, String)>,
}

impl Progress {
    pub fn new() -> Self {
        Self { at: RwSignal::new(0), stop: RwSignal::new(false) }
    }

    /// What is not sent yet stays unsent.
    pub fn stop(self) {
        self.stop.set(true);
    }

    /// Who closes the dialog stops it as well.
    fn is_stopped(self) -> bool {
        self.stop.try_get_untracked().unwrap_or(true)
    }

    pub fn send(self, loads: Vec<LoadCard>, offer: Offer, host: SharedHost, sending: Sending) {
        if !sending.begin() {
            return;
        }
        self.at.set(0);
        self.stop.set(false);
        spawn_local(async move {
            let mut tally = Tally { host, good: 0, refused: Vec::new() };
            let portion = if offer.tender.is_some() { 1 } else { PORTION };
            for loads in loads.chunks(portion) {
                if self.is_stopped() {
                    tally.refuse(loads, "It was stopped before this load.");
                    continue;
                }
                match ask(loads, &offer).await {
                    Ok(results) => results.into_iter().zip(loads).for_each(|(result, card)| tally.take(result, card)),
                    Err(error) if is_over(&error) => return leave_for_login(),
                    Err(error) => tally.refuse(loads, why_not(&error)),
                }
                self.at.try_update(|at| *at += loads.len());
            }
            tally.tell(&offer, sending, self.stop.try_get_untracked().is_some());
        });
    }
}

/// What is known of loads whose portion failed.
fn why_not(error: &ApiError) -> &str {
    match error.code {
        ErrorCode::Unreachable => "No answer came. It may have been done; if so, the load shows it.",
        _ => &error.message,
    }
}

/// One result a load, in their order.
async fn ask(loads: &[LoadCard], offer: &Offer) -> Result<Vec<BulkResult>, ApiError> {
    if let (Some(_), [card]) = (offer.tender, loads) {
        return match call(offer.tender(card)).await {
            Ok(answer) => Ok(vec![BulkResult { id: card.id, ok: true, load: Some(answer.data), error: None }]),
            Err(error) => Err(error),
        };
    }
    let seen = |card: &LoadCard| Seen { id: card.id, version: card.version };
    let request = BulkAssign {
        loads: loads.iter().map(seen).collect(),
        carrier_id: offer.carrier,
        override_reason: offer.override_reason.clone(),
    };
    call(request).await.map(|answer| answer.data)
}

impl Tally {
    fn take(&mut self, result: BulkResult, card: &LoadCard) {
        match (result.load, result.error) {
            (Some(load), _) => {
                self.good += 1;
                self.host.learned(load);
            }
            (None, Some(error)) => self.refused.push((card.load_number.clone(), error.message)),
            (None, None) => self.refused.push((card.load_number.clone(), "The server gave no reason.".into())),
        }
    }

    fn refuse(&mut self, loads: &[LoadCard], why: &str) {
        self.refused.extend(loads.iter().map(|card| (card.load_number.clone(), why.to_owned())));
    }

    fn tell(self, offer: &Offer, sending: Sending, is_open: bool) {
        let Self { host, good, refused } = self;
        if refused.is_empty() {
            sending.toasts.notice(all_done(offer, good));
            if is_open {
                host.close();
            }
        } else if is_open {
            host.report(offer.done(), good, refused);
        } else {
            let which: Vec<_> = refused.into_iter().map(|(number, _)| number).collect();
            sending.toasts.refusal(format!("{} Not done: {}.", all_done(offer, good), which.join(", ")));
        }
    }
}
