//! The time as pages see it: the server's at first, so that server and browser render the same, then the browser's.

use crate::domain::time::Timestamp;
use leptos::prelude::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// How often whatever only shows minutes is looked at anew, in milliseconds.
const COARSE: i64 = 15_000;
/// A browser's clock that differs by less than this from the server's is trusted: the difference is the time that the
/// page took to arrive.
const TRUSTED: i64 = 60_000;

/// A clock that stands until [`Clock::run`], and ticks in the browser from then on.
#[derive(Clone)]
pub struct Clock {
    coarse: ArcRwSignal<Timestamp>,
    second: ArcRwSignal<Timestamp>,
    offset: ArcRwSignal<Option<i32>>,
    /// Milliseconds that the server's clock is ahead of the browser's.
    ahead: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        let start = Timestamp::from_millis(0);
        Self {
            coarse: ArcRwSignal::new(start),
            second: ArcRwSignal::new(start),
            offset: ArcRwSignal::new(None),
            ahead: Arc::default(),
        }
    }
}

impl Clock {
    /// Sets the clock to what a snapshot says.
    pub fn set(&self, now: Timestamp) {
        let ahead = now.millis() - wall_millis();
        self.ahead.store(if ahead.abs() < TRUSTED { 0 } else { ahead }, Ordering::Relaxed);
        self.coarse.set(now);
        self.second.set(now);
    }

    /// The time, renewed every 15 seconds.
    pub fn now(&self) -> Timestamp {
        self.coarse.get()
    }

    /// The time, renewed every second. For countdowns only: everything that reads it runs every second.
    pub fn second(&self) -> Timestamp {
        self.second.get()
    }

    /// The time without following it.
    pub fn glance(&self) -> Timestamp {
        self.second.get_untracked()
    }

    /// Minutes east of UTC where the viewer is; `None` until the browser has said so.
    pub fn viewer_offset(&self) -> Option<i32> {
        self.offset.get()
    }

    /// Ticks, in the browser, as long as the component that calls this is shown.
    pub fn run(&self) {
        let clock = self.clone();
        Effect::new(move |_| {
            clock.offset.set(viewer_offset());
            clock.tick();
            let ticking = clock.clone();
            if let Ok(handle) = set_interval_with_handle(move || ticking.tick(), Duration::from_secs(1)) {
                on_cleanup(move || handle.clear());
            }
        });
    }

    fn tick(&self) {
        let now = Timestamp::from_millis(wall_millis() + self.ahead.load(Ordering::Relaxed));
        self.second.set(now);
        if now.since(self.coarse.get_untracked()).abs() >= COARSE {
            self.coarse.set(now);
        }
    }
}

/// Milliseconds since 1970 by the browser's clock; 0 on the server, where pages take the time from their data.
pub fn wall_millis() -> i64 {
    #[cfg(feature = "hydrate")]
    return js_sys::Date::now() as i64;
    #[cfg(not(feature = "hydrate"))]
    0
}

fn viewer_offset() -> Option<i32> {
    #[cfg(feature = "hydrate")]
    return Some(-(js_sys::Date::new_0().get_timezone_offset() as i32));
    #[cfg(not(feature = "hydrate"))]
    None
}
