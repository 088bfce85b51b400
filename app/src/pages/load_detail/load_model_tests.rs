use super::*;
use crate::{
    domain::{
        geo::LatLng,
        id::{ConversationId, EventId, MessageId, TenantId, UserId},
        position::{EtaState, PositionSource},
        test_cards::{NOW, card, id, two_stops},
    },
    events::{LoadDeleted, LoadLocationBatch, MessageNew, StopArrived, StopDeparted},
};
use uuid::Uuid;

fn envelope(data: AnyEvent) -> AnyEnvelope {
    AnyEnvelope {
        event: String::new(),
        data,
        timestamp: NOW.plus(5_000),
        tenant_id: TenantId(Uuid::nil()),
        id: EventId(Uuid::nil()),
        stream: Some("tenant".into()),
        epoch: None,
        seq: None,
    }
}

fn volatile(data: AnyEvent) -> AnyEnvelope {
    AnyEnvelope { stream: None, ..envelope(data) }
}

fn begun() -> LoadModel {
    let model = LoadModel::new(id(1));
    model.reset(LoadDetail {
        load: Load { card: card(1), stops: two_stops() },
        position: None,
        now: NOW,
        rules: Default::default(),
    });
    model
}

fn shown(model: &LoadModel) -> LoadCard {
    model.card().get_untracked().expect("a card")
}

fn moved(number: u128, version: i64) -> AnyEvent {
    moved_to(number, version, LoadStatus::Tendered)
}

fn moved_to(number: u128, version: i64, to: LoadStatus) -> AnyEvent {
    AnyEvent::LoadStatusChanged(LoadStatusChanged {
        load_id: id(number),
        load_number: "LD-1".into(),
        previous_status: LoadStatus::Pending,
        new_status: to,
        version,
        updated_by: None,
        reason: None,
    })
}

fn located(at: i64) -> LoadLocationUpdated {
    LoadLocationUpdated {
        load_id: id(1),
        load_number: "LD-1".into(),
        location: LatLng { lat: 40.0, lng: -90.0 },
        heading: None,
        speed: None,
        recorded_at: NOW.plus(at),
        source: PositionSource::Driver,
        eta: None,
        eta_state: EtaState::OnTime,
    }
}

#[test]
fn a_step_is_taken_in_once_and_asks_for_nothing() {
    let model = begun();
    model.fold(&envelope(moved(1, 2)));
    assert_eq!((shown(&model).status, shown(&model).version), (LoadStatus::Tendered, 2));
    assert_eq!(shown(&model).status_since, NOW.plus(5_000));
    assert_eq!((model.heard().get_untracked(), model.outdated().get_untracked()), (1, 0));
    model.fold(&envelope(AnyEvent::LoadUpdated(LoadUpdated(card(1)))));
    assert_eq!(shown(&model).version, 2, "what is older is dropped");
}

fn passed(model: &LoadModel) -> Vec<(Option<Timestamp>, Option<Timestamp>)> {
    model.stops().with_untracked(|stops| stops.iter().map(|stop| (stop.arrived_at, stop.departed_at)).collect())
}

#[test]
fn a_step_says_of_the_stops_what_the_server_says_and_a_step_back_takes_it_back() {
    let model = begun();
    let then = Some(NOW.plus(5_000));
    model.fold(&envelope(moved_to(1, 2, LoadStatus::AtPickup)));
    assert_eq!(passed(&model), [(then, None), (None, None)]);
    model.fold(&envelope(moved_to(1, 3, LoadStatus::PickedUp)));
    assert_eq!(passed(&model), [(then, then), (None, None)]);
    model.fold(&envelope(moved_to(1, 4, LoadStatus::Dispatched)));
    assert_eq!(passed(&model), [(None, None), (None, None)]);
    assert!(!model.stops_are_behind() && model.outdated().get_untracked() == 0);
}

#[test]
fn the_answer_to_ones_own_step_and_its_event_are_one_step() {
    let model = begun();
    let answer = LoadCard { version: 2, status: LoadStatus::AtPickup, status_since: NOW, ..card(1) };
    model.take(answer);
    assert_eq!(passed(&model), [(Some(NOW), None), (None, None)]);
    model.fold(&envelope(moved_to(1, 2, LoadStatus::AtPickup)));
    assert_eq!(passed(&model), [(Some(NOW), None), (None, None)]);
    assert!(!model.stops_are_behind() && model.outdated().get_untracked() == 0);
}

#[test]
fn a_change_of_the_load_or_a_version_that_was_not_told_asks_for_the_stops() {
    let model = begun();
    model.fold(&envelope(AnyEvent::LoadUpdated(LoadUpdated(LoadCard { version: 2, ..card(1) }))));
    assert!(model.stops_are_behind() && model.outdated().get_untracked() == 1);
    // The step after it can't be read without the stops before it.
    model.fold(&envelope(moved_to(1, 3, LoadStatus::AtPickup)));
    assert!(model.stops_are_behind() && model.outdated().get_untracked() == 2);
    let mut stops = two_stops();
    stops[0].arrived_at = Some(NOW);
    model.take_whole(Load { card: shown(&model), stops });
    assert!(!model.stops_are_behind());
    model.fold(&envelope(moved_to(1, 4, LoadStatus::PickedUp)));
    assert_eq!(passed(&model)[0], (Some(NOW), Some(NOW.plus(5_000))));
    assert_eq!(model.outdated().get_untracked(), 2);
}

