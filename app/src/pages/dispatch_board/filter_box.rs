//! The filter of the board, in its header, and the pause of its updates.

use super::tools::Tools;
use crate::components::icon::{Icon, icon};
use leptos::{html, prelude::*};

/// A search form: before the page's program has loaded it still filters, by asking the server.
#[component]
pub fn FilterBox(tools: Tools) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let text = move || tools.view.with(|view| view.filter.text.clone());
    let first = untrack(text);
    // What was typed before the program was there counts.
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(input) = input.get_untracked()
            && input.value() != untrack(text)
        {
            tools.look(|view| view.filter.text = input.value());
        }
    });
    view! {
        <form class="filter" role="search" method="get" action="/dispatch" on:submit=|event| event.prevent_default()>
            <span class="filter-icon">{icon(Icon::Search)}</span>
            <input
                class="input filter-input"
                node_ref=input
                type="search"
                name="q"
                aria-label="Filter loads"
                placeholder="Filter by number, customer, carrier, driver or city"
                autocomplete="off"
                spellcheck="false"
                value=first
                prop:value=text
                on:input=move |event| tools.look(|view| view.filter.text = event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        tools.look(|view| view.filter.text.clear());
                    }
                }
            />
            <kbd class="filter-key" aria-hidden="true" title="Press / to filter">"/"</kbd>
        </form>
    }
}

/// Holds the board still, so that it can be read; says how much waits.
#[component]
pub fn PauseButton(tools: Tools) -> impl IntoView {
    let words = move || match (tools.paused.get(), tools.waiting.get()) {
        (false, _) => "Pause".to_owned(),
        (true, 0) => "Resume".to_owned(),
        (true, waiting) => format!("Resume, {waiting} waiting"),
    };
    view! {
        <button
            type="button"
            class="button button-small pause"
            title="Hold visible updates"
            data-paused=move || tools.paused.get().then_some("")
            on:click=move |_| tools.paused.update(|paused| *paused = !*paused)
        >
            {move || icon(if tools.paused.get() { Icon::Play } else { Icon::Pause })}
            <span>{words}</span>
        </button>
    }
}
