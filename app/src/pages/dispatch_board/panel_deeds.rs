//! What can be done with a load beside moving it, as buttons of its details: cover it, send it, call the driver, say
//! that one is on it.

use super::{
    board_model::CardSignals,
    claim::ClaimDeed,
    deeds::{Deed, entry},
    desk::Desk,
};
use crate::{
    components::menu::Anchor,
    domain::{
        id::{LoadId, UserId},
        load::Person,
        role::Permission,
        status::LoadStatus::{self, *},
    },
};
use leptos::prelude::*;

/// What suits a load in this status, the next step first.
fn deeds(status: LoadStatus) -> &'static [Deed] {
    match status {
        Planning | Pending => &[Deed::Tender, Deed::Assign],
        Accepted => &[Deed::Dispatch, Deed::CheckCall],
        Dispatched | AtPickup | PickedUp | InTransit | AtDelivery => &[Deed::CheckCall],
        Tendered | Delivered | Completed | Cancelled => &[],
    }
}

/// The buttons, and who is on the load. Nothing for those who may not change loads.
pub fn panel_deeds(desk: Desk, load: LoadId, signals: &CardSignals) -> AnyView {
    if !desk.viewer.role.may(Permission::LoadChange) {
        return ().into_any();
    }
    let me = desk.viewer.id;
    let card = signals.card.clone();
    let status = Memo::new({
        let card = card.clone();
        move |_| card.with(|card| card.status)
    });
    let claimed_by = Memo::new(move |_| card.with(|card| card.claimed_by.clone()));
    // None of these opens beside its button.
    let run = move |deed| desk.run(deed, &[load], Anchor::default());
    let buttons = move || {
        let button = |deed: &Deed| {
            let deed = *deed;
            view! {
                <button type="button" class="button button-small" on:click=move |_| run(deed)>
                    {label(deed)}
                </button>
            }
            .into_any()
        };
        deeds(status.get()).iter().map(button).collect_view().into_any()
    };
    let claim = Memo::new(move |_| claimed_by.with(|person| ClaimDeed::of(person.as_ref(), me)));
    view! {
        <div class="panel-deeds">
            {buttons}
            <button type="button" class="button button-small" on:click=move |_| run(Deed::Claim)>
                {move || claim.get().label()}
            </button>
        </div>
        <p class="panel-claim">{move || claimed_by.with(|person| who_is_on_it(person.as_ref(), me))}</p>
    }
    .into_any()
}

/// Short, as the buttons stand beside each other.
fn label(deed: Deed) -> &'static str {
    match deed {
        Deed::CheckCall => "Check call",
        deed => entry(deed).map_or("", |entry| entry.name),
    }
}

fn who_is_on_it(person: Option<&Person>, me: UserId) -> String {
    match person {
        None => "Nobody is on it.".into(),
        Some(person) if person.id == me => "You are on it.".into(),
        Some(person) => format!("{} is on it.", person.name),
    }
}
