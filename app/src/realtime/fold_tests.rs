//! What becomes of an event, case by case.

use super::*;
use crate::{
    domain::{
        id::{EventId, TenantId},
        time::Timestamp,
    },
    events::{Envelope, Payload, TENANT_STREAM},
};
use uuid::Uuid;

const NOTHING: [i64; 0] = [];

pub(super) const DISPATCH: Namespace = Namespace::Dispatch;

pub(super) fn event(epoch: &str, seq: i64) -> RawEnvelope {
    Envelope {
        event: "load:updated".into(),
        data: Payload::of(&()).unwrap(),
        timestamp: Timestamp::from_millis(0),
        tenant_id: TenantId(Uuid::nil()),
        id: EventId(Uuid::from_u128(seq as u128)),
        stream: Some(TENANT_STREAM.into()),
        epoch: Some(epoch.into()),
        seq: Some(seq),
    }
}

fn heard(seq: i64) -> Heard {
    Heard::Event(DISPATCH, Rc::new(event("a", seq)))
}

pub(super) fn state(epoch: &str, seq: i64, recovered: bool) -> Heard {
    Heard::State(DISPATCH, StreamState { stream: TENANT_STREAM.into(), epoch: epoch.into(), seq, recovered })
}

pub(super) fn at(epoch: &str, seq: i64) -> Cursor {
    Cursor { epoch: epoch.into(), seq }
}

pub(super) fn cursors(cursor: Cursor) -> Cursors {
    Cursors::from([(DISPATCH, BTreeMap::from([(TENANT_STREAM.into(), cursor)]))])
}

fn page(seqs: impl IntoIterator<Item = i64>, cursor: i64, more: bool) -> EventPage {
    let data = seqs.into_iter().map(|seq| event("a", seq)).collect();
    EventPage { data, cursor: at("a", cursor), recovered: true, more }
}

fn unrecovered() -> EventPage {
    EventPage { data: Vec::new(), cursor: at("b", 3), recovered: false, more: false }
}

/// A fold that stands at 10.
fn fold_at_ten() -> Fold {
    let mut fold = Fold::default();
    fold.fetched(cursors(at("a", 10)), 0, 0);
    fold
}

fn seqs(events: impl IntoIterator<Item = Due>) -> Vec<i64> {
    events.into_iter().filter_map(|(_, event)| event.seq).collect()
}

fn hear(fold: &mut Fold, heard: &Heard) -> Vec<i64> {
    seqs(fold.hear(heard, 5))
}

/// Later than any pause, so that what is to be asked is asked.
const LATER: i64 = 1_000_000;

fn fills_from(fold: &mut Fold) -> Option<i64> {
    match fold.next(LATER) {
        Next::Run(Job::Fill(question)) => Some(question.after.seq),
        _ => None,
    }
}

fn fetches(fold: &mut Fold) -> bool {
    matches!(fold.next(LATER), Next::Run(Job::Fetch))
}

fn is_idle(fold: &mut Fold) -> bool {
    matches!(fold.next(LATER), Next::Nothing)
}

#[test]
fn the_next_event_is_folded_an_earlier_one_dropped() {
    let mut fold = fold_at_ten();
    assert_eq!(hear(&mut fold, &heard(11)), [11]);
    assert_eq!(hear(&mut fold, &heard(11)), NOTHING);
    assert_eq!(hear(&mut fold, &heard(9)), NOTHING);
    assert_eq!(hear(&mut fold, &heard(12)), [12]);
    assert!(is_idle(&mut fold));
}

#[test]
fn a_gap_is_filled_and_what_is_heard_meanwhile_comes_after() {
    let mut fold = fold_at_ten();
    assert_eq!(hear(&mut fold, &heard(13)), NOTHING);
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(hear(&mut fold, &heard(14)), NOTHING);
    assert!(is_idle(&mut fold), "one question at a time");
    assert_eq!(seqs(fold.filled(page([11, 12, 13], 13, false), 0, 0)), [11, 12, 13, 14]);
    assert!(fold.is_settled());
}

