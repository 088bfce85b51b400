//! The bar under the header: views at hand, what the board is filtered by, and how it is shown.

use super::{
    desk::Desk,
    filter_chip::FilterChip,
    filter_kinds::{Kind, chosen},
    preset_bar::PresetBar,
    saved_views::SavedViews,
    view_options::ViewOptions,
};
use crate::{
    components::icon::{Icon, icon},
    domain::load_filter::LoadFilter,
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// What a line of a wheel that counts in lines stands for, in pixels.
const LINE: f64 = 16.0;

/// A wheel that only turns up and down leads through the chips as well, where they have no room; in a panel of theirs
/// it is the panel's.
fn scroll_sideways(chips: NodeRef<html::Div>, event: &leptos::ev::WheelEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_in_panel = target.is_some_and(|target| target.closest(".popover").ok().flatten().is_some());
    if let Some(chips) = chips.get_untracked().filter(|_| event.delta_x() == 0.0 && !is_in_panel) {
        let unit = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE { LINE } else { 1.0 };
        chips.set_scroll_left(chips.scroll_left() + (event.delta_y() * unit) as i32);
    }
}

#[component]
pub fn FilterBar(desk: Desk) -> impl IntoView {
    let tools = desk.tools;
    let chips = NodeRef::<html::Div>::new();
    // On a phone the filters are folded away.
    let open = RwSignal::new(false);
    let set = Memo::new(move |_| {
        tools.view.with(|view| Kind::ALL.into_iter().filter(|kind| !chosen(&view.filter, *kind).is_empty()).count())
    });
    let clear_all = move |_| {
        tools.look(|view| view.filter = LoadFilter::default());
        // The button is gone then.
        let first = chips.get_untracked().and_then(|chips| chips.query_selector(".chip-open").ok().flatten());
        if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = first.focus();
        }
    };
    let kinds = Kind::ALL.map(|kind| view! { <FilterChip desk kind /> }.into_any()).into_iter().collect_view();
    view! {
        <section class="filter-bar" aria-label="Filters and views" data-open=move || open.get().then_some("")>
            <button
                type="button"
                class="bar-button phone-only bar-filters"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls="filter-chips"
                data-set=move || (set.get() > 0).then_some("")
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {icon(Icon::Filter)}
                <span>"Filters"</span>
                {move || (set.get() > 0).then(|| view! { <span class="bar-count">{set.get()}</span> })}
            </button>
            <PresetBar desk />
            <SavedViews desk />
            <div
                class="chips"
                id="filter-chips"
                role="group"
                aria-label="Filters"
                node_ref=chips
                on:wheel=move |event| scroll_sideways(chips, &event)
            >
                {kinds}
                <Show when=move || { set.get() > 0 }>
                    <button type="button" class="bar-button chips-clear" title="Clear all" on:click=clear_all>
                        "Clear all"
                    </button>
                </Show>
            </div>
            <ViewOptions tools />
        </section>
    }
    .into_any()
}
