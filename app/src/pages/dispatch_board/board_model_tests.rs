//! Folding events, pending moves on top, and what an order of events can't change.

use super::*;
use crate::domain::test_cards::{NOW, card, card_in, id};
use crate::{
    domain::{
        geo::LatLng,
        id::{EventId, TenantId, UserId},
        position::{EtaState, PositionSource},
        time::{DAY, MINUTE},
    },
    events::{Envelope, LoadClaimed, LoadDeleted},
    pages::dispatch_board::board_view::BoardView,
};
use proptest::prelude::*;
use uuid::Uuid;

const ME: UserId = UserId(uuid::Uuid::from_u128(1));

fn envelope(data: AnyEvent) -> AnyEnvelope {
    Envelope {
        event: "load".into(),
        data,
        timestamp: NOW.plus(MINUTE),
        tenant_id: TenantId(Uuid::nil()),
        id: EventId(Uuid::nil()),
        stream: None,
        epoch: None,
        seq: None,
    }
}

fn stepped(number: u128, to: LoadStatus, version: i64) -> AnyEvent {
    AnyEvent::LoadStatusChanged(LoadStatusChanged {
        load_id: id(number),
        load_number: card(number).load_number,
        previous_status: LoadStatus::Pending,
        new_status: to,
        version,
        updated_by: None,
        reason: None,
    })
}

fn deleted(number: u128, version: i64) -> AnyEvent {
    let load_number = card(number).load_number;
    AnyEvent::LoadDeleted(LoadDeleted { load_id: id(number), load_number, version, updated_by: None })
}

fn updated(number: u128, status: LoadStatus, version: i64, customer: &str) -> AnyEvent {
    AnyEvent::LoadUpdated(LoadUpdated(LoadCard { version, customer: customer.into(), ..card_in(number, status) }))
}

fn board(cards: Vec<LoadCard>) -> BoardModel {
    let model = BoardModel::default();
    model.reset(Board { cards, now: NOW, rules: Default::default() });
    model
}

fn fold(model: &BoardModel, events: impl IntoIterator<Item = AnyEvent>) {
    events.into_iter().for_each(|event| model.fold(&envelope(event)));
}

fn committed(model: &BoardModel, number: u128) -> LoadCard {
    model.signals(id(number)).expect("a card").card.get_untracked()
}

fn lane(model: &BoardModel, lane: Lane) -> Vec<u128> {
    model.order(lane, Arc::default(), ME, NOW).ids.iter().map(|id| id.as_u128()).collect()
}

#[test]
fn a_step_moves_the_card_to_its_lane_and_keeps_who_and_when() {
    let model = board(vec![card(1), card(2)]);
    fold(&model, [stepped(1, LoadStatus::Tendered, 2)]);
    assert_eq!((lane(&model, Lane::Unassigned), lane(&model, Lane::Tendered)), (vec![2], vec![1]));
    let card = committed(&model, 1);
    assert_eq!((card.version, card.status_since), (2, NOW.plus(MINUTE)));
}

#[test]
fn a_claim_is_seen_though_the_version_does_not_count_it() {
    let model = board(vec![LoadCard { version: 5, ..card(1) }]);
    let claim = |claimed_by: Option<Person>| {
        let load_number = card(1).load_number;
        AnyEvent::LoadClaimed(LoadClaimed { load_id: id(1), load_number, claimed_by, previous: None })
    };
    let john = Person { id: ME, name: "John Miller".into() };
    fold(&model, [claim(Some(john.clone()))]);
    assert_eq!((committed(&model, 1).claimed_by, committed(&model, 1).version), (Some(john), 5));
    fold(&model, [claim(None)]);
    assert_eq!(committed(&model, 1).claimed_by, None);
}

fn claimed(number: u128, claimed_by: Option<Person>) -> AnyEvent {
    let load_number = card(number).load_number;
    AnyEvent::LoadClaimed(LoadClaimed { load_id: id(number), load_number, claimed_by, previous: None })
}

