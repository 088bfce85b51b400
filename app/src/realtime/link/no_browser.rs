//! The link where there is no browser: it keeps still. For the server, which only renders, and for native tests.

use super::Callbacks;
use crate::events::Namespace;

pub struct Link(#[allow(dead_code, reason = "kept as in the browser")] Callbacks);

impl Link {
    pub fn new(_: &[Namespace], callbacks: Callbacks) -> Self {
        Self(callbacks)
    }

    pub fn connect(&self) {}

    pub fn disconnect(&self) {}
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
