//! What can be done with a load beside moving it, as buttons of its details: cover it, send it, call the driver, say
//! that one is on it.

use super::{board_model::CardSignals, claim::ClaimDeed, desk::Desk};
use crate::domain::{
    id::{LoadId, UserId},
    load::Person,
    role::Permission,
    status::LoadStatus::{self, *},
};
use leptos::prelude::*;

/// Something to do with a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PanelDeed {
    Tender,
    Assign,
    Dispatch,
    CheckCall,
}

impl PanelDeed {
    const fn label(self) -> &'static str {
        match self {
            PanelDeed::Tender => "Tender",
            PanelDeed::Assign => "Assign carrier",
            PanelDeed::Dispatch => "Dispatch",
            PanelDeed::CheckCall => "Check call",
        }
    }

    fn run(self, desk: Desk, load: LoadId) {
        match self {
            PanelDeed::Tender => desk.choose_carrier(vec![load], true),
            PanelDeed::Assign => desk.choose_carrier(vec![load], false),
            PanelDeed::Dispatch => desk.ask_dispatch(load),
            PanelDeed::CheckCall => desk.log_check_call(load),
        }
    }
}

/// What suits a load in this status, the next step first.
fn deeds(status: LoadStatus) -> &'static [PanelDeed] {
    match status {
        Planning | Pending => &[PanelDeed::Tender, PanelDeed::Assign],
        Accepted => &[PanelDeed::Dispatch, PanelDeed::CheckCall],
        Dispatched | AtPickup | PickedUp | InTransit | AtDelivery => &[PanelDeed::CheckCall],
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
    let buttons = move || {
        let button = |deed: &PanelDeed| {
            let deed = *deed;
            view! {
                <button type="button" class="button button-small" on:click=move |_| deed.run(desk, load)>
                    {deed.label()}
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
            <button type="button" class="button button-small" on:click=move |_| desk.claim(load, claim.get_untracked())>
                {move || claim.get().label()}
            </button>
        </div>
        <p class="panel-claim">{move || claimed_by.with(|person| who_is_on_it(person.as_ref(), me))}</p>
    }
    .into_any()
}

fn who_is_on_it(person: Option<&Person>, me: UserId) -> String {
    match person {
        None => "Nobody is on it.".into(),
        Some(person) if person.id == me => "You are on it.".into(),
        Some(person) => format!("{} is on it.", person.name),
    }
}