#[test]
fn an_answer_that_comes_late_leaves_what_events_have_told_meanwhile() {
    let model = board(vec![card(1)]);
    let john = Person { id: ME, name: "John Miller".into() };
    let answered = || LoadCard { version: 2, ..card_in(1, LoadStatus::Tendered) };

    // The step of one's own request, then a claim and another time of arrival; the answer knows of neither.
    let since = model.moment();
    fold(&model, [stepped(1, LoadStatus::Tendered, 2), claimed(1, Some(john.clone()))]);
    model.answer(answered(), since);
    assert_eq!(committed(&model, 1).claimed_by, Some(john.clone()));
    let since = model.moment();
    let told = LoadCard { eta: Some(NOW.plus(DAY)), ..answered() };
    fold(&model, [AnyEvent::LoadUpdated(LoadUpdated(told))]);
    model.answer(answered(), since);
    assert_eq!(committed(&model, 1).eta, Some(NOW.plus(DAY)));
    // What was told before it began, the answer knows.
    model.answer(answered(), model.moment());
    assert_eq!((committed(&model, 1).claimed_by, committed(&model, 1).eta), (None, card(1).eta));
}

#[test]
fn an_answer_counts_whose_version_is_newer_or_of_which_only_the_step_was_heard() {
    let model = board(vec![card(1)]);
    let john = Person { id: ME, name: "John Miller".into() };
    let since = model.moment();
    fold(&model, [claimed(1, Some(john.clone()))]);
    model.answer(LoadCard { version: 2, customer: "Other".into(), ..card(1) }, since);
    assert_eq!(committed(&model, 1).customer, "Other", "events come in their order: the claim was before");
    let since = model.moment();
    fold(&model, [claimed(1, Some(john)), stepped(1, LoadStatus::Tendered, 3)]);
    model.answer(LoadCard { version: 3, customer: "Another".into(), ..card_in(1, LoadStatus::Tendered) }, since);
    assert_eq!(committed(&model, 1).customer, "Another", "the step carries no more than the status");
    model.answer(LoadCard { version: 2, ..card(1) }, model.moment());
    assert_eq!(committed(&model, 1).version, 3, "older");
}

#[test]
fn the_first_snapshot_is_the_first_even_where_it_is_empty() {
    let model = board(Vec::new());
    let bare = || LoadCard { carrier: None, ..card_in(1, LoadStatus::Pending) };
    model.reset(Board { cards: vec![bare()], now: NOW, rules: Default::default() });
    assert_eq!(model.take_arrivals().into_keys().collect::<Vec<_>>(), [id(1)]);
    let full = board(vec![bare()]);
    assert!(full.take_arrivals().is_empty());
}

#[test]
fn a_load_keeps_why_its_tender_came_back_until_the_next() {
    let model = board(vec![card_in(1, LoadStatus::Tendered)]);
    let step = |from, to, version, reason: Option<&str>| {
        let AnyEvent::LoadStatusChanged(step) = stepped(1, to, version) else { panic!("a step") };
        let reason = reason.map(str::to_owned);
        AnyEvent::LoadStatusChanged(LoadStatusChanged { previous_status: from, reason, ..step })
    };
    let why = || committed(&model, 1).tender_returned;
    fold(&model, [step(LoadStatus::Tendered, LoadStatus::Pending, 2, Some("No truck in Ohio"))]);
    assert_eq!(why().as_deref(), Some("No truck in Ohio"));
    fold(&model, [step(LoadStatus::Pending, LoadStatus::Tendered, 4, None)]);
    assert_eq!(why(), None);
}

#[test]
fn a_position_in_time_breaks_the_silence_of_a_load_on_the_road_and_survives_an_older_card() {
    let model = board(vec![card_in(1, LoadStatus::InTransit), card_in(2, LoadStatus::Dispatched)]);
    let at = |number, minutes: i64, eta_state| LoadLocationUpdated {
        load_id: id(number),
        load_number: card(number).load_number,
        location: LatLng { lat: 41.0, lng: -87.0 },
        heading: None,
        speed: None,
        recorded_at: NOW.plus(minutes * MINUTE),
        source: PositionSource::Api,
        eta: Some(NOW.plus(DAY)),
        eta_state,
    };
    let on_track = |number| committed(&model, number).on_track_at.map(|at| at.since(NOW) / MINUTE);
    [1, 2, 3].into_iter().for_each(|number| model.locate(&at(number, 1, EtaState::OnTime)));
    assert_eq!((on_track(1), on_track(2)), (Some(1), None));
    model.locate(&at(1, 5, EtaState::OnTime));
    assert_eq!(on_track(1), Some(1), "every ten minutes is enough");
    model.locate(&at(1, 20, EtaState::Late));
    assert_eq!(on_track(1), Some(1), "late is not on track");
    model.locate(&at(1, 21, EtaState::OnTime));
    fold(&model, [updated(1, LoadStatus::InTransit, 2, "Acme")]);
    assert_eq!(on_track(1), Some(21));
}

