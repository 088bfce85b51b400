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
    events::{JoinLoad, Joined, Namespace},
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
    let part = |room| {
        let owner = page.with(|| Owner::current().map(|owner| owner.child()).unwrap_or_default());
        owner.with(|| use_room(room));
        owner
    };
    let unit = Room::Unit(UnitId(Uuid::nil()));
    let (first, second) = (part(unit), part(unit));
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
