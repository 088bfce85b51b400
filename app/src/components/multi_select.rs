//! A list of which several can be chosen, narrowed down by typing. Arrows lead through it, Space and Enter choose.

use super::menu::next_item;
use leptos::{ev::KeyboardEvent, html, prelude::*, wasm_bindgen::JsCast};
use std::sync::Arc;

/// Lists of this length and longer can be searched.
const SEARCHED_FROM: usize = 8;
/// No more are shown at once: whoever looks for one of hundreds types.
const MOST_SHOWN: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub count: usize,
}

/// The choices that have every word of a text in their labels.
pub fn matching(choices: &[Choice], text: &str) -> Vec<usize> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let fits = |choice: &Choice| {
        let label = choice.label.to_lowercase();
        words.iter().all(|word| label.contains(word.as_str()))
    };
    choices.iter().enumerate().filter(|(_, choice)| fits(choice)).map(|(index, _)| index).collect()
}

/// The choices stand as they were when it was opened: nothing moves under the pointer.
#[component]
pub fn MultiSelect(
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    #[prop(into)] on_toggle: Callback<String>,
) -> impl IntoView {
    let choices = Arc::new(choices);
    let text = RwSignal::new(String::new());
    let list = NodeRef::<html::Div>::new();
    let search = NodeRef::<html::Input>::new();
    let all = Arc::clone(&choices);
    let found = Memo::new(move |_| text.with(|text| matching(&all, text)));
    let toggle = {
        let choices = Arc::clone(&choices);
        move |index: usize| {
            if let Some(choice) = choices.get(index) {
                on_toggle.run(choice.value.clone());
            }
        }
    };
    let toggle_first = toggle.clone();
    let on_search_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            focus_choice(list, 0);
        }
        "Enter" => {
            event.prevent_default();
            if let Some(index) = found.with_untracked(|found| found.first().copied()) {
                toggle_first(index);
            }
        }
        _ => {}
    };
    let on_list_key = move |event: KeyboardEvent| {
        let Some(box_) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        let at = box_.get_attribute("data-choice").and_then(|at| at.parse().ok()).unwrap_or(0);
        let key = event.key();
        let shown = found.with_untracked(|found| found.len().min(MOST_SHOWN));
        if key == "ArrowUp" && at == 0 && search.get_untracked().is_some() {
            event.prevent_default();
            if let Some(search) = search.get_untracked() {
                let _ = search.focus();
            }
        } else if let Some(next) = next_item(&key, at, shown) {
            event.prevent_default();
            focus_choice(list, next);
        } else if key == "Enter" {
            event.prevent_default();
            box_.click();
        }
    };
    let searched = (choices.len() >= SEARCHED_FROM).then(|| {
        view! {
            <input
                class="input choices-search"
                node_ref=search
                type="search"
                data-first
                aria-label=format!("Find {label}")
                placeholder=format!("Find {label}")
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=on_search_key
            />
        }
    });
    let rows = move || {
        let found = found.get();
        let rows = found.iter().take(MOST_SHOWN).enumerate().filter_map(|(place, index)| {
            let toggle = toggle.clone();
            let index = *index;
            Some(choice_row(place, choices.get(index)?, chosen, Callback::new(move |()| toggle(index))))
        });
        rows.collect_view()
    };
    let note = move || {
        let count = found.with(Vec::len);
        match count {
            0 => Some("Nothing matches.".to_owned()),
            _ if count > MOST_SHOWN => Some(format!("{} more. Type to find them.", count - MOST_SHOWN)),
            _ => None,
        }
    };
    view! {
        {searched}
        <div class="choices" role="group" aria-label=label.clone() node_ref=list on:keydown=on_list_key>
            {rows}
        </div>
        <p class="choices-note" role="status">
            {note}
        </p>
    }
    .into_any()
}

fn choice_row(place: usize, choice: &Choice, chosen: Signal<Vec<String>>, on_toggle: Callback<()>) -> AnyView {
    let value = choice.value.clone();
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&value));
    let at_first = untrack(&is_chosen);
    view! {
        <label class="choice" data-value=choice.value.clone()>
            <input
                type="checkbox"
                data-choice=place.to_string()
                tabindex=if place == 0 { "0" } else { "-1" }
                checked=at_first
                prop:checked=is_chosen
                on:change=move |_| on_toggle.run(())
            />
            <span class="choice-label" title=choice.label.clone()>{choice.label.clone()}</span>
            <span class="choice-count" data-none=(choice.count == 0).then_some("")>
                {choice.count} <span class="sr-only">" loads"</span>
            </span>
        </label>
    }
    .into_any()
}

fn focus_choice(list: NodeRef<html::Div>, place: usize) {
    let Some(list) = list.get_untracked() else { return };
    if let Ok(Some(input)) = list.query_selector(&format!("[data-choice=\"{place}\"]"))
        && let Some(input) = input.dyn_ref::<web_sys::HtmlElement>()
    {
        let _ = input.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_found_by_any_words_of_its_label() {
        let choices = ["Swift River", "River Haul", "Löwe & Söhne"].map(|label| Choice {
            value: label.into(),
            label: label.into(),
            count: 1,
        });
        assert_eq!(matching(&choices, ""), [0, 1, 2]);
        assert_eq!(matching(&choices, " river "), [0, 1]);
        assert_eq!(matching(&choices, "haul RIV"), [1]);
        assert_eq!(matching(&choices, "LÖWE"), [2]);
        assert_eq!(matching(&choices, "nobody"), Vec::<usize>::new());
    }
}
