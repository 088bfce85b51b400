//! One alarm: set anew it forgets the time before, and dropped it never rings.

use super::link::Timer;
use std::cell::RefCell;

#[derive(Default)]
pub struct Alarm(RefCell<Option<Timer>>);

impl Alarm {
    /// Rings once, in so many milliseconds.
    pub fn set(&self, millis: u32, ring: impl FnOnce() + 'static) {
        self.0.replace(Some(Timer::after(millis, ring)));
    }

    pub fn stop(&self) {
        self.0.take();
    }
}
