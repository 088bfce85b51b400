//! Takes down when the truck will be at its next stop.

use super::{
    clock_field::{entered, field_value},
    load_desk::LoadDesk,
};
use crate::{
    api::road::{EtaSaid, SayEta},
    components::dialog::Dialog,
    domain::{
        load::LoadCard,
        stop::Stop,
        time::{HOUR, Timestamp},
    },
};
use leptos::{html, prelude::*};

/// The longest note that the API takes, in characters.
const LONGEST: usize = 500;

/// The stop that the truck drives to: the first that it has not come to.
pub fn awaited(stops: &[Stop]) -> Option<&Stop> {
    stops.iter().find(|stop| stop.arrived_at.is_none())
}

#[component]
pub fn EtaDialog(desk: LoadDesk, card: LoadCard) -> impl IntoView {
    let now = desk.clock().glance();
    let stop = desk.stops.with_untracked(|stops| awaited(stops).cloned());
    // On the clock of the place that it is about.
    let (offset, zone) = stop
        .as_ref()
        .map_or((0, "UTC".to_owned()), |stop| (stop.appointment.utc_offset, stop.appointment.zone.clone()));
    let begins = card.eta.filter(|eta| *eta > now).unwrap_or_else(|| now.plus(HOUR));
    let (when, note) = (RwSignal::new(field_value(begins, offset)), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<&'static str>);
    let input = NodeRef::<html::Input>::new();
    let title = format!("When will {} be there?", card.load_number);
    let about = stop.map(|stop| format!("The next stop is {}, {}.", stop.facility_name, stop.place));
    let id = card.id;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let said = judged(&when.get_untracked(), offset, desk.clock().glance());
        let eta = match said {
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
        desk.close();
        desk.send(SayEta { id, body }, "The ETA", |model, answer| {
            let words = format!("The ETA of {} is noted", answer.data.load_number);
            model.take(answer.data);
            Some(words)
        });
    };
    view! {
        <Dialog title on_close=move |()| desk.close()>
            {about.map(|about| view! { <p class="dialog-text">{about}</p> })}
            <form on:submit=submit novalidate>
                <label class="field">
                    <span class="field-label">{format!("ETA ({zone})")}</span>
                    <input
                        type="datetime-local"
                        class="input"
                        name="eta"
                        autofocus
                        node_ref=input
                        prop:value=when
                        value=when.get_untracked()
                        aria-invalid=move || problem.get().map(|_| "true")
                        aria-describedby="eta-note"
                        on:input=move |event| {
                            problem.set(None);
                            when.set(event_target_value(&event));
                        }
                    />
                </label>
                <p id="eta-note" class="field-note" data-error=move || problem.get().map(|_| "")>
                    {move || problem.get().unwrap_or("On the clock of the stop.")}
                </p>
                <label class="field">
                    <span class="field-label">"Note"</span>
                    <input
                        class="input"
                        name="note"
                        maxlength=LONGEST.to_string()
                        placeholder="Who said so, or why it changed"
                        on:input=move |event| note.set(event_target_value(&event))
                    />
                </label>
                <div class="dialog-buttons">
                    <button type="button" class="button" on:click=move |_| desk.close()>
                        "Cancel"
                    </button>
                    <button type="submit" class="button button-primary">
                        "Set ETA"
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

fn judged(value: &str, offset: i32, now: Timestamp) -> Result<Timestamp, &'static str> {
    let eta = entered(value, offset).ok_or("Enter a day and a time.")?;
    if eta < now { Err("That is over already. Enter a time that is to come.") } else { Ok(eta) }
}

#[cfg(test)]
mod tests {
    use super::{super::whereabouts::tests::two_stops, *};
    use crate::domain::test_cards::NOW;

    #[test]
    fn an_eta_is_a_time_to_come_on_the_clock_of_the_stop() {
        assert_eq!(judged("2026-11-21T09:05", -360, NOW), Ok(NOW.plus(HOUR)));
        assert!(judged("2026-11-21T07:05", -360, NOW).is_err());
        assert!(judged("", -360, NOW).is_err());
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
