//! The menu of everything that can be done to a load, or to the chosen ones it belongs to.

use super::{
    deeds::{Deed, TABLE},
    desk::{Desk, OpenMenu},
};
use crate::components::menu::{Menu, MenuItem};
use leptos::prelude::*;

#[component]
pub fn ContextMenu(desk: Desk) -> impl IntoView {
    move || desk.hands.deeds.get().map(|open| menu(desk, open))
}

fn menu(desk: Desk, OpenMenu { load, anchor }: OpenMenu) -> AnyView {
    let close = move |()| {
        desk.hands.deeds.set(None);
        desk.focus(load);
    };
    let loads = desk.in_hand(load);
    let grip = desk.grip(&loads);
    let label = match grip.cards.as_slice() {
        [] => return ().into_any(),
        [card] => card.load_number.clone(),
        many => format!("{} loads", many.len()),
    };
    let entries: Vec<_> = TABLE.iter().filter(|entry| entry.in_menu).collect();
    let mut group = None;
    let item = |entry: &&super::deeds::Entry| {
        let refusal = grip.refusal(entry.deed);
        MenuItem {
            label: grip.name(entry.deed),
            enabled: refusal.is_none(),
            note: refusal.unwrap_or_default(),
            shortcut: entry.shortcut(),
            begins_group: group.replace(entry.group).is_some_and(|before| before != entry.group),
        }
    };
    let items = entries.iter().map(item).collect::<Vec<_>>();
    let deeds: Vec<Deed> = entries.iter().map(|entry| entry.deed).collect();
    let pick = move |index: usize| {
        close(());
        if let Some(deed) = deeds.get(index) {
            let loads = if *deed == Deed::Select { vec![load] } else { loads.clone() };
            desk.run(*deed, &loads, anchor);
        }
    };
    view! { <Menu label items anchor on_pick=pick on_close=close /> }.into_any()
}
