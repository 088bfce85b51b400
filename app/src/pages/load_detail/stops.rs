//! The stops of a load in the order of the trip, with the coming and going of the truck, and the buttons that note it.

use super::{
    clock_field::{entered, field_value},
    load_desk::LoadDesk,
};
use crate::{
    api::road::{ArriveAtStop, DepartFromStop, StopPassage},
    components::relative_time::{age, appointment, appointment_in_full},
    domain::{
        load::Load,
        stop::{Stop, StopKind},
        time::Timestamp,
        trip::{Passage, check_passage},
    },
};
use leptos::{html, prelude::*};

#[component]
pub fn Stops(desk: LoadDesk) -> impl IntoView {
    let count = Memo::new(move |_| desk.stops.with(Vec::len));
    let stops = move || (0..count.get()).map(|index| one(desk, index)).collect_view();
    view! {
        <section class="load-section" aria-labelledby="stops-title">
            <h3 id="stops-title" class="load-section-title">
                "Stops"
            </h3>
            <ol class="stops">{stops}</ol>
        </section>
    }
}

fn one(desk: LoadDesk, index: usize) -> AnyView {
    let stop = Memo::new(move |_| desk.stops.with(|stops| stops.get(index).cloned()));
    let clock = desk.clock();
    let content = move || stop.with(|stop| stop.as_ref().map(|stop| facts(stop, clock.now())));
    // What may be noted here now. A field that is open stays open while times go by.
    let due = Memo::new(move |_| {
        if !desk.may_report() || desk.gone.with(Option::is_some) {
            return None;
        }
        let status = desk.card.with(|card| card.as_ref().map(|card| card.status))?;
        desk.stops.with(|stops| {
            let is_due = |passage: &Passage| check_passage(*passage, status, stops, index).is_ok();
            [Passage::Arrive, Passage::Depart].into_iter().find(is_due)
        })
    });
    let passage = move || due.get().map(|passage| note_passage(desk, stop, passage));
    view! {
        <li class="stop" data-stop=(index + 1).to_string() data-state=move || stop.with(|stop| stop.as_ref().map(state))>
            {content}
            {passage}
        </li>
    }
    .into_any()
}

/// `ahead`, `there` or `left`.
const fn state(stop: &Stop) -> &'static str {
    match (stop.arrived_at, stop.departed_at) {
        (_, Some(_)) => "left",
        (Some(_), None) => "there",
        (None, None) => "ahead",
    }
}

const fn kind_label(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Pickup => "Pickup",
        StopKind::Delivery => "Delivery",
    }
}

fn facts(stop: &Stop, now: Timestamp) -> AnyView {
    let is_overdue = stop.arrived_at.is_none() && stop.appointment.end < now;
    let passed = passed(stop, now).into_iter().map(|(words, is_late)| {
        view! {
            <p class="stop-passed" data-late=is_late.then_some("")>
                {words}
            </p>
        }
    });
    view! {
        <div class="stop-head">
            <span class="stop-number" aria-hidden="true">{stop.position}</span>
            <strong class="stop-name" title=stop.facility_name.clone()>{stop.facility_name.clone()}</strong>
            <span class="load-quiet">{kind_label(stop.kind)}</span>
        </div>
        <p class="stop-place">{stop.place.to_string()}</p>
        <p class="stop-window" data-late=is_overdue.then_some("") title=appointment_in_full(&stop.appointment)>
            {appointment(&stop.appointment, now)}
            {is_overdue.then_some(" · overdue")}
        </p>
        {passed.collect_view()}
    }
    .into_any()
}

/// What is known of the truck at a stop, on the clock of the place, and whether that was late.
fn passed(stop: &Stop, now: Timestamp) -> Vec<(String, bool)> {
    let clock = |at: Timestamp| {
        let local = at.civil(stop.appointment.utc_offset);
        format!("{} {} {}", local.month_day(), local.clock(), stop.appointment.zone)
    };
    let mut said = Vec::new();
    if let Some(at) = stop.arrived_at {
        let late = at.since(stop.appointment.end);
        let judged = if late > 0 { format!("{} late", age(late)) } else { "on time".into() };
        // Less than a minute is still late.
        let judged = if judged == "now late" { "just late".into() } else { judged };
        said.push((format!("Arrived {}, {judged}", clock(at)), late > 0));
        if stop.departed_at.is_none() {
            said.push((format!("There for {}", age(now.since(at)).replace("now", "less than a minute")), false));
        }
    }
    if let Some(at) = stop.departed_at {
        let dwell = stop
            .arrived_at
            .map(|arrived| format!(" after {}", age(at.since(arrived)).replace("now", "less than a minute")));
        said.push((format!("Left {}{}", clock(at), dwell.unwrap_or_default()), false));
    }
    said
}

