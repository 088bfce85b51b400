//! The plain fields of the form.

use super::{
    desk::FormDesk,
    draft::{StopText, Text},
};
use crate::components::field::{Field, invalid, note_id};
use leptos::prelude::*;

/// How a text is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    Line,
    /// Digits, on a phone by its keys for digits.
    Number,
    Amount,
    Prose,
}

/// A text of the load.
pub fn text_field(
    desk: FormDesk,
    id: &'static str,
    label: &'static str,
    hint: Signal<String>,
    text: Text,
    typed: Typed,
) -> AnyView {
    let (value, error) = (desk.text(text), desk.problem(id));
    let first = value.get_untracked();
    let on_input = move |event| desk.set_text(text, event_target_value(&event));
    let control = if typed == Typed::Prose {
        view! {
            <textarea
                id=id
                class="input"
                rows="3"
                aria-invalid=invalid(error)
                aria-describedby=note_id(id)
                prop:value=move || value.get()
                on:input=on_input
            >
                {first}
            </textarea>
        }
        .into_any()
    } else {
        let mode = match typed {
            Typed::Number => Some("numeric"),
            Typed::Amount => Some("decimal"),
            _ => None,
        };
        view! {
            <input
                id=id
                class="input"
                type="text"
                inputmode=mode
                autocomplete="off"
                aria-invalid=invalid(error)
                aria-describedby=note_id(id)
                value=first
                prop:value=move || value.get()
                on:input=on_input
            />
        }
        .into_any()
    };
    view! {
        <Field id label hint error>
            {control}
        </Field>
    }
    .into_any()
}

/// A day or a time of a stop's window.
pub fn window_field(
    desk: FormDesk,
    key: u32,
    (name, label): (&'static str, &'static str),
    hint: Signal<String>,
    text: StopText,
) -> AnyView {
    let id = super::reading::stop_field(key, name);
    let (value, error) = (desk.stop_text(key, text), desk.problem(id.clone()));
    let kind = if matches!(text, StopText::FromDay | StopText::UntilDay) { "date" } else { "time" };
    let fixed = desk.of_stop(key, |stop| stop.visited);
    let first = value.get_untracked();
    view! {
        <Field id=id.clone() label hint error>
            <input
                id=id.clone()
                class="input"
                type=kind
                disabled=move || fixed.get()
                aria-invalid=invalid(error)
                aria-describedby=note_id(&id)
                value=first
                prop:value=move || value.get()
                on:input=move |event| desk.set_stop_text(key, text, event_target_value(&event))
            />
        </Field>
    }
    .into_any()
}

/// A choice of few: value and label of each, and which it is.
pub fn choice_field(
    id: String,
    label: &'static str,
    choices: Vec<(&'static str, &'static str)>,
    value: Signal<String>,
    error: Signal<Option<String>>,
    disabled: Signal<bool>,
    on_choose: Callback<String>,
) -> AnyView {
    let first = value.get_untracked();
    let options = choices.into_iter().map(|(code, label)| {
        view! {
            <option value=code selected=code == first>
                {label}
            </option>
        }
    });
    let options = options.collect_view();
    view! {
        <Field id=id.clone() label error>
            <select
                id=id.clone()
                class="input"
                disabled=move || disabled.get()
                aria-invalid=invalid(error)
                aria-describedby=note_id(&id)
                prop:value=move || value.get()
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {options}
            </select>
        </Field>
    }
    .into_any()
}
