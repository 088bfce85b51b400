//! Who else looks at which load: one reading of who is online for the whole board, and one signal a load, so that an
//! event costs what it touches.

use crate::{
    domain::{
        id::{LoadId, UserId},
        load::Person,
    },
    events::PresenceUpdate,
    realtime::use_presence,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// People by the load that they look at, by name.
type ByLoad = BTreeMap<LoadId, Vec<Person>>;

/// Copied freely; it lives as long as the board.
#[derive(Clone, Copy)]
pub struct Watchers(StoredValue<State>);

#[derive(Default)]
struct State {
    now: ByLoad,
    /// Of the loads that are shown, with how often each is.
    shown: HashMap<LoadId, (usize, ArcRwSignal<Vec<Person>>)>,
}

impl Watchers {
    /// Follows who is online; `me` is not among those who are shown.
    pub fn new(me: UserId) -> Self {
        let watchers = Self(StoredValue::new(State::default()));
        let presence = use_presence();
        Effect::new(move |_| watchers.tell(presence.with(|presence| by_load(presence.people(), me))));
        watchers
    }

    /// Takes in who looks at which load now.
    fn tell(self, now: ByLoad) {
        let changes = self.0.try_update_value(|state| {
            let changes = changed(&state.now, &now);
            state.now = now;
            let signal = |(load, people)| Some((state.shown.get(&load)?.1.clone(), people));
            changes.into_iter().filter_map(signal).collect::<Vec<_>>()
        });
        for (signal, people) in changes.into_iter().flatten() {
            signal.set(people);
        }
    }

    /// Those who look at a load, as long as the owner that asks is there.
    pub fn of(self, load: LoadId) -> ArcRwSignal<Vec<Person>> {
        on_cleanup(move || self.leave(load));
        let signal = self.0.try_update_value(|state| {
            let State { now, shown } = state;
            let people = || ArcRwSignal::new(now.get(&load).cloned().unwrap_or_default());
            let (count, signal) = shown.entry(load).or_insert_with(|| (0, people()));
            *count += 1;
            signal.clone()
        });
        signal.unwrap_or_default()
    }

    fn leave(self, load: LoadId) {
        self.0.try_update_value(|State { shown, .. }| {
            if let Some((count, _)) = shown.get_mut(&load) {
                *count -= 1;
                if *count == 0 {
                    shown.remove(&load);
                }
            }
        });
    }
}

fn by_load<'a>(people: impl Iterator<Item = &'a PresenceUpdate>, me: UserId) -> ByLoad {
    let mut by_load = ByLoad::new();
    for one in people.filter(|one| one.person.id != me) {
        for load in one.views.iter().filter_map(|view| view.load_id) {
            let watching = by_load.entry(load).or_default();
            // Two pages may be open on one load.
            if !watching.contains(&one.person) {
                watching.push(one.person.clone());
            }
        }
    }
    for watching in by_load.values_mut() {
        watching.sort_by(|one, other| (&one.name, one.id.0).cmp(&(&other.name, other.id.0)));
    }
    by_load
}

/// Loads that other people look at now than before, with who does.
fn changed(before: &ByLoad, now: &ByLoad) -> Vec<(LoadId, Vec<Person>)> {
    let left = before.keys().filter(|load| !now.contains_key(load)).map(|load| (*load, Vec::new()));
    let other = now.iter().filter(|(load, people)| before.get(load) != Some(people));
    left.chain(other.map(|(load, people)| (*load, people.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::test_cards::id, events::View};
    use uuid::Uuid;

    fn person(number: u128, name: &str) -> Person {
        Person { id: UserId(Uuid::from_u128(number)), name: name.into() }
    }

    fn looks(person: Person, loads: &[u128]) -> PresenceUpdate {
        let view = |load: &u128| View { page: "dispatch".into(), load_id: Some(id(*load)) };
        PresenceUpdate { person, views: loads.iter().map(view).collect() }
    }

    #[test]
    fn others_are_known_by_load_and_in_order_of_their_names() {
        let (maria, john, sam) = (person(1, "Maria"), person(2, "John"), person(3, "Sam"));
        let online = [looks(sam.clone(), &[7, 7]), looks(maria.clone(), &[7]), looks(john.clone(), &[7, 8])];
        let known = by_load(online.iter(), maria.id);
        assert_eq!(known, ByLoad::from([(id(7), vec![john.clone(), sam]), (id(8), vec![john])]));
    }

    #[test]
    fn what_is_not_shown_any_more_is_forgotten_and_known_when_it_is_shown_again() {
        let board = Owner::new();
        let watchers = board.with(|| Watchers(StoredValue::new(State::default())));
        let john = vec![person(2, "John")];
        let shown = |watchers: Watchers| watchers.0.with_value(|state| state.shown.len());
        for round in 0..3 {
            let card = board.with(Owner::new);
            let both = card.with(|| [watchers.of(id(1)), watchers.of(id(1))]);
            assert_eq!((shown(watchers), both[0].get_untracked().len()), (1, round.min(1)));
            watchers.tell(ByLoad::from([(id(1), john.clone()), (id(2), john.clone())]));
            assert_eq!(both.map(|signal| signal.get_untracked()), [john.clone(), john.clone()]);
            card.cleanup();
            assert_eq!(shown(watchers), 0);
        }
    }

    #[test]
    fn only_loads_whose_watchers_are_others_now_are_told() {
        let john = vec![person(2, "John")];
        let before = ByLoad::from([(id(1), john.clone()), (id(2), john.clone())]);
        let now = ByLoad::from([(id(2), john.clone()), (id(3), john.clone())]);
        assert_eq!(changed(&before, &now), [(id(1), vec![]), (id(3), john)]);
        assert_eq!(changed(&now, &now), []);
    }
}
