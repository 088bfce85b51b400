//! Who gets what comes over the socket.

use super::*;
use crate::{
    api::events::{EventPage, GetEvents},
    domain::{
        id::{EventId, LoadId, TenantId},
        time::Timestamp,
    },
    events::{AnyEvent, Cursors, LoadDeleted},
    realtime::query::{Fetched, Fetching, Filling, Target},
};
use std::rc::Weak;
use uuid::Uuid;

const DISPATCH: Namespace = Namespace::Dispatch;

/// `load:deleted` as it stands in the stream of the tenant.
fn deletion(seq: i64) -> RawEnvelope {
    let data = LoadDeleted {
        load_id: LoadId(Uuid::nil()),
        load_number: format!("LD-202611-{seq:05}"),
        version: 1,
        updated_by: None,
    };
    RawEnvelope {
        event: "load:deleted".into(),
        data: Payload::of(&data).unwrap(),
        timestamp: Timestamp::from_millis(0),
        tenant_id: TenantId(Uuid::nil()),
        id: EventId(Uuid::from_u128(seq as u128)),
        stream: Some("tenant".into()),
        epoch: Some("a".into()),
        seq: Some(seq),
    }
}

fn deleted(seq: i64) -> String {
    format!(r#"["/dispatch","load:deleted",{}]"#, serde_json::to_string(&deletion(seq)).unwrap())
}

fn state(seq: i64, recovered: bool) -> String {
    format!(r#"["/dispatch","stream:state",{{"stream":"tenant","epoch":"a","seq":{seq},"recovered":{recovered}}}]"#)
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
    fn request(&self) -> String {
        "/obituary".into()
    }
    fn fill(&self, _: GetEvents) -> Filling {
        Box::pin(std::future::pending())
    }
    fn fold(&self, namespace: Namespace, event: Rc<RawEnvelope>) -> serde_json::Result<()> {
        if let Some(AnyEvent::LoadDeleted(deleted)) =
            Rc::unwrap_or_clone(event).read(namespace)?.map(|event| event.data)
        {
            self.0.borrow_mut().push(deleted.load_number);
        }
        Ok(())
    }
    fn retry_first(&self) {}
}

fn screen_at(hub: &Rc<Hub>, seq: i64) -> (Obituary, Rc<Query>) {
    let model = Obituary::default();
    let query =
        Query::new(Some(10), Box::new(model.clone()), Weak::new(), ArcRwSignal::new(None), ArcRwSignal::new(None));
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

/// A hub whose server has stored the events up to `head`, and forgotten those up to `forgotten`. Gives two of them at
/// once, and counts how often it was asked.
fn hub_of_server(head: i64, forgotten: i64) -> (Rc<Hub>, Rc<Cell<u32>>) {
    let asked = Rc::new(Cell::new(0));
    let count = asked.clone();
    let fill = move |GetEvents { after, .. }: GetEvents| -> Filling {
        count.set(count.get() + 1);
        let last = head.min(after.seq + 2);
        let page = EventPage {
            data: (after.seq + 1..=last).filter(|seq| *seq > forgotten).map(deletion).collect(),
            cursor: Cursor { epoch: "a".into(), seq: last },
            recovered: after.seq >= forgotten,
            more: last < head,
        };
        Box::pin(std::future::ready(Ok(page)))
    };
    (Hub::filling(ArcRwSignal::new(SocketStatus::Connecting), Box::new(fill)), asked)
}

#[test]
fn a_handler_without_a_live_query_hears_what_a_gap_has_swallowed_before_what_came_after_it() {
    let (hub, asked) = hub_of_server(6, 0);
    let (_, heard) = listen(&hub);
    hub.receive(&batch(&[deleted(1)]));
    hub.receive(&batch(&[deleted(5)]));
    hub.receive(&batch(&[deleted(6)]));
    assert_eq!(*heard.borrow(), [1], "what came after the gap waits");
    assert_eq!(hub.cursors(DISPATCH), r#"{"tenant":{"epoch":"a","seq":1}}"#, "a connect meanwhile continues before it");
    link::run_tasks();
    hub.receive(&batch(&[deleted(5), deleted(7)]));
    assert_eq!(*heard.borrow(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(asked.get(), 3, "three pages of two events at most");
}

#[test]
fn a_handler_hears_what_was_lost_at_the_end_of_the_stream_by_its_state() {
    for recovered in [true, false] {
        let (hub, _) = hub_of_server(3, 0);
        let (_, heard) = listen(&hub);
        hub.receive(&batch(&[deleted(1)]));
        hub.receive(&batch(&[state(3, recovered)]));
        link::run_tasks();
        assert_eq!(*heard.borrow(), [1, 2, 3], "recovered: {recovered}");
    }
}

#[test]
fn where_the_server_has_forgotten_what_was_missed_a_handler_goes_on_from_where_the_stream_stands() {
    let (hub, _) = hub_of_server(9, 6);
    let (_, heard) = listen(&hub);
    hub.receive(&batch(&[deleted(1)]));
    hub.receive(&batch(&[state(9, false)]));
    link::run_tasks();
    hub.receive(&batch(&[deleted(10), deleted(11)]));
    assert_eq!(*heard.borrow(), [1, 10, 11]);
}

#[test]
fn nothing_is_asked_where_nobody_listens() {
    let (hub, asked) = hub_of_server(9, 0);
    hub.receive(&batch(&[deleted(1), deleted(5)]));
    let (_, heard) = listen(&hub);
    hub.receive(&batch(&[deleted(6)]));
    link::run_tasks();
    assert_eq!((&*heard.borrow(), asked.get()), (&vec![6], 0));
}

/// A screen whose request changes, such as a list with a filter, and what it shows.
#[derive(Clone, Default)]
struct List {
    asked: Rc<RefCell<String>>,
    shown: Rc<RefCell<Vec<String>>>,
}

impl Target for List {
    fn fetch(&self) -> Fetching {
        let (asked, shown) = (self.request(), self.shown.clone());
        let reset = Box::new(move || shown.borrow_mut().push(asked));
        Box::pin(std::future::ready(Ok(Fetched { reset, cursors: Cursors::default() })))
    }
    fn request(&self) -> String {
        self.asked.borrow().clone()
    }
    fn fill(&self, _: GetEvents) -> Filling {
        Box::pin(std::future::pending())
    }
    fn fold(&self, _: Namespace, _: Rc<RawEnvelope>) -> serde_json::Result<()> {
        Ok(())
    }
    fn retry_first(&self) {}
}

#[test]
fn the_answer_to_a_former_filter_is_never_shown() {
    for refetched in [true, false] {
        let list = List::default();
        let target = Box::new(list.clone());
        let query = Query::new(None, target, Weak::new(), ArcRwSignal::new(None), ArcRwSignal::new(None));
        query.install(Fetched { reset: Box::new(|| {}), cursors: Cursors::default() }, 0);
        "former".clone_into(&mut list.asked.borrow_mut());
        query.refetch();
        // The answer is on its way when the filter changes; the page says so before it is there, or after.
        "latter".clone_into(&mut list.asked.borrow_mut());
        if refetched {
            query.refetch();
        }
        link::run_tasks();
        assert_eq!(*list.shown.borrow(), ["latter"], "refetched: {refetched}");
    }
}
