//! What happened to a load, newest first, by days.

use super::{
    load_desk::LoadDesk,
    part::{behind, part, show_older},
    shelf::Shelf,
    whereabouts::{coordinates, whereabouts},
};
use crate::{
    api::timeline::{FieldChange, PassedStop, TimelineEntry},
    components::{
        clock::{Clock, ViewerClock},
        relative_time::{absolute, ago, viewer_day},
        status_badge::status_class,
    },
    domain::{id::EventId, time::Timestamp},
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn timeline(desk: LoadDesk, shelf: Shelf<TimelineEntry>) -> AnyView {
    let retry = Callback::new(move |()| shelf.retry());
    let ready = Arc::new(move || Box::pin(shelf.ready()) as _);
    part("The timeline", ready, retry, move || list(desk, shelf))
}

/// What a row of the list is.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    /// The day of those that follow, and the first of them.
    Day(String, EventId),
    Entry(Box<TimelineEntry>),
}

impl Row {
    fn key(&self) -> String {
        match self {
            Row::Day(_, first) => format!("day of {first}"),
            Row::Entry(entry) => entry.id.to_string(),
        }
    }
}

/// The entries with the days between them, on the clock of the viewer.
fn rows(entries: &[TimelineEntry], viewer: ViewerClock, now: Timestamp) -> Vec<Row> {
    let mut rows = Vec::with_capacity(entries.len() + 4);
    let mut last = None;
    for entry in entries {
        let of = viewer_day(entry.at, viewer, now);
        if last.as_ref() != Some(&of) {
            rows.push(Row::Day(of.clone(), entry.id));
            last = Some(of);
        }
        rows.push(Row::Entry(Box::new(entry.clone())));
    }
    rows
}

fn list(desk: LoadDesk, shelf: Shelf<TimelineEntry>) -> AnyView {
    let clock = desk.clock();
    let days = clock.clone();
    let rows = Memo::new(move |_| {
        let viewer = days.viewer();
        let now = days.now();
        shelf.entries.with(|entries| rows(entries, viewer, now))
    });
    // What comes once the list is there has just happened.
    let is_shown = StoredValue::new(false);
    Effect::new(move |_| is_shown.set_value(true));
    let children = move |row: Row| match row {
        Row::Day(day, _) => view! { <li class="history-day">{day}</li> }.into_any(),
        Row::Entry(entry) => one(desk, &entry, is_shown.get_value(), clock.clone()),
    };
    let again = Callback::new(move |()| shelf.refresh());
    let older = Callback::new(move |()| shelf.older());
    let more = Signal::derive(move || shelf.next.with(Option::is_some));
    let empty = move || shelf.entries.with(Vec::is_empty);
    view! {
        <div class="part-scroll" tabindex="0" role="region" aria-label="Timeline">
            {behind(shelf.error.into(), again)}
            <Show when=empty>
                <p class="part-empty">"Nothing has happened yet. Every step, change and check call will stand here."</p>
            </Show>
            <ol class="history">
                <For each=move || rows.get() key=Row::key children=children />
            </ol>
            {show_older(more, shelf.fetching.into(), older)}
        </div>
    }
    .into_any()
}

fn one(desk: LoadDesk, entry: &TimelineEntry, is_new: bool, clock: Clock) -> AnyView {
    let at = entry.at;
    let offset = clock.clone();
    let time = move || offset.viewer().civil(at).clock();
    let title = {
        let clock = clock.clone();
        move || format!("{} ({})", absolute(at, clock.viewer()), ago(clock.now().since(at)))
    };
    let mark = match entry.new_status {
        Some(status) => status_class(status).replace("badge", "history-mark"),
        None => "history-mark".to_owned(),
    };
    let details = details(entry).into_iter().map(|line| view! { <p class="history-detail">{line}</p> }).collect_view();
    let place = entry.location.map(|location| {
        let words = desk.stops.with_untracked(|stops| whereabouts(location, stops));
        view! {
            <p class="history-detail" title=coordinates(location)>
                {words}
            </p>
        }
    });
    let eta = entry
        .eta
        .map(|eta| view! { <p class="history-detail">{move || format!("ETA {}", absolute(eta, clock.viewer()))}</p> });
    view! {
        <li class="history-entry" data-entry=entry.event.clone() data-glow=is_new.then_some("a")>
            <time class="history-time" datetime=at.to_string() title=title>
                {time}
            </time>
            <span class=mark aria-hidden="true"></span>
            <div class="history-said">
                <p>{entry.text.clone()}</p>
                {details}
                {place}
                {eta}
            </div>
        </li>
    }
    .into_any()
}

