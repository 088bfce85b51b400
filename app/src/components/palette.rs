//! A command palette: a field to type in and a list of what answers, to be walked and chosen with the keyboard alone.

mod fuzzy;

pub use fuzzy::{score, words};

use crate::components::scroll;
use leptos::{ev::KeyboardEvent, html, prelude::*};
use std::{sync::Arc, time::Duration};

/// The most that is listed: nobody reads further, and typing stays quick.
const MOST: usize = 40;

/// Something that can be chosen.
#[derive(Clone)]
pub struct Choice {
    pub label: String,
    /// What it means, or why it can't be chosen.
    pub note: String,
    pub shortcut: String,
    /// Choices of one group stand together under its name.
    pub group: &'static str,
    pub enabled: bool,
    /// Told whether it was chosen with Ctrl.
    pub run: Arc<dyn Fn(bool) + Send + Sync>,
}

impl Default for Choice {
    fn default() -> Self {
        let (label, note, shortcut) = Default::default();
        Self { label, note, shortcut, group: "", enabled: false, run: Arc::new(|_| {}) }
    }
}

/// Lists what answers to a query.
pub type Finder = Arc<dyn Fn(&str) -> Vec<Choice> + Send + Sync>;

/// Opens when mounted. `on_close` runs on Esc, on a press outside, and before a choice is done; the caller unmounts it
/// and gives the focus back.
#[component]
pub fn Palette(
    label: &'static str,
    placeholder: &'static str,
    /// Stands at the foot.
    hint: &'static str,
    find: Finder,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let choices = RwSignal::new(listed(&find, ""));
    let at = RwSignal::new(0_usize);
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            // It fails only for an element that is not in the document.
            let _ = dialog.show_modal();
        }
    });
    let choose = Callback::new(move |(index, with_ctrl): (usize, bool)| {
        let choice = choices.with_untracked(|choices| choices.get(index).cloned());
        if let Some(choice) = choice.filter(|choice| choice.enabled) {
            on_close.run(());
            // Once the palette is gone: until then everything else is inert.
            set_timeout(move || (choice.run)(with_ctrl), Duration::ZERO);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        event.stop_propagation();
        let count = choices.with_untracked(Vec::len);
        let next = match event.key().as_str() {
            "ArrowDown" if count > 0 => (at.get_untracked() + 1) % count,
            "ArrowUp" if count > 0 => (at.get_untracked() + count - 1) % count,
            "PageDown" => (at.get_untracked() + 8).min(count.saturating_sub(1)),
            "PageUp" => at.get_untracked().saturating_sub(8),
            "Enter" => {
                event.prevent_default();
                return choose.run((at.get_untracked(), event.ctrl_key() || event.meta_key()));
            }
            _ => return,
        };
        event.prevent_default();
        at.set(next);
        show_choice(next);
    };
    let answers = move || choices.with(|choices| !choices.is_empty());
    view! {
        <dialog
            class="palette"
            node_ref=node
            aria-label=label
            on:close=move |_| on_close.run(())
            on:keydown=on_key
            on:pointerdown=move |event| {
                // A press on the dialog itself, and not on what is in it, is one on what is behind.
                if node.get_untracked().is_some_and(|node| event.target().as_ref() == Some(node.as_ref())) {
                    on_close.run(());
                }
            }
        >
            <div class="palette-box">
                <input
                    class="palette-input"
                    type="text"
                    role="combobox"
                    aria-label=label
                    aria-expanded=move || answers().to_string()
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant=move || answers().then(|| format!("palette-{}", at.get()))
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    autofocus
                    on:input=move |event| {
                        choices.set(listed(&find, &event_target_value(&event)));
                        at.set(0);
                    }
                />
                <div class="palette-list" id="palette-list" role="listbox" aria-label="What answers">
                    {move || choices.with(|choices| groups(choices, at, choose))}
                </div>
                <p class="palette-none" role="status">
                    {move || (!answers()).then_some("Nothing answers to that. Try a load number, a city or a command.")}
                </p>
                <p class="palette-hint">{hint}</p>
            </div>
        </dialog>
    }
}

fn listed(find: &Finder, query: &str) -> Vec<Choice> {
    let mut choices = find(query);
    choices.truncate(MOST);
    choices
}

/// The list, with a name above each run of choices of one group.
fn groups(choices: &[Choice], at: RwSignal<usize>, choose: Callback<(usize, bool)>) -> AnyView {
    let mut index = 0;
    let group = |run: &[Choice]| {
        let name = run.first().map_or("", |choice| choice.group);
        let rows = run
            .iter()
            .map(|choice| {
                index += 1;
                row(index - 1, choice, at, choose)
            })
            .collect_view();
        view! {
            <div role="group" aria-label=name>
                <div class="palette-group" role="presentation">
                    {name}
                </div>
                {rows}
            </div>
        }
        .into_any()
    };
    choices.chunk_by(|one, next| one.group == next.group).map(group).collect_view().into_any()
}

fn row(index: usize, choice: &Choice, at: RwSignal<usize>, choose: Callback<(usize, bool)>) -> AnyView {
    let Choice { label, note, shortcut, enabled, .. } = choice.clone();
    view! {
        <div
            class="palette-row"
            id=format!("palette-{index}")
            role="option"
            aria-selected=move || if at.get() == index { "true" } else { "false" }
            aria-disabled=(!enabled).then_some("true")
            on:pointermove=move |_| {
                if at.get_untracked() != index {
                    at.set(index);
                }
            }
            on:click=move |event| choose.run((index, event.ctrl_key() || event.meta_key()))
        >
            <span class="palette-label">{label}</span>
            <span class="palette-note">{note}</span>
            <kbd class="palette-key">{shortcut}</kbd>
        </div>
    }
    .into_any()
}

/// Scrolls the list to a choice.
fn show_choice(index: usize) {
    if let Some(row) = document().get_element_by_id(&format!("palette-{index}")) {
        scroll::show(&row);
    }
}
