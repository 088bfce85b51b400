//! The table says everything once, and a deed applies to whom and to what it should.

use super::*;
use crate::{
    domain::{
        id::UserId,
        load::{LoadCard, Person},
        role::Role,
        status::LoadStatus,
        test_cards::{card, card_in},
    },
    pages::dispatch_board::judgement::Viewer,
};
use std::collections::HashSet;

fn grip(role: Role, cards: Vec<LoadCard>) -> Grip {
    let viewer = Viewer { id: UserId(uuid::Uuid::from_u128(1)), role, carrier: None, driver: None };
    Grip { viewer, cards, moving: Vec::new(), selected: false, can_undo: false, paused: false }
}

fn why_not(role: Role, deed: Deed, status: LoadStatus) -> Option<String> {
    grip(role, vec![card_in(1, status)]).refusal(deed)
}

#[test]
fn each_deed_stands_once_and_each_key_does_one_thing() {
    let mut keys = HashSet::new();
    let mut deeds = Vec::new();
    for entry in TABLE {
        assert!(!deeds.contains(&entry.deed), "{:?}", entry.deed);
        deeds.push(entry.deed);
        assert!(!entry.keys.is_empty(), "{:?} has a key", entry.deed);
        for key in entry.keys {
            assert!(keys.insert(key.label()), "{} is taken twice", key.label());
        }
    }
}

#[test]
fn the_keys_of_the_product_are_there() {
    let keys: HashSet<String> = TABLE.iter().flat_map(|entry| entry.keys.iter().map(|key| key.label())).collect();
    for key in ["Enter", "A", "D", "T", "C", "N", "1", "6", "/", "Space", "Esc", "Ctrl+A", "?", "Ctrl+K", "Ctrl+Z", "↑"]
    {
        assert!(keys.contains(key), "{key}");
    }
}

#[test]
fn every_lane_has_its_digit() {
    for (index, lane) in Lane::ALL.into_iter().enumerate() {
        assert_eq!(shortcut(Deed::To(lane)), (index + 1).to_string());
        assert_eq!(entry(Deed::To(lane)).map(|entry| entry.name), Some(format!("Move to {}", lane.label()).as_str()));
    }
}

#[test]
fn whoever_only_looks_is_told_so() {
    for deed in [Deed::Assign, Deed::Tender, Deed::Claim, Deed::Hot, Deed::NewLoad, Deed::Undo] {
        assert_eq!(
            why_not(Role::Support, deed, LoadStatus::Pending).as_deref(),
            Some("Your role may not change loads")
        );
    }
    assert_eq!(
        why_not(Role::Support, Deed::CheckCall, LoadStatus::Pending).as_deref(),
        Some("Your role may not log check calls")
    );
    for deed in [Deed::Details, Deed::Expand, Deed::Page, Deed::CopyNumber, Deed::Select, Deed::Export] {
        assert_eq!(why_not(Role::Support, deed, LoadStatus::Pending), None);
    }
}

#[test]
fn a_deed_applies_where_the_load_stands_right_for_it() {
    use LoadStatus::*;
    assert_eq!(why_not(Role::Dispatcher, Deed::Dispatch, Accepted), None);
    let reason = why_not(Role::Dispatcher, Deed::Dispatch, Pending);
    assert_eq!(reason.as_deref(), Some("Pending can't become Dispatched; the next step is Tendered"));
    assert_eq!(why_not(Role::Dispatcher, Deed::Assign, Pending), None);
    assert_eq!(why_not(Role::Dispatcher, Deed::Tender, InTransit).as_deref(), Some("It is in transit already"));
    let home = why_not(Role::Dispatcher, Deed::To(Lane::Unassigned), Pending);
    assert_eq!(home.as_deref(), Some("It is there already"));
}

#[test]
fn of_many_loads_one_that_can_is_enough() {
    let mixed = vec![card_in(1, LoadStatus::Pending), card_in(2, LoadStatus::Accepted)];
    assert_eq!(grip(Role::Dispatcher, mixed.clone()).refusal(Deed::Dispatch), None);
    assert_eq!(grip(Role::Dispatcher, mixed).refusal(Deed::CheckCall).as_deref(), Some("For one load at a time"));
    assert_eq!(grip(Role::Dispatcher, vec![]).refusal(Deed::Dispatch).as_deref(), Some("Choose a load first"));
    assert_eq!(grip(Role::Dispatcher, vec![]).refusal(Deed::Keys), None);
}

#[test]
fn names_say_what_would_happen_now() {
    let claimed = |id: u128| {
        let by = Person { id: UserId(uuid::Uuid::from_u128(id)), name: "Maria Lopez".into() };
        LoadCard { claimed_by: Some(by), ..card(1) }
    };
    let name = |card, deed| grip(Role::Dispatcher, vec![card]).name(deed);
    assert_eq!(name(card(1), Deed::Claim), "Claim");
    assert_eq!(name(claimed(1), Deed::Claim), "Release claim");
    assert_eq!(name(claimed(2), Deed::Claim), "Take over from Maria Lopez");
    assert_eq!(name(LoadCard { hot: true, ..card(1) }, Deed::Hot), "Remove hot mark");
    assert_eq!(name(card(1), Deed::Assign), "Assign carrier");
}

#[test]
fn nothing_that_moves_a_load_is_begun_while_it_is_on_its_way() {
    let moving = |cards: Vec<LoadCard>| Grip {
        moving: vec![(cards[0].id, LoadStatus::Tendered)],
        ..grip(Role::Dispatcher, cards)
    };
    let one = || moving(vec![card_in(1, LoadStatus::Pending)]);
    let says = Some("It is still being moved to Tendered. Wait for the answer");
    for deed in [Deed::Assign, Deed::Tender, Deed::Move, Deed::CheckCall, Deed::To(Lane::ALL[1])] {
        assert_eq!(one().refusal(deed).as_deref(), says, "{deed:?}");
    }
    assert_eq!([Deed::Claim, Deed::Hot, Deed::Details].map(|deed| one().refusal(deed)), [None, None, None]);
    let two = moving(vec![card_in(1, LoadStatus::Pending), card_in(2, LoadStatus::Pending)]);
    assert_eq!(two.refusal(Deed::Assign), None, "the other one can");
    assert_eq!(two.at_rest().into_iter().map(|card| card.id).collect::<Vec<_>>(), [card(2).id]);
}

#[test]
fn a_driver_reports_on_what_a_driver_sees() {
    assert_eq!(why_not(Role::Driver, Deed::CheckCall, LoadStatus::InTransit), None);
}
