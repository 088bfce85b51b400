//! The hooks as a page uses them: what they say to the server, and that nothing stays of a page that was left.

use super::{
    hub::Hub,
    reconnect::Happening,
    rooms::{Room, RoomStatus},
    socket_provider::Realtime,
    *,
};
use crate::{
    api::ErrorCode,
    domain::id::{LoadId, UnitId},
    events::{JoinLoad, Joined, LoadDeleted, Namespace, View},
};
use leptos::prelude::*;
use std::{
    future::Future,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};
use uuid::Uuid;

/// A page in a browser whose connection is the test's to make and to lose.
struct Page {
    hub: Rc<Hub>,
    owner: Owner,
}

impl Page {
    /// Not yet connected.
    fn new() -> Self {
        let hub = Hub::new(ArcRwSignal::new(SocketStatus::Connecting));
        hub.open();
        Self { hub, owner: Owner::new() }
    }

    fn connected() -> Self {
        let page = Self::new();
        page.connect();
        page
    }

    fn connect(&self) {
        self.hub.step(Happening::Connected);
    }

    fn lose(&self) {
        self.hub.step(Happening::Lost);
    }

    fn with<T>(&self, run: impl FnOnce() -> T) -> T {
        self.owner.with(|| {
            provide_context(Realtime::around(self.hub.clone()));
            run()
        })
    }

    /// What was sent since this was asked last.
    fn sent(&self) -> Vec<(Namespace, String, u32)> {
        self.hub.link.borrow().as_ref().map(|link| link.sent.take()).unwrap_or_default()
    }

    /// The same, without namespaces and numbers.
    fn said(&self) -> Vec<String> {
        self.sent().into_iter().map(|(_, message, _)| message).collect()
    }

