//! The menu of all steps of a load: the way to move it without dragging.

use super::{
    deeds::{Deed, shortcut},
    desk::{Desk, OpenMenu},
    judgement::{Judgement, by_key, steps},
};
use crate::{
    components::{
        menu::{Menu, MenuItem},
        sentence::sentence,
    },
    domain::{load::LoadCard, status::LoadStatus},
};
use leptos::prelude::*;

#[component]
pub fn MoveMenu(desk: Desk) -> impl IntoView {
    move || desk.menu.get().map(|open| menu(desk, open))
}

fn menu(desk: Desk, OpenMenu { load, anchor }: OpenMenu) -> AnyView {
    let close = move |()| {
        desk.menu.set(None);
        desk.focus(load);
    };
    let Some(signals) = desk.model().signals(load) else { return ().into_any() };
    let card = signals.card.get_untracked();
    let steps = steps(desk.viewer, &card);
    let mut items = items(&card, &steps);
    // On a phone the way to everything else that can be done.
    items.push(MenuItem {
        label: "More actions…".into(),
        shortcut: shortcut(Deed::Menu),
        enabled: true,
        begins_group: !items.is_empty(),
        ..MenuItem::default()
    });
    let targets: Vec<LoadStatus> = steps.into_iter().map(|(status, _)| status).collect();
    let pick = move |index: usize| {
        close(());
        match targets.get(index) {
            Some(to) => desk.ask(load, *to),
            None => desk.open_deeds(load, anchor),
        }
    };
    let label = format!("Move {} to", card.load_number);
    view! { <Menu label items anchor on_pick=pick on_close=close /> }.into_any()
}

pub(in crate::pages) fn items(card: &LoadCard, steps: &[(LoadStatus, Judgement)]) -> Vec<MenuItem> {
    let mut items: Vec<MenuItem> = Vec::with_capacity(steps.len());
    let mut group = None;
    for (status, judgement) in steps {
        let kind = (*status == LoadStatus::Cancelled, *status < card.status);
        items.push(MenuItem {
            label: status.label().to_owned(),
            note: note(*judgement, kind.1),
            enabled: !matches!(judgement, Judgement::Refused(_)),
            shortcut: lane_key(card.status, *status),
            begins_group: group.is_some_and(|group| group != kind),
        });
        group = Some(kind);
    }
    items
}

fn note(judgement: Judgement, back: bool) -> String {
    match judgement {
        Judgement::Go => "Next step".into(),
        Judgement::Confirm => "Next step, to be confirmed".into(),
        Judgement::Explain(_) if back => "Back, with a reason".into(),
        Judgement::Explain(_) => "With a reason".into(),
        Judgement::Refused(refusal) => sentence(&refusal.to_string()),
    }
}

/// The digit that does the same on a focused card, where there is one.
fn lane_key(from: LoadStatus, to: LoadStatus) -> String {
    let lane = to.lane().filter(|lane| by_key(from, *lane) == Some(to));
    lane.map(|lane| shortcut(Deed::To(lane))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::judgement::Viewer;
    use super::*;
    use crate::domain::test_cards::card_in;
    use crate::domain::{id::UserId, role::Role};
    use LoadStatus::*;

    fn listed(role: Role, from: LoadStatus) -> Vec<MenuItem> {
        let card = card_in(1, from);
        items(&card, &steps(Viewer { id: UserId(uuid::Uuid::nil()), role, carrier: None, driver: None }, &card))
    }

    #[test]
    fn a_step_that_may_not_be_taken_stays_listed_with_the_reason() {
        let items = listed(Role::Dispatcher, Tendered);
        let told: Vec<_> = items.iter().map(|item| (item.label.as_str(), item.enabled, item.note.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Accepted", true, "Next step, to be confirmed"),
                ("Pending", false, "A step back needs an ops manager"),
                ("Planning", false, "A step back needs an ops manager"),
                ("Cancelled", false, "Cancelling needs an ops manager"),
            ]
        );
    }

    #[test]
    fn shortcuts_and_groups_follow_the_lanes() {
        let items = listed(Role::OpsManager, Tendered);
        let keys: Vec<_> = items.iter().map(|item| item.shortcut.as_str()).collect();
        assert_eq!(keys, ["3", "1", "", ""]);
        let groups: Vec<_> = items.iter().map(|item| item.begins_group).collect();
        assert_eq!(groups, [false, true, false, true]);
    }
}