#[test]
fn a_long_gap_is_filled_page_by_page_without_a_pause() {
    let mut fold = fold_at_ten();
    hear(&mut fold, &heard(15));
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(seqs(fold.filled(page([11, 12], 12, true), 0, LATER)), [11, 12]);
    assert_eq!(fills_from(&mut fold), Some(12));
    assert_eq!(seqs(fold.filled(page([13, 14, 15], 15, false), 0, LATER)), [13, 14, 15]);
    assert!(is_idle(&mut fold));
}

#[test]
fn what_can_not_be_continued_needs_the_snapshot() {
    for (why, what) in [
        ("another epoch", Heard::Event(DISPATCH, Rc::new(event("b", 11)))),
        ("a state of another epoch", state("b", 10, true)),
        ("not recovered", state("a", 12, false)),
    ] {
        let mut fold = fold_at_ten();
        assert_eq!(hear(&mut fold, &what), NOTHING, "{why}");
        assert!(fetches(&mut fold), "{why}");
        assert_eq!(hear(&mut fold, &Heard::Event(DISPATCH, Rc::new(event("b", 21)))), NOTHING);
        assert_eq!(seqs(fold.fetched(cursors(at("b", 20)), 7, 7)), [21], "{why}");
        assert!(fold.is_settled(), "{why}");
    }
}

#[test]
fn a_gap_that_is_not_known_any_more_needs_the_snapshot() {
    let mut fold = fold_at_ten();
    hear(&mut fold, &heard(5_000));
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(seqs(fold.filled(unrecovered(), 0, 0)), NOTHING);
    assert!(fetches(&mut fold));
}

#[test]
fn a_page_with_a_hole_is_not_believed() {
    for (why, page) in [
        ("a hole", page([11, 13], 13, false)),
        ("a cursor beyond its events", page([11], 12, false)),
        ("more of nothing", page([], 10, true)),
    ] {
        let mut fold = fold_at_ten();
        fold.poll();
        assert_eq!(fills_from(&mut fold), Some(10));
        fold.filled(page, 0, 0);
        assert!(fetches(&mut fold), "{why}");
    }
}

#[test]
fn the_last_event_missed_is_learned_from_the_state() {
    let mut fold = fold_at_ten();
    hear(&mut fold, &state("a", 11, true));
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(seqs(fold.filled(page([11], 11, false), 0, 0)), [11]);
}

#[test]
fn a_state_that_says_nothing_was_missed_asks_nothing() {
    let mut fold = fold_at_ten();
    hear(&mut fold, &state("a", 10, false));
    hear(&mut fold, &state("a", 9, true));
    assert!(is_idle(&mut fold));
    assert_eq!(fold.fresh_at(), Some(5));
}

#[test]
fn before_the_snapshot_everything_waits_for_it() {
    let mut fold = Fold::default();
    for seq in [9, 10, 11, 12] {
        assert_eq!(hear(&mut fold, &heard(seq)), NOTHING);
    }
    assert!(is_idle(&mut fold), "the first snapshot is not asked for here");
    assert_eq!(seqs(fold.fetched(cursors(at("a", 10)), 0, 0)), [11, 12]);
}

#[test]
fn what_could_not_be_held_is_asked_for() {
    let mut fold = Fold::default();
    for seq in 1..=HOLD as i64 + 5 {
        hear(&mut fold, &heard(seq));
    }
    assert_eq!(fold.fetched(cursors(at("a", 0)), 0, 0).len(), HOLD);
    assert_eq!(fills_from(&mut fold), Some(HOLD as i64));
}

#[test]
fn streams_that_the_snapshot_does_not_name_are_not_folded() {
    let mut fold = fold_at_ten();
    assert_eq!(hear(&mut fold, &Heard::Event(Namespace::Events, Rc::new(event("a", 11)))), NOTHING);
    assert_eq!(
        hear(&mut fold, &Heard::Event(DISPATCH, Rc::new(Envelope { stream: Some("user:x".into()), ..event("a", 11) }))),
        NOTHING
    );
    assert!(is_idle(&mut fold));
}

