//! What a person may do with a load: each step as the rules have it, and what has to be asked first.

use crate::domain::{
    load::LoadCard,
    role::Role,
    status::{Lane, LoadStatus, Mover, Refusal, Step, check_step},
};

pub use crate::pages::load_dialogs::Viewer;

/// Who asks for a step of this load.
fn mover(viewer: Viewer, card: &LoadCard) -> Mover {
    let owns = match viewer.role {
        Role::Carrier => viewer.carrier.is_some() && viewer.carrier == card.carrier.as_ref().map(|carrier| carrier.id),
        Role::Driver => viewer.driver.is_some() && viewer.driver == card.driver.as_ref().map(|driver| driver.id),
        _ => false,
    };
    Mover { role: viewer.role, owns }
}

/// What comes of asking for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    Go,
    /// Asked about first: it sends a truck, or offers the load to a carrier that is to be chosen.
    Confirm,
    /// Needs a reason; the kind of step says how to ask for it.
    Explain(Step),
    Refused(Refusal),
}

/// Judges a step of a load for a viewer. The server judges again; this only spares the way.
pub fn judge(viewer: Viewer, card: &LoadCard, to: LoadStatus) -> Judgement {
    let mover = mover(viewer, card);
    if to == LoadStatus::Tendered && card.status < to {
        // Whoever may tender chooses the carrier; a load in planning becomes pending on the way.
        return match check_step(mover, LoadStatus::Pending, to, true, None) {
            Ok(_) => Judgement::Confirm,
            Err(refusal) => Judgement::Refused(refusal),
        };
    }
    let check = |reason| check_step(mover, card.status, to, card.carrier.is_some(), reason);
    match check(None) {
        Ok(Step::Forward) if to.lane() == Some(Lane::Dispatched) => Judgement::Confirm,
        Ok(_) => Judgement::Go,
        Err(Refusal::ReasonRequired) => match check(Some("asked for")) {
            Ok(step) => Judgement::Explain(step),
            Err(refusal) => Judgement::Refused(refusal),
        },
        Err(refusal) => Judgement::Refused(refusal),
    }
}

/// The steps that lead anywhere from where the load stands, each judged: forward, then back from the nearest on, then
/// cancelling. Statuses that no step leads to are left out.
///
/// Outside parties are shown what they may do alone: why the rest is closed to them helps nobody.
pub fn steps(viewer: Viewer, card: &LoadCard) -> Vec<(LoadStatus, Judgement)> {
    let back = LoadStatus::ALL.into_iter().rev().filter(|status| *status < card.status);
    let forward = card.status.next().into_iter();
    let cancel = (card.status != LoadStatus::Cancelled).then_some(LoadStatus::Cancelled);
    forward
        .chain(back)
        .chain(cancel)
        .map(|status| (status, judge(viewer, card, status)))
        .filter(|(_, judgement)| match judgement {
            Judgement::Refused(Refusal::NotNext { .. } | Refusal::Final(_) | Refusal::Already(_)) => false,
            Judgement::Refused(_) => viewer.role.is_staff(),
            _ => true,
        })
        .collect()
}

/// What dropping the card on a lane would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// It is there already.
    Home,
    Open {
        to: LoadStatus,
        asks: bool,
    },
    Closed(Refusal),
}

pub fn landing(viewer: Viewer, card: &LoadCard, lane: Lane) -> Landing {
    if card.status.lane() == Some(lane) { Landing::Home } else { step_to(viewer, card, lane.target(card.status)) }
}

/// Where the digit of a lane takes a load: in its own lane to the next status there, if there is one.
pub fn by_key(from: LoadStatus, lane: Lane) -> Option<LoadStatus> {
    let is_home = from.lane() == Some(lane);
    Some(lane.target(from)).filter(|to| !is_home || from.next() == Some(*to))
}

/// What the digit of a lane does to a load.
pub fn landing_by_key(viewer: Viewer, card: &LoadCard, lane: Lane) -> Landing {
    by_key(card.status, lane).map_or(Landing::Home, |to| step_to(viewer, card, to))
}

