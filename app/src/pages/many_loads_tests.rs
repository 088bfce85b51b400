//! What is said of each of many loads, whatever the answers are.

use super::*;
use crate::domain::test_cards::{card, id};
use std::{
    cell::{Cell, RefCell},
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Writes down what it hears, and stops after so many portions.
#[derive(Default)]
struct Log {
    sent: RefCell<Vec<Vec<LoadId>>>,
    learned: RefCell<Vec<LoadId>>,
    ended: RefCell<Vec<LoadId>>,
    stops_after: Cell<Option<usize>>,
}

fn ids(cards: &[LoadCard]) -> Vec<LoadId> {
    cards.iter().map(|card| card.id).collect()
}

impl Course for Log {
    fn is_stopped(&self) -> bool {
        self.stops_after.get().is_some_and(|most| self.sent.borrow().len() >= most)
    }

    fn sends(&self, portion: &[LoadCard]) {
        self.sent.borrow_mut().push(ids(portion));
    }

    fn learned(&self, card: LoadCard) {
        self.learned.borrow_mut().push(card.id);
    }

    fn ended(&self, portion: &[LoadCard]) {
        self.ended.borrow_mut().extend(ids(portion));
    }
}

/// Works through five loads in portions of two.
fn work(log: &Log, send: impl AsyncFn(&[LoadCard]) -> Result<Vec<BulkResult>, ApiError>) -> (bool, Tally) {
    let loads: Vec<_> = (1..=5).map(card).collect();
    let mut tally = Tally::default();
    let done = {
        let work = pin!(work_through(&loads, 2, log, &mut tally, send));
        match work.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("it waits for nothing"),
        }
    };
    (done, tally)
}

fn good(card: &LoadCard) -> BulkResult {
    BulkResult { id: card.id, ok: true, load: Some(card.clone()), error: None }
}

fn refusal(number: u128, message: &str) -> BulkResult {
    let error = Some(ApiError::new(ErrorCode::RuleBroken, message));
    BulkResult { id: id(number), ok: false, load: None, error }
}

fn reasons(tally: &Tally) -> Vec<(&str, &str)> {
    tally.refused.iter().map(|(number, reason)| (&number[number.len() - 1..], reason.as_str())).collect()
}

#[test]
fn every_load_is_sent_once_and_told_to_be_done() {
    let log = Log::default();
    let (done, tally) = work(&log, async |cards| Ok(cards.iter().map(good).collect()));
    assert!(done && tally.refused.is_empty());
    assert_eq!(*log.sent.borrow(), [vec![id(1), id(2)], vec![id(3), id(4)], vec![id(5)]]);
    assert_eq!((log.learned.take(), tally.good), (log.ended.take(), (1..=5).map(id).collect()));
}

#[test]
fn what_the_answer_does_not_name_is_not_claimed() {
    let mut tally = Tally::default();
    let done = BulkResult { id: id(1), ok: true, load: Some(LoadCard { version: 2, ..card(1) }), error: None };
    let results = vec![refusal(2, "LD-202611-00002 was not moved: it has no carrier."), done];
    let cards = tally.take(&[card(1), card(2), card(3)], results);
    assert_eq!((cards.len(), cards[0].version, tally.good), (1, 2, vec![id(1)]));
    assert_eq!(tally.refused[0], ("LD-202611-00002".into(), "It has no carrier.".into()));
    assert!(tally.refused[1].1.starts_with("The answer does not say"), "{:?}", tally.refused);
}

#[test]
fn an_answer_that_does_not_come_ends_it_and_only_the_rest_is_said_to_be_unsent() {
    let log = Log::default();
    let (done, tally) = work(&log, async |cards| match cards[0].id == id(3) {
        true => Err(ApiError::unreachable("down")),
        false => Ok(cards.iter().map(good).collect()),
    });
    let unknown = "No answer came. Look at it before you try again.";
    let unsent = "Not sent: the server can't be reached.";
    assert!(done);
    assert_eq!((log.sent.borrow().len(), tally.good.as_slice()), (2, [id(1), id(2)].as_slice()));
    assert_eq!(reasons(&tally), [("3", unknown), ("4", unknown), ("5", unsent)]);
    assert_eq!(log.ended.take(), (1..=5).map(id).collect::<Vec<_>>());
}

#[test]
fn what_is_stopped_leaves_the_rest_unsent_and_a_portion_that_is_refused_does_not() {
    let log = Log::default();
    log.stops_after.set(Some(2));
    let (_, tally) = work(&log, async |cards| match cards[0].id == id(1) {
        true => Err(ApiError::new(ErrorCode::RuleBroken, "Not now.")),
        false => Ok(cards.iter().map(good).collect()),
    });
    let stopped = "Not sent: you stopped before its turn.";
    assert_eq!(reasons(&tally), [("1", "Not now."), ("2", "Not now."), ("5", stopped)]);
}

#[test]
fn a_session_that_is_over_ends_everything_that_is_under_way() {
    let log = Log::default();
    let (done, _) = work(&log, async |cards| match cards[0].id == id(3) {
        true => Err(ApiError::new(ErrorCode::Unauthorized, "Log in.")),
        false => Ok(cards.iter().map(good).collect()),
    });
    assert!(!done);
    assert_eq!(log.ended.take(), (1..=5).map(id).collect::<Vec<_>>());
}
