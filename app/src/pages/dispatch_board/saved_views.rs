//! One's own views under names: shown, saved, renamed, overwritten and deleted.

use super::{
    desk::Desk,
    filter_offers::tally,
    presets::NamedView,
    saved_view_row::{Doing, SavedViewRow},
    tools::Tools,
};
use crate::{
    api::{
        ApiError, call,
        presets::{ListPresets, NAME_CHARS, SavePreset},
    },
    components::{
        focus::nothing_has_focus,
        icon::{Icon, icon},
        popover::Popover,
    },
    domain::{id::PresetId, load_filter::LoadFilter},
    pages::layout::is_over,
    realtime::leave_for_login,
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use std::collections::HashMap;

#[component]
pub fn SavedViews(desk: Desk) -> impl IntoView {
    let tools = desk.tools;
    let open = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let named = tools.named_views();
        tools.view.with(|view| {
            named.into_iter().find(|named| named.saved.is_some() && named.is_shown(view)).map(|named| named.name)
        })
    });
    let words = move || {
        let word = shown.get().map(|name| view! { <span class="saved-word">{name}</span> });
        view! { {icon(Icon::Saved)} {word} }
    };
    let name = move || shown.get().map(|name| format!("Saved views, now {name}")).or(Some("Saved views".into()));
    view! {
        <Popover
            label="Saved views"
            class="bar-button bar-saved"
            name=Signal::derive(name)
            title=Signal::derive(name)
            set=Signal::derive(move || shown.with(Option::is_some))
            open
            words
        >
            <SavedList desk open />
        </Popover>
    }
    .into_any()
}

#[component]
fn SavedList(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let tools = desk.tools;
    let doing = RwSignal::new(Doing::Nothing);
    let problem = RwSignal::new(None::<String>);
    let saved =
        Memo::new(move |_| tools.named_views().into_iter().filter(|named| named.saved.is_some()).collect::<Vec<_>>());
    let counts = Memo::new(move |_| saved.with(|saved| count_each(desk, saved)));
    let children = move |named: NamedView| {
        let Some(preset) = named.saved.clone() else { return ().into_any() };
        let count = Signal::derive(move || counts.with(|counts| counts.get(&preset.id).copied().unwrap_or(0)));
        view! { <SavedViewRow desk named doing problem count open /> }.into_any()
    };
    view! {
        <div class="saved-list" role="group" aria-label="Saved views">
            <For
                each=move || saved.get()
                key=|named| named.saved.as_ref().map(|preset| (preset.id, preset.name.clone(), preset.query.clone()))
                children
            />
            {move || match tools.saved_trouble.get() {
                Some(why) => not_known(tools, &why),
                None if saved.with(Vec::is_empty) => none_yet(),
                None => ().into_any(),
            }}
        </div>
        <NewView desk problem />
        <p class="saved-problem" role="alert">
            {move || problem.get()}
        </p>
    }
    .into_any()
}

fn none_yet() -> AnyView {
    view! {
        <p class="saved-none">"Views that you save stand here: filters, sorting, groups and density under one name."</p>
    }
    .into_any()
}

/// Why one's views are not there, and a way to have them.
fn not_known(tools: Tools, why: &str) -> AnyView {
    let asks = RwSignal::new(false);
    let again = move |_| {
        if asks.get_untracked() {
            return;
        }
        asks.set(true);
        spawn_local(async move {
            match call(ListPresets).await {
                Err(error) if is_over(&error) => leave_for_login(),
                answer => tools.know_saved(answer.map(|page| page.data)),
            }
            asks.try_set(false);
            stay_in_list();
        });
    };
    view! {
        <div class="saved-none" role="alert">
            <p>"Your saved views could not be loaded. " {why.to_owned()}</p>
            <button
                type="button"
                class="button button-small saved-again"
                aria-disabled=move || asks.get().then_some("true")
                data-busy=move || asks.get().then_some("")
                on:click=again
            >
                {icon(Icon::Retry)}
                "Try again"
            </button>
        </div>
    }
    .into_any()
}

/// Saves what is shown now.
#[component]
fn NewView(desk: Desk, problem: RwSignal<Option<String>>) -> impl IntoView {
    let tools = desk.tools;
    let text = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = text.get_untracked().trim().to_owned();
        if name.is_empty() {
            problem.set(Some("Give the view a name first.".into()));
            return;
        }
        problem.set(None);
        let query = tools.view.with_untracked(|view| view.query_string());
        spawn_local(async move {
            match call(SavePreset { name, query }).await {
                Ok(answer) => {
                    desk.toasts.notice(format!("The view “{}” was saved.", answer.data.name));
                    tools.keep(answer.data);
                    text.try_set(String::new());
                }
                Err(error) => fail(problem, &error),
            }
        });
    };
    view! {
        <form class="saved-new" on:submit=submit>
            <input
                class="input"
                type="text"
                aria-label="Name of this view"
                placeholder="Save this view as"
                autocomplete="off"
                maxlength=NAME_CHARS.to_string()
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
            <button type="submit" class="button button-small">
                "Save"
            </button>
        </form>
    }
    .into_any()
}

/// Says why something was not done, as long as somebody looks.
pub fn fail(problem: RwSignal<Option<String>>, error: &ApiError) {
    if is_over(error) {
        leave_for_login();
    } else {
        problem.try_set(Some(error.message.clone()));
    }
}

/// When what had the focus is gone, the list has it: whoever works with keys goes on there.
pub fn stay_in_list() {
    request_animation_frame(|| {
        let first = document().query_selector(".saved-show, .saved-new .input").ok().flatten();
        if nothing_has_focus()
            && let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = first.focus();
        }
    });
}

/// How many loads each shows.
fn count_each(desk: Desk, saved: &[NamedView]) -> HashMap<PresetId, usize> {
    let filters: Vec<LoadFilter> = saved.iter().map(|named| named.filter().clone()).collect();
    let model = desk.model();
    let counts = tally(&filters, desk.viewer.id, desk.clock().glance(), &|see| model.survey(see));
    let ids = saved.iter().filter_map(|named| named.saved.as_ref().map(|preset| preset.id));
    ids.zip(counts).collect()
}
