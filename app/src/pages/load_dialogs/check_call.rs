//! Takes down what the driver said: where the truck is, how it goes, when it will be there.

mod place;

use super::{
    fetched::fetch,
    host::SharedHost,
    sending::{Change, Sending},
};
use crate::{
    api::{
        ApiError, call,
        loads::GetLoad,
        positions::{GetPosition, ListPositions, NewCheckCall, NoteCheckCall},
    },
    components::{dialog::Dialog, relative_time::ago},
    domain::{bounds::CALL_CHARS, load::LoadCard, stop::Stop, time::Timestamp},
    events::LoadLocationUpdated,
};
use leptos::{html, prelude::*};
use place::{OTHER, Spot, Wrong, check_call, degrees, instant, spots};

/// What is written. Copied freely; it lives as long as the dialog.
#[derive(Clone, Copy)]
struct Draft {
    spots: RwSignal<Vec<Spot>>,
    /// Code of the place that is chosen; empty until places are known.
    spot: RwSignal<String>,
    lat: RwSignal<String>,
    lng: RwSignal<String>,
    notes: RwSignal<String>,
    eta: RwSignal<String>,
    wrong: RwSignal<Option<Wrong>>,
    /// Why places could not be found.
    lost: RwSignal<Option<String>>,
    notes_input: NodeRef<html::Textarea>,
    lat_input: NodeRef<html::Input>,
}