/// What stands below the sentence.
fn details(entry: &TimelineEntry) -> Vec<String> {
    let mut lines = Vec::new();
    // Nothing is said twice.
    let is_new = |words: &&String| !entry.text.contains(words.as_str());
    lines.extend(entry.reason.as_ref().filter(is_new).map(|reason| format!("Reason: {reason}")));
    lines.extend(entry.notes.as_ref().filter(is_new).map(|notes| format!("“{notes}”")));
    lines.extend(entry.by.as_ref().map(|person| &person.name).filter(is_new).map(|name| format!("Noted by {name}")));
    lines.extend(entry.stop.as_ref().and_then(|stop| noted_late(stop, entry.at)));
    lines.extend(entry.changes.iter().filter(|change| !is_mark(&change.field)).map(changed));
    lines
}

/// A coming or going that was noted more than a minute after it.
fn noted_late(stop: &PassedStop, noted: Timestamp) -> Option<String> {
    let late = noted.since(stop.at);
    (late >= crate::domain::time::MINUTE)
        .then(|| format!("Noted {} later", crate::components::relative_time::age(late)))
}

/// What is there or not, which the sentence has said.
fn is_mark(field: &str) -> bool {
    matches!(field, "hot" | "exception")
}

/// `Weight: 40000 lb → 42000 lb`.
fn changed(change: &FieldChange) -> String {
    let or_none =
        |value: &Option<String>| value.clone().filter(|value| !value.is_empty()).unwrap_or_else(|| "none".into());
    format!("{}: {} → {}", field_label(&change.field), or_none(&change.from), or_none(&change.to))
}

/// A field of the card in words: `carrierCost` is `Carrier cost`, `weightLbs` is `Weight`, whose unit is beside it.
fn field_label(field: &str) -> String {
    let mut label = String::with_capacity(field.len() + 4);
    for (index, letter) in field.trim_end_matches("Lbs").chars().enumerate() {
        match letter {
            _ if index == 0 => label.extend(letter.to_uppercase()),
            _ if letter.is_uppercase() => {
                label.push(' ');
                label.extend(letter.to_lowercase());
            }
            _ => label.push(letter),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::StopId,
        stop::StopKind,
        test_cards::NOW,
        time::{DAY, HOUR, MINUTE},
    };
    use uuid::Uuid;

    fn entry(number: u128, at: Timestamp) -> TimelineEntry {
        TimelineEntry {
            id: EventId(Uuid::from_u128(number)),
            event: "load:updated".into(),
            at,
            by: None,
            text: "Changed".into(),
            previous_status: None,
            new_status: None,
            reason: None,
            notes: None,
            location: None,
            eta: None,
            stop: None,
            changes: Vec::new(),
        }
    }

    #[test]
    fn days_stand_above_what_happened_in_them_where_the_reader_is() {
        let entries =
            [entry(4, NOW), entry(3, NOW.plus(-HOUR)), entry(2, NOW.plus(-DAY)), entry(1, NOW.plus(-9 * DAY))];
        let days = |viewer| {
            let rows = rows(&entries, viewer, NOW);
            rows.into_iter()
                .filter_map(|row| if let Row::Day(day, _) = row { Some(day) } else { None })
                .collect::<Vec<_>>()
        };
        assert_eq!(days(ViewerClock::NotKnown), ["Today", "Yesterday", "Nov 12"]);
        assert_eq!(rows(&entries, ViewerClock::NotKnown, NOW).len(), 7);
        // 14:05 UTC is past midnight at the date line.
        #[cfg(feature = "ssr")]
        assert_eq!(days(ViewerClock::Zone("Australia/Brisbane")), ["Today", "Yesterday", "Nov 13"]);
    }

    #[test]
    fn details_give_the_reason_the_notes_and_what_was_changed() {
        let told = TimelineEntry {
            reason: Some("Wrong carrier".into()),
            notes: Some("Rolling".into()),
            changes: ["weightLbs", "hot"]
                .map(|field| FieldChange { field: field.into(), from: None, to: Some("42,000".into()) })
                .into(),
            ..entry(1, NOW)
        };
        assert_eq!(details(&told), ["Reason: Wrong carrier", "“Rolling”", "Weight: none → 42,000"]);
    }

    #[test]
    fn nothing_is_said_twice_and_who_noted_it_is_said_once() {
        let maria = crate::domain::load::Person { id: crate::domain::id::UserId(Uuid::nil()), name: "Maria".into() };
        let told = TimelineEntry {
            text: "Check call: Rolling".into(),
            notes: Some("Rolling".into()),
            by: Some(maria.clone()),
            ..entry(1, NOW)
        };
        assert_eq!(details(&told), ["Noted by Maria"]);
        assert_eq!(
            details(&TimelineEntry { text: "Maria booked it".into(), by: Some(maria), ..entry(1, NOW) }),
            [""; 0]
        );
    }

    #[test]
    fn what_was_noted_late_says_so() {
        let stop = |at| PassedStop {
            id: StopId(Uuid::nil()),
            position: 1,
            kind: StopKind::Pickup,
            facility_name: "Dock 1".into(),
            at,
            on_time: true,
        };
        assert_eq!(noted_late(&stop(NOW.plus(-30 * MINUTE)), NOW).as_deref(), Some("Noted 30 min later"));
        assert_eq!(noted_late(&stop(NOW), NOW), None);
    }
}
