//! What is open over the page.

use super::{
    load_desk::{LoadDesk, Overlay},
    steps::steps_menu,
};
use crate::{
    domain::{load::LoadCard, status::LoadStatus},
    pages::{
        dispatch_board::{
            judgement::{Judgement, judge},
            move_question::{AcceptDialog, request},
        },
        load_dialogs::{CarrierChooser, CheckCallDialog, DispatchDialog, EtaDialog, ReasonDialog},
    },
};
use leptos::{html, prelude::*};

#[component]
pub fn Overlays(desk: LoadDesk, steps_button: NodeRef<html::Button>) -> impl IntoView {
    move || {
        Some(match desk.overlay.get()? {
            Overlay::Steps(anchor) => steps_menu(desk, anchor, steps_button),
            Overlay::Question { card, to } => question(desk, card, to),
            Overlay::Carrier { card, tender } => {
                view! { <CarrierChooser loads=vec![card] tender viewer=desk.viewer host=desk.host() /> }.into_any()
            }
            Overlay::CheckCall(card) => view! { <CheckCallDialog card host=desk.host() /> }.into_any(),
            Overlay::Eta(card) => {
                view! { <EtaDialog card stops=desk.stops.get_untracked() host=desk.host() /> }.into_any()
            }
        })
    }
}

/// A reason for what needs one, a driver for a dispatch, a yes for a tender that is accepted.
fn question(desk: LoadDesk, card: LoadCard, to: LoadStatus) -> AnyView {
    let close = Callback::new(move |()| desk.close());
    if let Judgement::Explain(step) = judge(desk.viewer, &card, to) {
        let words = request(&card, to, step);
        let give = move |reason: String| {
            desk.close();
            desk.step(&card, to, Some(reason));
        };
        return view! { <ReasonDialog words on_give=give on_close=close /> }.into_any();
    }
    if to == LoadStatus::Dispatched {
        return view! { <DispatchDialog card host=desk.host() /> }.into_any();
    }
    let seen = card.clone();
    let confirm = move |()| {
        desk.close();
        desk.step(&seen, to, None);
    };
    view! { <AcceptDialog card now=desk.clock().glance() on_yes=confirm on_close=close /> }.into_any()
}
