//! Takes down when the truck will be at its next stop.

use super::{
    host::SharedHost,
    sending::{Change, Sending},
};
use crate::{
    api::road::{EtaSaid, SayEta},
    components::{clock_field::PlaceClock, dialog::Dialog},
    domain::{
        bounds::REASON_CHARS,
        load::LoadCard,
        stop::Stop,
        time::{HOUR, Timestamp},
    },
};
use leptos::{html, prelude::*};

/// Notes when the truck of a load will be at the next of its stops.
#[component]
pub fn EtaDialog(card: LoadCard, stops: Vec<Stop>, host: SharedHost) -> impl IntoView {
    let sending = Sending::new();
    let now = host.now();
    let stop = awaited(&stops);
    let clock = stop.map_or_else(PlaceClock::utc, PlaceClock::of);
    let about = stop.map(|stop| format!("The next stop is {}, {}.", stop.facility_name, stop.place));
    let begins = card.eta.filter(|eta| *eta > now).unwrap_or_else(|| now.plus(HOUR));
    let at_first = clock.field_value(begins);
    let (when, note) = (RwSignal::new(at_first.clone()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<&'static str>);
    let input = NodeRef::<html::Input>::new();
    let title = format!("When will {} be there?", card.load_number);
    let label = format!("ETA, on the clock of {}", clock.place);
    let close = {
        let host = host.clone();
        Callback::new(move |()| host.close())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let eta = match judged(&when.get_untracked(), &clock, host.now()) {
            Ok(eta) => eta,
            Err(why) => {
                problem.set(Some(why));
                if let Some(input) = input.get_untracked() {
                    let _ = input.focus();
                }
                return;
            }
        };
        let text = note.with_untracked(|note| note.trim().to_owned());
        let body = EtaSaid { eta, version: None, note: (!text.is_empty()).then_some(text) };
        let answer = sending.errand.call(SayEta { id: card.id, body });
        let change = Change {
            card: card.clone(),
            to: None,
            done: format!("The ETA of {} is noted.", card.load_number),
            request: Box::pin(async move { answer.await.map(|answer| answer.data) }),
        };
        sending.send(host.clone(), change);
    };
    let first = at_first.clone();
    let typed =
        Signal::derive(move || when.with(|when| *when != at_first) || note.with(|note| !note.trim().is_empty()));
    let words = Signal::derive(move || if sending.is_under_way() { "Setting…" } else { "Set ETA" }.to_owned());
    view! {
        <Dialog title on_close=close typed shown=sending.is_shown()>
            {about.map(|about| view! { <p class="dialog-text">{about}</p> })}
            <form on:submit=submit novalidate>
                <label class="field">
                    <span class="field-label">{label}</span>
                    <input
                        type="datetime-local"
                        class="input"
                        name="eta"
                        autofocus
                        node_ref=input
                        prop:value=when
                        value=first
                        aria-invalid=move || problem.get().map(|_| "true")
                        aria-describedby="eta-note"
                        on:input=move |event| {
                            problem.set(None);
                            when.set(event_target_value(&event));
                        }
                    />
                </label>
                <p id="eta-note" class="field-note" data-error=move || problem.get().map(|_| "")>
                    {move || problem.get()}
                </p>
                <label class="field">
                    <span class="field-label">"Note"</span>
                    <input
                        class="input"
                        name="note"
                        maxlength=REASON_CHARS.to_string()
                        placeholder="Who said so, or why it changed"
                        on:input=move |event| note.set(event_target_value(&event))
                    />
                </label>
                {sending.trouble(Callback::new(|_| {}))}
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| close.run(())>
                        "Cancel"
                    </button>
                    {sending.button(words, false)}
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The stop that the truck drives to: the first that it has not come to.
fn awaited(stops: &[Stop]) -> Option<&Stop> {
    stops.iter().find(|stop| stop.arrived_at.is_none())
}

/// An ETA lies ahead; of two times of one reading the first that does is meant.
fn judged(value: &str, clock: &PlaceClock, now: Timestamp) -> Result<Timestamp, &'static str> {
    let eta = clock.entered(value, |first, second| if first < now { second } else { first })?;
    if eta < now { Err("That is over already. Enter a time that is to come.") } else { Ok(eta) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        components::clock_field::tests::joliet,
        domain::test_cards::{NOW, two_stops},
    };

    #[test]
    fn an_eta_is_a_time_to_come_on_the_clock_of_the_stop() {
        let at = |value| judged(value, &joliet(), NOW);
        assert_eq!(at("2026-11-21T09:05"), Ok(NOW.plus(HOUR)));
        assert!(at("2026-11-21T07:05").is_err());
        assert!(at("").is_err());
        // Clocks go forward in March: it is an hour less until then.
        assert_eq!(at("2027-03-15T08:00"), Ok("2027-03-15T13:00:00Z".parse().expect("a time")));
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_one_to_come_is_meant() {
        let at = |now: &str| judged("2026-11-01T01:30", &joliet(), now.parse().expect("a time"));
        let time = |text: &str| Ok(text.parse().expect("a time"));
        assert_eq!(at("2026-11-01T06:00:00Z"), time("2026-11-01T06:30:00Z"));
        assert_eq!(at("2026-11-01T06:45:00Z"), time("2026-11-01T07:30:00Z"));
    }

    #[test]
    fn the_truck_is_awaited_where_it_has_not_come_to() {
        let mut stops = two_stops();
        assert_eq!(awaited(&stops).map(|stop| stop.position), Some(1));
        stops[0].arrived_at = Some(NOW);
        assert_eq!(awaited(&stops).map(|stop| stop.position), Some(2));
        stops[1].arrived_at = Some(NOW);
        assert!(awaited(&stops).is_none());
    }
}
