//! Who gets what comes over the socket.

use super::*;
use crate::{
    domain::{
        id::{EventId, LoadId, TenantId},
        time::Timestamp,
    },
    events::{AnyEnvelope, AnyEvent, Cursors, LoadDeleted},
    realtime::{
        Screen,
        query::{Fetched, Fetching, Target},
    },
};
use std::rc::Weak;
use uuid::Uuid;

const DISPATCH: Namespace = Namespace::Dispatch;

/// `load:deleted` as it stands in the stream of the tenant.
fn deleted(seq: i64) -> String {
    let data = LoadDeleted {
        load_id: LoadId(Uuid::nil()),
        load_number: format!("LD-202611-{seq:05}"),
        version: 1,
        updated_by: None,
    };
    let event = RawEnvelope {
        event: "load:deleted".into(),
        data: Payload::of(&data).unwrap(),
        timestamp: Timestamp::from_millis(0),
        tenant_id: TenantId(Uuid::nil()),
        id: EventId(Uuid::from_u128(seq as u128)),
        stream: Some("tenant".into()),
        epoch: Some("a".into()),
        seq: Some(seq),
    };
    format!(r#"["/dispatch","load:deleted",{}]"#, serde_json::to_string(&event).unwrap())
}

fn batch(messages: &[String]) -> String {
    format!("[{}]", messages.join(","))
}

fn hub() -> Rc<Hub> {
    Hub::new(ArcRwSignal::new(SocketStatus::Connecting))
}

/// What a handler heard.
fn listen(hub: &Rc<Hub>) -> (u32, Rc<RefCell<Vec<i64>>>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let into = heard.clone();
    let key = hub.handlers.add(DISPATCH, "load:deleted", Rc::new(move |event| into.borrow_mut().extend(event.seq)));
    (key, heard)
}

/// A screen that shows the numbers of the loads that were deleted.
#[derive(Clone, Default)]
struct Obituary(Rc<RefCell<Vec<String>>>);

impl Target for Obituary {
    fn fetch(&self) -> Fetching {
        Box::pin(std::future::pending())
    }
    fn fold(&self, event: &AnyEnvelope) {
        if let AnyEvent::LoadDeleted(deleted) = &event.data {
            self.0.borrow_mut().push(deleted.load_number.clone());
        }
    }
    fn retry_first(&self) {}
}

fn screen_at(hub: &Rc<Hub>, seq: i64) -> (Obituary, Rc<Query>) {
    let model = Obituary::default();
    let query =
        Query::new(Screen::Board, Box::new(model.clone()), Weak::new(), ArcRwSignal::new(None), ArcRwSignal::new(None));
    let place = BTreeMap::from([("tenant".to_owned(), Cursor { epoch: "a".into(), seq })]);
    let cursors = Cursors::from([(DISPATCH, place)]);
    query.install(Fetched { reset: Box::new(|| {}), cursors }, 0);
    hub.add_query(query.clone());
    (model, query)
}

#[test]
fn a_replay_reaches_a_handler_once_and_a_screen_once() {
    let hub = hub();
    let (_, heard) = listen(&hub);
    let (model, _) = screen_at(&hub, 10);
    hub.receive(&batch(&[deleted(11), deleted(12)]));
    hub.receive(&batch(&[deleted(11), deleted(12), deleted(13)]));
    assert_eq!(*heard.borrow(), [11, 12, 13]);
    assert_eq!(*model.0.borrow(), ["LD-202611-00011", "LD-202611-00012", "LD-202611-00013"]);
}

#[test]
fn a_message_that_cannot_be_read_costs_no_other() {
    let hub = hub();
    let (_, heard) = listen(&hub);
    let (model, _) = screen_at(&hub, 10);
    // Half of a character, as JSON can write it and no text can hold it.
    let broken = deleted(11).replace("LD-202611-00011", r"\ud800");
    hub.receive(&batch(&[broken, deleted(12)]));
    assert_eq!(*heard.borrow(), [11, 12]);
    assert_eq!(*model.0.borrow(), ["LD-202611-00012"]);
}

#[test]
fn a_handler_that_is_removed_hears_nothing_even_by_another_handler() {
    let hub = hub();
    let (first, heard) = listen(&hub);
    hub.handlers.remove(first);
    hub.receive(&batch(&[deleted(1)]));
    assert_eq!(*heard.borrow(), [0i64; 0]);

    let late = Rc::new(Cell::new(None));
    let (weak, victim) = (Rc::downgrade(&hub), late.clone());
    let remove = move |_: &RawEnvelope| {
        if let (Some(hub), Some(key)) = (weak.upgrade(), victim.get()) {
            hub.handlers.remove(key);
        }
    };
    hub.handlers.add(DISPATCH, "load:deleted", Rc::new(remove));
    let (key, heard) = listen(&hub);
    late.set(Some(key));
    hub.receive(&batch(&[deleted(2)]));
    assert_eq!(*heard.borrow(), [0i64; 0]);
    assert_eq!(hub.count(), 1);
}

#[test]
fn handlers_hear_their_own_event_of_their_own_namespace() {
    let hub = hub();
    let calls = Rc::new(Cell::new(0));
    for (namespace, name) in [(Namespace::Events, "load:deleted"), (DISPATCH, "load:created")] {
        let calls = calls.clone();
        hub.handlers.add(namespace, name, Rc::new(move |_| calls.set(calls.get() + 1)));
    }
    hub.receive(&batch(&[deleted(1)]));
    assert_eq!(calls.get(), 0);
}

#[test]
fn messages_that_can_not_be_read_do_not_stop_the_others() {
    let hub = hub();
    let (_, heard) = listen(&hub);
    hub.receive("not json");
    hub.receive(&batch(&[
        r#"["/dispatch","load:deleted",{"event":7}]"#.into(),
        r#"["/nowhere","load:deleted",null]"#.into(),
        r#"["/dispatch","auth:expiring",{"expiresAt":"soon"}]"#.into(),
        r#"["","not a number",{}]"#.into(),
        r#"["","99",{"ok":true}]"#.into(),
        deleted(1),
    ]));
    assert_eq!(*heard.borrow(), [1]);
}

#[test]
fn a_connect_names_the_place_of_the_screen_furthest_behind() {
    let hub = hub();
    assert_eq!(hub.cursors(DISPATCH), "{}");
    hub.receive(&batch(&[deleted(9)]));
    assert_eq!(hub.cursors(DISPATCH), r#"{"tenant":{"epoch":"a","seq":9}}"#, "for handlers alone");
    screen_at(&hub, 20);
    let (_, behind) = screen_at(&hub, 15);
    assert_eq!(hub.cursors(DISPATCH), r#"{"tenant":{"epoch":"a","seq":15}}"#);
    assert_eq!(hub.cursors(Namespace::Events), "{}");
    behind.end();
}

#[test]
fn a_state_that_was_not_recovered_is_where_handlers_continue() {
    let hub = hub();
    let state = |seq: i64, recovered: bool| {
        format!(r#"["/dispatch","stream:state",{{"stream":"tenant","epoch":"a","seq":{seq},"recovered":{recovered}}}]"#)
    };
    hub.receive(&batch(&[state(40, false)]));
    assert_eq!(hub.cursors(DISPATCH), r#"{"tenant":{"epoch":"a","seq":40}}"#);
    hub.receive(&batch(&[state(41, true)]));
    assert_eq!(hub.cursors(DISPATCH), r#"{"tenant":{"epoch":"a","seq":40}}"#, "41 was not heard: it is replayed");
}

#[test]
fn the_status_says_how_often_the_screen_polls() {
    let hub = hub();
    let (_, query) = screen_at(&hub, 1);
    hub.open();
    for happening in [Happening::Connected, Happening::Lost] {
        hub.step(happening);
    }
    assert_eq!(hub.status.get_untracked(), SocketStatus::Reconnecting { attempt: 1 });
    // A screen that polls would ask at once, and there is nobody to ask here.
    query.end();
    hub.step(Happening::RateLimited);
    assert_eq!(hub.status.get_untracked(), SocketStatus::Polling { every: 10 });
    hub.close();
    assert_eq!(hub.status.get_untracked(), SocketStatus::Offline);
}

#[test]
fn each_stream_of_a_namespace_has_a_place_of_its_own() {
    let hub = hub();
    let message = |name: &str, payload: String| format!(r#"["/chat","{name}",{payload}]"#);
    let state = |stream: &str, seq: i64, recovered: bool| {
        let state = StreamState { stream: stream.into(), epoch: "a".into(), seq, recovered };
        message(STREAM_STATE, serde_json::to_string(&state).unwrap())
    };
    hub.receive(&batch(&[state("tenant", 7, false), state("user:1", 0, false)]));
    assert_eq!(hub.cursors(Namespace::Chat), r#"{"tenant":{"epoch":"a","seq":7},"user:1":{"epoch":"a","seq":0}}"#);
    // One is recovered and the other is not: each for itself.
    hub.receive(&batch(&[state("tenant", 9, true), state("user:1", 4, false)]));
    assert_eq!(hub.cursors(Namespace::Chat), r#"{"tenant":{"epoch":"a","seq":7},"user:1":{"epoch":"a","seq":4}}"#);
    assert_eq!(hub.cursors(Namespace::Notifications), "{}");
}