#[test]
fn an_arrival_that_is_told_after_it_was_taken_back_asks_for_the_stops() {
    let model = begun();
    model.fold(&envelope(moved_to(1, 2, LoadStatus::AtPickup)));
    model.fold(&envelope(moved_to(1, 3, LoadStatus::Dispatched)));
    assert!(!model.stops_deny_status());
    model.fold(&envelope(arrived()));
    assert!(model.stops_deny_status() && model.outdated().get_untracked() == 1);
}

fn arrived() -> AnyEvent {
    AnyEvent::StopArrived(StopArrived {
        load_id: id(1),
        load_number: "LD-1".into(),
        stop_id: two_stops()[0].id,
        position: 1,
        kind: crate::domain::stop::StopKind::Pickup,
        facility_name: "Dock 1".into(),
        arrived_at: NOW,
        on_time: true,
    })
}

#[test]
fn what_happens_to_another_load_is_not_heard() {
    let model = begun();
    model.fold(&envelope(moved(2, 2)));
    model.fold(&envelope(AnyEvent::LoadUpdated(LoadUpdated(card(2)))));
    assert_eq!((shown(&model), model.heard().get_untracked()), (card(1), 0));
}

#[test]
fn the_truck_comes_goes_and_never_drives_back_in_time() {
    let model = begun();
    let stop = two_stops()[0].id;
    let departed = StopDeparted {
        load_id: id(1),
        load_number: "LD-1".into(),
        stop_id: stop,
        position: 1,
        kind: crate::domain::stop::StopKind::Pickup,
        facility_name: "Dock 1".into(),
        departed_at: NOW.plus(1),
        on_time: true,
    };
    model.fold(&envelope(arrived()));
    model.fold(&envelope(AnyEvent::StopDeparted(departed)));
    let passed = model.stops().with_untracked(|stops| (stops[0].arrived_at, stops[0].departed_at, stops[1].arrived_at));
    assert_eq!(passed, (Some(NOW), Some(NOW.plus(1)), None));

    model.fold(&volatile(AnyEvent::LoadLocationUpdated(located(2_000))));
    model.fold(&volatile(AnyEvent::LoadLocationBatch(LoadLocationBatch { positions: vec![located(1_000)] })));
    assert_eq!(model.position().get_untracked().map(|at| at.recorded_at), Some(NOW.plus(2_000)));
    assert_eq!(model.heard().get_untracked(), 2, "positions are in no list");
}

#[test]
fn an_eta_that_is_said_holds_until_a_newer_position_comes() {
    let model = begun();
    model.fold(&volatile(AnyEvent::LoadLocationUpdated(located(0))));
    model.fold(&envelope(AnyEvent::LoadEtaUpdated(LoadEtaUpdated {
        load_id: id(1),
        load_number: "LD-1".into(),
        eta: NOW.plus(7),
        eta_state: EtaState::Late,
        version: None,
        updated_by: None,
        note: None,
    })));
    let shown_eta = || model.position().get_untracked().map(|at| (at.eta, at.eta_state));
    assert_eq!(shown_eta(), Some((Some(NOW.plus(7)), EtaState::Late)));
    assert_eq!(shown(&model).eta, Some(NOW.plus(7)));
    model.fold(&volatile(AnyEvent::LoadLocationUpdated(located(1))));
    assert_eq!(shown_eta(), Some((None, EtaState::OnTime)));
}

#[test]
fn a_load_that_is_gone_stays_to_be_read_and_may_come_back() {
    let model = begun();
    let gone = LoadDeleted { load_id: id(1), load_number: "LD-1".into(), version: 2, updated_by: None };
    let heard = model.heard().get_untracked();
    model.fold(&envelope(AnyEvent::LoadDeleted(gone)));
    assert_eq!(model.heard().get_untracked(), heard, "its lists can't be asked for any more");
    assert!(model.gone().get_untracked().is_some());
    assert_eq!(shown(&model), card(1));
    let back = LoadCard { version: 3, ..card(1) };
    model.fold(&envelope(AnyEvent::LoadCreated(LoadCreated(back))));
    assert_eq!(model.gone().get_untracked(), None);
}

#[test]
fn what_is_said_of_the_load_is_heard() {
    let model = begun();
    let message = MessageNew {
        id: MessageId(Uuid::from_u128(1)),
        conversation_id: ConversationId(id(1).0),
        load_id: Some(id(1)),
        author: Person { id: UserId(Uuid::nil()), name: "Maria".into() },
        body: "Hello".into(),
        sent_at: NOW,
        client_id: None,
    };
    model.fold(&envelope(AnyEvent::MessageNew(message)));
    assert_eq!(model.talk().messages.with_untracked(Vec::len), 1);
}

#[test]
fn a_later_snapshot_says_that_lists_may_have_missed_something() {
    let model = begun();
    assert_eq!((model.heard().get_untracked(), model.resets().get_untracked()), (0, 0));
    model.reset(LoadDetail {
        load: Load { card: card(1), stops: Vec::new() },
        position: None,
        now: NOW,
        rules: Default::default(),
    });
    assert_eq!((model.calls_heard().get_untracked(), model.resets().get_untracked()), (1, 1));
}