#[test]
fn volatile_events_of_the_namespace_are_folded_as_they_come() {
    let volatile = Rc::new(Envelope { stream: None, epoch: None, seq: None, ..event("a", 1) });
    let mut fold = fold_at_ten();
    assert!(fold.hear(&Heard::Event(DISPATCH, volatile.clone()), 0).is_some());
    assert!(fold.hear(&Heard::Event(Namespace::Events, volatile), 0).is_none());
}

#[test]
fn a_refetch_that_was_asked_for_and_failed_leaves_all_as_it_was_and_is_tried_again_later() {
    let mut fold = fold_at_ten();
    fold.refetch();
    assert!(fetches(&mut fold));
    assert_eq!(hear(&mut fold, &heard(11)), NOTHING);
    assert_eq!(seqs(fold.failed(0)), [11]);
    assert_eq!(hear(&mut fold, &heard(12)), [12], "what comes meanwhile is folded in");
    assert!(matches!(fold.next(0), Next::Wait(1_000)));
    assert!(fetches(&mut fold));
    fold.failed(LATER);
    fold.refetch();
    assert!(matches!(fold.next(LATER), Next::Run(Job::Fetch)), "whoever asks again waits for nothing");
}

#[test]
fn a_second_wish_while_the_first_is_under_way_is_fetched_again() {
    let mut fold = fold_at_ten();
    fold.refetch();
    assert!(fetches(&mut fold));
    fold.refetch();
    fold.fetched(cursors(at("a", 10)), 0, 0);
    assert!(fetches(&mut fold));
}

#[test]
fn questions_that_fail_are_asked_at_growing_distances_until_there_is_hope() {
    let mut fold = fold_at_ten();
    hear(&mut fold, &heard(12));
    let mut now = LATER;
    for pause in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
        assert!(matches!(fold.next(now), Next::Run(Job::Fill(_))));
        fold.failed(now);
        assert!(matches!(fold.next(now), Next::Wait(wait) if wait == pause), "{pause}");
        now += pause;
    }
    assert!(matches!(fold.next(now), Next::Run(_)));
    fold.failed(now);
    fold.start_over(now);
    assert!(matches!(fold.next(now), Next::Run(_)));
}

#[test]
fn a_question_that_hangs_is_asked_again_when_the_server_is_back() {
    let mut fold = fold_at_ten();
    fold.poll();
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(seqs(fold.start_over(0)), NOTHING);
    assert_eq!(fills_from(&mut fold), Some(10));
    assert_eq!(hear(&mut fold, &heard(11)), [11], "nothing is between");
    fold.filled(page([], 11, false), 0, 0);

    fold.refetch();
    assert!(fetches(&mut fold));
    fold.start_over(0);
    assert!(fetches(&mut fold));
}

#[test]
fn a_poll_asks_for_every_stream_without_a_pause_between_them() {
    let mut fold = Fold::default();
    let mut both = cursors(at("a", 10));
    both.insert(Namespace::Events, BTreeMap::from([(TENANT_STREAM.into(), at("a", 10))]));
    fold.fetched(both, 0, 0);
    fold.poll();
    for _ in 0..2 {
        assert!(matches!(fold.next(7), Next::Run(Job::Fill(_))));
        assert_eq!(fold.fresh_at(), Some(0), "until all are in");
        fold.filled(page([], 10, false), 6, 7);
    }
    assert!(is_idle(&mut fold));
    assert_eq!(fold.fresh_at(), Some(6));
}

#[test]
fn an_event_that_can_not_be_read_does_not_fetch_at_its_own_pace() {
    let mut fold = fold_at_ten();
    fold.lose_track();
    assert!(matches!(fold.next(400), Next::Wait(600)));
    assert!(matches!(fold.next(1_000), Next::Run(Job::Fetch)));
}
