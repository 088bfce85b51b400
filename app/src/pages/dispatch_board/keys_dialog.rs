//! The list of keys, from the table of deeds.

use super::{
    deeds::{Entry, Group, TABLE},
    desk::{Desk, Overlay},
};
use crate::components::dialog::Dialog;
use leptos::prelude::*;

#[component]
pub fn KeysDialog(desk: Desk) -> impl IntoView {
    move || (desk.overlay.get() == Some(Overlay::Keys)).then(|| dialog(desk))
}

fn dialog(desk: Desk) -> AnyView {
    let close = Callback::new(move |()| desk.close_overlay());
    let group = |group: Group| {
        let rows = TABLE.iter().filter(|entry| entry.group == group).map(row).collect_view();
        view! {
            <section class="keys-group">
                <h3 class="keys-title">{group.label()}</h3>
                <dl>{rows}</dl>
            </section>
        }
        .into_any()
    };
    view! {
        <Dialog title="Keys" on_close=close>
            <p class="dialog-text">
                "Letters work while a card or the board has the focus. On a Mac, Ctrl is the command key."
            </p>
            <div class="keys" tabindex="0" role="group" aria-label="All keys">
                {Group::ALL.map(group).into_iter().collect_view()}
            </div>
            <div class="dialog-buttons">
                <button type="button" class="button button-primary" autofocus on:click=move |_| close.run(())>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn row(entry: &Entry) -> AnyView {
    let keys = entry.keys.iter().map(|key| view! { <kbd>{key.label()}</kbd> }).collect_view();
    let pointer = (!entry.pointer.is_empty()).then(|| view! { <span class="keys-pointer">{entry.pointer}</span> });
    view! {
        <div class="keys-row">
            <dt>{entry.name}</dt>
            <dd>{pointer} {keys}</dd>
        </div>
    }
    .into_any()
}
