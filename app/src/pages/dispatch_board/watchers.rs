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
pub struct Watchers(StoredValue<HashMap<LoadId, ArcRwSignal<Vec<Person>>>>);

impl Watchers {
    /// Follows who is online; `me` is not among those who are shown.
    pub fn new(me: UserId) -> Self {
        let watchers = Self(StoredValue::new(HashMap::new()));
        let presence = use_presence();
        Effect::new(move |before: Option<ByLoad>| {
            let before = before.unwrap_or_default();
            let now = presence.with(|presence| by_load(presence.people(), me));
            for (load, people) in changed(&before, &now) {
                watchers.of(load).set(people);
            }
            now
        });
        watchers
    }

    /// Those who look at a load.
    pub fn of(self, load: LoadId) -> ArcRwSignal<Vec<Person>> {
        self.0.try_update_value(|signals| signals.entry(load).or_default().clone()).unwrap_or_default()
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
    fn only_loads_whose_watchers_are_others_now_are_told() {
        let john = vec![person(2, "John")];
        let before = ByLoad::from([(id(1), john.clone()), (id(2), john.clone())]);
        let now = ByLoad::from([(id(2), john.clone()), (id(3), john.clone())]);
        assert_eq!(changed(&before, &now), [(id(1), vec![]), (id(3), john)]);
        assert_eq!(changed(&now, &now), []);
    }
}
