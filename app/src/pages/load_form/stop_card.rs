//! One stop of the form: where, what for, and within which window.

use super::{
    desk::{FormDesk, focus},
    draft::StopText,
    fields::{choice_field, window_field},
    reading::stop_field,
    search,
    window_reading::comes_twice,
};
use crate::{
    components::{
        combobox::{Choice, Combobox},
        field::Field,
        icon::{Icon, icon},
    },
    domain::{
        facility::FacilityProfile,
        stop::{StopKind, WindowKind},
    },
};
use leptos::{ev::KeyboardEvent, prelude::*};

pub fn stop_card(desk: FormDesk, key: u32) -> AnyView {
    let place = Memo::new(move |_| desk.draft.with(|draft| draft.place_of(key)).map_or(0, |place| place + 1));
    let count = Memo::new(move |_| desk.draft.with(|draft| draft.stops.len()));
    let visited = desk.of_stop(key, |stop| stop.visited);
    let name = move || format!("Stop {}", place.get());
    let go = move |later: bool, button: &'static str| {
        if desk.draft.try_update(|draft| draft.move_stop(key, later)) == Some(true) {
            focus(&stop_field(key, button));
        }
    };
    let remove = move |_| {
        let next = desk.draft.with_untracked(|draft| {
            let place = draft.place_of(key)?;
            draft.stops.get(place + 1).or_else(|| draft.stops.get(place.checked_sub(1)?)).map(|stop| stop.key)
        });
        desk.draft.update(|draft| draft.remove_stop(key));
        if let Some(next) = next {
            focus(&stop_field(next, "facility"));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let later = event.key() == "ArrowDown";
        if event.alt_key() && (later || event.key() == "ArrowUp") && desk.free.get_untracked() {
            event.prevent_default();
            let at = document().active_element().map(|element| element.id());
            if desk.draft.try_update(|draft| draft.move_stop(key, later)) == Some(true)
                && let Some(at) = at
            {
                focus(&at);
            }
        }
    };
    let tools = move || {
        desk.free.get().then(|| {
            view! {
                {tool(
                    stop_field(key, "earlier"),
                    Icon::Up,
                    Signal::derive(move || format!("Move stop {} earlier", place.get())),
                    Signal::derive(move || place.get() <= 1),
                    Callback::new(move |()| go(false, "earlier")),
                )}
                {tool(
                    stop_field(key, "later"),
                    Icon::Down,
                    Signal::derive(move || format!("Move stop {} later", place.get())),
                    Signal::derive(move || place.get() >= count.get()),
                    Callback::new(move |()| go(true, "later")),
                )}
                {tool(
                    stop_field(key, "remove"),
                    Icon::Close,
                    Signal::derive(move || format!("Remove stop {}", place.get())),
                    Signal::derive(move || count.get() <= 2),
                    Callback::new(remove),
                )}
            }
        })
    };
    view! {
        <li class="form-stop" data-stop=move || place.get().to_string() on:keydown=on_key>
            <fieldset class="form-stop-body">
                <legend class="form-stop-name">
                    {name}
                    {move || visited.get().then(|| view! { <span class="form-quiet">" · the truck has been here"</span> })}
                </legend>
                <div class="form-stop-tools">{tools}</div>
                {what_and_where(desk, key)}
                {window(desk, key)}
            </fieldset>
        </li>
    }
    .into_any()
}

fn tool(id: String, image: Icon, label: Signal<String>, off: Signal<bool>, run: Callback<()>) -> AnyView {
    let press = move |_| {
        if !off.get_untracked() {
            run.run(());
        }
    };
    view! {
        <button
            type="button"
            id=id
            class="icon-button"
            aria-label=move || label.get()
            title=move || label.get()
            // One that was just pressed keeps the focus, although there is nowhere further to go.
            aria-disabled=move || off.get().then_some("true")
            on:click=press
        >
            {icon(image)}
        </button>
    }
    .into_any()
}

