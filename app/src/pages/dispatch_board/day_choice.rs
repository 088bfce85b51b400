//! Choosing days to filter by: today, tomorrow, one day, or a span.

use super::{
    desk::Desk,
    filter_kinds::{Kind, clear, toggle},
    filter_offers::offers,
};
use crate::{
    components::radio_list::radio_list,
    domain::day::{Day, Days},
};
use leptos::prelude::*;

/// What a date field stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// One day, first and last.
    Day,
    First,
    Last,
}

pub fn day_choice(desk: Desk, kind: Kind) -> AnyView {
    let tools = desk.tools;
    let days = Memo::new(move |_| tools.view.with(|view| kind.days(&view.filter)));
    let (model, now) = (desk.model(), desk.clock().glance());
    let offers =
        tools.view.with_untracked(|view| offers(kind, &view.filter, desk.viewer.id, now, &|see| model.survey(see)));
    let mut labels = vec![("Any day".to_owned(), None)];
    labels.extend(offers.iter().map(|offer| (offer.label.clone(), Some(offer.count))));
    let chosen = move || match days.get() {
        None => 0,
        Some(Days::Today) => 1,
        Some(Days::Tomorrow) => 2,
        Some(Days::Between(..)) => usize::MAX,
    };
    let choose = move |index: usize| {
        tools.look(|view| match index {
            1 => toggle(&mut view.filter, kind, "today"),
            2 => toggle(&mut view.filter, kind, "tomorrow"),
            _ => clear(&mut view.filter, kind),
        });
    };
    let field = move |label: &'static str, side: Side| {
        let value = move || shown(days.get(), side).map(|day| day.to_string()).unwrap_or_default();
        let on_change = move |event: leptos::ev::Event| {
            let Ok(day) = read(&event_target_value(&event)) else { return };
            let span = with(days.get_untracked(), side, day);
            tools.look(|view| match span {
                Some(span) => {
                    clear(&mut view.filter, kind);
                    toggle(&mut view.filter, kind, &span.to_string());
                }
                None => clear(&mut view.filter, kind),
            });
        };
        view! {
            <label class="date">
                <span class="date-label">{label}</span>
                <input class="input date-input" type="date" value=untrack(value) prop:value=value on:change=on_change />
            </label>
        }
        .into_any()
    };
    view! {
        {radio_list(kind.name(), kind.label(), labels, Signal::derive(chosen), Callback::new(choose))}
        <div class="dates">{field("On", Side::Day)} {field("From", Side::First)} {field("To", Side::Last)}</div>
    }
    .into_any()
}

/// A field that is empty says no day. While its year is being typed, it says one of antiquity: that is not meant.
fn read(value: &str) -> Result<Option<Day>, ()> {
    if value.is_empty() {
        return Ok(None);
    }
    if value.starts_with('0') {
        return Err(());
    }
    value.parse().map(Some).map_err(|_| ())
}

/// What a field says of the days that are chosen.
fn shown(days: Option<Days>, side: Side) -> Option<Day> {
    let Some(Days::Between(first, last)) = days else { return None };
    let is_one = first == last;
    match side {
        Side::Day => first.filter(|_| is_one),
        Side::First => first.filter(|_| !is_one),
        Side::Last => last.filter(|_| !is_one),
    }
}

/// The days after a field was changed. A span that would end before it begins is turned round.
fn with(days: Option<Days>, side: Side, day: Option<Day>) -> Option<Days> {
    let (first, last) = (shown(days, Side::First), shown(days, Side::Last));
    let (first, last) = match side {
        Side::Day => (day, day),
        Side::First => (day, last),
        Side::Last => (first, day),
    };
    match (first, last) {
        (None, None) => None,
        (Some(first), Some(last)) if last < first => Some(Days::Between(Some(last), Some(first))),
        (first, last) => Some(Days::Between(first, last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Option<Days> {
        text.parse().ok()
    }

    fn after(before: &str, side: Side, value: &str) -> String {
        with(days(before), side, read(value).expect("a day or none")).map(|days| days.to_string()).unwrap_or_default()
    }

    #[test]
    fn one_day_and_the_two_ends_of_a_span_are_fields_of_their_own() {
        assert_eq!(after("today", Side::Day, "2026-11-21"), "2026-11-21");
        assert_eq!(after("2026-11-21", Side::First, "2026-11-23"), "2026-11-23..");
        assert_eq!(after("2026-11-23..", Side::Last, "2026-11-25"), "2026-11-23..2026-11-25");
        assert_eq!(after("2026-11-23..2026-11-25", Side::First, ""), "..2026-11-25");
        assert_eq!(after("..2026-11-25", Side::Last, ""), "");
        assert_eq!(after("2026-11-21", Side::Day, ""), "");
        assert_eq!(after("2026-11-23..", Side::Last, "2026-11-20"), "2026-11-20..2026-11-23", "turned round");
    }

    #[test]
    fn fields_show_what_is_chosen_in_one_place_only() {
        let all = |text| [Side::Day, Side::First, Side::Last].map(|side| shown(days(text), side).is_some());
        assert_eq!(all("2026-11-21"), [true, false, false]);
        assert_eq!(all("2026-11-21..2026-11-22"), [false, true, true]);
        assert_eq!(all("today"), [false, false, false]);
    }

    #[test]
    fn a_year_that_is_being_typed_is_not_meant() {
        assert_eq!(read("0202-11-21"), Err(()));
        assert_eq!(read(""), Ok(None));
    }
}