    fn answer(&self, number: u32, answer: &str) {
        self.hub.receive(&format!(r#"[["","{number}",{answer}]]"#));
    }
}

fn load(number: u128) -> LoadId {
    LoadId(Uuid::from_u128(number))
}

fn now<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_command_is_answered_in_its_own_type() {
    let page = Page::connected();
    let mut answer = pin!(page.with(use_realtime).emit_with_ack(JoinLoad { load_id: load(1) }));
    assert!(now(answer.as_mut()).is_pending());
    let [(Namespace::Dispatch, message, number)] = &page.sent()[..] else { panic!("one command was sent") };
    assert_eq!(*message, format!(r#"join:load {{"loadId":"{}"}}"#, load(1)));
    page.answer(*number, r#"{"ok":true,"joined":true}"#);
    assert_eq!(now(answer), Poll::Ready(Ok(Joined::YES)));
}

#[test]
fn a_command_is_refused_late_or_not_sent_at_all() {
    let page = Page::connected();
    let ask = || Box::pin(page.with(use_emit_with_ack::<JoinLoad>)(JoinLoad { load_id: load(1) }));
    let refused = EmitError::Refused { code: ErrorCode::NotFound, message: "There is no such load.".into() };
    for (said, error) in [
        (r#"{"ok":false,"error":{"code":"not_found","message":"There is no such load."}}"#, refused),
        (r#""late""#, EmitError::TimedOut),
        (r#""lost""#, EmitError::NotConnected),
        ("7", EmitError::Unreadable),
    ] {
        let mut answer = ask();
        assert!(now(answer.as_mut()).is_pending());
        page.answer(page.sent()[0].2, said);
        assert_eq!(now(answer), Poll::Ready(Err(error)));
    }
    let mut under_way = ask();
    assert!(now(under_way.as_mut()).is_pending());
    page.hub.close();
    assert_eq!(now(under_way), Poll::Ready(Err(EmitError::NotConnected)), "the page was left");
    assert_eq!(now(ask()), Poll::Ready(Err(EmitError::NotConnected)), "there is no link");
}

#[test]
fn without_a_provider_and_on_the_server_nothing_is_sent() {
    let owner = Owner::new();
    owner.with(|| {
        let realtime = use_realtime();
        assert_eq!(
            now(realtime.emit_with_ack(JoinLoad { load_id: load(1) })),
            Poll::Ready(Err(EmitError::NotConnected))
        );
        assert_eq!(realtime.status().get_untracked(), SocketStatus::Offline);
        assert_eq!(use_room(Room::Load(load(1))).get_untracked(), RoomStatus::Joining);
    });
}

#[test]
fn a_room_is_joined_when_connected_and_after_each_loss() {
    let page = Page::new();
    let (status, again) = page.with(|| (use_room(Room::Load(load(1))), use_room(Room::Load(load(1)))));
    assert!(page.sent().is_empty(), "there is no connection yet");
    for _ in 0..3 {
        page.connect();
        let [(_, message, number)] = &page.sent()[..] else { panic!("one join for both") };
        assert!(message.starts_with("join:load"));
        assert_eq!(status.get_untracked(), RoomStatus::Joining);
        page.answer(*number, r#"{"ok":true,"joined":true}"#);
        assert_eq!((status.get_untracked(), again.get_untracked()), (RoomStatus::Joined, RoomStatus::Joined));
        page.lose();
        assert_eq!(status.get_untracked(), RoomStatus::Joining);
    }
}

#[test]
fn a_room_is_left_when_the_last_that_uses_it_goes() {
    let page = Page::connected();
    let unit = Room::Unit(UnitId(Uuid::nil()));
    let [first, second] = [(); 2].map(|()| {
        part(&page, || {
            use_room(unit);
        })
    });
    assert_eq!(page.said().len(), 1);
    first.cleanup();
    assert!(page.sent().is_empty());
    second.cleanup();
    assert_eq!(page.said(), [format!(r#"unsubscribe:unit {{"unitId":"{}"}}"#, Uuid::nil())]);
    assert_eq!(page.hub.count(), 0);
}

#[test]
fn a_refused_room_says_why() {
    let page = Page::connected();
    let status = page.with(|| use_room(Room::TrackedLoad(load(9))));
    let [(Namespace::Tracking, _, number)] = page.sent()[..] else { panic!("one join") };
    page.answer(number, r#"{"ok":false,"error":{"code":"not_found","message":"There is no such load."}}"#);
    assert_eq!(status.get_untracked(), RoomStatus::Refused(ErrorCode::NotFound));
}

/// A part of a page, which comes and goes with its owner.
fn part(page: &Page, hooks: impl FnOnce()) -> Owner {
    let owner = page.with(|| Owner::current().map(|owner| owner.child()).unwrap_or_default());
    owner.with(hooks);
    owner
}

fn envelope(namespace: &str, event: &str, data: &str) -> String {
    let nil = Uuid::nil();
    format!(
        r#"[["{namespace}","{event}",{{"event":"{event}","data":{data},"timestamp":"2026-11-21T14:05:00.000Z",
            "tenantId":"{nil}","id":"{nil}","stream":null,"epoch":null,"seq":null}}]]"#
    )
}

#[test]
fn who_is_online_is_asked_once_for_all_and_again_after_each_loss() {
    let page = Page::connected();
    let mut shown = Vec::new();
    let parts: Vec<Owner> = (0..3).map(|_| part(&page, || shown.push(use_presence()))).collect();
    let john = Uuid::from_u128(7);
    for _ in 0..2 {
        let [(Namespace::Events, message, number)] = &page.sent()[..] else { panic!("asked once for all") };
        assert_eq!(message, "presence:list {}");
        page.hub.receive(&envelope("/events", "user:online", &format!(r#"{{"userId":"{john}","name":"John"}}"#)));
        page.answer(*number, r#"{"ok":true,"users":[]}"#);
        for presence in &shown {
            assert_eq!(presence.with_untracked(|presence| presence.people().count()), 1, "heard since it was asked");
        }
        page.lose();
        page.connect();
    }
    page.hub.receive(&envelope("/events", "user:offline", &format!(r#"{{"userId":"{john}"}}"#)));
    assert!(shown[0].with_untracked(|presence| presence.people().next().is_none()));
    parts.iter().for_each(Owner::cleanup);
    assert_eq!(page.hub.count(), 0);
}

#[test]
fn the_list_is_asked_for_again_when_it_was_late_and_not_when_it_was_refused() {
    let page = Page::connected();
    page.with(use_presence);
    page.answer(page.sent()[0].2, r#""late""#);
    let again = page.sent();
    assert_eq!(again.len(), 1);
    page.answer(again[0].2, r#"{"ok":false,"error":{"code":"forbidden","message":"Staff only."}}"#);
    assert!(page.sent().is_empty());
}

#[test]
fn the_view_that_came_last_is_told_after_each_loss_and_taken_back_at_the_end() {
    let page = Page::connected();
    let keeper = &page.hub.presence;
    let view = |page: &str, load_id| Some(View { page: page.into(), load_id });
    let (board, panel) = (keeper.add_view(), keeper.add_view());
    keeper.show(&page.hub, board, view("dispatch", None));
    keeper.show(&page.hub, panel, view("load", Some(load(1))));
    let of_panel = format!(r#"presence:view {{"page":"load","loadId":"{}"}}"#, load(1));
    for _ in 0..2 {
        page.lose();
        page.connect();
        assert_eq!(page.said(), std::slice::from_ref(&of_panel));
    }
    keeper.show(&page.hub, panel, None);
    keeper.rest(&page.hub);
    assert_eq!(page.said(), [r#"presence:view {"page":"dispatch","loadId":null}"#]);
    keeper.show(&page.hub, board, None);
    keeper.rest(&page.hub);
    assert_eq!(page.said(), ["presence:view null"]);
    keeper.rest(&page.hub);
    assert!(page.sent().is_empty(), "told once");
    page.lose();
    page.connect();
    assert!(page.sent().is_empty(), "there is nothing to tell");
    assert_eq!(page.hub.count(), 0);
}

#[test]
fn a_ring_keeps_the_last_events_that_are_wanted() {
    let page = Page::connected();
    let ring = page.with(|| use_ring::<LoadDeleted>(2, |event| event.data.version != 3));
    for version in 1..=5 {
        let data = format!(r#"{{"loadId":"{}","loadNumber":"LD","version":{version},"updatedBy":null}}"#, load(1).0);
        page.hub.receive(&envelope("/dispatch", "load:deleted", &data));
    }
    let kept: Vec<i64> = ring.with_untracked(|ring| ring.iter().map(|event| event.data.version).collect());
    assert_eq!(kept, [4, 5]);
}

#[test]
fn two_hundred_times_mounted_and_reconnected_the_hooks_leave_nothing_and_hear_once() {
    let page = Page::connected();
    let heard = Rc::new(std::cell::Cell::new(0));
    for round in 0..200 {
        let counting = heard.clone();
        let owner = part(&page, || {
            use_socket_event::<LoadDeleted>(move |_| counting.set(counting.get() + 1));
            use_room(Room::Load(load(round % 3)));
            use_presence();
            use_ring::<LoadDeleted>(5, |_| true);
        });
        let handlers = page.hub.count();
        for _ in 0..5 {
            page.lose();
            page.connect();
        }
        assert_eq!(page.hub.count(), handlers, "a reconnection adds none");
        let data = format!(r#"{{"loadId":"{}","loadNumber":"LD","version":1,"updatedBy":null}}"#, load(1).0);
        page.hub.receive(&envelope("/dispatch", "load:deleted", &data));
        assert_eq!(heard.replace(0), 1, "heard once, in round {round}");
        owner.cleanup();
        assert_eq!(page.hub.count(), 0);
    }
}
