//! The stops of a load in the order of the trip, with the coming and going of the truck.

use super::{load_desk::LoadDesk, passage::note_passage};
use crate::{
    components::relative_time::{appointment, appointment_in_full, duration},
    domain::{
        stop::{Stop, StopKind},
        time::{MINUTE, Timestamp},
        trip::{Passage, check_passage},
    },
};
use leptos::prelude::*;

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
        let judged = match late {
            ..=0 => "on time".into(),
            // Less than a minute is still late.
            1..MINUTE => "just late".into(),
            _ => format!("{} late", duration(late)),
        };
        said.push((format!("Arrived {}, {judged}", clock(at)), late > 0));
        if stop.departed_at.is_none() {
            said.push((format!("There for {}", duration(now.since(at))), false));
        }
    }
    if let Some(at) = stop.departed_at {
        let dwell = stop.arrived_at.map(|arrived| format!(" after {}", duration(at.since(arrived))));
        said.push((format!("Left {}{}", clock(at), dwell.unwrap_or_default()), false));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        test_cards::{NOW, two_stops},
        time::{DAY, HOUR},
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
}
