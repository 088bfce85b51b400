//! Sortings, groups and counts of a lane.

use super::*;
use crate::domain::{
    load::{CarrierRef, Equipment},
    test_cards::{NOW, card, card_in},
    time::{DAY, HOUR},
};

fn ranked(card: &LoadCard, by: Sorting) -> Rank {
    rank(card, card.status, number_of(&card.load_number), by, NOW)
}

fn place(card: &LoadCard) -> Rank {
    ranked(card, Sorting::Urgency)
}

fn arranged(cards: &[LoadCard], by: Sorting, grouping: Grouping) -> (Vec<u128>, Vec<(usize, String, usize)>) {
    let mut arrangement = Arrangement::new(grouping);
    cards.iter().for_each(|card| arrangement.add(card, ranked(card, by)));
    arrangement.sort();
    let (ids, heads) = arrangement.read();
    let heads = heads.iter().map(|head| (head.first, head.name.clone(), head.count)).collect();
    (ids.iter().map(|id| id.as_u128()).collect(), heads)
}

fn sorted(cards: &[LoadCard], by: Sorting) -> Vec<u128> {
    let forward = arranged(cards, by, Grouping::None).0;
    let mut turned = cards.to_vec();
    turned.reverse();
    assert_eq!(forward, arranged(&turned, by, Grouping::None).0, "whatever order they come in");
    forward
}

/// Five loads of which each sorting makes another order: calm, due sooner, at risk, late, waiting too long.
fn lane() -> [LoadCard; 5] {
    let [calm, mut due_sooner, mut at_risk, mut late, mut forgotten] = [5, 6, 7, 8, 9].map(card);
    due_sooner.pickup.end = NOW.plus(5 * HOUR);
    at_risk.pickup.end = NOW.plus(HOUR / 2);
    late.pickup.end = NOW.plus(-HOUR);
    forgotten.status_since = NOW.plus(-2 * DAY);
    [calm, due_sooner, at_risk, late, forgotten]
}

#[test]
fn what_waits_too_long_comes_first_then_late_then_at_risk_then_what_is_due() {
    assert_eq!(sorted(&lane(), Sorting::Urgency), [9, 8, 7, 6, 5]);
}

#[test]
fn what_waits_too_long_is_on_top_under_urgency_only() {
    let mut cards = lane();
    cards[4].pickup.start = NOW.plus(9 * DAY);
    cards[4].delivery.start = NOW.plus(9 * DAY);
    for by in [Sorting::Pickup, Sorting::Delivery, Sorting::Number, Sorting::Customer, Sorting::Updated] {
        assert_eq!(sorted(&cards, by), [5, 6, 7, 8, 9], "{by:?}");
    }
}

#[test]
fn each_sorting_looks_at_its_own() {
    let mut cards = [1, 2, 3].map(card);
    cards[0].pickup.start = NOW.plus(3 * HOUR);
    cards[1].pickup.start = NOW.plus(HOUR);
    cards[2].pickup.start = NOW.plus(2 * HOUR);
    assert_eq!(sorted(&cards, Sorting::Pickup), [2, 3, 1]);
    cards[1].delivery.start = NOW.plus(9 * DAY);
    assert_eq!(sorted(&cards, Sorting::Delivery), [1, 3, 2]);
    cards[2].status_since = NOW.plus(-HOUR);
    assert_eq!(sorted(&cards, Sorting::InStatus), [3, 1, 2]);
    cards[1].updated_at = NOW.plus(HOUR);
    assert_eq!(sorted(&cards, Sorting::Updated), [2, 1, 3]);
    cards[0].customer = "acme west".into();
    assert_eq!(sorted(&cards, Sorting::Customer), [2, 3, 1]);
    assert_eq!(sorted(&cards, Sorting::Number), [1, 2, 3]);
}

#[test]
fn the_number_decides_between_equals() {
    for by in Sorting::ALL {
        assert!(ranked(&card(41), *by) < ranked(&card(42), *by), "{by:?}");
    }
    assert_eq!(number_of("LD-202611-00042"), 20_261_100_042);
}

#[test]
fn what_is_delivered_stands_newest_first() {
    let older = LoadCard { status_since: NOW.plus(-HOUR), ..card_in(1, LoadStatus::Delivered) };
    let newer = card_in(2, LoadStatus::Delivered);
    assert!(place(&newer) < place(&older));
}

#[test]
fn groups_stand_in_the_order_of_their_names_and_what_has_none_is_last() {
    let by = |number: u128, carrier: Option<&str>| {
        let carrier = carrier.map(|name| CarrierRef { name: name.into(), ..card(1).carrier.expect("a carrier") });
        LoadCard { carrier, ..card(number) }
    };
    let cards = [by(1, None), by(2, Some("zed")), by(3, Some("Beta")), by(4, Some("alpha")), by(5, Some("Beta"))];
    let (ids, heads) = arranged(&cards, Sorting::Number, Grouping::Carrier);
    assert_eq!(ids, [4, 3, 5, 2, 1]);
    let expected = [(0, "alpha", 1), (1, "Beta", 2), (3, "zed", 1), (4, "No carrier", 1)];
    assert_eq!(heads, expected.map(|(first, name, count)| (first, name.to_owned(), count)));
}

#[test]
fn a_carrier_that_is_called_no_carrier_has_a_group_of_its_own() {
    let called = CarrierRef { name: "No carrier".into(), ..card(1).carrier.expect("a carrier") };
    let cards = [LoadCard { carrier: None, ..card(1) }, LoadCard { carrier: Some(called), ..card(2) }];
    let mut arrangement = Arrangement::new(Grouping::Carrier);
    cards.iter().for_each(|card| arrangement.put(card, ranked(card, Sorting::Number)));
    let (_, heads) = arrangement.read();
    assert_eq!(heads.iter().map(|head| head.name.as_str()).collect::<Vec<_>>(), ["No carrier", "No carrier"]);
    assert_ne!(heads[0].key, heads[1].key);
}

#[test]
fn every_grouping_has_heads_and_no_grouping_has_none() {
    let cards = [card(1), LoadCard { equipment: Equipment::Reefer, ..card(2) }];
    let names = |grouping| -> Vec<String> {
        arranged(&cards, Sorting::Urgency, grouping).1.into_iter().map(|(_, name, _)| name).collect()
    };
    assert_eq!(names(Grouping::Equipment), ["Dry van", "Reefer"]);
    assert_eq!(names(Grouping::Customer), ["Acme"]);
    assert_eq!(names(Grouping::Dispatcher), ["No dispatcher"]);
    assert_eq!(names(Grouping::None), Vec::<String>::new());
    assert_eq!(arranged(&[], Sorting::Urgency, Grouping::Carrier), (vec![], vec![]));
}

#[test]
fn counts_name_the_whole_only_under_a_filter() {
    let order = |text: &str| {
        let mut view = BoardView::default();
        view.filter.text = text.into();
        LaneOrder { ids: Arc::new(vec![Uuid::nil(); 3]), total: 40, view: Arc::new(view), ..LaneOrder::default() }
    };
    assert_eq!((order("").count().as_str(), order("acme").count().as_str()), ("40", "3 of 40"));
}