fn step_to(viewer: Viewer, card: &LoadCard, to: LoadStatus) -> Landing {
    match judge(viewer, card, to) {
        Judgement::Go => Landing::Open { to, asks: false },
        Judgement::Confirm | Judgement::Explain(_) => Landing::Open { to, asks: true },
        Judgement::Refused(refusal) => Landing::Closed(refusal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{id::UserId, test_cards::card_in};
    use LoadStatus::*;

    fn viewer(role: Role) -> Viewer {
        let card = card_in(1, Pending);
        Viewer {
            id: UserId(uuid::Uuid::nil()),
            role,
            carrier: card.carrier.map(|carrier| carrier.id),
            driver: card.driver.map(|driver| driver.id),
        }
    }

    fn judged(role: Role, from: LoadStatus, to: LoadStatus) -> Judgement {
        judge(viewer(role), &card_in(1, from), to)
    }

    #[test]
    fn asks_before_a_truck_is_sent_and_for_the_reason_of_a_step_back() {
        assert_eq!(judged(Role::Dispatcher, Planning, Pending), Judgement::Go);
        assert_eq!(judged(Role::Dispatcher, Accepted, Dispatched), Judgement::Confirm);
        assert_eq!(judged(Role::OpsManager, Tendered, Pending), Judgement::Explain(Step::Revert));
        assert_eq!(judged(Role::OpsManager, Tendered, Cancelled), Judgement::Explain(Step::Cancel));
        assert_eq!(judged(Role::Admin, Completed, Delivered), Judgement::Explain(Step::Reopen));
        assert_eq!(judged(Role::Carrier, Tendered, Pending), Judgement::Explain(Step::Decline));
    }

    #[test]
    fn a_refusal_is_known_before_anybody_is_asked_anything() {
        assert!(matches!(judged(Role::Dispatcher, Tendered, Pending), Judgement::Refused(Refusal::Forbidden(_))));
        assert!(matches!(judged(Role::Support, Pending, Tendered), Judgement::Refused(Refusal::Forbidden(_))));
    }

    #[test]
    fn the_carrier_is_asked_for_before_a_tender_whether_there_is_one_or_not() {
        for from in [Planning, Pending] {
            let mut bare = card_in(1, from);
            bare.carrier = None;
            assert_eq!(judge(viewer(Role::Dispatcher), &bare, Tendered), Judgement::Confirm);
            assert_eq!(judged(Role::Dispatcher, from, Tendered), Judgement::Confirm);
            let lit = landing(viewer(Role::Dispatcher), &bare, Lane::Tendered);
            assert_eq!(lit, Landing::Open { to: Tendered, asks: true });
        }
    }

    #[test]
    fn another_carriers_office_has_no_step() {
        let mut stranger = viewer(Role::Carrier);
        stranger.carrier = None;
        assert_eq!(judge(stranger, &card_in(1, Tendered), Accepted), Judgement::Refused(Refusal::NotYours));
        assert_eq!(judged(Role::Carrier, Tendered, Accepted), Judgement::Confirm);
    }

    #[test]
    fn the_steps_of_a_load_are_those_that_exist_forward_first() {
        let listed =
            |role, from| steps(viewer(role), &card_in(1, from)).into_iter().map(|(to, _)| to).collect::<Vec<_>>();
        assert_eq!(listed(Role::Dispatcher, Tendered), [Accepted, Pending, Planning, Cancelled]);
        assert_eq!(listed(Role::Admin, Completed), [Delivered]);
        assert_eq!(listed(Role::Admin, Planning), [Pending, Cancelled]);
    }

    #[test]
    fn a_lane_lights_up_where_a_drop_leads_somewhere() {
        let on = |lane, role| landing(viewer(role), &card_in(1, Tendered), lane);
        assert_eq!(on(Lane::Tendered, Role::Dispatcher), Landing::Home);
        assert_eq!(on(Lane::Dispatched, Role::Dispatcher), Landing::Open { to: Accepted, asks: true });
        assert!(matches!(on(Lane::InTransit, Role::Dispatcher), Landing::Closed(Refusal::NotNext { .. })));
        assert_eq!(on(Lane::Unassigned, Role::OpsManager), Landing::Open { to: Pending, asks: true });
        assert!(matches!(on(Lane::Unassigned, Role::Dispatcher), Landing::Closed(Refusal::Forbidden(_))));
    }
}
