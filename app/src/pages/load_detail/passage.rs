//! The coming and going of a truck at a stop as it is noted: now, or at a time that is given.

use super::{load_desk::LoadDesk, load_model::LoadModel};
use crate::{
    api::{
        Errand,
        road::{ArriveAtStop, DepartFromStop, StopPassage},
    },
    components::clock_field::PlaceClock,
    domain::{
        load::Load,
        stop::Stop,
        time::{MINUTE, Timestamp},
        trip::Passage,
    },
};
use leptos::{html, prelude::*};

/// Said where something else has to be answered first.
const BUSY: &str = "Another change of this load is on its way. Try again once it is answered.";

/// The button that notes a coming or going, now or at a time that is given.
pub fn note_passage(desk: LoadDesk, stop: Memo<Option<Stop>>, passage: Passage) -> AnyView {
    let (verb, other) = match passage {
        Passage::Arrive => ("Arrive", "Arrived at another time"),
        Passage::Depart => ("Depart", "Left at another time"),
    };
    let is_open = RwSignal::new(false);
    let toggle = NodeRef::<html::Button>::new();
    let errand = Errand::new();
    // The answer may come when the stop is passed already and nothing of this is there.
    let close = Callback::new(move |()| {
        if is_open.try_set(false).is_none()
            && let Some(toggle) = toggle.try_get_untracked().flatten()
        {
            let _ = toggle.focus();
        }
    });
    let send = Callback::new(move |at: Option<Timestamp>| {
        stop.get_untracked().is_some_and(|stop| pass(desk, errand, &stop, passage, at, close))
    });
    let name = stop.with_untracked(|stop| stop.as_ref().map(|stop| stop.facility_name.clone())).unwrap_or_default();
    let label = match passage {
        Passage::Arrive => format!("Arrive now at {name}"),
        Passage::Depart => format!("Depart now from {name}"),
    };
    view! {
        <div class="stop-actions">
            <button
                type="button"
                class="button button-small"
                aria-label=label
                aria-disabled=move || desk.busy.get().then_some("true")
                on:click=move |_| {
                    send.run(None);
                }
            >
                {format!("{verb} now")}
            </button>
            <button
                type="button"
                class="button button-small"
                node_ref=toggle
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {other}
            </button>
        </div>
        {move || is_open.get().then(|| {
            stop.with_untracked(|stop| stop.as_ref().map(|stop| at_time(desk, stop, verb, send, close)))
        })}
    }
    .into_any()
}

fn at_time(
    desk: LoadDesk,
    stop: &Stop,
    verb: &'static str,
    send: Callback<Option<Timestamp>, bool>,
    close: Callback<()>,
) -> AnyView {
    let clock = PlaceClock::of(stop);
    let label = format!("Time, on the clock of {}", clock.place);
    let now = desk.clock().glance();
    let (arrived, position) = (stop.arrived_at, stop.position);
    let at_first = clock.field_value(now);
    let when = RwSignal::new(at_first.clone());
    let problem = RwSignal::new(None::<&'static str>);
    let input = NodeRef::<html::Input>::new();
    let note_id = format!("passage-note-{position}");
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let given = when.get_untracked();
        // What was left as it stood means now: the field knows no seconds.
        let judged = if given == at_first { Ok(None) } else { judged(&given, &clock, arrived, desk.clock().glance()) };
        match judged {
            // It is closed once it is noted: what was entered must not be lost on the way.
            Ok(at) => problem.set((!send.run(at)).then_some(BUSY)),
            Err(why) => {
                problem.set(Some(why));
                if let Some(input) = input.get_untracked() {
                    let _ = input.focus();
                }
            }
        }
    };
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    view! {
        <form
            class="stop-time"
            novalidate
            on:submit=submit
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    close.run(());
                }
            }
        >
            <label class="field">
                <span class="field-label">{label}</span>
                <input
                    type="datetime-local"
                    class="input"
                    name="at"
                    node_ref=input
                    value=when.get_untracked()
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=note_id.clone()
                    on:input=move |event| {
                        problem.set(None);
                        when.set(event_target_value(&event));
                    }
                />
            </label>
            <button
                type="submit"
                class="button button-small button-primary"
                aria-disabled=move || desk.busy.get().then_some("true")
            >
                {format!("{verb} at this time")}
            </button>
            <p id=note_id.clone() class="field-note" role="status" data-error=move || problem.get().map(|_| "")>
                {move || problem.get()}
            </p>
        </form>
    }
    .into_any()
}