/// The button that notes a coming or going, now or at a time that is given.
fn note_passage(desk: LoadDesk, stop: Memo<Option<Stop>>, passage: Passage) -> AnyView {
    let (verb, other) = match passage {
        Passage::Arrive => ("Arrive", "Arrived at another time"),
        Passage::Depart => ("Depart", "Left at another time"),
    };
    let is_open = RwSignal::new(false);
    let toggle = NodeRef::<html::Button>::new();
    let send = move |at: Option<Timestamp>| {
        let Some(stop) = stop.get_untracked() else { return };
        pass(desk, &stop, passage, at);
    };
    let close = move || {
        is_open.set(false);
        if let Some(toggle) = toggle.get_untracked() {
            let _ = toggle.focus();
        }
    };
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
                on:click=move |_| send(None)
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
            stop.with_untracked(|stop| stop.as_ref().map(|stop| at_time(desk, stop, verb, Callback::new(move |at| send(Some(at))), Callback::new(move |()| close()))))
        })}
    }
    .into_any()
}

fn at_time(desk: LoadDesk, stop: &Stop, verb: &'static str, send: Callback<Timestamp>, close: Callback<()>) -> AnyView {
    let (offset, zone) = (stop.appointment.utc_offset, stop.appointment.zone.clone());
    let now = desk.clock().glance();
    let (arrived, position) = (stop.arrived_at, stop.position);
    let when = RwSignal::new(field_value(now, offset));
    let problem = RwSignal::new(None::<&'static str>);
    let input = NodeRef::<html::Input>::new();
    let note_id = format!("passage-note-{position}");
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match judged(&when.get_untracked(), offset, arrived, desk.clock().glance()) {
            Ok(at) => {
                close.run(());
                send.run(at);
            }
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
                <span class="field-label">{format!("Time ({zone})")}</span>
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
            <button type="submit" class="button button-small button-primary">
                {format!("{verb} at this time")}
            </button>
            <p id=note_id.clone() class="field-note" role="status" data-error=move || problem.get().map(|_| "")>
                {move || problem.get()}
            </p>
        </form>
    }
    .into_any()
}

/// A coming or going lies behind, and a going after the coming. A minute is what the field can tell.
fn judged(value: &str, offset: i32, arrived: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, &'static str> {
    let at = entered(value, offset).ok_or("Enter a day and a time.")?;
    if at > now {
        return Err("That is still to come. Enter a time that is over.");
    }
    match arrived {
        Some(arrived) if at.plus(crate::domain::time::MINUTE) <= arrived => Err("That is before the truck arrived."),
        // The field knows no seconds: the minute of the arrival is meant as the arrival.
        Some(arrived) => Ok(at.max(arrived)),
        None => Ok(at),
    }
}

fn pass(desk: LoadDesk, stop: &Stop, passage: Passage, at: Option<Timestamp>) {
    let Some(version) = desk.card.with_untracked(|card| card.as_ref().map(|card| card.version)) else { return };
    let (name, body) = (stop.facility_name.clone(), StopPassage { version, at });
    let id = stop.id;
    match passage {
        Passage::Arrive => desk.send(ArriveAtStop { stop: id, body }, "The arrival", move |model, answer| {
            noted(model, answer.data, format!("arrived at {name}"))
        }),
        Passage::Depart => desk.send(DepartFromStop { stop: id, body }, "The departure", move |model, answer| {
            noted(model, answer.data, format!("left {name}"))
        }),
    }
}

fn noted(model: &super::load_model::LoadModel, load: Load, what: String) -> Option<String> {
    let words = format!("{} has {what}", load.card.load_number);
    model.take_whole(load);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::{super::whereabouts::tests::two_stops, *};
    use crate::domain::{
        test_cards::NOW,
        time::{DAY, HOUR, MINUTE},
    };

    #[test]
    fn a_passed_stop_says_when_how_late_and_for_how_long_on_its_own_clock() {
        let mut stop = two_stops().remove(0);
        let end = stop.appointment.end;
        stop.arrived_at = Some(end.plus(20 * MINUTE));
        assert_eq!(
            passed(&stop, end.plus(HOUR)),
            [("Arrived Nov 22 10:25 CST, 20 min late".to_owned(), true), ("There for 40 min".to_owned(), false)]
        );
        stop.arrived_at = Some(end);
        stop.departed_at = Some(end.plus(2 * HOUR));
        assert_eq!(
            passed(&stop, end.plus(DAY)),
            [
                ("Arrived Nov 22 10:05 CST, on time".to_owned(), false),
                ("Left Nov 22 12:05 CST after 2 h".to_owned(), false)
            ]
        );
        assert_eq!(passed(&two_stops()[1], NOW), []);
    }

    #[test]
    fn a_time_that_is_given_lies_behind_and_after_what_came_first() {
        let at = |value, arrived| judged(value, -360, arrived, NOW);
        assert_eq!(at("2026-11-21T07:05", None), Ok(NOW.plus(-HOUR)));
        assert!(at("2026-11-21T08:06", None).is_err());
        assert!(at("", None).is_err());
        let arrived = NOW.plus(-HOUR + 30_000);
        assert_eq!(at("2026-11-21T07:05", Some(arrived)), Ok(arrived));
        assert!(at("2026-11-21T06:05", Some(arrived)).is_err());
    }
}