#[test]
fn older_and_repeated_events_change_nothing() {
    let model = board(vec![LoadCard { version: 5, ..card_in(1, LoadStatus::Accepted) }]);
    fold(
        &model,
        [
            stepped(1, LoadStatus::Tendered, 4),
            stepped(1, LoadStatus::Dispatched, 5),
            updated(1, LoadStatus::Pending, 4, "Old"),
            deleted(1, 4),
        ],
    );
    assert_eq!(committed(&model, 1).status, LoadStatus::Accepted);
    assert_eq!(committed(&model, 1).customer, "Acme");
}

#[test]
fn a_card_of_the_same_version_completes_what_a_step_could_not_carry() {
    let model = board(vec![card(1)]);
    fold(&model, [stepped(1, LoadStatus::Tendered, 2), updated(1, LoadStatus::Tendered, 2, "Acme Foods")]);
    assert_eq!(committed(&model, 1).customer, "Acme Foods");
}

#[test]
fn a_deleted_load_is_gone_and_a_late_event_does_not_bring_it_back() {
    let model = board(vec![card(1)]);
    fold(&model, [deleted(1, 2), updated(1, LoadStatus::Pending, 1, "Late"), stepped(1, LoadStatus::Tendered, 2)]);
    assert!(model.signals(id(1)).is_none());
    assert_eq!(lane(&model, Lane::Unassigned), Vec::<u128>::new());
}

#[test]
fn a_created_load_appears_and_a_cancelled_one_leaves() {
    let model = board(vec![card(1)]);
    fold(&model, [AnyEvent::LoadCreated(LoadCreated(card(2))), stepped(1, LoadStatus::Cancelled, 2)]);
    assert_eq!(lane(&model, Lane::Unassigned), vec![2]);
}

#[test]
fn a_pending_move_is_shown_at_once_and_dropped_on_refusal() {
    let model = board(vec![card(1)]);
    assert!(model.intend(id(1), LoadStatus::Tendered));
    assert_eq!((lane(&model, Lane::Unassigned), lane(&model, Lane::Tendered)), (vec![], vec![1]));
    assert!(!model.intend(id(1), LoadStatus::Planning), "one move at a time");
    assert_eq!(committed(&model, 1).status, LoadStatus::Pending, "the committed card is untouched");
    model.drop_intent(id(1));
    assert_eq!((lane(&model, Lane::Unassigned), lane(&model, Lane::Tendered)), (vec![1], vec![]));
}

#[test]
fn a_refused_move_shows_what_others_committed_meanwhile() {
    let model = board(vec![card(1)]);
    model.intend(id(1), LoadStatus::Planning);
    fold(&model, [stepped(1, LoadStatus::Tendered, 2)]);
    assert_eq!(lane(&model, Lane::Unassigned), vec![1], "the move is still on its way");
    model.drop_intent(id(1));
    assert_eq!(lane(&model, Lane::Tendered), vec![1], "not what was before the move");
}

#[test]
fn a_load_that_is_being_cancelled_stays_in_its_lane_until_it_is() {
    let model = board(vec![card(1)]);
    model.intend(id(1), LoadStatus::Cancelled);
    assert_eq!(lane(&model, Lane::Unassigned), vec![1]);
    fold(&model, [stepped(1, LoadStatus::Cancelled, 2)]);
    model.drop_intent(id(1));
    assert_eq!(model.lane_of(id(1)), None);
}

#[test]
fn a_new_snapshot_replaces_everything_but_moves_on_their_way() {
    let model = board(vec![card(1), card(2)]);
    model.intend(id(1), LoadStatus::Tendered);
    model.reset(Board { cards: vec![card(1), card(3)], now: NOW, rules: Default::default() });
    assert_eq!((lane(&model, Lane::Unassigned), lane(&model, Lane::Tendered)), (vec![3], vec![1]));
}

#[test]
fn a_lane_is_filtered_and_still_knows_its_whole() {
    let model = board(vec![card(1), card(22), card(23)]);
    let mut view = BoardView::default();
    view.filter.text = "0002".into();
    let order = model.order(Lane::Unassigned, Arc::new(view), ME, NOW);
    assert_eq!((order.ids.len(), order.total, order.count().as_str()), (2, 3, "2 of 3"));
}

