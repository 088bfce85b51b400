//! A saved view in the list: shows it when pressed, and can be renamed, overwritten and deleted.

use super::{
    desk::Desk,
    presets::NamedView,
    saved_views::{fail, stay_in_list},
};
use crate::{
    api::{
        call,
        presets::{DeletePreset, NAME_CHARS, PatchPreset, Preset, PresetPatch},
    },
    components::icon::{Icon, icon},
    domain::id::PresetId,
};
use leptos::{html, prelude::*, task::spawn_local};

/// What is being done to a saved view: one thing at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Nothing,
    Renaming(PresetId),
    /// It was asked whether to.
    Deleting(PresetId),
}

/// What the parts of a row work on.
#[derive(Clone, Copy)]
struct Row {
    desk: Desk,
    preset: StoredValue<Preset>,
    doing: RwSignal<Doing>,
    problem: RwSignal<Option<String>>,
}

#[component]
pub fn SavedViewRow(
    desk: Desk,
    named: NamedView,
    doing: RwSignal<Doing>,
    problem: RwSignal<Option<String>>,
    count: Signal<usize>,
    /// Of the list that it stands in.
    open: RwSignal<bool>,
) -> impl IntoView {
    let Some(preset) = named.saved.clone() else { return ().into_any() };
    let id = preset.id;
    let row = Row { desk, preset: StoredValue::new(preset), doing, problem };
    let named = StoredValue::new(named);
    let own = Memo::new(move |_| match doing.get() {
        Doing::Renaming(one) | Doing::Deleting(one) if one != id => Doing::Nothing,
        doing => doing,
    });
    let content = move || match own.get() {
        Doing::Nothing => plain(row, named, count, open),
        Doing::Renaming(_) => renaming(row),
        Doing::Deleting(_) => deleting(row),
    };
    view! {
        <div class="saved-row" data-preset=row.preset.with_value(|preset| preset.name.clone())>
            {content}
        </div>
    }
    .into_any()
}

fn plain(row: Row, named: StoredValue<NamedView>, count: Signal<usize>, open: RwSignal<bool>) -> AnyView {
    let tools = row.desk.tools;
    let Preset { id, name, .. } = row.preset.get_value();
    let is_shown = Memo::new(move |_| tools.view.with(|view| named.with_value(|named| named.is_shown(view))));
    let show = move |_| {
        named.with_value(|named| tools.show(named));
        open.set(false);
    };
    let overwrite = move |_| {
        let query = tools.view.with_untracked(|view| view.query_string());
        send(row, PresetPatch { name: None, query: Some(query) }, "now shows what the board shows");
    };
    view! {
        <button
            type="button"
            class="saved-show"
            title=name.clone()
            aria-current=move || is_shown.get().then_some("true")
            on:click=show
        >
            <span class="choice-label">{name.clone()}</span>
            <span class="choice-count">{move || count.get()} <span class="sr-only">" loads"</span></span>
        </button>
        <span class="saved-tools">
            {tool(Icon::Replace, format!("Overwrite {name} with what is shown"), is_shown, Callback::new(overwrite))}
            {tool(Icon::Rename, format!("Rename {name}"), never(), Callback::new(move |()| row.doing.set(Doing::Renaming(id))))}
            {tool(Icon::Delete, format!("Delete {name}"), never(), Callback::new(move |()| row.doing.set(Doing::Deleting(id))))}
        </span>
    }
    .into_any()
}

fn never() -> Memo<bool> {
    Memo::new(|_| false)
}

fn tool(picture: Icon, name: String, disabled: Memo<bool>, on_press: Callback<()>) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button saved-tool"
            aria-label=name.clone()
            title=name
            disabled=move || disabled.get()
            on:click=move |_| on_press.run(())
        >
            {icon(picture)}
        </button>
    }
    .into_any()
}

fn renaming(row: Row) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let name = row.preset.with_value(|preset| preset.name.clone());
    let label = format!("New name of {name}");
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(name) = input.get_untracked().map(|input| input.value().trim().to_owned()) else { return };
        if name.is_empty() {
            row.problem.set(Some("Give the view a name first.".into()));
        } else {
            send(row, PresetPatch { name: Some(name), query: None }, "is the name of the view now");
        }
    };
    view! {
        <form class="saved-edit" on:submit=submit>
            <input
                class="input"
                type="text"
                node_ref=input
                aria-label=label
                maxlength=NAME_CHARS.to_string()
                autocomplete="off"
                value=name
            />
            <button type="submit" class="button button-small">"Rename"</button>
            <button type="button" class="button button-small" on:click=move |_| row.stop()>"Cancel"</button>
        </form>
    }
    .into_any()
}

fn deleting(row: Row) -> AnyView {
    let keep = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(keep) = keep.get() {
            let _ = keep.focus();
        }
    });
    let delete = move |_| {
        let Preset { id, name, .. } = row.preset.get_value();
        row.problem.set(None);
        spawn_local(async move {
            match call(DeletePreset(id)).await {
                Ok(_) => {
                    row.desk.tools.forget(id);
                    stay_in_list();
                    row.desk.toasts.notice(format!("The view “{name}” was deleted."));
                }
                Err(error) => fail(row.problem, &error),
            }
        });
    };
    view! {
        <div class="saved-edit">
            <span class="choice-label">
                {row.preset.with_value(|preset| format!("Delete “{}”?", preset.name))}
            </span>
            <button type="button" class="button button-small" on:click=delete>"Delete"</button>
            <button type="button" class="button button-small" node_ref=keep on:click=move |_| row.stop()>"Keep"</button>
        </div>
    }
    .into_any()
}

impl Row {
    fn stop(self) {
        self.problem.set(None);
        self.doing.set(Doing::Nothing);
        stay_in_list();
    }
}

/// Sends a change; `done` completes the sentence that begins with the name.
fn send(row: Row, patch: PresetPatch, done: &'static str) {
    let id = row.preset.with_value(|preset| preset.id);
    row.problem.set(None);
    spawn_local(async move {
        match call(PatchPreset { id, patch }).await {
            Ok(answer) => {
                row.desk.toasts.notice(format!("“{}” {done}.", answer.data.name));
                row.doing.try_set(Doing::Nothing);
                row.desk.tools.keep(answer.data);
                stay_in_list();
            }
            Err(error) => fail(row.problem, &error),
        }
    });
}
