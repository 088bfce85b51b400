//! Who is online, case by case; and that it comes out right whatever overtakes what.

use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;
use uuid::Uuid;

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn load(number: u128) -> LoadId {
    LoadId(Uuid::from_u128(number))
}

/// A person whose tabs show loads on the board.
fn looking(number: u128, loads: &[u128]) -> PresenceUpdate {
    let views = loads.iter().map(|number| View { page: "dispatch".into(), load_id: Some(load(*number)) }).collect();
    PresenceUpdate { person: Person { id: user(number), name: format!("Person {number}") }, views }
}

fn online(number: u128) -> PresenceHeard {
    PresenceHeard::Online(UserOnline { user_id: user(number), name: format!("Person {number}") })
}

fn offline(number: u128) -> PresenceHeard {
    PresenceHeard::Offline(UserOffline { user_id: user(number) })
}

fn update(number: u128, loads: &[u128]) -> PresenceHeard {
    PresenceHeard::Update(looking(number, loads))
}

fn names<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<&'a str> {
    people.map(|person| person.name.as_str()).collect()
}

#[test]
fn events_say_who_is_there_and_at_what_they_look() {
    let (mut fold, mut presence) = (PresenceFold::default(), Presence::default());
    for (heard, changes) in [
        (online(1), true),
        (online(1), false),
        (update(1, &[7]), true),
        (update(1, &[7]), false),
        (online(1), false),
        (update(2, &[7, 8]), true),
        (offline(3), false),
    ] {
        assert_eq!(fold.hear(&mut presence, heard.clone()), changes, "{heard:?}");
    }
    assert_eq!(names(presence.viewers(load(7))), ["Person 1", "Person 2"]);
    assert_eq!(names(presence.viewers(load(8))), ["Person 2"]);
    assert_eq!(names(presence.visitors("dispatch")), ["Person 1", "Person 2"]);
    assert_eq!(names(presence.visitors("tracking")), [""; 0]);
    assert!(fold.hear(&mut presence, offline(2)));
    assert!(!presence.is_online(user(2)));
    assert_eq!(presence.people().count(), 1);
}

#[test]
fn a_list_replaces_all_but_what_was_heard_since_it_was_asked_for() {
    let (mut fold, mut presence) = (PresenceFold::default(), Presence::default());
    fold.hear(&mut presence, online(1));
    let question = fold.ask();
    fold.hear(&mut presence, online(2));
    fold.hear(&mut presence, offline(3));
    assert!(fold.listed(&mut presence, question, vec![looking(3, &[]), looking(4, &[9])]));
    assert!(!presence.is_online(user(1)), "gone while nobody heard it");
    assert!(presence.is_online(user(2)));
    assert!(!presence.is_online(user(3)));
    assert_eq!(names(presence.viewers(load(9))), ["Person 4"]);
}

#[test]
fn the_answer_to_an_earlier_question_says_nothing() {
    let (mut fold, mut presence) = (PresenceFold::default(), Presence::default());
    let first = fold.ask();
    let second = fold.ask();
    assert!(!fold.listed(&mut presence, first, vec![looking(1, &[])]));
    assert!(!fold.failed(first));
    assert!(fold.listed(&mut presence, second, vec![looking(2, &[])]));
    assert!(!fold.listed(&mut presence, second, vec![]), "answered once");
    assert!(presence.is_online(user(2)));
}

#[test]
fn a_list_that_fails_leaves_what_is_known() {
    let (mut fold, mut presence) = (PresenceFold::default(), Presence::default());
    fold.hear(&mut presence, online(1));
    let question = fold.ask();
    fold.hear(&mut presence, online(2));
    assert!(fold.failed(question));
    assert_eq!(presence.people().count(), 2);
    assert!(fold.meanwhile.is_empty());
}

#[derive(Debug, Clone)]
enum Chance {
    /// Something happens to a person, and is told.
    Happen(PresenceHeard),
    /// The page asks for the list.
    Ask,
    /// The server reads the list; the answer leaves later.
    Read,
    /// The answer leaves.
    Send,
    /// The next message arrives.
    Arrive,
}

fn chances() -> impl Strategy<Value = Chance> {
    let heard = prop_oneof![
        (1u128..4).prop_map(online),
        (1u128..4).prop_map(offline),
        ((1u128..4), prop::collection::vec(5u128..8, 0..2)).prop_map(|(number, loads)| update(number, &loads)),
    ];
    prop_oneof![
        4 => heard.prop_map(Chance::Happen),
        1 => Just(Chance::Ask),
        2 => Just(Chance::Read),
        2 => Just(Chance::Send),
        4 => Just(Chance::Arrive),
    ]
}

enum Wire {
    Heard(PresenceHeard),
    Listed(u32, Vec<PresenceUpdate>),
}

proptest! {
    #[test]
    fn once_all_has_arrived_the_page_shows_what_the_server_knows(path in prop::collection::vec(chances(), 0..80)) {
        let (mut fold, mut shown, mut truth) = (PresenceFold::default(), Presence::default(), Presence::default());
        let mut wire = VecDeque::new();
        let (mut asked, mut read) = (Some(fold.ask()), None);
        let path = path.into_iter().chain([Chance::Read, Chance::Send, Chance::Ask, Chance::Read, Chance::Send]);
        let arrive = |fold: &mut PresenceFold, shown: &mut Presence, next| match next {
            Some(Wire::Heard(heard)) => drop(fold.hear(shown, heard)),
            Some(Wire::Listed(question, users)) => drop(fold.listed(shown, question, users)),
            None => {}
        };
        for chance in path {
            match chance {
                Chance::Happen(heard) => {
                    truth.fold(&heard);
                    wire.push_back(Wire::Heard(heard));
                }
                Chance::Ask => asked = Some(fold.ask()),
                Chance::Read => read = asked.take().map(|question| (question, truth.0.values().cloned().collect())).or(read),
                Chance::Send => wire.extend(read.take().map(|(question, users)| Wire::Listed(question, users))),
                Chance::Arrive => arrive(&mut fold, &mut shown, wire.pop_front()),
            }
        }
        while !wire.is_empty() {
            arrive(&mut fold, &mut shown, wire.pop_front());
        }
        prop_assert_eq!(shown, truth);
    }
}
