//! One kind of filter: a quiet word until something is chosen, then what is chosen, with a press that takes it back.

use super::{
    day_choice::day_choice,
    desk::Desk,
    filter_kinds::{Kind, Summary, chosen, clear, summary, toggle},
    filter_offers::{name_on_board, offers},
};
use crate::components::{
    icon::{Icon, icon},
    multi_select::{Choice, MultiSelect},
    popover::Popover,
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

#[component]
pub fn FilterChip(desk: Desk, kind: Kind) -> impl IntoView {
    let tools = desk.tools;
    let node = NodeRef::<html::Div>::new();
    let summary = summary_memo(desk, kind);
    let is_set = move || summary.with(Option::is_some);
    let words = move || {
        let chosen = summary.get().map(|Summary { first, more, .. }| {
            let more = (more > 0).then(|| view! { <span class="chip-more">{format!("+{more}")}</span> });
            view! {
                <span class="chip-value">{first}</span>
                {more}
            }
        });
        let colon = if chosen.is_some() { ": " } else { "" };
        view! {
            <span class="chip-kind">{kind.label()}{colon}</span>
            {chosen}
        }
    };
    let take_back = move |_| {
        tools.look(|view| clear(&mut view.filter, kind));
        focus_button(node);
    };
    let cross = move || {
        is_set().then(|| {
            view! {
                <button
                    type="button"
                    class="chip-clear"
                    aria-label=format!("Clear {}", kind.several())
                    title="Clear"
                    on:click=take_back
                >
                    {icon(Icon::Close)}
                </button>
            }
        })
    };
    let title = move || summary.with(|summary| summary.as_ref().map(|summary| summary.all.clone()));
    view! {
        <div class="chip" node_ref=node data-filter=kind.name() data-set=move || is_set().then_some("")>
            <Popover
                label=format!("Choose {}", kind.several())
                class="chip-open"
                title=Signal::derive(title)
                open=RwSignal::new(false)
                words
            >
                {if kind.is_days() { day_choice(desk, kind) } else { value_choice(desk, kind) }}
            </Popover>
            {cross}
        </div>
    }
    .into_any()
}

/// What is chosen, in words. Only as long as a name is missing, it follows the loads.
fn summary_memo(desk: Desk, kind: Kind) -> Memo<Option<Summary>> {
    let model = desk.model();
    Memo::new(move |_| {
        let name_of = |id: &str| name_on_board(kind, id, &|see| model.survey(see));
        let said = desk.tools.view.with(|view| summary(kind, &view.filter, &name_of));
        if said.as_ref().is_some_and(|said| said.incomplete) {
            model.changes();
        }
        said
    })
}

/// The values that the board offers now.
fn value_choice(desk: Desk, kind: Kind) -> AnyView {
    let tools = desk.tools;
    let (model, now) = (desk.model(), desk.clock().glance());
    let offers =
        tools.view.with_untracked(|view| offers(kind, &view.filter, desk.viewer.id, now, &|see| model.survey(see)));
    let choices = offers.into_iter().map(|offer| {
        let (value, label, count) = (offer.value, offer.label, offer.count);
        Choice { value, label, count }
    });
    let chosen = Signal::derive(move || tools.view.with(|view| chosen(&view.filter, kind)));
    let on_toggle = move |value: String| tools.look(|view| toggle(&mut view.filter, kind, &value));
    view! { <MultiSelect label=kind.several() choices=choices.collect() chosen on_toggle=on_toggle /> }.into_any()
}

/// The cross that was pressed is gone: the focus stays at the chip.
fn focus_button(chip: NodeRef<html::Div>) {
    let button = chip.get_untracked().and_then(|chip| chip.query_selector(".chip-open").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
