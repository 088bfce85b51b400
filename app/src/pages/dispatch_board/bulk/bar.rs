//! The bar of what can be done to the chosen loads, at the foot of the board.

use crate::{
    components::{
        icon::{Icon, icon},
        menu::Anchor,
    },
    domain::id::LoadId,
    pages::dispatch_board::{
        deeds::{Deed, entry},
        desk::Desk,
        hands::Progress,
        lane_order::LaneOrder,
    },
};
use leptos::prelude::*;

const DEEDS: [Deed; 5] = [Deed::Move, Deed::Assign, Deed::Tender, Deed::Dispatch, Deed::Export];

#[component]
pub fn BulkBar(desk: Desk) -> impl IntoView {
    let count = Memo::new(move |_| desk.selection.with(|selection| selection.len()));
    let is_shown = Memo::new(move |_| count.get() > 0 || desk.hands.progress.with(Option::is_some));
    let hidden = Memo::new(move |_| {
        let shown = desk.selection.with(|selection| {
            if selection.is_empty() {
                return 0;
            }
            let of = |lane: &Memo<_>| {
                lane.with(|order: &LaneOrder| order.ids.iter().filter(|id| selection.contains(&LoadId(**id))).count())
            };
            desk.lanes.iter().map(of).sum()
        });
        count.get().saturating_sub(shown)
    });
    let words = move || match hidden.get() {
        0 => format!("{} selected", count.get()),
        hidden => format!("{} selected, {hidden} hidden by the filter", count.get()),
    };
    let is_working = Memo::new(move |_| desk.hands.progress.with(Option::is_some));
    move || {
        is_shown.get().then(|| {
            let content = move || if is_working.get() { working(desk) } else { buttons(desk) };
            view! {
                <section class="bulk" aria-label="Selected loads">
                    <p class="bulk-count">{words}</p>
                    {content}
                </section>
            }
            .into_any()
        })
    }
}

fn buttons(desk: Desk) -> AnyView {
    let button = |deed: Deed| {
        let Some(entry) = entry(deed) else { return ().into_any() };
        let title = format!("{} ({})", entry.name, entry.shortcut());
        let is_menu = deed == Deed::Move;
        let run = move |event: leptos::ev::MouseEvent| {
            desk.run(deed, &desk.chosen(), Anchor::of(&event_target(&event)));
        };
        view! {
            <button
                type="button"
                class="button button-small"
                title=title
                aria-haspopup=is_menu.then_some("menu")
                data-deed=format!("{deed:?}")
                on:click=run
            >
                {entry.name}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="bulk-deeds">{DEEDS.map(button).into_iter().collect_view()}</div>
        <button
            type="button"
            class="icon-button"
            aria-label="Clear selection"
            title="Clear selection (Esc)"
            on:click=move |_| {
                desk.clear_selection();
                desk.refocus();
            }
        >
            {icon(Icon::Close)}
        </button>
    }
    .into_any()
}

/// How far it is, and a way to stop.
fn working(desk: Desk) -> AnyView {
    let far = move || desk.hands.progress.get();
    let words = move || far().map(|Progress { doing, done, total }| format!("{doing} {done} of {total}…"));
    view! {
        <p role="status">{words}</p>
        <progress
            class="bulk-progress"
            aria-label="Progress"
            max=move || far().map_or(1, |progress| progress.total).to_string()
            value=move || far().map_or(0, |progress| progress.done).to_string()
        ></progress>
        <button type="button" class="button button-small" on:click=move |_| desk.hands.stop.set_value(true)>
            "Stop"
        </button>
    }
    .into_any()
}