/// Notes a check call of a load.
#[component]
pub fn CheckCallDialog(card: LoadCard, host: SharedHost) -> impl IntoView {
    let sending = Sending::new();
    let now = host.now();
    let draft = Draft::new();
    draft.find_places(&card, now);
    let title = format!("Check call of {}", card.load_number);
    let text = standing(&card, now);
    let close = {
        let host = host.clone();
        Callback::new(move |()| host.close())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(check_call) = draft.check_call() else { return };
        let (load, known) = (card.id, card.clone());
        let noted = sending.errand.call(NoteCheckCall { load, check_call });
        let request = async move {
            let noted = noted.await?.data;
            // The answer is the call; the card that it changed is asked for. The call is noted even where that fails.
            let card = call(GetLoad(load)).await.map(|answer| answer.data.card);
            Ok(card.unwrap_or(LoadCard { last_check_call_at: Some(noted.received_at), ..known }))
        };
        let done = format!("The check call of {} is noted.", card.load_number);
        sending.send(host.clone(), Change { card: card.clone(), to: None, done, request: Box::pin(request) });
    };
    let typed = Signal::derive(move || draft.is_typed());
    let words = Signal::derive(move || if sending.is_under_way() { "Noting…" } else { "Note the call" }.to_owned());
    view! {
        <Dialog title on_close=close typed shown=sending.is_shown()>
            <p class="dialog-text">{text}</p>
            <form on:submit=submit novalidate>
                {draft.place_fields()} {draft.notes_field()} {draft.eta_field()}
                {sending.trouble(Callback::new(|_| {}))}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        "Not now"
                    </button>
                    {sending.button(words, false)}
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Who is to be called, and when somebody did last.
fn standing(card: &LoadCard, now: Timestamp) -> String {
    let driver = match &card.driver {
        Some(driver) => {
            let phone = driver.phone.as_ref().map_or_else(|| "no phone on file".to_owned(), Clone::clone);
            format!("{} ({phone}), {} to {}.", driver.name, card.origin, card.destination)
        }
        None => format!("No driver yet, {} to {}.", card.origin, card.destination),
    };
    let last = card.last_check_call_at.map_or_else(|| "none yet".to_owned(), |at| ago(now.since(at)));
    format!("{driver} Last check call: {last}.")
}

impl Draft {
    fn new() -> Self {
        Self {
            spots: RwSignal::new(Vec::new()),
            spot: RwSignal::new(String::new()),
            lat: RwSignal::new(String::new()),
            lng: RwSignal::new(String::new()),
            notes: RwSignal::new(String::new()),
            eta: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            lost: RwSignal::new(None),
            notes_input: NodeRef::new(),
            lat_input: NodeRef::new(),
        }
    }

    fn is_typed(self) -> bool {
        [self.notes, self.eta, self.lat, self.lng].iter().any(|field| field.with(|text| !text.trim().is_empty()))
    }

    /// The load's stops and its last position. What is not to be had is left out: any place can be written.
    fn find_places(self, card: &LoadCard, now: Timestamp) {
        let stops = StoredValue::new(None::<Vec<Stop>>);
        let latest = StoredValue::new(None::<Option<LoadLocationUpdated>>);
        let offer = move || {
            let known = (stops.try_get_value().flatten(), latest.try_get_value().flatten());
            if let (Some(stops), Some(latest)) = known {
                let (listed, likely) = spots(&stops, latest.as_ref(), now);
                self.spots.set(listed);
                self.spot.set(likely);
            }
        };
        let lose = move |message: String| drop(self.lost.try_set(Some(message)));
        fetch(GetLoad(card.id), move |answer| {
            let found = answer.map(|answer| answer.data.stops).unwrap_or_else(|error| {
                lose(format!("The stops could not be found. {}", error.message));
                Vec::new()
            });
            stops.try_set_value(Some(found));
            offer();
        });
        let load = card.id;
        let place = move |found: Result<Option<LoadLocationUpdated>, ApiError>| {
            let found = found.unwrap_or_else(|error| {
                lose(format!("The last position could not be found. {}", error.message));
                None
            });
            latest.try_set_value(Some(found));
            offer();
        };
        // A truck that has sent none has no newest one, which would be an error.
        let any = ListPositions { load, from: None, to: None, cursor: None, limit: Some(1) };
        fetch(any, move |answer| match answer {
            Ok(page) if page.data.is_empty() => place(Ok(None)),
            Ok(_) => fetch(GetPosition(load), move |answer| place(answer.map(|answer| Some(answer.data)))),
            Err(error) => place(Err(error)),
        });
    }

    fn is_elsewhere(self) -> bool {
        self.spot.with(|spot| spot == OTHER)
    }

    /// What is written, if it is complete; else the dialog says what is missing.
    fn check_call(self) -> Option<NewCheckCall> {
        let at = if untrack(|| self.is_elsewhere()) {
            degrees(&self.lat.get_untracked(), &self.lng.get_untracked())
        } else {
            let chosen = self.spot.get_untracked();
            self.spots.with_untracked(|spots| spots.iter().find(|spot| spot.code == chosen).and_then(|spot| spot.at))
        };
        match check_call(at, &self.notes.get_untracked(), instant(&self.eta.get_untracked())) {
            Ok(check_call) => Some(check_call),
            Err(wrong) => {
                self.wrong.set(Some(wrong));
                match wrong {
                    Wrong::Place => self.lat_input.get_untracked().map(|input| drop(input.focus())),
                    Wrong::Notes => self.notes_input.get_untracked().map(|input| drop(input.focus())),
                };
                None
            }
        }
    }

    fn place_fields(self) -> AnyView {
        let options = move || {
            let option = |spot: Spot| {
                let code = spot.code.clone();
                let is_chosen = move || self.spot.with(|chosen| *chosen == code);
                view! {
                    <option value=spot.code prop:selected=is_chosen>
                        {spot.words}
                    </option>
                }
                .into_any()
            };
            self.spots.get().into_iter().map(option).collect_view().into_any()
        };
        let is_known = move || self.spots.with(|spots| !spots.is_empty());
        let choose = move |event| {
            self.spot.set(event_target_value(&event));
            self.wrong.set(None);
        };
        let is_wrong = move || self.wrong.get() == Some(Wrong::Place);
        let note = move || {
            if !is_known() {
                "Looking for the truck…".to_owned()
            } else if is_wrong() {
                "Write latitude and longitude in degrees, such as 41.525 and -88.0817.".into()
            } else {
                self.lost.get().unwrap_or_default()
            }
        };
        view! {
            <label class="field">
                <span class="field-label">"Where the truck is"</span>
                <select
                    class="input"
                    name="place"
                    aria-describedby="place-note"
                    prop:disabled=move || !is_known()
                    on:change=choose
                >
                    {options}
                </select>
            </label>
            <Show when=move || self.is_elsewhere()>
                <div class="fields-beside">
                    {degree_field("Latitude", "lat", self.lat, Some(self.lat_input))}
                    {degree_field("Longitude", "lng", self.lng, None)}
                </div>
            </Show>
            <p id="place-note" class="field-note" data-error=move || is_wrong().then_some("")>
                {note}
            </p>
        }
        .into_any()
    }

    fn notes_field(self) -> AnyView {
        let is_wrong = move || self.wrong.get() == Some(Wrong::Notes) && self.notes.with(|n| n.trim().is_empty());
        view! {
            <label class="field">
                <span class="field-label">"What the driver said"</span>
                <textarea
                    class="input"
                    node_ref=self.notes_input
                    name="notes"
                    rows="3"
                    required
                    autofocus
                    maxlength=CALL_CHARS.to_string()
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby="notes-note"
                    on:input=move |event| self.notes.set(event_target_value(&event))
                ></textarea>
            </label>
            <p id="notes-note" class="field-note" data-error=move || is_wrong().then_some("")>
                {move || is_wrong().then_some("Write what the driver said first.")}
            </p>
        }
        .into_any()
    }

    fn eta_field(self) -> AnyView {
        view! {
            <label class="field">
                <span class="field-label">"ETA at the next stop, in your time (optional)"</span>
                <input
                    class="input"
                    type="datetime-local"
                    name="eta"
                    on:input=move |event| self.eta.set(event_target_value(&event))
                />
            </label>
        }
        .into_any()
    }
}

fn degree_field(
    label: &'static str,
    name: &'static str,
    text: RwSignal<String>,
    node: Option<NodeRef<html::Input>>,
) -> AnyView {
    view! {
        <label class="field">
            <span class="field-label">{label}</span>
            <input
                class="input"
                type="text"
                inputmode="text"
                name=name
                autocomplete="off"
                node_ref=node.unwrap_or_default()
                on:input=move |event| text.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        test_cards::{NOW, card},
        time::HOUR,
    };

    #[test]
    fn the_dialog_says_whom_to_call_and_when_somebody_did() {
        let silent = card(1);
        assert_eq!(
            standing(&silent, NOW),
            "Carlos Ruiz (no phone on file), Joliet, IL to Dallas, TX. Last check call: none yet."
        );
        let called = LoadCard { driver: None, last_check_call_at: Some(NOW.plus(-5 * HOUR)), ..silent };
        assert_eq!(standing(&called, NOW), "No driver yet, Joliet, IL to Dallas, TX. Last check call: 5 h ago.");
    }
}