/// A coming or going lies behind, and a going after the coming; of two times of one reading the last that lies behind is
/// meant. None is now: a minute is what the field can tell.
fn judged(
    value: &str,
    clock: &PlaceClock,
    arrived: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Timestamp>, &'static str> {
    let at = clock.entered(value, |first, second| if second > now { first } else { second })?;
    if at > now {
        return Err("That is still to come. Enter a time that is over.");
    }
    if now.since(at) < MINUTE {
        return Ok(None);
    }
    match arrived {
        Some(arrived) if at.plus(MINUTE) <= arrived => Err("That is before the truck arrived."),
        // The field knows no seconds: the minute of the arrival is meant as the arrival.
        Some(arrived) => Ok(Some(at.max(arrived))),
        None => Ok(Some(at)),
    }
}

/// Sends it, and closes what was open once it is noted. `false`: something else is on its way.
fn pass(
    desk: LoadDesk,
    errand: Errand,
    stop: &Stop,
    passage: Passage,
    at: Option<Timestamp>,
    close: Callback<()>,
) -> bool {
    let version = desk.card.with_untracked(|card| card.as_ref().map(|card| card.version));
    let Some(version) = version.filter(|_| !desk.busy.get_untracked()) else { return false };
    let (name, body) = (stop.facility_name.clone(), StopPassage { version, at });
    let id = stop.id;
    match passage {
        Passage::Arrive => {
            desk.send(errand.call(ArriveAtStop { stop: id, body }), "The arrival", move |model, answer| {
                let _ = close.try_run(());
                noted(model, answer.data, format!("arrived at {name}"))
            })
        }
        Passage::Depart => {
            desk.send(errand.call(DepartFromStop { stop: id, body }), "The departure", move |model, answer| {
                let _ = close.try_run(());
                noted(model, answer.data, format!("left {name}"))
            })
        }
    }
}

fn noted(model: &LoadModel, load: Load, what: String) -> Option<String> {
    let words = format!("{} has {what}", load.card.load_number);
    model.take_whole(load);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        components::clock_field::tests::joliet,
        domain::{test_cards::NOW, time::HOUR},
    };

    #[test]
    fn a_time_that_is_given_lies_behind_and_after_what_came_first() {
        let at = |value, arrived| judged(value, &joliet(), arrived, NOW);
        assert_eq!(at("2026-11-21T07:05", None), Ok(Some(NOW.plus(-HOUR))));
        assert_eq!(at("2026-11-21T08:05", None), Ok(None));
        assert!(at("2026-11-21T08:06", None).is_err());
        assert!(at("", None).is_err());
        let arrived = NOW.plus(-HOUR + 30_000);
        assert_eq!(at("2026-11-21T07:05", Some(arrived)), Ok(Some(arrived)));
        assert!(at("2026-11-21T06:05", Some(arrived)).is_err());
        // Three weeks ago the clock of the place was another.
        assert_eq!(at("2026-10-30T08:00", None), Ok(Some("2026-10-30T13:00:00Z".parse().expect("a time"))));
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_last_that_lies_behind_is_meant() {
        let at = |now: &str| judged("2026-11-01T01:30", &joliet(), None, now.parse().expect("a time"));
        let time = |text: &str| Ok(Some(text.parse().expect("a time")));
        assert_eq!(at("2026-11-01T07:00:00Z"), time("2026-11-01T06:30:00Z"));
        assert_eq!(at("2026-11-01T08:00:00Z"), time("2026-11-01T07:30:00Z"));
    }
}
