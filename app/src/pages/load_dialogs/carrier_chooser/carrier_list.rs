//! The search for a carrier: a field, and under it the carriers that it finds. Those that may not be given loads stay
//! listed, with the reason.

use super::{
    super::fetched::{Fetched, fetch},
    offer::{insured, why_unfit},
};
use crate::{
    api::carriers::{GetCarrier, ListCarriers},
    components::menu::next_item,
    domain::{carrier::CarrierProfile, id::CarrierId, time::Timestamp},
};
use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*, wasm_bindgen::JsCast};
use std::{sync::Arc, time::Duration};

/// How long the typing rests before it is searched for.
const REST: Duration = Duration::from_millis(150);
/// As many as one looks through; more are found by typing.
const AT_ONCE: u32 = 40;

/// What a search has found, and how many more there are.
type Found = (Arc<Vec<CarrierProfile>>, i64);

/// Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
pub struct CarrierList {
    pub chosen: RwSignal<Option<CarrierProfile>>,
    text: RwSignal<String>,
    found: RwSignal<Fetched<Found>>,
    /// The row that the arrow keys are on. None while what is typed is searched for: the rows are of the search before.
    active: RwSignal<Option<usize>>,
    /// What is typed is not answered yet.
    searching: RwSignal<bool>,
    /// Enter was pressed meanwhile: what is found alone is chosen.
    choose_alone: StoredValue<bool>,
    /// Searches so far: an answer to an earlier one is dropped.
    searches: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    input: NodeRef<html::Input>,
    list: NodeRef<html::Ul>,
    /// Why what was just tried can't be chosen, or that something must be.
    pub note: RwSignal<Option<String>>,
    may_override: bool,
    now: Timestamp,
}

impl CarrierList {
    /// Lists carriers at once; `before` is the one that is chosen to begin with.
    pub fn new(before: Option<CarrierId>, may_override: bool, now: Timestamp) -> Self {
        let list = Self {
            chosen: RwSignal::new(None),
            text: RwSignal::new(String::new()),
            found: RwSignal::new(Fetched::Waiting),
            active: RwSignal::new(None),
            searching: RwSignal::new(false),
            choose_alone: StoredValue::new(false),
            searches: StoredValue::new(0),
            timer: StoredValue::new(None),
            input: NodeRef::new(),
            list: NodeRef::new(),
            note: RwSignal::new(None),
            may_override,
            now,
        };
        list.search();
        if let Some(id) = before {
            fetch(GetCarrier(id), move |answer| {
                if let Ok(answer) = answer
                    && list.chosen.try_get_untracked().is_some_and(|chosen| chosen.is_none())
                {
                    list.chosen.set(Some(answer.data));
                    list.go_to_chosen();
                }
            });
        }
        on_cleanup(move || list.stop_timer());
        list
    }

    pub fn is_typed(self) -> bool {
        self.text.with(|text| !text.trim().is_empty())
    }

