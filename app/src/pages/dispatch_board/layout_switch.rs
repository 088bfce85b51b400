//! The choice between lanes and timeline, in the header of the board. It stands in the address.

use super::{board_view::Layout, tools::Tools};
use crate::components::icon::{Icon, icon};
use leptos::prelude::*;

const fn picture(layout: Layout) -> Icon {
    match layout {
        Layout::Lanes => Icon::Board,
        Layout::Timeline => Icon::Timeline,
    }
}

#[component]
pub fn LayoutSwitch(tools: Tools) -> impl IntoView {
    let layout = Memo::new(move |_| tools.view.with(|view| view.layout));
    let button = |choice: Layout| {
        let pressed = move || if layout.get() == choice { "true" } else { "false" };
        let choose = move |_| tools.look(|view| view.layout = choice);
        view! {
            <button type="button" class="segment segment-layout" aria-pressed=pressed title=choice.label() data-layout=choice.code() on:click=choose>
                {icon(picture(choice))}
                <span class="segment-word">{choice.label()}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="segments" role="group" aria-label="Board as">
            {Layout::ALL.iter().map(|choice| button(*choice)).collect_view()}
        </div>
    }
}
