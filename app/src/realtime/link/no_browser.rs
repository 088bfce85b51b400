//! The link where there is no browser: it keeps still. For the server, which only renders, and for native tests.

use super::Callbacks;
use crate::{events::Namespace, realtime::emit::Message};

pub struct Link {
    #[allow(dead_code, reason = "kept as in the browser")]
    callbacks: Callbacks,
    /// What was sent, with its number, for the tests to look at and to answer.
    #[cfg(test)]
    pub sent: std::cell::RefCell<Vec<(Namespace, String, u32)>>,
}

impl Link {
    pub fn new(_: &[Namespace], callbacks: Callbacks) -> Self {
        Self {
            callbacks,
            #[cfg(test)]
            sent: std::cell::RefCell::default(),
        }
    }

    pub fn connect(&self) {}

    pub fn disconnect(&self) {}

    #[cfg(not(test))]
    pub fn emit(&self, _: &Message, _: u32, _: u32) -> bool {
        false
    }

    #[cfg(test)]
    pub fn emit(&self, message: &Message, number: u32, _: u32) -> bool {
        let Message { namespace, name, payload } = message;
        self.sent.borrow_mut().push((*namespace, format!("{name} {payload}"), number));
        true
    }
}

/// What is spawned runs in a browser only.
#[cfg(not(test))]
pub fn spawn(_: impl Future<Output = ()> + 'static) {}

#[cfg(test)]
thread_local! {
    static TASKS: std::cell::RefCell<Vec<std::pin::Pin<Box<dyn Future<Output = ()>>>>> = std::cell::RefCell::default();
}

#[cfg(test)]
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    TASKS.with_borrow_mut(|tasks| tasks.push(Box::pin(task)));
}

/// Runs what a test has spawned, as far as it comes.
#[cfg(test)]
pub fn run_tasks() {
    use std::task::{Context, Waker};
    while let Some(mut task) = TASKS.with_borrow_mut(Vec::pop) {
        let is_pending = task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
        assert!(!is_pending, "a task of a test comes to its end at once");
    }
}

pub struct Timer;

impl Timer {
    pub fn after(_: u32, _: impl FnOnce() + 'static) -> Self {
        Self
    }
}

pub fn now() -> i64 {
    0
}

pub fn jitter() -> f64 {
    0.0
}

pub fn is_online() -> bool {
    true
}

/// Goes to the login by loading it anew, so that nothing of the session stays in memory; it leads back here.
pub fn leave_for_login() {}
