//! What a lane is sorted by: a small button in its head.

use super::{board_view::Sorting, tools::Tools};
use crate::{
    components::{
        icon::{Icon, icon},
        popover::Popover,
        radio_list::radio_list,
    },
    domain::status::Lane,
};
use leptos::prelude::*;

#[component]
pub fn LaneSort(tools: Tools, lane: Lane) -> impl IntoView {
    let by = Memo::new(move |_| tools.view.with(|view| view.sorting(lane)));
    let is_set = move || by.get() != Sorting::default();
    let name = move || Some(format!("Sort {}, now by {}", lane.label(), by.get().label().to_lowercase()));
    let title = move || Some(format!("Sorted by {}", by.get().label().to_lowercase()));
    let words = move || {
        let word = is_set().then(|| view! { <span class="lane-sort-word">{by.get().label()}</span> });
        view! { {word} {icon(Icon::Sort)} }
    };
    view! {
        <Popover
            label=format!("Sort {}", lane.label())
            class="lane-sort"
            name=Signal::derive(name)
            title=Signal::derive(title)
            set=Signal::derive(is_set)
            open=RwSignal::new(false)
            at_end=true
            words
        >
            {sort_list(tools, Signal::stored(lane), format!("Sort {} by", lane.label()))}
        </Popover>
    }
    .into_any()
}

/// The sortings of a lane, to choose from.
pub fn sort_list(tools: Tools, lane: Signal<Lane>, title: String) -> AnyView {
    let chosen = move || {
        let by = tools.view.with(|view| view.sorting(lane.get()));
        Sorting::ALL.iter().position(|one| *one == by).unwrap_or(0)
    };
    let choose = move |index: usize| {
        if let Some(by) = Sorting::ALL.get(index) {
            tools.look(|view| view.sort(lane.get_untracked(), *by));
        }
    };
    let labels = Sorting::ALL.iter().map(|by| (by.label().to_owned(), None)).collect();
    radio_list("sort", &title, labels, Signal::derive(chosen), Callback::new(choose))
}