proptest! {
    /// However often and in whatever order the events of a load come, its board ends at the highest version.
    #[test]
    fn ends_at_the_highest_version_in_any_order_with_duplicates(order in prop::collection::vec(0..8usize, 1..40)) {
        let steps = [LoadStatus::Tendered, LoadStatus::Accepted, LoadStatus::Dispatched, LoadStatus::AtPickup];
        let event = |n: usize| {
            let version = 2 + n as i64;
            let status = steps[n % steps.len()];
            if n.is_multiple_of(2) { stepped(1, status, version) } else { updated(1, status, version, "Acme") }
        };
        let model = board(vec![card(1)]);
        fold(&model, order.iter().map(|n| event(*n)));
        let last = *order.iter().max().unwrap_or(&0);
        let end = committed(&model, 1);
        prop_assert_eq!((end.version, end.status), (2 + last as i64, steps[last % steps.len()]));
        prop_assert_eq!(model.lane_of(id(1)), end.status.lane());
    }

    /// Moves and events in any mixture: each load is in exactly the lane of what is shown.
    #[test]
    fn every_load_stands_in_one_lane(acts in prop::collection::vec((0..3u8, 1..4u128, 0..12usize), 0..60)) {
        let model = board(vec![card(1), card(2), card(3)]);
        let mut version = 1;
        for (act, number, status) in acts {
            version += 1;
            match act {
                0 => fold(&model, [stepped(number, LoadStatus::ALL[status], version)]),
                1 => { model.intend(id(number), LoadStatus::ALL[status]); }
                _ => model.drop_intent(id(number)),
            }
        }
        let shown: Vec<u128> = Lane::ALL.into_iter().flat_map(|l| lane(&model, l)).collect();
        for number in 1..4 {
            let signals = model.signals(id(number)).expect("a card");
            let intended = signals.intent.get_untracked().and_then(LoadStatus::lane);
            let expected = intended.or(signals.card.get_untracked().status.lane());
            prop_assert_eq!(model.lane_of(id(number)), expected);
            prop_assert_eq!(shown.iter().filter(|n| **n == number).count(), usize::from(expected.is_some()));
        }
    }
}

#[test]
fn a_load_is_found_by_its_words_and_first_by_its_number() {
    let mut other = card(142);
    other.origin.city = "Peoria".into();
    let model = board(vec![card(42), other, card(420)]);
    let found = |query: &str, most| {
        let words: Vec<String> = query.split(' ').map(str::to_owned).collect();
        model.find(&words, most).into_iter().map(|card| number_of(&card.load_number) % 1_000).collect::<Vec<_>>()
    };
    assert_eq!(found("42", 9), [42, 420, 142]);
    assert_eq!(found("peoria 42", 9), [142]);
    assert_eq!(found("acme", 2), [420, 142]);
    assert_eq!(found("nobody", 9), Vec::<u64>::new());
    fold(&model, [stepped(42, LoadStatus::Cancelled, 2)]);
    assert_eq!(found("42", 9), [420, 142], "a cancelled load is in no lane");
}

proptest! {
    /// A lane that was asked again and again stands as one that is asked for the first time.
    #[test]
    fn a_lane_that_was_kept_up_stands_as_one_arranged_anew(
        deeds in prop::collection::vec((0..9u128, 0..7usize, 0..5usize), 1..60),
        many in prop::bool::ANY,
    ) {
        let model = board((0..if many { 90 } else { 6 }).map(card).collect());
        let mut filtered = BoardView::default();
        filtered.filter.text = "0000".into();
        let views = [Arc::new(BoardView::default()), Arc::new(filtered)];
        for (step, (number, deed, status)) in deeds.into_iter().enumerate() {
            let version = step as i64 + 2;
            let status = [LoadStatus::Pending, LoadStatus::Tendered, LoadStatus::Accepted, LoadStatus::Cancelled, LoadStatus::Delivered][status];
            match deed {
                0 => fold(&model, [deleted(number, version)]),
                1 => { model.intend(id(number), status); }
                2 => model.drop_intent(id(number)),
                3 => fold(&model, [updated(number, status, version, "0000 Foods")]),
                _ => fold(&model, [stepped(number, status, version)]),
            }
            for at in Lane::ALL {
                for view in &views[step % 3 / 2..] {
                    let kept = model.order(at, view.clone(), ME, NOW);
                    // Another view asks anew; so does coming back to it.
                    model.order(at, Arc::default(), UserId(Uuid::nil()), NOW);
                    let anew = model.order(at, view.clone(), ME, NOW);
                    prop_assert_eq!(kept, anew);
                }
                model.order(at, views[0].clone(), ME, NOW);
            }
        }
    }
}
