//! How loads are shown, beside which: in groups, as cards or rows.

use super::{
    board_view::{BoardView, Density, Grouping},
    lane_sort::sort_list,
    tools::Tools,
};
use crate::components::{
    icon::{Icon, icon},
    popover::Popover,
    radio_list::radio_list,
};
use leptos::prelude::*;

#[component]
pub fn ViewOptions(tools: Tools) -> impl IntoView {
    let is_set =
        move || tools.view.with(|view| view.grouping != Grouping::default() || view.density != Density::default());
    view! {
        <Popover
            label="View"
            class="bar-button bar-view"
            name=Signal::stored(Some("View".to_owned()))
            set=Signal::derive(is_set)
            open=RwSignal::new(false)
            at_end=true
            words=|| view! { {icon(Icon::View)} <span>"View"</span> }
        >
            {group_list(tools)}
            {density_list(tools)}
            // A phone shows one lane, without its head.
            <div class="phone-only">{sort_list(tools, tools.shown.into(), "Sort by".to_owned())}</div>
        </Popover>
    }
    .into_any()
}

fn group_list(tools: Tools) -> AnyView {
    let labels = Grouping::ALL.iter().map(|it| it.label()).collect();
    choice(
        tools,
        "group",
        "Group by",
        labels,
        |view| index_of(Grouping::ALL, view.grouping),
        |view, index| {
            view.grouping = Grouping::ALL.get(index).copied().unwrap_or_default();
        },
    )
}

fn density_list(tools: Tools) -> AnyView {
    let labels = Density::ALL.iter().map(|it| it.label()).collect();
    choice(
        tools,
        "density",
        "Density",
        labels,
        |view| index_of(Density::ALL, view.density),
        |view, index| {
            view.density = Density::ALL.get(index).copied().unwrap_or_default();
        },
    )
}

/// One part of the view, to choose.
fn choice(
    tools: Tools,
    name: &'static str,
    title: &str,
    labels: Vec<&'static str>,
    read: fn(&BoardView) -> usize,
    write: fn(&mut BoardView, usize),
) -> AnyView {
    let labels = labels.into_iter().map(|label| (label.to_owned(), None)).collect();
    let chosen = Signal::derive(move || tools.view.with(|view| read(view)));
    radio_list(name, title, labels, chosen, Callback::new(move |index| tools.look(|view| write(view, index))))
}

fn index_of<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|other| *other == one).unwrap_or(0)
}
