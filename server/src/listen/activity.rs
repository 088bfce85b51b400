//! What a connection is doing, which tells how long it may take for it.

use futures::task::AtomicWaker;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::Waker,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Doing {
    /// Nothing has come of its next request.
    Waiting,
    /// A part of its next request's head has come.
    SendingHead,
    /// Its request is read, handled and answered: who does that has limits of its own.
    BeingAnswered,
    /// It is a WebSocket, which is watched by its heartbeat.
    Upgraded,
}

/// Shared by the connection and those who answer its requests.
#[derive(Debug, Clone, Default)]
pub struct Activity(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    doing: AtomicU8,
    /// Of the connection, while somebody else is at work for it.
    waker: AtomicWaker,
}

impl Activity {
    pub fn now(&self) -> Doing {
        match self.0.doing.load(Ordering::Acquire) {
            0 => Doing::Waiting,
            1 => Doing::SendingHead,
            2 => Doing::BeingAnswered,
            _ => Doing::Upgraded,
        }
    }

    /// Bytes have come.
    pub fn receive(&self) {
        self.turn(Doing::Waiting, Doing::SendingHead);
    }

    pub fn begin_request(&self) {
        self.0.doing.store(Doing::BeingAnswered as u8, Ordering::Release);
    }

    /// The answer has been handed to the connection, which is told: the HTTP library looks at what comes next only once
    /// something has come, and the time for it begins now.
    pub fn end_request(&self) {
        self.turn(Doing::BeingAnswered, Doing::Waiting);
        self.0.waker.wake();
    }

    /// Has the connection told when its request has been answered.
    pub fn tell(&self, connection: &Waker) {
        self.0.waker.register(connection);
    }

    pub fn upgrade(&self) {
        self.0.doing.store(Doing::Upgraded as u8, Ordering::Release);
    }

    fn turn(&self, from: Doing, to: Doing) {
        let _ = self.0.doing.compare_exchange(from as u8, to as u8, Ordering::AcqRel, Ordering::Acquire);
    }
}
