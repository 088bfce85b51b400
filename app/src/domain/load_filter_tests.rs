//! Filters: what passes, and how they stand in an address.

use super::*;
use crate::domain::{
    load::Person,
    test_cards::{NOW, card},
    time::{DAY, HOUR},
};
use uuid::Uuid;

const ME: UserId = UserId(Uuid::from_u128(1));

fn filter(query: &str) -> LoadFilter {
    let mut filter = LoadFilter::default();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        assert_eq!(filter.take(name, value), Ok(true), "{name}={value}");
    }
    filter
}

fn passes(query: &str, card: &LoadCard) -> bool {
    Sieve::new(&filter(query), ME, NOW).passes(card, &searched_text(card))
}

#[test]
fn text_finds_number_customer_carrier_driver_city_state_and_reference() {
    let mut load = card(42);
    load.customer = "Acme Foods".into();
    load.references = vec!["PO-77".into()];
    for text in ["00042", "acme", "SWIFT", "carlos", "joliet", "IL", "dallas tx", "po-77", "  foods   joliet "] {
        assert!(passes(&format!("q={text}"), &load), "{text}");
    }
    assert!(!passes("q=acme nobody", &load));
}

#[test]
fn values_of_a_kind_are_alternatives_and_kinds_narrow_down() {
    let load = card(1);
    assert!(passes("status=PENDING&status=TENDERED", &load));
    assert!(!passes("status=TENDERED", &load));
    assert!(passes("from=il&to=TX&equipment=dry_van&customer=Acme", &load));
    assert!(!passes("from=IL&to=GA", &load));
}

#[test]
fn nobodys_mine_and_a_certain_ones() {
    let mut load = card(1);
    assert!(!passes("carrier=none", &load));
    assert!(passes(&format!("carrier={}", Uuid::from_u128(7)), &load));
    assert!(passes("dispatcher=none", &load));
    load.carrier = None;
    load.dispatcher = Some(Person { id: ME, name: "Maria".into() });
    assert!(passes("carrier=none&dispatcher=me", &load));
    assert!(!passes(&format!("dispatcher={}", Uuid::from_u128(2)), &load));
}

#[test]
fn priorities_and_days_follow_the_clock() {
    let mut load = card(1);
    assert!(!passes("priority=late&priority=hot", &load));
    load.hot = true;
    assert!(passes("priority=late&priority=hot", &load));
    load.pickup.end = NOW.plus(HOUR / 2);
    assert!(passes("priority=at_risk", &load));
    assert!(passes("delivery=2026-11-23", &load));
    load.pickup = card(1).pickup;
    assert!(passes("pickup=tomorrow", &load));
    assert!(!passes("pickup=today", &load));
    assert!(Sieve::new(&filter("pickup=today"), ME, NOW.plus(DAY)).passes(&load, ""));
}

#[test]
fn a_filter_survives_the_address() {
    let carrier = Uuid::from_u128(7);
    let query = format!(
        "q=acme foods&status=PENDING&equipment=reefer&carrier=none&carrier={carrier}&customer=R,R&from=IL&to=TX&dispatcher=me&priority=hot&priority=at_risk&pickup=today&delivery=2026-11-21..2026-11-25"
    );
    let first = filter(&query);
    let pairs: Vec<String> = first.pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(pairs.join("&"), query);
    assert!(!first.is_empty());
    assert!(filter("q=  ").is_empty() && LoadFilter::default().is_empty());
}

#[test]
fn what_it_does_not_take_is_said_and_other_names_are_others() {
    let mut filter = LoadFilter::default();
    assert_eq!(filter.take("group", "carrier"), Ok(false));
    for (name, value) in
        [("status", "LOST"), ("carrier", "me"), ("carrier", "7"), ("from", "ILL"), ("pickup", "soon"), ("customer", "")]
    {
        let refused = filter.take(name, value).expect_err(value);
        assert!(refused.to_string().starts_with(&format!("{name} takes ")), "{refused}");
    }
    assert_eq!(filter, LoadFilter::default());
    for number in 0..=MOST_VALUES {
        let taken = filter.take("customer", &format!("Customer {number}"));
        assert_eq!(taken.is_ok(), number < MOST_VALUES, "{number}");
    }
}