    /// Asks for a choice.
    pub fn demand(self) {
        self.note.set(Some("Choose a carrier first.".into()));
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus();
        }
    }

    fn stop_timer(self) {
        if let Some(pending) = self.timer.try_update_value(Option::take).flatten() {
            pending.clear();
        }
    }

    fn search(self) {
        let number = self.searches.try_update_value(|count| {
            *count += 1;
            *count
        });
        let search = self.text.with_untracked(|text| text.trim().to_owned());
        let search = (!search.is_empty()).then_some(search);
        fetch(ListCarriers { search, limit: Some(AT_ONCE), ..ListCarriers::default() }, move |answer| {
            if self.searches.try_get_value() != number {
                return;
            }
            self.searching.set(false);
            let found = match answer {
                Ok(page) => Fetched::There((Arc::new(page.data), page.page.total)),
                Err(error) => Fetched::Failed(error),
            };
            self.found.set(found);
            let rows = self.rows();
            let first = rows.iter().position(|carrier| self.may_choose(carrier)).unwrap_or(0);
            self.active.set((!rows.is_empty()).then_some(first));
            if let ([alone], true) = (rows.as_slice(), self.choose_alone.get_value()) {
                self.choose(alone);
            }
            self.choose_alone.set_value(false);
            self.go_to_chosen();
        });
    }

    /// The arrow keys begin at what is chosen, where it is listed and nothing is searched for.
    fn go_to_chosen(self) {
        let Some(chosen) = self.chosen.get_untracked() else { return };
        let at = self.rows().iter().position(|carrier| carrier.id == chosen.id);
        if let Some(at) = at.filter(|_| self.text.with_untracked(|text| text.trim().is_empty())) {
            self.active.set(Some(at));
            request_animation_frame(move || self.show_active());
        }
    }

    fn rows(self) -> Arc<Vec<CarrierProfile>> {
        self.found.with_untracked(|found| found.there().map(|(rows, _)| Arc::clone(rows)).unwrap_or_default())
    }

    fn may_choose(self, carrier: &CarrierProfile) -> bool {
        self.may_override || why_unfit(carrier, self.now).is_none()
    }

    fn choose(self, carrier: &CarrierProfile) {
        if self.may_choose(carrier) {
            self.note.set(None);
            self.chosen.set(Some(carrier.clone()));
        } else {
            let why = why_unfit(carrier, self.now).unwrap_or_default();
            self.note.set(Some(format!("{} can't be chosen. {why}; an ops manager may override.", carrier.name)));
        }
    }

    /// Whether the key was one of the list's. Enter on what is chosen already is not: it sends the form.
    fn press(self, event: &KeyboardEvent) -> bool {
        let rows = self.rows();
        let active = self.active.get_untracked();
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") => {
                if let Some(next) = active.and_then(|active| next_item(key, active, rows.len())) {
                    self.active.set(Some(next));
                    self.show_active();
                }
                true
            }
            "Enter" => {
                let carrier = active.and_then(|active| rows.get(active));
                let chosen = self.chosen.with_untracked(|chosen| chosen.as_ref().map(|chosen| chosen.id));
                let is_typed = untrack(|| self.is_typed());
                match enter(self.searching.get_untracked(), carrier.map(|carrier| carrier.id), chosen, is_typed) {
                    Enter::Send => return false,
                    Enter::Choose => carrier.into_iter().for_each(|carrier| self.choose(carrier)),
                    Enter::Wait => self.choose_alone.set_value(true),
                    Enter::Nothing => {}
                }
                true
            }
            _ => false,
        }
    }

    /// Scrolls the list, and nothing else, to the row that the keys are on.
    fn show_active(self) {
        let Some(list) = self.list.get_untracked() else { return };
        let Some(active) = self.active.get_untracked() else { return };
        let selector = format!("#{}", row_id(active));
        let Ok(Some(row)) = list.query_selector(&selector) else { return };
        let Some(row) = row.dyn_ref::<web_sys::HtmlElement>() else { return };
        let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
        if top < list.scroll_top() {
            list.set_scroll_top(top);
        } else if bottom > list.scroll_top() + list.client_height() {
            list.set_scroll_top(bottom - list.client_height());
        }
    }

    pub fn view(self) -> AnyView {
        let on_input = move |event| {
            self.text.set(event_target_value(&event));
            self.note.set(None);
            self.active.set(None);
            self.searching.set(true);
            self.choose_alone.set_value(false);
            self.stop_timer();
            self.timer.set_value(set_timeout_with_handle(move || self.search(), REST).ok());
        };
        let active = move || {
            let is_there = self.found.with(|found| found.there().is_some_and(|(rows, _)| !rows.is_empty()));
            self.active.get().filter(|_| is_there).map(row_id)
        };
        let rows = move || {
            let rows = self.found.with(|found| found.there().map(|(rows, _)| Arc::clone(rows)).unwrap_or_default());
            rows.iter().enumerate().map(|(index, carrier)| self.row(index, carrier)).collect_view().into_any()
        };
        view! {
            <label class="field">
                <span class="field-label">"Carrier"</span>
                <input
                    class="input"
                    type="text"
                    role="combobox"
                    name="carrier"
                    placeholder="Name or MC number"
                    autocomplete="off"
                    autofocus
                    aria-expanded="true"
                    aria-controls="carrier-list"
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    aria-describedby="carrier-note"
                    node_ref=self.input
                    on:input=on_input
                    on:keydown=move |event| {
                        if self.press(&event) {
                            event.prevent_default();
                        }
                    }
                />
            </label>
            <div class="carriers-box">
                <ul
                    id="carrier-list"
                    class="carriers"
                    role="listbox"
                    aria-label="Carriers"
                    aria-busy=move || self.searching.get().then_some("true")
                    tabindex="-1"
                    node_ref=self.list
                >
                    {rows}
                </ul>
                {move || self.standing()}
            </div>
            <p id="carrier-note" class="field-note" role="status" data-error=move || self.note.get().map(|_| "")>
                {move || self.note.get().unwrap_or_else(|| self.chosen_note())}
            </p>
        }
        .into_any()
    }

    fn row(self, index: usize, carrier: &CarrierProfile) -> AnyView {
        let id = carrier.id;
        let unfit = why_unfit(carrier, self.now);
        let is_open = self.may_choose(carrier);
        let state = unfit.clone().unwrap_or_else(|| insured(carrier, self.now));
        let is_chosen = move || self.chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id));
        let pressed = carrier.clone();
        view! {
            <li
                id=row_id(index)
                class="carrier"
                role="option"
                aria-selected=move || is_chosen().to_string()
                aria-disabled=(!is_open).then_some("true")
                data-active=move || (self.active.get() == Some(index)).then_some("")
                data-unfit=unfit.map(|_| "")
                on:click=move |_| {
                    // While another search is under way the rows are about to go.
                    if !self.searching.get_untracked() {
                        self.active.set(Some(index));
                    }
                    self.choose(&pressed);
                }
            >
                <span class="carrier-name" title=carrier.name.clone()>{carrier.name.clone()}</span>
                <span class="carrier-mc">{carrier.mc_number.clone()}</span>
                <span class="carrier-state">{state}</span>
                <span class="carrier-phone">{carrier.phone.clone().unwrap_or_else(|| "No phone on file".into())}</span>
            </li>
        }
        .into_any()
    }

    /// In place of rows, or under them: that they are on their way, that there are none, that there are more.
    fn standing(self) -> AnyView {
        let words = self.found.with(|found| match found {
            Fetched::Waiting => Some("Looking for carriers…".to_owned()),
            Fetched::There((rows, _)) if rows.is_empty() => {
                Some(format!("No carrier is called “{}”, or has it in the MC number.", self.text.get().trim()))
            }
            Fetched::There((rows, total)) => (*total > rows.len() as i64)
                .then(|| format!("{} of {total} carriers. Type to find the others.", rows.len())),
            Fetched::Failed(error) => Some(format!("Carriers could not be listed. {}", error.message)),
        });
        let again = self.found.with(|found| matches!(found, Fetched::Failed(_))).then(|| {
            view! {
                <button type="button" class="button button-small" on:click=move |_| self.search()>
                    "Try again"
                </button>
            }
        });
        words.map(|words| view! { <p class="carriers-note">{words} {again}</p> }).into_any()
    }

    fn chosen_note(self) -> String {
        self.chosen.with(|chosen| match chosen {
            Some(carrier) => {
                let unfit = why_unfit(carrier, self.now).map(|why| format!(" {why}.")).unwrap_or_default();
                format!("Chosen: {}, {}.{unfit}", carrier.name, carrier.mc_number)
            }
            None => "Arrow keys and Enter, or a press, choose a carrier.".into(),
        })
    }
}

