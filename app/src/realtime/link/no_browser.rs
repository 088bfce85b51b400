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
