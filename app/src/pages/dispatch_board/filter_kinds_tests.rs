//! What is offered, chosen and said of each kind.

use super::super::filter_kinds::{Kind::*, clear, summary, toggle};
use super::{Kind, LoadFilter, LoadStatus, UserId, chosen, name_on_board, offers};
use crate::domain::{
    load::{LoadCard, Person},
    test_cards::{NOW, card, card_in},
};
use uuid::Uuid;

const ME: UserId = UserId(Uuid::from_u128(1));
const JOHN: UserId = UserId(Uuid::from_u128(2));

fn board() -> Vec<LoadCard> {
    let mut cards = vec![card(1), card_in(2, LoadStatus::Tendered), card(3), card(4)];
    cards[1].customer = "beta".into();
    cards[2].carrier = None;
    cards[2].dispatcher = Some(Person { id: JOHN, name: "John".into() });
    cards[3].dispatcher = Some(Person { id: ME, name: "Maria".into() });
    cards[3].hot = true;
    cards[3].customer = "Zed".into();
    cards
}

fn filter(query: &str) -> LoadFilter {
    super::super::board_view::BoardView::parse(query).filter
}

fn offered(kind: Kind, query: &str) -> Vec<(String, String, usize)> {
    let cards = board();
    let survey = |see: &mut dyn FnMut(&LoadCard, &str)| cards.iter().for_each(|card| see(card, ""));
    let offers = offers(kind, &filter(query), ME, NOW, &survey);
    offers.into_iter().map(|offer| (offer.value, offer.label, offer.count)).collect()
}

fn labels(kind: Kind, query: &str) -> Vec<(String, usize)> {
    offered(kind, query).into_iter().map(|(_, label, count)| (label, count)).collect()
}

fn told(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
}

#[test]
fn what_loads_have_is_offered_with_counts_in_an_order_that_stays() {
    assert_eq!(labels(Status, ""), told(&[("Pending", 3), ("Tendered", 1)]));
    assert_eq!(labels(Customer, ""), told(&[("Acme", 2), ("beta", 1), ("Zed", 1)]));
    assert_eq!(labels(Carrier, ""), told(&[("No carrier", 1), ("Swift Haul", 3)]));
    assert_eq!(labels(Dispatcher, ""), told(&[("Me", 1), ("No dispatcher", 2), ("John", 1)]));
    assert_eq!(labels(Priority, ""), told(&[("Hot", 1), ("Exception", 0), ("Late", 0), ("At risk", 0)]));
    assert_eq!(labels(Pickup, ""), told(&[("Today", 0), ("Tomorrow", 4)]));
}

#[test]
fn counts_say_what_is_left_beside_the_other_kinds_and_not_beside_ones_own() {
    assert_eq!(labels(Customer, "status=TENDERED"), told(&[("Acme", 0), ("beta", 1), ("Zed", 0)]));
    assert_eq!(labels(Customer, "customer=Zed"), told(&[("Acme", 2), ("beta", 1), ("Zed", 1)]));
}

#[test]
fn what_is_chosen_is_offered_though_no_load_has_it() {
    let gone = Uuid::from_u128(99).to_string();
    let offers = offered(Carrier, &format!("carrier={gone}"));
    assert_eq!(offers.last(), Some(&(gone, "Not on the board".into(), 0)));
    assert_eq!(offered(Destination, "to=AK").last(), Some(&("AK".into(), "AK".into(), 0)));
}

#[test]
fn a_value_is_chosen_and_taken_back_and_the_rest_stays() {
    let first = filter("q=x&customer=A&customer=B&pickup=today");
    let mut view = first.clone();
    for kind in Kind::ALL {
        let value = match kind {
            Pickup | Delivery => "tomorrow",
            Status => "TENDERED",
            Equipment => "reefer",
            Carrier | Dispatcher => "none",
            Customer => "C, D & E",
            Origin | Destination => "TX",
            Priority => "at_risk",
        };
        let before = view.clone();
        toggle(&mut view, kind, value);
        assert!(chosen(&view, kind).contains(&value.to_owned()), "{kind:?}");
        if kind == Pickup {
            view.clone_from(&before);
            continue;
        }
        toggle(&mut view, kind, value);
        assert_eq!(view, before, "{kind:?}");
    }
    assert_eq!(view, first);
    clear(&mut view, Customer);
    assert_eq!(view, filter("q=x&pickup=today"));
    clear(&mut view, Pickup);
    assert_eq!(view, filter("q=x"));
}

#[test]
fn the_text_keeps_the_space_that_is_being_typed() {
    let mut view = LoadFilter { text: "acme ".into(), ..LoadFilter::default() };
    toggle(&mut view, Origin, "IL");
    toggle(&mut view, Origin, "IL");
    assert_eq!(view.text, "acme ");
}

#[test]
fn a_chip_says_the_first_value_and_how_many_more() {
    let said = |kind, query: &str| {
        let swift = |id: &str| (id == Uuid::from_u128(7).to_string()).then(|| "Swift Haul".to_owned());
        summary(kind, &filter(query), &swift).map(|summary| (summary.first, summary.more, summary.all))
    };
    let expected = |first: &str, more, all: &str| Some((first.to_owned(), more, all.to_owned()));
    assert_eq!(said(Status, ""), None);
    let carriers = format!("carrier=none&carrier={}", Uuid::from_u128(7));
    assert_eq!(said(Carrier, &carriers), expected("None", 1, "None, Swift Haul"));
    assert_eq!(
        said(Carrier, &format!("carrier={}", Uuid::from_u128(9))),
        expected("Not on the board", 0, "Not on the board")
    );
    assert_eq!(said(Status, "status=TENDERED&status=PENDING"), expected("Pending", 1, "Pending, Tendered"));
    assert_eq!(said(Pickup, "pickup=today"), expected("Today", 0, "Today"));
    assert_eq!(said(Delivery, "delivery=2026-11-21..2026-11-25"), expected("Nov 21 – Nov 25", 0, "Nov 21 – Nov 25"));
}

#[test]
fn names_come_from_the_loads_that_have_them() {
    let cards = board();
    let survey = |see: &mut dyn FnMut(&LoadCard, &str)| cards.iter().for_each(|card| see(card, ""));
    assert_eq!(name_on_board(Carrier, &Uuid::from_u128(7).to_string(), &survey).as_deref(), Some("Swift Haul"));
    assert_eq!(name_on_board(Dispatcher, &JOHN.to_string(), &survey).as_deref(), Some("John"));
    assert_eq!(name_on_board(Carrier, "nobody", &survey), None);
}
