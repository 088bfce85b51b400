//! A field that finds what it is to hold as one types: the ARIA combobox with a list, searched on the server.

mod choosing;

use crate::api::ApiError;
use choosing::{Enter, alone, enter, step};
use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// How long the typing rests before it is searched for.
const TYPING_RESTS: Duration = Duration::from_millis(120);

/// One of those that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the caller knows it by.
    pub value: String,
    pub label: String,
    /// What tells it from others of the same name.
    pub note: String,
}

/// What a search answers.
pub type Found = Pin<Box<dyn Future<Output = Result<Vec<Choice>, ApiError>>>>;
/// Searches for a text; for everything, up to some limit, where it is empty.
pub type Search = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Where the search for what is typed stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Resting,
    Searching,
    Found,
    Failed(String),
}

#[derive(Clone)]
struct Combo {
    id: String,
    search: Search,
    /// A text of one's own is good, too: nothing is chosen in advance.
    free: bool,
    open: RwSignal<bool>,
    choices: RwSignal<Vec<Choice>>,
    /// The choice that Enter would take. None while another search is under way: what is listed is of the one before.
    at: RwSignal<Option<usize>>,
    /// Enter was pressed during the search: what it finds alone is picked.
    pick_alone: StoredValue<bool>,
    standing: RwSignal<Standing>,
    /// Counts searches: an answer that a later one has overtaken is dropped.
    asked: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    list: NodeRef<html::Ul>,
    on_pick: Callback<Choice>,
}

/// The control of a [`Field`](super::field::Field). The caller keeps the text and what was picked; a text that is
/// changed is no longer what was picked.
#[component]
pub fn Combobox(
    #[prop(into)] id: String,
    #[prop(into)] text: Signal<String>,
    /// Whether the text is what was picked.
    #[prop(into, optional)]
    picked: Signal<bool>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] disabled: Signal<bool>,
    search: Search,
    /// What is said when nothing is found.
    nothing: &'static str,
    #[prop(optional)] free: bool,
    #[prop(optional)] placeholder: &'static str,
    #[prop(into)] on_text: Callback<String>,
    #[prop(into)] on_pick: Callback<Choice>,
) -> impl IntoView {
    let combo = Combo {
        id: id.clone(),
        search,
        free,
        open: RwSignal::new(false),
        choices: RwSignal::new(Vec::new()),
        at: RwSignal::new(None),
        pick_alone: StoredValue::new(false),
        standing: RwSignal::new(Standing::Resting),
        asked: StoredValue::new(0),
        timer: StoredValue::new(None),
        list: NodeRef::new(),
        on_pick,
    };
    let (open, choices, at, standing) = (combo.open, combo.choices, combo.at, combo.standing);
    on_cleanup({
        let combo = combo.clone();
        move || combo.stop()
    });
    let shows_list = move || open.get() && choices.with(|choices| !choices.is_empty());
    let list_id = format!("{id}-list");
    let (controls, active_of) = (list_id.clone(), id.clone());
    let on_input = {
        let combo = combo.clone();
        move |event| {
            let typed = event_target_value(&event);
            on_text.run(typed.clone());
            // What was typed before the page's program was there is taken later, when the person may be elsewhere.
            if document().active_element().is_some_and(|element| element.id() == combo.id) {
                combo.look_for(typed, TYPING_RESTS);
            }
        }
    };
    // What was picked would find itself alone; whoever opens the list wants to see what else there is.
    let asked_for = move || if picked.get_untracked() { String::new() } else { text.get_untracked() };
    let on_key = {
        let combo = combo.clone();
        move |event: KeyboardEvent| combo.press(&event, asked_for)
    };
    let on_click = {
        let combo = combo.clone();
        move |_| {
            if !open.get_untracked() {
                combo.look_for(asked_for(), Duration::ZERO);
            }
        }
    };
    let on_blur = {
        let combo = combo.clone();
        move |_| combo.close()
    };
    let said = move || match standing.get() {
        _ if !open.get() => String::new(),
        Standing::Searching | Standing::Resting => String::new(),
        Standing::Failed(why) => why,
        Standing::Found => match choices.with(Vec::len) {
            0 => nothing.to_owned(),
            1 => "1 found".to_owned(),
            count => format!("{count} found"),
        },
    };
    // What stands in the place of the list while it has nothing to show.
    let note = move || {
        let text = match standing.get() {
            _ if !open.get() || shows_list() => return None,
            Standing::Found if free => return None,
            Standing::Found => nothing.to_owned(),
            Standing::Failed(why) => why,
            Standing::Searching => "Searching…".to_owned(),
            Standing::Resting => return None,
        };
        Some(view! { <p class="combo-note">{text}</p> })
    };
    let options = {
        let combo = combo.clone();
        move || {
            shows_list().then(|| {
                let combo = combo.clone();
                let all = choices.get().into_iter().enumerate();
                let options = all.map(|(index, choice)| option(combo.clone(), index, choice)).collect_view();
                view! {
                    <ul
                        id=list_id.clone()
                        class="combo-list"
                        role="listbox"
                        aria-label="Found"
                        aria-busy=move || (standing.get() == Standing::Searching).then_some("true")
                        node_ref=combo.list
                    >
                        {options}
                    </ul>
                }
            })
        }
    };
    let first = text.get_untracked();
    view! {
        <div class="combo">
            <input
                id=id.clone()
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                placeholder=placeholder
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-expanded=move || if shows_list() { "true" } else { "false" }
                aria-controls=move || shows_list().then(|| controls.clone())
                aria-activedescendant=move || {
                    at.get().filter(|_| shows_list()).map(|index| option_id(&active_of, index))
                }
                aria-invalid=super::field::invalid(error)
                aria-describedby=super::field::note_id(&id)
                disabled=move || disabled.get()
                value=first
                prop:value=move || text.get()
                on:input=on_input
                on:keydown=on_key
                on:click=on_click
                on:blur=on_blur
            />
            {options}
            {note}
            <span class="sr-only" role="status">
                {said}
            </span>
        </div>
    }
    .into_any()
}