fn what_and_where(desk: FormDesk, key: u32) -> AnyView {
    let id = stop_field(key, "facility");
    let error = desk.problem(id.clone());
    let kind = desk.of_stop(key, |stop| kind_code(stop.kind).to_owned());
    let locked = {
        let visited = desk.of_stop(key, |stop| stop.visited);
        Signal::derive(move || visited.get() || !desk.free.get())
    };
    let hint = desk.of_stop(key, |stop| {
        let Some(facility) = &stop.facility else { return "Type a name, a city or a state.".to_owned() };
        let street = facility.address.as_ref().map(|street| format!("{street}, ")).unwrap_or_default();
        format!("{street}{}. Times are {}.", facility.place, facility.zone.replace('_', " "))
    });
    let picked = desk.of_stop(key, |stop| stop.facility.is_some());
    let on_pick = move |choice: Choice| {
        if let Ok(facility) = serde_json::from_str::<FacilityProfile>(&choice.value) {
            desk.change_stop(key, |stop| {
                stop.facility_text.clone_from(&facility.name);
                stop.facility = Some(facility);
            });
        }
    };
    view! {
        <div class="form-row form-row-where">
            {choice_field(
                stop_field(key, "kind"),
                "What for",
                vec![(kind_code(StopKind::Pickup), "Pickup"), (kind_code(StopKind::Delivery), "Delivery")],
                kind,
                Signal::default(),
                locked,
                Callback::new(move |code: String| {
                    let delivery = code == kind_code(StopKind::Delivery);
                    let kind = if delivery { StopKind::Delivery } else { StopKind::Pickup };
                    desk.change_stop(key, |stop| stop.kind = kind);
                }),
            )}
            <Field id=id.clone() label="Facility" hint error>
                <Combobox
                    id=id.clone()
                    text=desk.stop_text(key, StopText::Facility)
                    picked
                    error
                    disabled=locked
                    search=search::facilities()
                    nothing="No facility is called that, or lies there."
                    on_text=move |text| desk.set_stop_text(key, StopText::Facility, text)
                    on_pick
                />
            </Field>
        </div>
    }
    .into_any()
}

fn window(desk: FormDesk, key: u32) -> AnyView {
    let kind = desk.of_stop(key, |stop| window_code(stop.window_kind).to_owned());
    let visited = desk.of_stop(key, |stop| stop.visited);
    let twice = |from: bool| {
        desk.of_stop(key, move |stop| {
            if comes_twice(stop, from) { "Comes twice that day; the first is meant.".to_owned() } else { String::new() }
        })
    };
    let (from_twice, until_twice) = (twice(true), twice(false));
    let until = desk.of_stop(key, |stop| match stop.window_kind {
        WindowKind::Fixed => "Empty: at that moment.".to_owned(),
        WindowKind::Fcfs => String::new(),
    });
    let until_hint =
        Signal::derive(move || until_twice.with(|twice| if twice.is_empty() { until.get() } else { twice.clone() }));
    view! {
        <div class="form-row form-row-window">
            {choice_field(
                stop_field(key, "window"),
                "Window",
                vec![(window_code(WindowKind::Fcfs), "FCFS"), (window_code(WindowKind::Fixed), "Appointment")],
                kind,
                Signal::default(),
                visited,
                Callback::new(move |code: String| {
                    let fixed = code == window_code(WindowKind::Fixed);
                    let kind = if fixed { WindowKind::Fixed } else { WindowKind::Fcfs };
                    desk.change_stop(key, |stop| stop.window_kind = kind);
                }),
            )}
            {window_field(desk, key, ("day", "Day"), Signal::default(), StopText::FromDay)}
            {window_field(desk, key, ("from", "From"), from_twice, StopText::FromTime)}
            {window_field(desk, key, ("until", "Until"), until_hint, StopText::UntilTime)}
            {window_field(
                desk,
                key,
                ("until-day", "Last day"),
                Signal::stored("Empty: the same day.".to_owned()),
                StopText::UntilDay,
            )}
        </div>
    }
    .into_any()
}

const fn kind_code(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Pickup => "pickup",
        StopKind::Delivery => "delivery",
    }
}

const fn window_code(kind: WindowKind) -> &'static str {
    match kind {
        WindowKind::Fcfs => "fcfs",
        WindowKind::Fixed => "fixed",
    }
}