/// What Enter does in the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Enter {
    /// Chooses the row that the arrow keys are on.
    Choose,
    /// Sends the form with what is chosen.
    Send,
    /// Nothing yet: what is typed is still searched for.
    Wait,
    /// What is typed finds no carrier.
    Nothing,
}

fn enter(searching: bool, active: Option<CarrierId>, chosen: Option<CarrierId>, is_typed: bool) -> Enter {
    match active {
        _ if searching => Enter::Wait,
        Some(_) if active == chosen => Enter::Send,
        Some(_) => Enter::Choose,
        None if is_typed => Enter::Nothing,
        None => Enter::Send,
    }
}

fn row_id(index: usize) -> String {
    format!("carrier-{index}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn enter_takes_nothing_of_the_search_before() {
        let [swift, atlas] = [1, 2].map(|number| Some(CarrierId(Uuid::from_u128(number))));
        assert_eq!(enter(true, None, swift, true), Enter::Wait);
        assert_eq!(enter(true, atlas, atlas, true), Enter::Wait);
        assert_eq!(enter(false, atlas, swift, true), Enter::Choose);
        assert_eq!(enter(false, atlas, atlas, true), Enter::Send);
    }

    #[test]
    fn what_finds_no_carrier_does_not_send_the_one_that_was_chosen_before() {
        let swift = Some(CarrierId(Uuid::from_u128(1)));
        assert_eq!(enter(false, None, swift, true), Enter::Nothing);
        assert_eq!(enter(false, None, swift, false), Enter::Send);
    }
}