fn option_id(id: &str, index: usize) -> String {
    format!("{id}-option-{index}")
}

fn option(combo: Combo, index: usize, choice: Choice) -> AnyView {
    let at = combo.at;
    let is_at = move || at.get() == Some(index);
    let id = option_id(&combo.id, index);
    let picked = choice.clone();
    view! {
        <li
            id=id
            class="combo-option"
            role="option"
            aria-selected=move || if is_at() { "true" } else { "false" }
            // The focus stays in the field.
            on:pointerdown=|event| event.prevent_default()
            on:click=move |_| combo.pick(picked.clone())
        >
            <span class="combo-label">{choice.label}</span>
            <span class="combo-choice-note">{choice.note}</span>
        </li>
    }
    .into_any()
}

impl Combo {
    fn stop(&self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn close(&self) {
        self.stop();
        self.asked.try_update_value(|asked| *asked += 1);
        self.pick_alone.try_set_value(false);
        self.open.try_set(false);
        self.at.try_set(None);
    }

    fn pick(&self, choice: Choice) {
        self.close();
        self.on_pick.run(choice);
    }

    /// Opens the list and searches, once the typing rests.
    fn look_for(&self, text: String, after: Duration) {
        self.stop();
        let Some(asked) = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        if !self.open.get_untracked() {
            self.choices.set(Vec::new());
        }
        self.pick_alone.set_value(false);
        self.at.set(None);
        self.open.set(true);
        self.standing.set(Standing::Searching);
        let combo = self.clone();
        let ask = move || spawn_local(async move { combo.ask(text, asked).await });
        self.timer.set_value(set_timeout_with_handle(ask, after).ok());
    }

    async fn ask(self, text: String, asked: u32) {
        let wants_all = text.trim().is_empty();
        let found = (self.search)(text.clone()).await;
        // The field may be gone, or be asked for something else.
        if self.asked.try_get_value() != Some(asked) {
            return;
        }
        match found {
            Ok(choices) => {
                let alone = alone(&choices, &text).filter(|_| self.pick_alone.get_value()).cloned();
                self.at.set((!self.free && !wants_all && !choices.is_empty()).then_some(0));
                self.choices.set(choices);
                self.standing.set(Standing::Found);
                if let Some(choice) = alone {
                    self.pick(choice);
                }
            }
            Err(error) => {
                self.choices.set(Vec::new());
                self.standing.set(Standing::Failed(format!("The search did not work: {error}")));
            }
        }
    }

    fn press(&self, event: &KeyboardEvent, asked_for: impl Fn() -> String) {
        let (key, is_open) = (event.key(), self.open.get_untracked());
        match key.as_str() {
            "ArrowDown" | "ArrowUp" if event.alt_key() => {}
            "ArrowDown" | "ArrowUp" if !is_open => {
                event.prevent_default();
                self.look_for(asked_for(), Duration::ZERO);
            }
            "ArrowDown" | "ArrowUp" => {
                event.prevent_default();
                if self.is_searching() {
                    return;
                }
                let count = self.choices.with_untracked(Vec::len);
                self.at.update(|at| *at = step(&key, *at, count));
                self.show_active();
            }
            "Enter" if is_open => {
                let deed = enter(self.is_searching(), self.at.get_untracked(), self.free);
                let sends = event.ctrl_key() || event.meta_key();
                if deed == Enter::Close && sends {
                    self.close();
                    return;
                }
                // The next press sends the form.
                event.prevent_default();
                event.stop_propagation();
                match deed {
                    Enter::Pick(at) => match self.choices.with_untracked(|choices| choices.get(at).cloned()) {
                        Some(choice) => self.pick(choice),
                        None => self.close(),
                    },
                    Enter::Wait => self.pick_alone.set_value(true),
                    Enter::Close => self.close(),
                }
            }
            "Escape" if is_open => {
                event.prevent_default();
                event.stop_propagation();
                self.close();
            }
            _ => {}
        }
    }

    fn is_searching(&self) -> bool {
        self.standing.with_untracked(|standing| *standing == Standing::Searching)
    }

    /// Scrolls the list, and only it, so that the active choice is in view.
    fn show_active(&self) {
        use leptos::wasm_bindgen::JsCast;
        let (Some(list), Some(at)) = (self.list.get_untracked(), self.at.get_untracked()) else { return };
        let option = document().get_element_by_id(&option_id(&self.id, at));
        let Some(option) = option.and_then(|option| option.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
        let (top, height) = (option.offset_top(), option.offset_height());
        if top < list.scroll_top() {
            list.set_scroll_top(top);
        } else if top + height > list.scroll_top() + list.client_height() {
            list.set_scroll_top(top + height - list.client_height());
        }
    }
}
