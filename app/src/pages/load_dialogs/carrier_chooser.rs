//! The choice of a carrier for one load or many: to give them to it, or to offer them.

mod carrier_list;
mod many;
mod offer;

use super::{
    driver_field::{DriverChoice, driver_field},
    host::SharedHost,
    reason::ReasonField,
    sending::{Change, Sending},
    viewer::Viewer,
};
use crate::{
    api::Errand,
    components::{dialog::Dialog, relative_time::appointment},
    domain::{load::LoadCard, role::Permission, status::LoadStatus, time::Timestamp},
};
use carrier_list::CarrierList;
use leptos::{html, prelude::*};
use many::Progress;
use offer::{LONGEST_WINDOW, Offer, common_carrier, title, why_unfit};

/// What is chosen and written. Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
struct Draft {
    tender: bool,
    carriers: CarrierList,
    driver: DriverChoice,
    window: RwSignal<String>,
    window_note: RwSignal<Option<String>>,
    window_input: NodeRef<html::Input>,
    reason: ReasonField,
    now: Timestamp,
}

/// Chooses a carrier for loads as the person saw them, and gives them to it; with `tender`, offers them to it. A carrier
/// that all of them have is chosen to begin with.
#[component]
pub fn CarrierChooser(loads: Vec<LoadCard>, tender: bool, viewer: Viewer, host: SharedHost) -> impl IntoView {
    let may_override = viewer.role.may(Permission::ComplianceOverride);
    let now = host.now();
    let is_one = loads.len() == 1;
    let carriers = CarrierList::new(common_carrier(&loads), may_override, now);
    let carrier = Memo::new(move |_| carriers.chosen.with(|chosen| chosen.as_ref().map(|carrier| carrier.id)));
    let draft = Draft {
        tender,
        carriers,
        driver: DriverChoice::of(loads.first(), carrier),
        window: RwSignal::new(String::new()),
        window_note: RwSignal::new(None),
        window_input: NodeRef::new(),
        reason: ReasonField::new(),
        now,
    };
    let (sending, progress) = (Sending::new(), Progress::new());
    let title = title(&loads, tender);
    let count = loads.len();
    let loads = RwSignal::new(loads);
    let close = {
        let host = host.clone();
        Callback::new(move |()| host.close())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(offer) = draft.offer() else { return };
        match loads.get_untracked().as_slice() {
            [card] => sending.send(host.clone(), change(card, &offer, sending.errand)),
            many => progress.send(many.to_vec(), offer, host.clone(), sending),
        }
    };
    let take_newer = Callback::new(move |newer: LoadCard| loads.set(vec![newer]));
    let typed = Signal::derive(move || draft.is_typed());
    let words = Signal::derive(move || match (sending.is_under_way(), count) {
        (true, 2..) => format!("{} of {count}…", progress.at.get()),
        (true, _) => if tender { "Tendering…" } else { "Assigning…" }.into(),
        (false, _) => draft.promise(),
    });
    let leave = move |_| if sending.is_under_way() && !is_one { progress.stop() } else { close.run(()) };
    view! {
        <Dialog title on_close=close typed shown=sending.is_shown() wide=true>
            <p class="dialog-text">{move || loads.with(|loads| trips(loads, now))}</p>
            <form on:submit=submit novalidate>
                {draft.carriers.view()} {draft.rest(is_one)} {sending.trouble(take_newer)}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=leave>
                        {move || if sending.is_under_way() && !is_one { "Stop" } else { "Not yet" }}
                    </button>
                    {sending.button(words, false)}
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

impl Draft {
    fn is_typed(self) -> bool {
        self.carriers.is_typed() || self.window.with(|window| !window.is_empty()) || self.reason.is_typed().get()
    }

    /// Whether what is chosen needs a reason.
    fn needs_reason(self) -> bool {
        self.carriers.chosen.with(|chosen| chosen.as_ref().is_some_and(|c| why_unfit(c, self.now).is_some()))
    }

    /// What is asked for, if it is complete; else the dialog says what is missing.
    fn offer(self) -> Option<Offer> {
        let Some(carrier) = self.carriers.chosen.get_untracked() else {
            self.carriers.demand();
            return None;
        };
        let override_reason = if untrack(|| self.needs_reason()) { Some(self.reason.given()?) } else { None };
        let tender = if self.tender {
            match offer::window(&self.window.get_untracked()) {
                Ok(window) => Some(window),
                Err(note) => {
                    self.window_note.set(Some(note));
                    if let Some(input) = self.window_input.get_untracked() {
                        let _ = input.focus();
                    }
                    return None;
                }
            }
        } else {
            None
        };
        let driver = untrack(|| self.driver.chosen()).filter(|_| !self.tender);
        Some(Offer { carrier: carrier.id, carrier_name: carrier.name, tender, driver, override_reason })
    }

    /// The button's words.
    fn promise(self) -> String {
        let verb = if self.tender { "Tender" } else { "Assign" };
        self.carriers.chosen.with(|chosen| match chosen {
            Some(carrier) => format!("{verb} to {}", carrier.name),
            None => verb.into(),
        })
    }

    /// What is asked beside the carrier.
    fn rest(self, is_one: bool) -> AnyView {
        let is_unfit = Memo::new(move |_| self.needs_reason());
        let reason = move || {
            is_unfit.get().then(|| {
                // Who chooses such a carrier is asked at once.
                request_animation_frame(move || self.reason.focus());
                self.reason.view("Reason to override compliance", false)
            })
        };
        let driver = (is_one && !self.tender).then(|| driver_field(self.driver, "No driver yet"));
        let window = self.tender.then(|| self.window_field());
        view! {
            {reason}
            {driver}
            {window}
        }
        .into_any()
    }

    fn window_field(self) -> AnyView {
        let on_input = move |event| {
            self.window.set(event_target_value(&event));
            self.window_note.set(None);
        };
        view! {
            <label class="field">
                <span class="field-label">"Minutes to accept"</span>
                <input
                    class="input input-short"
                    type="number"
                    inputmode="numeric"
                    name="window"
                    min="1"
                    max=LONGEST_WINDOW.to_string()
                    placeholder="30"
                    node_ref=self.window_input
                    aria-invalid=move || self.window_note.get().map(|_| "true")
                    aria-describedby="window-note"
                    on:input=on_input
                />
            </label>
            <p id="window-note" class="field-note" data-error=move || self.window_note.get().map(|_| "")>
                {move || {
                    let usual = || "Left empty, it stands for the usual time: 30 minutes, unless your office has set another.";
                    self.window_note.get().unwrap_or_else(|| usual().into())
                }}
            </p>
        }
        .into_any()
    }
}

fn change(card: &LoadCard, offer: &Offer, errand: Errand) -> Change {
    let done = format!("{} was {}.", card.load_number, offer.done());
    if offer.tender.is_some() {
        let answer = errand.call(offer.tender(card));
        let request = Box::pin(async move { answer.await.map(|answer| answer.data) });
        return Change { card: card.clone(), to: Some(LoadStatus::Tendered), done, request };
    }
    let answer = errand.call(offer.assignment(card));
    Change {
        card: card.clone(),
        to: None,
        done,
        request: Box::pin(async move { answer.await.map(|answer| answer.data) }),
    }
}

/// Where the loads go.
fn trips(loads: &[LoadCard], now: Timestamp) -> String {
    match loads {
        [card] => {
            let pickup = appointment(&card.pickup, now);
            let status = (card.status > LoadStatus::Pending).then(|| format!(" It is {} now.", card.status));
            let equipment = card.equipment.label().to_lowercase();
            let status = status.unwrap_or_default();
            format!("{} to {}, {equipment}, pickup {pickup}.{status}", card.origin, card.destination)
        }
        loads => {
            let numbers: Vec<_> = loads.iter().take(4).map(|card| card.load_number.as_str()).collect();
            let more = loads.len().saturating_sub(4);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}.", numbers.join(", "))
        }
    }
}
