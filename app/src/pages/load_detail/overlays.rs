//! What is open over the page.

use super::{
    eta_dialog::EtaDialog,
    load_desk::{LoadDesk, Overlay},
    steps::steps_menu,
};
use crate::{
    components::dialog::Dialog,
    domain::{load::LoadCard, status::LoadStatus},
    pages::dispatch_board::{
        judgement::{Judgement, judge},
        move_question::{confirmation, reason_dialog},
    },
};
use leptos::{html, prelude::*};

#[component]
pub fn Overlays(desk: LoadDesk, steps_button: NodeRef<html::Button>) -> impl IntoView {
    move || {
        Some(match desk.overlay.get()? {
            Overlay::Steps(anchor) => steps_menu(desk, anchor, steps_button),
            Overlay::Question { card, to } => question(desk, card, to),
            Overlay::Eta(card) => view! { <EtaDialog desk card /> }.into_any(),
        })
    }
}

fn question(desk: LoadDesk, card: LoadCard, to: LoadStatus) -> AnyView {
    let close = Callback::new(move |()| desk.close());
    if let Judgement::Explain(step) = judge(desk.viewer, &card, to) {
        let asked = card.clone();
        let give = Callback::new(move |reason: String| {
            desk.close();
            desk.step(&asked, to, Some(reason));
        });
        return reason_dialog(&card, to, step, give, close);
    }
    let (title, text, yes) = confirmation(&card, to, desk.clock().glance());
    let confirm = move |_| {
        desk.close();
        desk.step(&card, to, None);
    };
    view! {
        <Dialog title on_close=close>
            <p class="dialog-text">{text}</p>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Not yet"
                </button>
                <button type="button" class="button button-primary" autofocus on:click=confirm>
                    {yes}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
